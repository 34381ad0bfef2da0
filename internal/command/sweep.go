package command

import (
	"context"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/upkeep"
)

// sweeper applies everything that is due at a time.
type sweeper interface {
	Sweep(ctx context.Context, asOf time.Time) (upkeep.Report, error)
}

// Sweep runs expiry, deadlines, recovery and every chore once, as of now or a given time.
func Sweep(ctx context.Context, settings *config.Sweep, cases sweeper, chores []Chore, clock cloudtag.Clock, streams Streams) error {
	asOf := time.Time(settings.AsOf)
	if asOf.IsZero() {
		asOf = clock.Now()
	}
	if asOf.After(clock.Now()) {
		if _, err := fmt.Fprintf(streams.Err, "%s is in the future: what is due until then happens now, for good\n", asOf.Format(time.RFC3339)); err != nil {
			return err
		}
	}
	report, err := cases.Sweep(ctx, asOf)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	for _, chore := range chores {
		if err := chore.Run(ctx, asOf); err != nil {
			return fmt.Errorf("sweep: %s: %w", chore.Name, err)
		}
	}
	_, err = fmt.Fprintf(streams.Out, "%d changes completed after a crash, %d due cases evaluated\n", report.Recovered, report.Cases)
	return err
}
