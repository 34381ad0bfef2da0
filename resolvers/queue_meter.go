package resolvers

import (
	"context"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/metrics"
)

// queueMeter counts the queue once for all subscribers. They see the same numbers, apart from those of their own work.
type queueMeter struct {
	queue Queue
	clock cloudtag.Clock

	mu      sync.Mutex
	known   bool
	counted time.Time // when the count began
	stats   queueCount
}

// queueCount is the statistics of the queue, with today's decisions by person.
type queueCount struct {
	metrics.QueueStats
	by metrics.HandledBy
}

func newQueueMeter(queue Queue, clock cloudtag.Clock) *queueMeter {
	return &queueMeter{queue: queue, clock: clock}
}

// read returns numbers that were counted at since or later. Concurrent callers wait for a count that is running.
func (m *queueMeter) read(ctx context.Context, caller cloudtag.Caller, since time.Time) (queueCount, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known && !m.counted.Before(since) {
		return m.stats, nil
	}
	now := m.clock.Now()
	numbers, by, err := m.queue.Stats(ctx, caller)
	stats := queueCount{numbers, by}
	if err == nil {
		m.known, m.counted, m.stats = true, now, stats
	}
	return stats, err
}
