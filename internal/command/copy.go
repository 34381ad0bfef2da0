package command

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/copying"
)

// CopyStore is a store that can be copied from and into.
type CopyStore interface {
	copying.Target
	Recover(ctx context.Context) (int, error)
	Close() error
}

// CopyParts are what a copy is made with.
type CopyParts struct {
	From, To func(ctx context.Context, uri string) (CopyStore, error) // open the source, and the target
	Clock    cloudtag.Clock
}

// Copy copies everything from one store to another, or goes on with that, and prints what was compared: each kind with
// the number of its rows and their checksum, which both stores have.
func Copy(ctx context.Context, settings *config.Copy, parts CopyParts, streams Streams) error {
	return copyWith(ctx, "--from", settings.From, parts.From, func(from CopyStore) error {
		return copyWith(ctx, "--to", settings.To, parts.To, func(to CopyStore) error {
			return copyAll(ctx, from, to, parts.Clock, streams)
		})
	})
}

func copyWith(ctx context.Context, flag, uri string, open func(context.Context, string) (CopyStore, error), use func(CopyStore) error) error {
	store, err := open(ctx, uri)
	if err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return errors.Join(use(store), store.Close())
}

func copyAll(ctx context.Context, from, to CopyStore, clock cloudtag.Clock, streams Streams) error {
	if _, err := from.Recover(ctx); err != nil {
		return fmt.Errorf("copy: complete what is unfinished in the source: %w", err)
	}
	shown, copied := newCopyProgress(clock, streams), newMeter(clock)
	totals, err := copying.Copy(ctx, from, to, func(doing string, kind copying.Kind, rows int) {
		shown.report(doing, kind, rows)
		if doing == copying.DoingCopy {
			copied.rows += rows
		}
	})
	shown.bar.end()
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	table := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
	for _, total := range totals {
		if _, err := fmt.Fprintf(table, "%s\t%d\t%s\n", total.Kind, total.Count, total.Digest); err != nil {
			return err
		}
	}
	said := "copied and compared: the stores have the same"
	if rate := copied.rate(); rate != "" {
		said += "; " + rate
	}
	_, err = fmt.Fprintln(streams.Err, said)
	return errors.Join(table.Flush(), err)
}

// copyProgress shows one bar after the other, for what is done to each kind.
type copyProgress struct {
	clock   cloudtag.Clock
	streams Streams
	what    string
	bar     *progress
	meter   *meter // of what the bar shows
}

func newCopyProgress(clock cloudtag.Clock, streams Streams) *copyProgress {
	return &copyProgress{clock: clock, streams: streams, bar: &progress{}}
}

func (p *copyProgress) report(doing string, kind copying.Kind, rows int) {
	if what := doing + " " + string(kind); what != p.what {
		p.bar.end()
		p.what, p.bar = what, newProgress(p.streams.Err, what, -1, false)
		p.meter = newMeter(p.clock)
	}
	p.bar.add(rows)
	p.meter.rows += rows
	p.bar.tell(p.meter.rate())
}
