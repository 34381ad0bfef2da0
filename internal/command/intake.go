package command

import (
	"context"
	"errors"
	"fmt"
	"io"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/datafile"
)

// place is where a row comes from.
type place struct {
	file string
	line int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// source gives rows one by one: io.EOF at the end, [*datafile.RowError] for a bad one after which it goes on.
type source[T any] interface {
	next() (T, place, error)
}

// errStopped ends a strict import at its first bad row, which has been reported.
var errStopped = errors.New("stopped at the first bad row (--strict); rows stored so far stay, and importing again changes none of them")

// intake takes rows in, chunk by chunk, and tells what became of them and how fast.
type intake struct {
	strict   bool
	progress *progress
	out      io.Writer // where bad rows are named
	all      *meter    // of the rows since the beginning
	now      *meter    // of those since what the bar shows began

	stored, unchanged, bad int
}

func newIntake(strict bool, clock cloudtag.Clock, out io.Writer, bar *progress) *intake {
	meter := newMeter(clock)
	return &intake{strict: strict, out: out, progress: bar, all: meter, now: meter}
}

// goOn takes another bar, which has a rate of its own.
func (in *intake) goOn(bar *progress) {
	in.progress.end()
	in.progress, in.now = bar, newMeter(in.all.clock)
}

// summary says what became of the rows.
func (in *intake) summary(kind string) string {
	said := fmt.Sprintf("%s: %d stored, %d unchanged, %d bad", kind, in.stored, in.unchanged, in.bad)
	in.all.rows = in.stored + in.unchanged + in.bad
	if rate := in.all.rate(); rate != "" {
		said += "; " + rate
	}
	return said
}

// refuse names a bad row.
func (in *intake) refuse(at place, message string) error {
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

// count adds a service's report about the rows of the places.
func (in *intake) count(report cloudtag.ImportReport, places []place) error {
	in.stored += report.Stored
	in.unchanged += report.Unchanged
	in.now.rows += len(places)
	in.progress.tell(in.now.rate())
	for _, bad := range report.RowErrors {
		if err := in.refuse(places[bad.Index], bad.Message.EN); err != nil {
			return err
		}
	}
	return nil
}

// takeIn passes the rows on in chunks of [cloudtag.MaxImportRows]. When it stops at an error, the rows before it are
// stored.
func takeIn[T any](ctx context.Context, in *intake, rows source[T], store func(context.Context, []T) (cloudtag.ImportReport, error)) error {
	chunk := make([]T, 0, cloudtag.MaxImportRows)
	places := make([]place, 0, cloudtag.MaxImportRows)
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
			if len(chunk) < cloudtag.MaxImportRows {
				continue
			}
			err = flush()
		case errors.Is(err, io.EOF):
			return flush()
		case errors.As(err, &bad):
			if err = in.refuse(at, bad.Message); err != nil {
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

// gather reads all rows, for those that have to be put in order first.
func gather[T any](in *intake, rows source[T]) (all []T, places []place, err error) {
	for {
		row, at, err := rows.next()
		var bad *datafile.RowError
		switch {
		case err == nil:
			all, places = append(all, row), append(places, at)
		case errors.Is(err, io.EOF):
			return all, places, nil
		case errors.As(err, &bad):
			if err := in.refuse(at, bad.Message); err != nil {
				return nil, nil, err
			}
		default:
			return nil, nil, err
		}
	}
}
