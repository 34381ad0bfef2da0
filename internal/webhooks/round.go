package webhooks

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

// The size of a round. It ends within roundTime, one more request and a save, which is before the lease does.
const (
	roundTime        = 5 * time.Second
	logPage          = 200 // entries that are read at once
	roundPages       = 10
	roundEvents      = 64 // that are taken from the log in one round
	queueEvents      = 16 // of one subject's queue in one round
	parallelRequests = 8  // to one endpoint at once, each of another subject
)

// deliveryRound is one round of deliveries to an endpoint by this instance.
type deliveryRound struct {
	*Deliverer
	endpoint  Endpoint
	progress  deliveryProgress
	selection eventSelection
	token     string

	batches []subjectBatch
	through int64                     // sequence number up to which the round has read the log
	later   map[cloudtag.Subject]bool // subjects with a queue for which the round has read more events
}

// subjectBatch holds the entries of one subject that a round sends, in order.
type subjectBatch struct {
	subject cloudtag.Subject
	entries []cloudtag.Entry
	through int64 // for a queue: sequence number up to which the log was searched
	more    bool  // for a queue: later entries may exist
}

// batchResult is the outcome of a batch: the entries that were delivered until one was refused or the round was over.
type batchResult struct {
	subjectBatch
	delivered []Attempt // one for each entry from the first on
	refused   *Answer
}

// collect reads the events that are due from the store.
func (r *deliveryRound) collect(ctx context.Context, id string) (due bool, err error) {
	if r.endpoint, err = endpointCodec().Find(ctx, r.store, id); err != nil {
		return false, err
	}
	if r.progress, err = findProgress(ctx, r.store, r.endpoint); err != nil {
		return false, err
	}
	now := r.clock.Now()
	r.batches, r.through, r.later = nil, r.progress.Through, map[cloudtag.Subject]bool{}
	if r.endpoint.State != StateActive || r.progress.leased(r.token, now) {
		return false, nil
	}
	if may, err := r.admit(ctx); err != nil || !may {
		return false, err
	}
	if now.Before(r.progress.NotBefore) {
		return false, nil
	}
	r.selection = newEventSelection(r.endpoint)
	if err := r.collectQueues(ctx, now); err != nil {
		return false, err
	}
	if err := r.collectLog(ctx); err != nil {
		return false, err
	}
	// Progress over entries that the endpoint is not sent is saved when that avoids reading many of them again.
	return len(r.batches) > 0 || r.through-r.progress.Through >= logPage, nil
}

// admit disables the endpoint of a shop whose permission was revoked: nothing more is sent to it (rule 13).
func (r *deliveryRound) admit(ctx context.Context) (bool, error) {
	if r.endpoint.MerchantID == "" {
		return true, nil
	}
	found, err := r.store.Merchants(ctx, []cloudtag.MerchantID{r.endpoint.MerchantID})
	if err != nil {
		return false, fmt.Errorf("find merchant: %w", err)
	}
	if found[r.endpoint.MerchantID].Permission != cloudtag.PermissionRevoked {
		return true, nil
	}
	return false, r.disable(ctx, DisabledShopRevoked, "")
}

// collectQueues collects events of the queues that are due.
func (r *deliveryRound) collectQueues(ctx context.Context, now time.Time) error {
	for _, queue := range r.progress.Queues {
		if now.Before(queue.NextAt) {
			continue
		}
		batch := subjectBatch{subject: queue.Subject}
		after := queue.Next - 1
		for more := true; more && len(batch.entries) < queueEvents; {
			var entries []cloudtag.Entry
			var err error
			entries, more, err = r.store.LogPage(ctx, cloudtag.LogFilter{Subject: queue.Subject}, cloudtag.Slice{
				Limit: logPage, After: &cloudtag.Position{Key: after}, Before: &cloudtag.Position{Key: r.progress.Through + 1},
			})
			if err != nil {
				return fmt.Errorf("read log: %w", err)
			}
			for _, entry := range entries {
				if len(batch.entries) == queueEvents {
					more = true
					break
				}
				if subject, wanted := r.selection.subject(entry); wanted && subject == queue.Subject {
					batch.entries = append(batch.entries, entry)
				}
				after = entry.Seq
			}
			batch.more = more
		}
		if batch.through = after; !batch.more {
			batch.through = r.progress.Through
		}
		r.batches = append(r.batches, batch)
	}
	return nil
}

// collectLog collects events that the endpoint has not read yet. The number of subjects is limited so that each can get a queue
// if its event is refused.
func (r *deliveryRound) collectLog(ctx context.Context) error {
	fresh, room := map[cloudtag.Subject]int{}, maxQueues-len(r.progress.Queues)
	events := 0
	for page, more := 0, true; more && page < roundPages && events < roundEvents; page++ {
		var entries []cloudtag.Entry
		var err error
		entries, more, err = r.store.LogPage(ctx, r.selection.filter(), cloudtag.Slice{Limit: logPage, After: &cloudtag.Position{Key: r.through}})
		if err != nil {
			return fmt.Errorf("read log: %w", err)
		}
		for _, entry := range entries {
			subject, wanted := r.selection.subject(entry)
			switch {
			case wanted && r.progress.queue(subject) >= 0:
				r.later[subject] = true
			case wanted:
				at, known := fresh[subject]
				if events == roundEvents || !known && len(fresh) >= room {
					return nil
				}
				if !known {
					at = len(r.batches)
					fresh[subject] = at
					r.batches = append(r.batches, subjectBatch{subject: subject})
				}
				r.batches[at].entries = append(r.batches[at].entries, entry)
				events++
			}
			r.through = entry.Seq
		}
	}
	return nil
}

// run sends the collected events and saves the outcome: the history before the progress, which bounds the part of the history
// that is shown.
func (r *deliveryRound) run(ctx context.Context) error {
	results := r.send(ctx)
	now := r.clock.Now()
	gone := false
	for i, result := range results {
		gone = gone || result.refused != nil && result.refused.Status == http.StatusGone
		results[i].more = result.more || r.later[result.subject]
	}
	delivered := r.progress.apply(results, r.through, now, r.random)
	saving, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	if err := recordDeliveries(saving, r.store, r.endpoint.ID, r.progress.Recorded, delivered); err != nil {
		return err
	}
	r.progress.Recorded += int64(len(delivered))
	if err := r.save(saving, &deliveryLease{Token: r.token, Until: now.Add(leaseTime)}); err != nil {
		return err
	}
	if gone {
		return r.disable(saving, DisabledGone, "")
	}
	for _, queue := range r.progress.Queues {
		if queue.exhausted(now) {
			return r.disable(saving, DisabledFailing, fmt.Sprintf("an event was refused %d times in %v", queue.Failures, giveUpAfter))
		}
	}
	return nil
}

// send sends each subject's events one after the other, several subjects at once, until all are sent, one is refused, or
// the round is over.
func (r *deliveryRound) send(ctx context.Context) []batchResult {
	results := make([]batchResult, len(r.batches))
	end := r.clock.Now().Add(roundTime)
	var held atomic.Bool // the receiver requested a pause, or answered 410
	cloudtag.Parallel(len(r.batches), parallelRequests, func(i int) {
		results[i] = batchResult{subjectBatch: r.batches[i]}
		for _, entry := range r.batches[i].entries {
			if ctx.Err() != nil || held.Load() || !r.clock.Now().Before(end) {
				return
			}
			answer, err := r.attempt(ctx, entry)
			if err != nil {
				answer.Failure = FailureUnreachable
			}
			if !answer.accepted() {
				if answer.RetryAfter > 0 || answer.Status == http.StatusGone {
					held.Store(true)
				}
				results[i].refused = &answer
				return
			}
			results[i].delivered = append(results[i].delivered, answer.Attempt)
		}
	})
	return results
}

func (r *deliveryRound) attempt(ctx context.Context, entry cloudtag.Entry) (Answer, error) {
	body, err := r.selection.body(entry)
	if err != nil {
		return Answer{Attempt: Attempt{At: r.clock.Now()}}, err
	}
	answer := r.sender.Send(context.WithoutCancel(ctx), Message{
		URL: r.endpoint.URL, ID: r.endpoint.messageID(entry.Seq), Body: body, Keys: r.endpoint.keys(r.clock.Now()),
	})
	r.observer.Attempted(r.endpoint, answer.Attempt, r.clock.Now().Sub(entry.At))
	return answer, nil
}
