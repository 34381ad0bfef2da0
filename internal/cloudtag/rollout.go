package cloudtag

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Rollout brings the cases there are up to a new version of the policy, in the background, case by case. Where it
// stands is stored after each page, so that a crash repeats a page at most, which changes nothing twice.
type Rollout struct {
	Version       int       `json:"version"` // of this record
	PolicyVersion int       `json:"policyVersion"`
	After         CaseID    `json:"after"` // cases up to this identifier are done
	Evaluated     int       `json:"evaluated"`
	StartedAt     time.Time `json:"startedAt"`
	CompletedAt   time.Time `json:"completedAt,omitzero"`
}

func rolloutCodec() Codec[Rollout] {
	return Codec[Rollout]{KindPolicyRollout, func(r Rollout) Document {
		document := Document{ID: strconv.Itoa(r.PolicyVersion), Version: r.Version, State: "RUNNING", Rank: LatestFirst(r.StartedAt), WakeAt: r.StartedAt}
		if !r.CompletedAt.IsZero() {
			document.State, document.WakeAt = "COMPLETED", time.Time{}
		}
		return document
	}}
}

// newRollout is the record that the cases are to be brought up to a policy from when it holds.
func newRollout(policy Policy) Document {
	rollout := Rollout{Version: 1, PolicyVersion: policy.Version, StartedAt: policy.HoldsFrom()}
	return rolloutCodec().Document(rollout)
}

// Rollouts carries new policies on to the cases.
type Rollouts struct {
	store  rolloutStore
	upkeep *Upkeep
	clock  Clock
}

type rolloutStore interface {
	DocumentStore
	policyReader
	CaseIDs(ctx context.Context, after CaseID, limit int) ([]CaseID, error)
}

// NewRollouts returns the service over a store; upkeep evaluates the cases.
func NewRollouts(store rolloutStore, upkeep *Upkeep, clock Clock) *Rollouts {
	return &Rollouts{store: store, upkeep: upkeep, clock: clock}
}

// Find returns how far the current policy has been carried on. FORBIDDEN unless the caller reviews, NOT_FOUND for a
// version that no rollout was needed for, or that has not started.
func (r *Rollouts) Find(ctx context.Context, caller Caller, policyVersion int) (Rollout, error) {
	if !caller.Reviews() {
		return Rollout{}, Forbidden()
	}
	rollout, err := rolloutCodec().Find(ctx, r.store, strconv.Itoa(policyVersion))
	if err == nil && rollout.StartedAt.After(r.clock.Now()) {
		return Rollout{}, NotFound()
	}
	return rollout, err
}

// Carry brings the cases up to the policy that holds now, from where it stopped. One that was scheduled is carried on from
// its start, whenever the process is up again.
func (r *Rollouts) Carry(ctx context.Context) error {
	policy, err := policyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return err
	}
	if policy.Version == 1 {
		return nil // there was no case before the first policy
	}
	if err := IgnoreConflict(r.store.SaveDocument(ctx, newRollout(policy), nil)); err != nil {
		return err
	}
	rollout, err := rolloutCodec().Find(ctx, r.store, strconv.Itoa(policy.Version))
	if err != nil {
		return err
	}
	for rollout.CompletedAt.IsZero() {
		if rollout, err = r.page(ctx, rollout); err != nil {
			return err
		}
	}
	return r.supersede(ctx, policy.Version)
}

// page evaluates the next cases and records it. When another instance was faster, its record counts.
func (r *Rollouts) page(ctx context.Context, rollout Rollout) (Rollout, error) {
	ids, err := r.store.CaseIDs(ctx, rollout.After, upkeepPage)
	if err != nil {
		return rollout, fmt.Errorf("find cases: %w", err)
	}
	now := r.clock.Now()
	if err := r.upkeep.amendAll(ctx, ids, func(file *CaseFile) { file.Evaluate(now) }); err != nil {
		return rollout, err
	}
	next := rollout
	next.Version++
	if len(ids) > 0 {
		next.After, next.Evaluated = ids[len(ids)-1], rollout.Evaluated+len(ids)
	}
	codec := rolloutCodec()
	if len(ids) < upkeepPage {
		next.CompletedAt = now
		err = codec.Save(ctx, r.store, &rollout, next, Entry{
			At: now, Actor: EngineActor, Action: ActionPolicyRolledOut, Subjects: []Subject{PolicySubject(next.PolicyVersion)},
			Reason: fmt.Sprintf(reasonEvaluated, next.Evaluated),
		})
	} else {
		err = r.store.SaveDocument(ctx, codec.Document(next), nil)
	}
	if CodeOf(err) == CodeConflict {
		return codec.Find(ctx, r.store, strconv.Itoa(rollout.PolicyVersion))
	}
	return next, err
}

// supersede ends the rollouts of versions that hold no more, or never did.
func (r *Rollouts) supersede(ctx context.Context, current int) error {
	running, err := rolloutCodec().List(ctx, r.store, DocumentFilter{State: "RUNNING"}, MaxListed)
	if err != nil {
		return err
	}
	for _, rollout := range running {
		if rollout.PolicyVersion != current && !rollout.StartedAt.After(r.clock.Now()) {
			rollout.Version++
			rollout.CompletedAt = r.clock.Now()
			if err := IgnoreConflict(r.store.SaveDocument(ctx, rolloutCodec().Document(rollout), nil)); err != nil {
				return err
			}
		}
	}
	return nil
}
