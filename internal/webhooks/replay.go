package webhooks

import (
	"context"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// Since is the start of a replay: a log entry, or the first entry at a time or later. Exactly one field is set.
type Since struct {
	Seq  int64 // the entry's number
	Time time.Time
}

// Replay delivers the endpoint's events from a position in the log again, in order and with the same identifiers. It returns the
// number of the first entry that is read again. Errors: NOT_FOUND, FORBIDDEN; BAD_USER_INPUT unless exactly one field is set, and for
// a time more than 366 days ago; FORBIDDEN for a number from callers who may not know numbers of the log.
func (s *Endpoints) Replay(ctx context.Context, caller cloudtag.Caller, id string, since Since) (int64, error) {
	endpoint, err := s.find(ctx, caller, id, Endpoint.MayOperate)
	if err != nil {
		return 0, err
	}
	if (since.Seq > 0) == !since.Time.IsZero() || since.Seq < 0 {
		return 0, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: "请给出序号（大于 0）或时间之一。", EN: "Give a number, from 1, or a time, not both."}, "input", "since")
	}
	if since.Seq > 0 && !endpoint.SeesNumbers() && !caller.Has(cloudtag.RoleAdmin) {
		return 0, cloudtag.Forbidden()
	}
	from := since.Seq
	if from == 0 {
		if from, err = s.log.FirstSince(ctx, since.Time); err != nil {
			return 0, err
		}
	}
	after := from - 1
	now := s.clock.Now()
	next := endpoint
	next.Version++
	next.ChangedAt = now
	// Append the entry first: no replay happens without one, and after a crash the caller can repeat the request.
	if err := s.save(ctx, &endpoint, next, caller.Subject, cloudtag.ActionWebhookReplayed, fmt.Sprintf("from entry %d", from)); err != nil {
		return 0, err
	}
	return from, s.editProgress(ctx, next, func(p *deliveryProgress, _ time.Time) []Delivery {
		p.replay(after)
		return nil
	})
}

// Resume continues deliveries where they stopped. Refused events are retried for the whole time until giving up again, or,
// with skipRefused, passed over: the first one of each queue. Errors: NOT_FOUND, FORBIDDEN, INVALID_STATE when it is
// active, PERMISSION_REVOKED for a shop that lost its permission, CONFLICT.
func (s *Endpoints) Resume(ctx context.Context, caller cloudtag.Caller, id string, skipRefused bool) (Endpoint, error) {
	endpoint, err := s.find(ctx, caller, id, Endpoint.MayManage)
	if err != nil {
		return Endpoint{}, err
	}
	if endpoint.State == StateActive {
		return Endpoint{}, cloudtag.InvalidState("id")
	}
	if endpoint.DisabledReason == DisabledShopRevoked {
		return Endpoint{}, cloudtag.PermissionRevoked.Refusal()
	}
	// Save the progress first: after a crash in between the endpoint is still stopped, and can be resumed again.
	if err := s.restart(ctx, endpoint, skipRefused); err != nil {
		return Endpoint{}, err
	}
	return s.change(ctx, caller, id, Endpoint.MayManage, cloudtag.ActionWebhookResumed, func(e *Endpoint, _ time.Time) error {
		e.State, e.DisabledReason = StateActive, ""
		return nil
	})
}

func (s *Endpoints) restart(ctx context.Context, endpoint Endpoint, skipRefused bool) error {
	return s.editProgress(ctx, endpoint, func(p *deliveryProgress, now time.Time) []Delivery {
		var skipped []Delivery
		if skipRefused {
			skipped = p.skip(now)
		}
		p.restart(now)
		return skipped
	})
}

// editProgress changes the progress of an endpoint; it retries on the stored progress after a concurrent delivery.
func (s *Endpoints) editProgress(ctx context.Context, endpoint Endpoint, edit func(*deliveryProgress, time.Time) []Delivery) error {
	for {
		progress, err := findProgress(ctx, s.store, endpoint)
		if err != nil {
			return err
		}
		recorded := edit(&progress, s.clock.Now())
		err = recordDeliveries(ctx, s.store, endpoint.ID, progress.Recorded, recorded)
		if err == nil {
			progress.Recorded += int64(len(recorded))
			progress.Version++
			err = s.store.SaveDocument(ctx, progressCodec().Document(progress), nil)
		}
		if cloudtag.CodeOf(err) != cloudtag.CodeConflict {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("change the progress of webhook %s: %w", endpoint.ID, ctx.Err())
		}
	}
}
