package resolvers

import (
	"context"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/metrics"
)

// queueMeter counts the queue once for all who watch it: everybody who may see the numbers sees the same, but for their own work.
type queueMeter struct {
	queue Queue
	clock cloudtag.Clock

	mu      sync.Mutex
	known   bool
	counted time.Time // when the count began
	stats   queueCount
}

// queueCount are the numbers of the queue, with whose work today's are.
type queueCount struct {
	metrics.QueueStats
	by metrics.HandledBy
}

func newQueueMeter(queue Queue, clock cloudtag.Clock) *queueMeter {
	return &queueMeter{queue: queue, clock: clock}
}

// read returns numbers that were counted at a time or later. Who asks while another counts waits for that.
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
