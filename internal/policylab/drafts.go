package policylab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// Drafts edits and publishes drafts of the policy.
type Drafts struct {
	policies *Policies
	ids      cloudtag.IDSource
}

// NewDrafts returns the service over the store of the policies.
func NewDrafts(policies *Policies, ids cloudtag.IDSource) *Drafts {
	return &Drafts{policies: policies, ids: ids}
}

// List returns up to 1,000 drafts that are not final: proposed ones, then the others, latest changed first. FORBIDDEN unless
// the caller reviews.
func (d *Drafts) List(ctx context.Context, caller cloudtag.Caller) ([]Draft, error) {
	if !caller.MaySeeCases() {
		return nil, cloudtag.Forbidden()
	}
	return draftCodec().List(ctx, d.policies.store, cloudtag.DocumentFilter{State: draftsAtWork}, cloudtag.MaxListed)
}

// Find returns a draft. Errors: FORBIDDEN unless the caller reviews, NOT_FOUND.
func (d *Drafts) Find(ctx context.Context, caller cloudtag.Caller, id string) (Draft, error) {
	if !caller.MaySeeCases() {
		return Draft{}, cloudtag.Forbidden()
	}
	return draftCodec().Find(ctx, d.policies.store, id)
}

// DraftChange is the new content of a draft.
type DraftChange struct {
	ID      string // empty for a new draft
	Version int    // of the draft that was read
	Name    string
	BasedOn int
	Policy  cloudtag.Policy // its numbers
}

// Save stores a draft. Errors: FORBIDDEN unless the caller is an administrator; INVALID_POLICY for each invalid field;
// NOT_FOUND; CONFLICT if it has changed since, with its current state; INVALID_STATE unless it is open.
func (d *Drafts) Save(ctx context.Context, caller cloudtag.Caller, change DraftChange) (Draft, error) {
	if !caller.Has(cloudtag.RoleAdmin) {
		return Draft{}, cloudtag.Forbidden()
	}
	if err := errors.Join(checkDraftName(change.Name), change.Policy.CheckNumbers()); err != nil {
		return Draft{}, err
	}
	now := d.policies.clock.Now()
	if change.ID == "" {
		draft := Draft{
			ID: d.ids.NewID(), Name: change.Name, State: DraftOpen, BasedOn: change.BasedOn, Policy: numbersOf(change.Policy),
			CreatedBy: caller.Subject, CreatedAt: now,
		}.changed(caller.Subject, now)
		return draft, d.store(ctx, nil, draft, draft.entry(caller.Subject, cloudtag.ActionPolicyDraftSaved, now, ""))
	}
	before, err := d.current(ctx, change.ID, change.Version, DraftOpen)
	if err != nil {
		return before, err
	}
	after := before.changed(caller.Subject, now)
	after.Name, after.BasedOn, after.Policy = change.Name, change.BasedOn, numbersOf(change.Policy)
	return after, d.store(ctx, &before, after, after.entry(caller.Subject, cloudtag.ActionPolicyDraftSaved, now, ""))
}

func checkDraftName(name string) error {
	if cloudtag.HasVisibleText(name, maxDraftName) {
		return nil
	}
	return cloudtag.Refuse(cloudtag.CodeInvalidPolicy, cloudtag.Text{
		ZH: fmt.Sprintf("请填写 1 至 %d 个字的名称。", maxDraftName), EN: fmt.Sprintf("Give it a name of 1 to %d characters.", maxDraftName),
	}, "input", "name")
}

// Discard discards a draft. Errors as of Save.
func (d *Drafts) Discard(ctx context.Context, caller cloudtag.Caller, id string, version int) (Draft, error) {
	if !caller.Has(cloudtag.RoleAdmin) {
		return Draft{}, cloudtag.Forbidden()
	}
	before, err := d.current(ctx, id, version, DraftOpen)
	if err != nil {
		return before, err
	}
	after := before.ended(DraftDiscarded, caller.Subject, d.policies.clock.Now())
	return after, d.store(ctx, &before, after, after.entry(caller.Subject, cloudtag.ActionPolicyDraftDiscarded, after.ChangedAt, ""))
}

// Publication is a policy that an administrator wants to publish.
type Publication struct {
	BasedOn      int             // the version that it was made from, which must be the one in force
	Policy       cloudtag.Policy // its numbers, Reason and StartsAt (zero: at once)
	DraftID      string          // the draft that is published; empty: none
	DraftVersion int             // of the draft that was read
}

// Published is the result of a publication: a version, or if two people are required the draft that awaits approval.
type Published struct {
	Policy *cloudtag.Policy
	Draft  *Draft
}

// Publish stores the policy as the next version, which requires an administrator, a reason and a simulation of its numbers.
// Evaluations use it from its position in the log or its start on, and [Rollouts] evaluates existing cases by it. If the
// version in force requires two people, Publish only proposes it (see Decide). Errors: FORBIDDEN; REASON_REQUIRED and
// INVALID_POLICY for each invalid field; SIMULATION_REQUIRED; CONFLICT if it is not based on the version in force, or the
// draft has changed; INVALID_STATE while a version is scheduled.
func (d *Drafts) Publish(ctx context.Context, caller cloudtag.Caller, publication Publication) (Published, error) {
	now := d.policies.clock.Now()
	current, err := d.policies.proposed(ctx, caller, publication.BasedOn, publication.Policy, now)
	if err != nil {
		return Published{}, err
	}
	if err := publication.Policy.CheckStart(now); err != nil {
		return Published{}, err
	}
	timeline, err := d.policies.store.PolicyTimeline(ctx)
	if err != nil {
		return Published{}, fmt.Errorf("find policy: %w", err)
	}
	if err := timeline.CheckNoneWaits(now); err != nil {
		return Published{}, err
	}
	if err := requireSimulation(ctx, d.policies.store, publication.BasedOn, publication.Policy); err != nil {
		return Published{}, err
	}
	draft, err := d.publishedDraft(ctx, publication)
	if err != nil {
		return Published{}, err
	}
	if current.RequireApproval {
		return d.propose(ctx, caller, publication, draft, now)
	}
	next := asVersion(publication.Policy, timeline.Latest()+1, caller.Subject, now)
	if draft == nil {
		return d.add(ctx, current, next, nil, nil)
	}
	ended := draft.ended(DraftPublished, caller.Subject, now)
	ended.PublishedAs = next.Version
	return d.add(ctx, current, next, &ended, nil)
}

// asVersion returns the policy as a version that is published at a time.
func asVersion(policy cloudtag.Policy, version int, by string, at time.Time) cloudtag.Policy {
	policy.Version, policy.CreatedBy, policy.CreatedAt, policy.ApprovedBy, policy.Withdrawn = version, by, at, "", nil
	if policy.StartsAt = policy.StartsAt.UTC().Truncate(cloudtag.TimeResolution); policy.StartsAt.IsZero() {
		policy.StartsAt = time.Time{}
	}
	return policy
}

// add stores a version, the new state of its draft and the rollout to existing cases, atomically.
func (d *Drafts) add(ctx context.Context, before, next cloudtag.Policy, draft *Draft, decided *cloudtag.Entry) (Published, error) {
	created := policyEntry(&before, next)
	var entries []cloudtag.Entry
	var documents []cloudtag.Document
	if decided != nil {
		entries = append(entries, *decided)
	}
	if draft != nil {
		created.Subjects = append(created.Subjects, draft.subject())
		documents = append(documents, draftCodec().Document(*draft))
	}
	documents = append(documents, newRollout(next))
	if err := d.policies.store.AddPolicy(ctx, next, append(entries, created), documents...); err != nil {
		if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
			return Published{}, errPolicyConflict()
		}
		return Published{}, fmt.Errorf("store policy: %w", err)
	}
	return Published{Policy: &next, Draft: draft}, nil
}

// Decide approves or declines a proposed draft. Approved, it is published as it was proposed; declined, also by its proposer,
// it is open again. Errors: FORBIDDEN unless the caller is an administrator; REASON_REQUIRED; NOT_FOUND; SAME_PERSON if the
// proposer approves; INVALID_STATE unless it is proposed, and while another version is scheduled; INVALID_POLICY if its start
// has passed; CONFLICT if it is not based on the version in force.
func (d *Drafts) Decide(ctx context.Context, caller cloudtag.Caller, id string, approve bool, reason string) (Published, error) {
	if !caller.Has(cloudtag.RoleAdmin) {
		return Published{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reason, "reason"); err != nil {
		return Published{}, err
	}
	before, err := draftCodec().Find(ctx, d.policies.store, id)
	if err != nil {
		return Published{}, err
	}
	if before.State != DraftProposed {
		return Published{}, cloudtag.InvalidState("id")
	}
	if approve && before.ProposedBy == caller.Subject {
		return Published{}, cloudtag.SamePerson("id")
	}
	now := d.policies.clock.Now()
	after := before.changed(before.ChangedBy, before.ChangedAt)
	after.State, after.DecidedBy, after.DecidedAt, after.DecisionReason = DraftOpen, caller.Subject, now, reason
	decided := after.entry(caller.Subject, cloudtag.ActionPolicyDecided, now, reason)
	if !approve {
		return Published{Draft: &after}, d.store(ctx, &before, after, decided)
	}
	return d.approve(ctx, caller, before, after, decided)
}

// approve publishes an approved draft, atomically with the decision.
func (d *Drafts) approve(ctx context.Context, caller cloudtag.Caller, before, after Draft, decided cloudtag.Entry) (Published, error) {
	proposer := cloudtag.Caller{Subject: before.ProposedBy, Roles: caller.Roles}
	current, err := d.policies.proposed(ctx, proposer, before.BasedOn, before.Policy, after.DecidedAt)
	if err := cmp.Or(err, before.Policy.CheckStart(after.DecidedAt)); err != nil {
		return Published{}, err
	}
	timeline, err := d.policies.store.PolicyTimeline(ctx)
	if err != nil {
		return Published{}, fmt.Errorf("find policy: %w", err)
	}
	next := asVersion(before.Policy, timeline.Latest()+1, before.ProposedBy, after.DecidedAt)
	next.ApprovedBy = caller.Subject
	after.State, after.PublishedAs = DraftPublished, next.Version
	decided.Before, decided.After = cloudtag.MustJSON(before), cloudtag.MustJSON(after)
	return d.add(ctx, current, next, &after, &decided)
}

// current returns a draft if it has the given version and state. Errors: NOT_FOUND; CONFLICT if it has changed since, with its
// current state; INVALID_STATE.
func (d *Drafts) current(ctx context.Context, id string, version int, state DraftState) (Draft, error) {
	draft, err := draftCodec().Find(ctx, d.policies.store, id)
	switch {
	case err != nil:
		return draft, err
	case draft.Version != version:
		return draft, errDraftChanged()
	case draft.State != state:
		return draft, cloudtag.InvalidState("id")
	default:
		return draft, nil
	}
}

func errDraftChanged() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
		ZH: "草稿已被更改，请先查看他人的修改。", EN: "The draft has changed since; look at what others changed.",
	}, "input", "revision")
}

func (d *Drafts) store(ctx context.Context, before *Draft, after Draft, entry cloudtag.Entry) error {
	err := draftCodec().Save(ctx, d.policies.store, before, after, entry)
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return errDraftChanged()
	}
	return err
}

// publishedDraft returns the draft that is published; nil for none.
func (d *Drafts) publishedDraft(ctx context.Context, publication Publication) (*Draft, error) {
	if publication.DraftID == "" {
		return nil, nil
	}
	draft, err := d.current(ctx, publication.DraftID, publication.DraftVersion, DraftOpen)
	return &draft, err
}

// propose stores the publication as a proposed draft, which is new if it had none.
func (d *Drafts) propose(ctx context.Context, caller cloudtag.Caller, publication Publication, before *Draft, now time.Time) (Published, error) {
	var draft Draft
	if before == nil {
		draft = Draft{ID: d.ids.NewID(), Name: firstCharacters(publication.Policy.Reason, maxDraftName), CreatedBy: caller.Subject, CreatedAt: now}
	} else {
		draft = *before
	}
	draft = draft.changed(caller.Subject, now)
	draft.State, draft.ProposedBy, draft.ProposedAt = DraftProposed, caller.Subject, now
	draft.DecidedBy, draft.DecidedAt, draft.DecisionReason = "", time.Time{}, ""
	draft.BasedOn, draft.Policy = publication.BasedOn, numbersOf(publication.Policy)
	draft.Policy.Reason, draft.Policy.StartsAt = publication.Policy.Reason, publication.Policy.StartsAt
	err := d.store(ctx, before, draft, draft.entry(caller.Subject, cloudtag.ActionPolicyProposed, now, draft.Policy.Reason))
	return Published{Draft: &draft}, err
}

func firstCharacters(text string, limit int) string {
	characters := []rune(text)
	return string(characters[:min(limit, len(characters))])
}
