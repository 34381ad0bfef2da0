package command

import (
	"context"
	"errors"
	"fmt"
	"io"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/datafile"
	"cloudtag/internal/importing"
)

// place is a row's file and line.
type place struct {
	file string
	line int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// source yields rows one by one: io.EOF at the end, [*datafile.RowError] for a bad row, after which reading continues.
type source[T any] interface {
	next() (T, place, error)
}

// errStopped ends a strict import after its first bad row, which has been printed.
var errStopped = errors.New("stopped at the first bad row (--strict); rows stored so far stay, and importing again changes none of them")

// intake stores rows chunk by chunk, and counts the outcomes and the rate.
type intake struct {
	strict   bool
	progress *progress
	out      io.Writer // bad rows are printed here
	total    *meter    // of all rows
	step     *meter    // of the rows that the current bar shows

	stored, unchanged, bad int
}

func newIntake(strict bool, clock cloudtag.Clock, out io.Writer, bar *progress) *intake {
	meter := newMeter(clock)
	return &intake{strict: strict, out: out, progress: bar, total: meter, step: meter}
}

// nextStep replaces the bar and restarts its rate.
func (in *intake) nextStep(bar *progress) {
	in.progress.end()
	in.progress, in.step = bar, newMeter(in.total.clock)
}

// summary returns the counts and the overall rate as one line.
func (in *intake) summary(kind string) string {
	text := fmt.Sprintf("%s: %d stored, %d unchanged, %d bad", kind, in.stored, in.unchanged, in.bad)
	in.total.rows = in.stored + in.unchanged + in.bad
	if rate := in.total.rate(); rate != "" {
		text += "; " + rate
	}
	return text
}

// reject prints a bad row; it returns errStopped in a strict import.
func (in *intake) reject(at place, message string) error {
	in.bad++
	in.progress.hide()
	if _, err := fmt.Fprintf(in.out, "%s: %s\n", at, message); err != nil {
		return err
	}
	if in.strict {
		return errStopped
	}
	return nil
}

// count adds the report about a chunk of rows.
func (in *intake) count(report importing.Report, places []place) error {
	in.stored += report.Stored
	in.unchanged += report.Unchanged
	in.step.rows += len(places)
	in.progress.showRate(in.step.rate())
	for _, bad := range report.RowErrors {
		if err := in.reject(places[bad.Index], bad.Message.EN); err != nil {
			return err
		}
	}
	return nil
}

// storeRows stores rows in chunks of [cloudtag.MaxImportRows]. When it stops at an error, the rows before it are stored.
func storeRows[T any](ctx context.Context, in *intake, rows source[T], store func(context.Context, []T) (importing.Report, error)) error {
	chunk := make([]T, 0, importing.MaxRows)
	places := make([]place, 0, importing.MaxRows)
	flush := func() error {
		if len(chunk) == 0 {
			return nil
		}
		report, err := store(ctx, chunk)
		if err != nil {
			return err
		}
		err = in.count(report, places)
		chunk, places = chunk[:0], places[:0]
		return err
	}
	for {
		row, at, err := rows.next()
		var bad *datafile.RowError
		switch {
		case err == nil:
			chunk, places = append(chunk, row), append(places, at)
			if len(chunk) < importing.MaxRows {
				continue
			}
			err = flush()
		case errors.Is(err, io.EOF):
			return flush()
		case errors.As(err, &bad):
			if err = in.reject(at, bad.Message); err != nil {
				err = errors.Join(flush(), err)
			}
		default:
			err = errors.Join(flush(), err)
		}
		if err != nil {
			return err
		}
	}
}

// readRows reads all rows into memory, for a kind that has to be sorted before it is stored.
func readRows[T any](in *intake, rows source[T]) (all []T, places []place, err error) {
	for {
		row, at, err := rows.next()
		var bad *datafile.RowError
		switch {
		case err == nil:
			all, places = append(all, row), append(places, at)
		case errors.Is(err, io.EOF):
			return all, places, nil
		case errors.As(err, &bad):
			if err := in.reject(at, bad.Message); err != nil {
				return nil, nil, err
			}
		default:
			return nil, nil, err
		}
	}
}
