package policylab

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// DraftState is the state of a draft.
type DraftState string

// The states of a draft.
const (
	DraftOpen      DraftState = "OPEN"
	DraftProposed  DraftState = "PROPOSED" // awaits a second administrator
	DraftPublished DraftState = "PUBLISHED"
	DraftDiscarded DraftState = "DISCARDED"
)

// maxDraftName is the maximum length of a draft's name, in characters.
const maxDraftName = 60

// Draft is a policy that administrators are editing. Its numbers are always valid. Saving requires the version that
// was read, so that nobody overwrites a concurrent change.
type Draft struct {
	ID      string          `json:"id"`
	Version int             `json:"version"` // counts changes
	Name    string          `json:"name"`
	State   DraftState      `json:"state"`
	BasedOn int             `json:"basedOn"` // the policy version that it was made from
	Policy  cloudtag.Policy `json:"policy"`  // the numbers; once proposed, also Reason and StartsAt
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

func draftCodec() cloudtag.Codec[Draft] {
	return cloudtag.Codec[Draft]{Kind: cloudtag.KindPolicyDraft, Encode: func(d Draft) cloudtag.Document {
		document := cloudtag.Document{ID: d.ID, Version: d.Version, State: draftsEnded, Owner: d.ChangedBy, Rank: cloudtag.LatestFirst(d.ChangedAt)}
		switch d.State {
		case DraftOpen:
			document.State = draftsAtWork
		case DraftProposed:
			document.State, document.Rank = draftsAtWork, cloudtag.DueFirst(d.ProposedAt)
		}
		return document
	}}
}

func (d Draft) subject() cloudtag.Subject { return "policy_draft:" + cloudtag.Subject(d.ID) }

func (d Draft) entry(actor string, action cloudtag.Action, at time.Time, reason string) cloudtag.Entry {
	return cloudtag.Entry{At: at, Actor: actor, Action: action, Reason: reason, Subjects: []cloudtag.Subject{d.subject(), cloudtag.PolicySubject(d.BasedOn)}}
}

// MayDecide reports whether the caller may approve or decline the draft now.
func (d Draft) MayDecide(caller cloudtag.Caller) bool {
	return caller.Has(cloudtag.RoleAdmin) && d.State == DraftProposed && d.ProposedBy != caller.Subject
}

// changed returns the draft with the next version, changed by a person.
func (d Draft) changed(by string, at time.Time) Draft {
	d.Version++
	d.ChangedBy, d.ChangedAt = by, at
	return d
}

// ended returns the draft in a final state.
func (d Draft) ended(state DraftState, by string, at time.Time) Draft {
	d = d.changed(by, at)
	d.State = state
	return d
}
