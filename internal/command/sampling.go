package command

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
)

// How often metrics are sampled from the store, and how long one sample may take.
const (
	sampleInterval = 10 * time.Second
	sampleTimeout  = 5 * time.Second
)

// sampler reads its metrics from the store and keeps them until the next sample.
type sampler interface {
	Sample(ctx context.Context) error
}

// Sampling returns a background task that samples until its context is done, so that scrapes never read the store. An
// error is logged, and the next sample tries again.
func Sampling(log *slog.Logger, samplers ...sampler) func(context.Context) error {
	return func(ctx context.Context) error {
		var running sync.WaitGroup
		for _, s := range samplers {
			running.Go(func() {
				sample(ctx, log, s)
				every(ctx, sampleInterval, func() { sample(ctx, log, s) })
			})
		}
		running.Wait()
		return nil
	}
}

func sample(ctx context.Context, log *slog.Logger, s sampler) {
	limited, cancel := context.WithTimeout(ctx, sampleTimeout)
	defer cancel()
	err := cloudtag.Protected(func() error { return s.Sample(limited) })
	if err != nil && ctx.Err() == nil {
		log.Warn("sample for metrics", "error", err)
	}
}
