package appeals

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// State is the state of an appeal.
type State string

// The states of an appeal.
const (
	Open     State = "OPEN"
	Accepted State = "ACCEPTED"
	Declined State = "DECLINED"
)

// States lists every state.
func States() []State { return []State{Open, Accepted, Declined} }

const (
	maxStatementLength = 2000 // characters
	overturnedAtOnce   = 1024 // tags
)

// Appeal is a buyer's objection to the effect of a case, filed by the platform's customer service (rule 14).
type Appeal struct {
	ID        string           `json:"id"`
	Version   int              `json:"version"`
	CaseID    cloudtag.CaseID  `json:"caseId"`
	BuyerID   cloudtag.BuyerID `json:"buyerId"`
	State     State            `json:"state"`
	Statement string           `json:"statement"`
	FiledBy   string           `json:"filedBy"`
	FiledAt   time.Time        `json:"filedAt"`
	DecidedBy string           `json:"decidedBy,omitempty"`
	DecidedAt time.Time        `json:"decidedAt,omitzero"`
	Reply     string           `json:"reply,omitempty"`
	Facts     json.RawMessage  `json:"facts"` // a Facts, as of the filing
	// CaseDecidedBy is who had decided the case by then; that person may not decide the appeal.
	CaseDecidedBy string    `json:"caseDecidedBy"`
	CompletedAt   time.Time `json:"completedAt,omitzero"` // when all effects of an accepted appeal were applied
}

// Facts is the snapshot of the case that an appeal keeps.
type Facts struct {
	Case        cloudtag.Case        `json:"case"`
	Explanation cloudtag.Explanation `json:"explanation"`
	Tags        []cloudtag.Tag       `json:"tags"`
}

func appealCodec() cloudtag.Codec[Appeal] {
	return cloudtag.Codec[Appeal]{Kind: cloudtag.KindAppeal, Encode: func(a Appeal) cloudtag.Document {
		document := cloudtag.Document{
			ID: a.ID, Version: a.Version, State: string(a.State), CaseID: a.CaseID, BuyerID: a.BuyerID,
			Rank: cloudtag.LatestFirst(a.FiledAt),
		}
		if a.State == Open {
			document.Unique, document.Rank = string(a.CaseID), cloudtag.DueFirst(a.FiledAt)
		}
		if a.State == Accepted && a.CompletedAt.IsZero() {
			document.WakeAt = a.DecidedAt
		}
		return document
	}}
}

// MayDecide reports whether the caller may decide the appeal now; c is the current state of its case.
func (a Appeal) MayDecide(caller cloudtag.Caller, c cloudtag.Case) bool {
	return caller.Decides() && a.State == Open && !a.decidedBy(caller.Subject, c.Decision) && !a.taggedBy(caller.MerchantID)
}

// taggedBy reports whether a shop had a tag in the case when the appeal was filed.
func (a Appeal) taggedBy(shop cloudtag.MerchantID) bool {
	if shop == "" {
		return false
	}
	var facts Facts
	// If the facts can't be read, nobody who acts for a shop may decide.
	return json.Unmarshal(a.Facts, &facts) != nil || slices.ContainsFunc(facts.Tags, func(tag cloudtag.Tag) bool { return tag.MerchantID == shop })
}

// FactsFor returns the snapshot of the case. FORBIDDEN unless the caller reviews.
func (a Appeal) FactsFor(caller cloudtag.Caller) (facts Facts, err error) {
	if !caller.MaySeeCases() {
		return facts, cloudtag.Forbidden()
	}
	if err := json.Unmarshal(a.Facts, &facts); err != nil {
		return facts, fmt.Errorf("facts of appeal %s: %w", a.ID, err)
	}
	return facts, nil
}

// decidedBy reports whether a person decided the case, before the appeal was filed or since.
func (a Appeal) decidedBy(subject string, latest *cloudtag.CaseDecision) bool {
	return subject == a.CaseDecidedBy || latest != nil && latest.By == subject
}

func (a Appeal) entry(actor string, action cloudtag.Action, at time.Time, reason string) cloudtag.Entry {
	return cloudtag.Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []cloudtag.Subject{"appeal:" + cloudtag.Subject(a.ID), cloudtag.CaseSubject(a.CaseID), cloudtag.BuyerSubject(a.BuyerID)},
	}
}
