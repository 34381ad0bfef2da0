package policylab

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"cloudtag/internal/cloudtag"
)

// Rollout evaluates all existing cases by a new version of the policy, in the background. Its progress is stored after each
// page, so that a crash repeats at most one page, which is idempotent.
type Rollout struct {
	Version       int             `json:"version"` // of this record
	PolicyVersion int             `json:"policyVersion"`
	After         cloudtag.CaseID `json:"after"` // cases up to this identifier were evaluated
	Evaluated     int             `json:"evaluated"`
	StartedAt     time.Time       `json:"startedAt"`
	CompletedAt   time.Time       `json:"completedAt,omitzero"`
}

func rolloutCodec() cloudtag.Codec[Rollout] {
	return cloudtag.Codec[Rollout]{Kind: cloudtag.KindPolicyRollout, Encode: func(r Rollout) cloudtag.Document {
		document := cloudtag.Document{ID: strconv.Itoa(r.PolicyVersion), Version: r.Version, State: "RUNNING", Rank: cloudtag.LatestFirst(r.StartedAt), WakeAt: r.StartedAt}
		if !r.CompletedAt.IsZero() {
			document.State, document.WakeAt = "COMPLETED", time.Time{}
		}
		return document
	}}
}

// newRollout is the rollout of a policy, to be run once it is in force.
func newRollout(policy cloudtag.Policy) cloudtag.Document {
	rollout := Rollout{Version: 1, PolicyVersion: policy.Version, StartedAt: policy.HoldsFrom()}
	return rolloutCodec().Document(rollout)
}

// rolloutPage is how many cases are evaluated between two records of the progress.
const rolloutPage = 1024

// Rollouts rolls out new policies to existing cases.
type Rollouts struct {
	store rolloutStore
	cases evaluator
	clock cloudtag.Clock
}

type rolloutStore interface {
	cloudtag.DocumentStore
	cloudtag.PolicyReader
	CaseIDs(ctx context.Context, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error)
}

// evaluator evaluates cases; see internal/upkeep.
type evaluator interface {
	Evaluate(ctx context.Context, ids []cloudtag.CaseID, at time.Time) error
}

// NewRollouts returns the service over a store; cases evaluates the cases.
func NewRollouts(store rolloutStore, cases evaluator, clock cloudtag.Clock) *Rollouts {
	return &Rollouts{store: store, cases: cases, clock: clock}
}

// Find returns the progress of a rollout. FORBIDDEN unless the caller reviews, NOT_FOUND for a version without a rollout, or
// whose rollout has not started.
func (r *Rollouts) Find(ctx context.Context, caller cloudtag.Caller, policyVersion int) (Rollout, error) {
	if !caller.Reviews() {
		return Rollout{}, cloudtag.Forbidden()
	}
	rollout, err := rolloutCodec().Find(ctx, r.store, strconv.Itoa(policyVersion))
	if err == nil && rollout.StartedAt.After(r.clock.Now()) {
		return Rollout{}, cloudtag.NotFound()
	}
	return rollout, err
}

// Run rolls out the policy that is in force, resuming an interrupted rollout. A scheduled version is rolled out once it has
// started.
func (r *Rollouts) Run(ctx context.Context) error {
	policy, err := cloudtag.PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return err
	}
	if policy.Version == 1 {
		return nil // there were no cases before the first version
	}
	if err := cloudtag.IgnoreConflict(r.store.SaveDocument(ctx, newRollout(policy), nil)); err != nil {
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

// page evaluates the next page of cases and stores the progress. If another instance was faster, its progress is used.
func (r *Rollouts) page(ctx context.Context, rollout Rollout) (Rollout, error) {
	ids, err := r.store.CaseIDs(ctx, rollout.After, rolloutPage)
	if err != nil {
		return rollout, fmt.Errorf("find cases: %w", err)
	}
	now := r.clock.Now()
	if err := r.cases.Evaluate(ctx, ids, now); err != nil {
		return rollout, err
	}
	next := rollout
	next.Version++
	if len(ids) > 0 {
		next.After, next.Evaluated = ids[len(ids)-1], rollout.Evaluated+len(ids)
	}
	codec := rolloutCodec()
	if len(ids) < rolloutPage {
		next.CompletedAt = now
		err = codec.Save(ctx, r.store, &rollout, next, cloudtag.Entry{
			At: now, Actor: cloudtag.EngineActor, Action: cloudtag.ActionPolicyRolledOut, Subjects: []cloudtag.Subject{cloudtag.PolicySubject(next.PolicyVersion)},
			Reason: cloudtag.ReasonEvaluated(next.Evaluated),
		})
	} else {
		err = r.store.SaveDocument(ctx, codec.Document(next), nil)
	}
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return codec.Find(ctx, r.store, strconv.Itoa(rollout.PolicyVersion))
	}
	return next, err
}

// supersede ends the rollouts of versions that are no longer in force, or never were.
func (r *Rollouts) supersede(ctx context.Context, current int) error {
	running, err := rolloutCodec().List(ctx, r.store, cloudtag.DocumentFilter{State: "RUNNING"}, cloudtag.MaxListed)
	if err != nil {
		return err
	}
	for _, rollout := range running {
		if rollout.PolicyVersion != current && !rollout.StartedAt.After(r.clock.Now()) {
			rollout.Version++
			rollout.CompletedAt = r.clock.Now()
			if err := cloudtag.IgnoreConflict(r.store.SaveDocument(ctx, rolloutCodec().Document(rollout), nil)); err != nil {
				return err
			}
		}
	}
	return nil
}
