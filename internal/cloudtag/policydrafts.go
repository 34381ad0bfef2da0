package cloudtag

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// PolicyDraftState is the state of a draft.
type PolicyDraftState string

// The states of a draft.
const (
	DraftOpen      PolicyDraftState = "OPEN"
	DraftProposed  PolicyDraftState = "PROPOSED" // awaits a second administrator
	DraftPublished PolicyDraftState = "PUBLISHED"
	DraftDiscarded PolicyDraftState = "DISCARDED"
)

// maxDraftName is the maximum length of a draft's name, in characters.
const maxDraftName = 60

// PolicyDraft is a policy that administrators are editing. Its numbers are always valid. Saving requires the version that
// was read, so that nobody overwrites a concurrent change.
type PolicyDraft struct {
	ID      string           `json:"id"`
	Version int              `json:"version"` // counts changes
	Name    string           `json:"name"`
	State   PolicyDraftState `json:"state"`
	BasedOn int              `json:"basedOn"` // the policy version that it was made from
	Policy  Policy           `json:"policy"`  // the numbers; once proposed, also Reason and StartsAt
	// The first and the latest change; the log has all of them.
	CreatedBy string    `json:"createdBy"`
	CreatedAt time.Time `json:"createdAt"`
	ChangedBy string    `json:"changedBy"`
	ChangedAt time.Time `json:"changedAt"`
	// The latest proposal to publish it, and its outcome.
	ProposedBy     string    `json:"proposedBy,omitempty"`
	ProposedAt     time.Time `json:"proposedAt,omitzero"`
	DecidedBy      string    `json:"decidedBy,omitempty"`
	DecidedAt      time.Time `json:"decidedAt,omitzero"`
	DecisionReason string    `json:"decisionReason,omitempty"`
	PublishedAs    int       `json:"publishedAs,omitempty"` // the policy version that it became
}

// The document states of drafts, which lists select by.
const (
	draftsAtWork = "AT_WORK"
	draftsEnded  = "ENDED"
)

func policyDraftCodec() Codec[PolicyDraft] {
	return Codec[PolicyDraft]{KindPolicyDraft, func(d PolicyDraft) Document {
		document := Document{ID: d.ID, Version: d.Version, State: draftsEnded, Owner: d.ChangedBy, Rank: LatestFirst(d.ChangedAt)}
		switch d.State {
		case DraftOpen:
			document.State = draftsAtWork
		case DraftProposed:
			document.State, document.Rank = draftsAtWork, DueFirst(d.ProposedAt)
		}
		return document
	}}
}

func (d PolicyDraft) subject() Subject { return "policy_draft:" + Subject(d.ID) }

func (d PolicyDraft) entry(actor string, action Action, at time.Time, reason string) Entry {
	return Entry{At: at, Actor: actor, Action: action, Reason: reason, Subjects: []Subject{d.subject(), PolicySubject(d.BasedOn)}}
}

// MayDecide reports whether the caller may approve or decline the draft now.
func (d PolicyDraft) MayDecide(caller Caller) bool {
	return caller.Has(RoleAdmin) && d.State == DraftProposed && d.ProposedBy != caller.Subject
}

// changed returns the draft with the next version, changed by a person.
func (d PolicyDraft) changed(by string, at time.Time) PolicyDraft {
	d.Version++
	d.ChangedBy, d.ChangedAt = by, at
	return d
}

// ended returns the draft in a final state.
func (d PolicyDraft) ended(state PolicyDraftState, by string, at time.Time) PolicyDraft {
	d = d.changed(by, at)
	d.State = state
	return d
}

// PolicyDrafts edits and publishes drafts of the policy.
type PolicyDrafts struct {
	policies *Policies
	ids      IDSource
}

// NewPolicyDrafts returns the service over the store of the policies.
func NewPolicyDrafts(policies *Policies, ids IDSource) *PolicyDrafts {
	return &PolicyDrafts{policies: policies, ids: ids}
}

// List returns up to 1,000 drafts that are not final: proposed ones, then the others, latest changed first. FORBIDDEN unless
// the caller reviews.
func (d *PolicyDrafts) List(ctx context.Context, caller Caller) ([]PolicyDraft, error) {
	if !caller.MaySeeCases() {
		return nil, Forbidden()
	}
	return policyDraftCodec().List(ctx, d.policies.store, DocumentFilter{State: draftsAtWork}, MaxListed)
}

// Find returns a draft. Errors: FORBIDDEN unless the caller reviews, NOT_FOUND.
func (d *PolicyDrafts) Find(ctx context.Context, caller Caller, id string) (PolicyDraft, error) {
	if !caller.MaySeeCases() {
		return PolicyDraft{}, Forbidden()
	}
	return policyDraftCodec().Find(ctx, d.policies.store, id)
}

// DraftChange is the new content of a draft.
type DraftChange struct {
	ID      string // empty for a new draft
	Version int    // of the draft that was read
	Name    string
	BasedOn int
	Policy  Policy // its numbers
}

// Save stores a draft. Errors: FORBIDDEN unless the caller is an administrator; INVALID_POLICY for each invalid field;
// NOT_FOUND; CONFLICT if it has changed since, with its current state; INVALID_STATE unless it is open.
func (d *PolicyDrafts) Save(ctx context.Context, caller Caller, change DraftChange) (PolicyDraft, error) {
	if !caller.Has(RoleAdmin) {
		return PolicyDraft{}, Forbidden()
	}
	if err := errors.Join(checkDraftName(change.Name), change.Policy.checkNumbers()); err != nil {
		return PolicyDraft{}, err
	}
	now := d.policies.clock.Now()
	if change.ID == "" {
		draft := PolicyDraft{
			ID: d.ids.NewID(), Name: change.Name, State: DraftOpen, BasedOn: change.BasedOn, Policy: change.Policy.content(),
			CreatedBy: caller.Subject, CreatedAt: now,
		}.changed(caller.Subject, now)
		return draft, d.store(ctx, nil, draft, draft.entry(caller.Subject, ActionPolicyDraftSaved, now, ""))
	}
	before, err := d.current(ctx, change.ID, change.Version, DraftOpen)
	if err != nil {
		return before, err
	}
	after := before.changed(caller.Subject, now)
	after.Name, after.BasedOn, after.Policy = change.Name, change.BasedOn, change.Policy.content()
	return after, d.store(ctx, &before, after, after.entry(caller.Subject, ActionPolicyDraftSaved, now, ""))
}

func checkDraftName(name string) error {
	if hasVisibleText(name, maxDraftName) {
		return nil
	}
	return Refuse(CodeInvalidPolicy, Text{
		ZH: fmt.Sprintf("请填写 1 至 %d 个字的名称。", maxDraftName), EN: fmt.Sprintf("Give it a name of 1 to %d characters.", maxDraftName),
	}, "input", "name")
}

// Discard discards a draft. Errors as of Save.
func (d *PolicyDrafts) Discard(ctx context.Context, caller Caller, id string, version int) (PolicyDraft, error) {
	if !caller.Has(RoleAdmin) {
		return PolicyDraft{}, Forbidden()
	}
	before, err := d.current(ctx, id, version, DraftOpen)
	if err != nil {
		return before, err
	}
	after := before.ended(DraftDiscarded, caller.Subject, d.policies.clock.Now())
	return after, d.store(ctx, &before, after, after.entry(caller.Subject, ActionPolicyDraftDiscarded, after.ChangedAt, ""))
}

// Publication is a policy that an administrator wants to publish.
type Publication struct {
	BasedOn      int    // the version that it was made from, which must be the one in force
	Policy       Policy // its numbers, Reason and StartsAt (zero: at once)
	DraftID      string // the draft that is published; empty: none
	DraftVersion int    // of the draft that was read
}

// Published is the result of a publication: a version, or if two people are required the draft that awaits approval.
type Published struct {
	Policy *Policy
	Draft  *PolicyDraft
}

// Publish stores the policy as the next version, which requires an administrator, a reason and a simulation of its numbers.
// Evaluations use it from its position in the log or its start on, and [Rollouts] evaluates existing cases by it. If the
// version in force requires two people, Publish only proposes it (see Decide). Errors: FORBIDDEN; REASON_REQUIRED and
// INVALID_POLICY for each invalid field; SIMULATION_REQUIRED; CONFLICT if it is not based on the version in force, or the
// draft has changed; INVALID_STATE while a version is scheduled.
func (d *PolicyDrafts) Publish(ctx context.Context, caller Caller, publication Publication) (Published, error) {
	now := d.policies.clock.Now()
	current, err := d.policies.proposed(ctx, caller, publication.BasedOn, publication.Policy, now)
	if err != nil {
		return Published{}, err
	}
	if err := checkStart(publication.Policy.StartsAt, now); err != nil {
		return Published{}, err
	}
	timeline, err := d.policies.store.PolicyTimeline(ctx)
	if err != nil {
		return Published{}, fmt.Errorf("find policy: %w", err)
	}
	if timeline.Waiting(now) != nil {
		return Published{}, errPolicyWaits()
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
	next := publication.Policy.as(timeline.Latest()+1, caller.Subject, now)
	if draft == nil {
		return d.add(ctx, current, next, nil, nil)
	}
	ended := draft.ended(DraftPublished, caller.Subject, now)
	ended.PublishedAs = next.Version
	return d.add(ctx, current, next, &ended, nil)
}

// add stores a version, the new state of its draft and the rollout to existing cases, atomically.
func (d *PolicyDrafts) add(ctx context.Context, before, next Policy, draft *PolicyDraft, decided *Entry) (Published, error) {
	created := policyEntry(&before, next)
	var entries []Entry
	var documents []Document
	if decided != nil {
		entries = append(entries, *decided)
	}
	if draft != nil {
		created.Subjects = append(created.Subjects, draft.subject())
		documents = append(documents, policyDraftCodec().Document(*draft))
	}
	documents = append(documents, newRollout(next))
	if err := d.policies.store.AddPolicy(ctx, next, append(entries, created), documents...); err != nil {
		if CodeOf(err) == CodeConflict {
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
func (d *PolicyDrafts) Decide(ctx context.Context, caller Caller, id string, approve bool, reason string) (Published, error) {
	if !caller.Has(RoleAdmin) {
		return Published{}, Forbidden()
	}
	if err := CheckReason(reason, "reason"); err != nil {
		return Published{}, err
	}
	before, err := policyDraftCodec().Find(ctx, d.policies.store, id)
	if err != nil {
		return Published{}, err
	}
	if before.State != DraftProposed {
		return Published{}, InvalidState("id")
	}
	if approve && before.ProposedBy == caller.Subject {
		return Published{}, SamePerson("id")
	}
	now := d.policies.clock.Now()
	after := before.changed(before.ChangedBy, before.ChangedAt)
	after.State, after.DecidedBy, after.DecidedAt, after.DecisionReason = DraftOpen, caller.Subject, now, reason
	decided := after.entry(caller.Subject, ActionPolicyDecided, now, reason)
	if !approve {
		return Published{Draft: &after}, d.store(ctx, &before, after, decided)
	}
	return d.approve(ctx, caller, before, after, decided)
}

// approve publishes an approved draft, atomically with the decision.
func (d *PolicyDrafts) approve(ctx context.Context, caller Caller, before, after PolicyDraft, decided Entry) (Published, error) {
	proposer := Caller{Subject: before.ProposedBy, Roles: caller.Roles}
	current, err := d.policies.proposed(ctx, proposer, before.BasedOn, before.Policy, after.DecidedAt)
	if err := cmp.Or(err, checkStart(before.Policy.StartsAt, after.DecidedAt)); err != nil {
		return Published{}, err
	}
	timeline, err := d.policies.store.PolicyTimeline(ctx)
	if err != nil {
		return Published{}, fmt.Errorf("find policy: %w", err)
	}
	next := before.Policy.as(timeline.Latest()+1, before.ProposedBy, after.DecidedAt)
	next.ApprovedBy = caller.Subject
	after.State, after.PublishedAs = DraftPublished, next.Version
	decided.Before, decided.After = MustJSON(before), MustJSON(after)
	return d.add(ctx, current, next, &after, &decided)
}

// current returns a draft if it has the given version and state. Errors: NOT_FOUND; CONFLICT if it has changed since, with its
// current state; INVALID_STATE.
func (d *PolicyDrafts) current(ctx context.Context, id string, version int, state PolicyDraftState) (PolicyDraft, error) {
	draft, err := policyDraftCodec().Find(ctx, d.policies.store, id)
	switch {
	case err != nil:
		return draft, err
	case draft.Version != version:
		return draft, errDraftChanged()
	case draft.State != state:
		return draft, InvalidState("id")
	default:
		return draft, nil
	}
}

func errDraftChanged() *Error {
	return Refuse(CodeConflict, Text{
		ZH: "草稿已被更改，请先查看他人的修改。", EN: "The draft has changed since; look at what others changed.",
	}, "input", "revision")
}

func (d *PolicyDrafts) store(ctx context.Context, before *PolicyDraft, after PolicyDraft, entry Entry) error {
	err := policyDraftCodec().Save(ctx, d.policies.store, before, after, entry)
	if CodeOf(err) == CodeConflict {
		return errDraftChanged()
	}
	return err
}

// publishedDraft returns the draft that is published; nil for none.
func (d *PolicyDrafts) publishedDraft(ctx context.Context, publication Publication) (*PolicyDraft, error) {
	if publication.DraftID == "" {
		return nil, nil
	}
	draft, err := d.current(ctx, publication.DraftID, publication.DraftVersion, DraftOpen)
	return &draft, err
}

// propose stores the publication as a proposed draft, which is new if it had none.
func (d *PolicyDrafts) propose(ctx context.Context, caller Caller, publication Publication, before *PolicyDraft, now time.Time) (Published, error) {
	var draft PolicyDraft
	if before == nil {
		draft = PolicyDraft{ID: d.ids.NewID(), Name: firstCharacters(publication.Policy.Reason, maxDraftName), CreatedBy: caller.Subject, CreatedAt: now}
	} else {
		draft = *before
	}
	draft = draft.changed(caller.Subject, now)
	draft.State, draft.ProposedBy, draft.ProposedAt = DraftProposed, caller.Subject, now
	draft.DecidedBy, draft.DecidedAt, draft.DecisionReason = "", time.Time{}, ""
	draft.BasedOn, draft.Policy = publication.BasedOn, publication.Policy.content()
	draft.Policy.Reason, draft.Policy.StartsAt = publication.Policy.Reason, publication.Policy.StartsAt
	err := d.store(ctx, before, draft, draft.entry(caller.Subject, ActionPolicyProposed, now, draft.Policy.Reason))
	return Published{Draft: &draft}, err
}

func firstCharacters(text string, limit int) string {
	characters := []rune(text)
	return string(characters[:min(limit, len(characters))])
}
