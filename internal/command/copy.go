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

// CopyStore is a store that can be the source or the target of a copy.
type CopyStore interface {
	copying.Target
	Recover(ctx context.Context) (int, error)
	Close() error
}

// CopyParts are the dependencies of [Copy].
type CopyParts struct {
	From, To func(ctx context.Context, uri string) (CopyStore, error) // open the source and the target
	Clock    cloudtag.Clock
}

// Copy copies everything from one store to another, resuming an interrupted copy. It prints the number of rows and the
// checksum of each kind, which were found to be the same in both stores.
func Copy(ctx context.Context, settings *config.Copy, parts CopyParts, streams Streams) error {
	return withStore(ctx, "--from", settings.From, parts.From, func(from CopyStore) error {
		return withStore(ctx, "--to", settings.To, parts.To, func(to CopyStore) error {
			return copyAll(ctx, from, to, parts.Clock, streams)
		})
	})
}

// withStore opens the store that a flag names, calls use and closes the store.
func withStore(ctx context.Context, flag, uri string, open func(context.Context, string) (CopyStore, error), use func(CopyStore) error) error {
	store, err := open(ctx, uri)
	if err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return errors.Join(use(store), store.Close())
}

func copyAll(ctx context.Context, from, to CopyStore, clock cloudtag.Clock, streams Streams) error {
	if _, err := from.Recover(ctx); err != nil {
		return fmt.Errorf("copy: recover the source: %w", err)
	}
	progress, copied := newCopyProgress(clock, streams), newMeter(clock)
	totals, err := copying.Copy(ctx, from, to, func(doing string, kind copying.Kind, rows int) {
		progress.report(doing, kind, rows)
		if doing == copying.DoingCopy {
			copied.rows += rows
		}
	})
	progress.bar.end()
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	table := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
	for _, total := range totals {
		if _, err := fmt.Fprintf(table, "%s\t%d\t%s\n", total.Kind, total.Count, total.Digest); err != nil {
			return err
		}
	}
	summary := "copied and compared: both stores hold the same data"
	if rate := copied.rate(); rate != "" {
		summary += "; " + rate
	}
	_, err = fmt.Fprintln(streams.Err, summary)
	return errors.Join(table.Flush(), err)
}

// copyProgress shows a progress bar for each step on each kind, one after the other.
type copyProgress struct {
	clock   cloudtag.Clock
	streams Streams
	step    string
	bar     *progress
	meter   *meter // rate of the current step
}

func newCopyProgress(clock cloudtag.Clock, streams Streams) *copyProgress {
	return &copyProgress{clock: clock, streams: streams, bar: &progress{}}
}

func (p *copyProgress) report(doing string, kind copying.Kind, rows int) {
	if step := doing + " " + string(kind); step != p.step {
		p.bar.end()
		p.step, p.bar = step, newProgress(p.streams.Err, step, -1, false)
		p.meter = newMeter(p.clock)
	}
	p.bar.add(rows)
	p.meter.rows += rows
	p.bar.showRate(p.meter.rate())
}
