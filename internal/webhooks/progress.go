package webhooks

import (
	"context"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

const (
	// longestRetryAfter bounds what a receiver may ask for.
	longestRetryAfter = time.Hour
	// maxQueues is the maximum number of subjects of one endpoint with a queue. At the limit no more of the log is read; later
	// events stay in the log.
	maxQueues = 100
	// recoveredAfter is how many refusals in a row make an acceptance the end of an outage, after which all queues are
	// tried at once.
	recoveredAfter = 5
)

// deliveryLease keeps two instances from delivering to one endpoint at once.
type deliveryLease struct {
	Token string    `json:"token"`
	Until time.Time `json:"until"`
}

// deliveryProgress is the state of the deliveries to one endpoint: every entry up to Through is delivered or in its subject's
// queue. It is saved as one record, with optimistic concurrency.
type deliveryProgress struct {
	Endpoint  string         `json:"endpoint"`
	Version   int            `json:"version"`
	Through   int64          `json:"through"`
	Queues    []subjectQueue `json:"queues,omitempty"`
	Lease     *deliveryLease `json:"lease,omitempty"`
	NotBefore time.Time      `json:"notBefore,omitzero"` // the receiver asked for a pause until then
	Refusals  int            `json:"refusals"`           // in a row
	Recorded  int64          `json:"recorded"`           // how many deliveries were ever added to the history
}

func progressCodec() cloudtag.Codec[deliveryProgress] {
	return cloudtag.Codec[deliveryProgress]{Kind: cloudtag.KindWebhookProgress, Encode: func(p deliveryProgress) cloudtag.Document {
		return cloudtag.Document{ID: p.Endpoint, Version: p.Version, State: "COUNTED"}
	}}
}

// findProgress returns the progress of an endpoint; before the first delivery, that of a new endpoint.
func findProgress(ctx context.Context, store cloudtag.DocumentReader, endpoint Endpoint) (deliveryProgress, error) {
	progress, err := progressCodec().Find(ctx, store, endpoint.ID)
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		return deliveryProgress{Endpoint: endpoint.ID, Through: endpoint.StartSeq}, nil
	}
	return progress, err
}

// leased reports whether another instance holds the lease.
func (p deliveryProgress) leased(token string, now time.Time) bool {
	return p.Lease != nil && p.Lease.Token != token && now.Before(p.Lease.Until)
}

// queue returns the index of a subject's queue; -1 without one.
func (p deliveryProgress) queue(subject cloudtag.Subject) int {
	return slices.IndexFunc(p.Queues, func(q subjectQueue) bool { return q.Subject == subject })
}

// nextAt is when the next queue is due, zero without queues.
func (p deliveryProgress) nextAt() time.Time {
	var next time.Time
	for _, queue := range p.Queues {
		if next.IsZero() || queue.NextAt.Before(next) {
			next = queue.NextAt
		}
	}
	if !next.IsZero() && next.Before(p.NotBefore) {
		next = p.NotBefore
	}
	return next
}

// apply updates the progress with the results of a round, which has read the log up to through. It returns the deliveries for
// the history.
func (p *deliveryProgress) apply(results []batchResult, through int64, now time.Time, random func() float64) []Delivery {
	p.Through = max(p.Through, through)
	var delivered []Delivery
	recovered := false
	for _, result := range results {
		delivered = append(delivered, p.deliveries(result)...)
		p.advance(result, now, random)
		if len(result.delivered) > 0 {
			recovered = recovered || p.Refusals >= recoveredAfter
			p.Refusals = 0
		}
		if result.refused != nil {
			p.Refusals++
		}
	}
	if recovered {
		for i := range p.Queues {
			p.Queues[i].NextAt = now
		}
	}
	return delivered
}

// deliveries returns the history's records of the delivered events.
func (p *deliveryProgress) deliveries(result batchResult) []Delivery {
	var delivered []Delivery
	for i, attempt := range result.delivered {
		entry := result.entries[i]
		record := Delivery{
			Seq: entry.Seq, Type: entry.Action, Subject: result.subject, EntryAt: entry.At, State: DeliveryDelivered,
			Attempts: []Attempt{attempt}, Tries: 1,
		}
		if at := p.queue(result.subject); at >= 0 && p.Queues[at].Next == entry.Seq && p.Queues[at].Failures > 0 {
			record.Attempts = newestAttempts(append(slices.Clone(p.Queues[at].Attempts), attempt))
			record.Tries += p.Queues[at].Failures
		}
		delivered = append(delivered, record)
	}
	return delivered
}

// advance creates, advances or removes a subject's queue.
func (p *deliveryProgress) advance(result batchResult, now time.Time, random func() float64) {
	at := p.queue(result.subject)
	count := len(result.delivered)
	if count == len(result.entries) && !result.more {
		if at >= 0 {
			p.Queues = slices.Delete(p.Queues, at, at+1)
		}
		return
	}
	if at < 0 {
		p.Queues = append(p.Queues, subjectQueue{Subject: result.subject})
		at = len(p.Queues) - 1
	}
	queue := &p.Queues[at]
	next := cloudtag.Entry{}
	if count < len(result.entries) {
		next = result.entries[count]
	} else {
		next.Seq = result.through + 1
	}
	if queue.Next != next.Seq || queue.Failures == 0 {
		*queue = subjectQueue{Subject: result.subject, Next: next.Seq, Type: next.Action, EntryAt: next.At, NextAt: now}
	}
	if result.refused != nil {
		queue.refuse(*result.refused, now, random)
		if result.refused.RetryAfter > 0 {
			p.NotBefore = now.Add(min(result.refused.RetryAfter, longestRetryAfter))
		}
	}
}

// replay resets the progress to an entry: later entries are delivered again. Queues that start before it are kept; later ones
// are read from the log again.
func (p *deliveryProgress) replay(after int64) {
	p.Queues = slices.DeleteFunc(p.Queues, func(q subjectQueue) bool { return q.Next > after })
	p.Through = min(p.Through, after)
}

// restart makes every queue due now and restarts the time until the endpoint is disabled.
func (p *deliveryProgress) restart(now time.Time) {
	for i := range p.Queues {
		queue := &p.Queues[i]
		queue.Since, queue.Failures, queue.Attempts, queue.NextAt = time.Time{}, 0, nil, now
	}
	p.NotBefore, p.Refusals = time.Time{}, 0
}

// skip removes the refused event at the head of each queue, and returns these events.
func (p *deliveryProgress) skip(now time.Time) []Delivery {
	var skipped []Delivery
	for i := range p.Queues {
		queue := &p.Queues[i]
		if queue.Failures == 0 {
			continue
		}
		skipped = append(skipped, queue.delivery(DeliverySkipped))
		*queue = subjectQueue{Subject: queue.Subject, Next: queue.Next + 1, NextAt: now}
	}
	return skipped
}

// Standing is the delivery status of an endpoint.
type Standing struct {
	Waiting   int       // subjects whose next event is refused so far
	NextAt    time.Time // when the next of them is tried; zero: none waits
	FailingAt time.Time // first refusal of the event that waits longest; zero without one
	Through   int64     // sequence number up to which the log has been read
}

func (p deliveryProgress) standing() Standing {
	standing := Standing{NextAt: p.nextAt(), Through: p.Through}
	for _, queue := range p.Queues {
		if queue.Failures == 0 {
			continue
		}
		standing.Waiting++
		if standing.FailingAt.IsZero() || queue.Since.Before(standing.FailingAt) {
			standing.FailingAt = queue.Since
		}
	}
	return standing
}
