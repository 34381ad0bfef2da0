package command

import (
	"context"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
)

// sweeper brings what time changes up to a time.
type sweeper interface {
	Sweep(ctx context.Context, asOf time.Time) (cloudtag.SweepReport, error)
}

// Sweep runs expiry, deadlines and recovery once, as of now or a given time.
func Sweep(ctx context.Context, settings *config.Sweep, upkeep sweeper, clock cloudtag.Clock, streams Streams) error {
	asOf := time.Time(settings.AsOf)
	if asOf.IsZero() {
		asOf = clock.Now()
	}
	if asOf.After(clock.Now()) {
		if _, err := fmt.Fprintf(streams.Err, "%s is in the future: what is due until then happens now, for good\n", asOf.Format(time.RFC3339)); err != nil {
			return err
		}
	}
	report, err := upkeep.Sweep(ctx, asOf)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	_, err = fmt.Fprintf(streams.Out, "%d changes completed after a crash, %d due cases evaluated\n", report.Recovered, report.Cases)
	return err
}
