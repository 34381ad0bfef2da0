package model

import (
	"time"

	"cloudtag/internal/metrics"
)

// QueueStats are statistics of the review queue.
type QueueStats struct {
	metrics.QueueStats

	HandledByMeToday int
}

// Tally counts what happened to tags and cases.
type Tally struct{ metrics.Tally }

// Handling is the durations of reviewers' decisions.
func (t *Tally) Handling() *Histogram {
	return histogram(t.Tally.Handling, metrics.HandlingBounds())
}

// Consensus is the durations of confirmations by votes.
func (t *Tally) Consensus() *Histogram {
	return histogram(t.Tally.Consensus, metrics.ConsensusBounds())
}

// histogram converts a histogram with its bucket bounds.
func histogram(h metrics.Histogram, bounds []time.Duration) *Histogram {
	converted := &Histogram{Count: h.Count, Buckets: make([]*HistogramBucket, len(bounds)+1)}
	if h.Count > 0 {
		mean := h.Total.Seconds() / float64(h.Count)
		converted.MeanSeconds = &mean
	}
	for i := range converted.Buckets {
		bucket := &HistogramBucket{}
		if i > 0 {
			bucket.FromSeconds = int(bounds[i-1].Seconds())
		}
		if i < len(bounds) {
			to := int(bounds[i].Seconds())
			bucket.ToSeconds = &to
		}
		if h.Buckets != nil {
			bucket.Count = h.Buckets[i]
		}
		converted.Buckets[i] = bucket
	}
	return converted
}
