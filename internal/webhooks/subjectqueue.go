package webhooks

import (
	"math"
	"time"

	"cloudtag/internal/cloudtag"
)

// The pace of retries.
const (
	firstDelay   = 5 * time.Second
	longestDelay = 4 * time.Hour
	// giveUpAfter is the time for which one event may be refused before its endpoint is disabled. No event is skipped
	// automatically: that would lose it, or deliver it after later ones of its subject.
	giveUpAfter = 72 * time.Hour
	maxAttempts = 10 // kept of one event, the newest
)

// retryDelay is how long to wait after a number of refusals, from 1: twice as long each time, with a jitter of a fifth either
// way, so that events that failed together are not retried together. random is in [0, 1).
func retryDelay(failures int, random float64) time.Duration {
	delay := min(float64(firstDelay)*math.Pow(2, float64(failures-1)), float64(longestDelay))
	return time.Duration(delay * (0.8 + 0.4*random)).Truncate(cloudtag.TimeResolution)
}

// subjectQueue holds the undelivered events of one subject: its entries from Next up to the endpoint's position in the log.
// They are delivered in the order of the log, ahead of later ones of the subject.
type subjectQueue struct {
	Subject  cloudtag.Subject `json:"subject"`
	Next     int64            `json:"next"`
	Type     cloudtag.Action  `json:"type,omitempty"`     // of the entry at Next, once it was tried
	EntryAt  time.Time        `json:"entryAt,omitzero"`   // of it too
	Since    time.Time        `json:"since,omitzero"`     // when it was first refused
	Failures int              `json:"failures"`           // of it
	Attempts []Attempt        `json:"attempts,omitempty"` // of it, the newest
	NextAt   time.Time        `json:"nextAt"`
}

// refuse records a refusal of the queue's first event.
func (q *subjectQueue) refuse(answer Answer, now time.Time, random func() float64) {
	if q.Failures == 0 {
		q.Since = now
	}
	q.Failures++
	q.Attempts = newestAttempts(append(q.Attempts, answer.Attempt))
	q.NextAt = now.Add(retryDelay(q.Failures, random()))
	if end := q.Since.Add(giveUpAfter); now.Before(end) && q.NextAt.After(end) {
		q.NextAt = end // the last try
	}
}

// exhausted reports whether the queue's first event was refused for so long that its endpoint is disabled.
func (q subjectQueue) exhausted(now time.Time) bool {
	return q.Failures > 0 && !now.Before(q.Since.Add(giveUpAfter))
}

func newestAttempts(attempts []Attempt) []Attempt {
	return attempts[max(0, len(attempts)-maxAttempts):]
}

// delivery is the record of the queue's first event.
func (q subjectQueue) delivery(state DeliveryState) Delivery {
	delivery := Delivery{
		Seq: q.Next, Type: q.Type, Subject: q.Subject, EntryAt: q.EntryAt, State: state, Attempts: q.Attempts, Tries: q.Failures,
	}
	if state == DeliveryPending {
		delivery.NextAt = q.NextAt
	}
	return delivery
}
