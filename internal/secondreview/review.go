package secondreview

import (
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Review is the second review of a confirmation that was drawn at random. By itself it never changes the confirmation.
type Review struct {
	ID      string                     `json:"id"`
	Version int                        `json:"version"`
	CaseID  cloudtag.CaseID            `json:"caseId"`
	BuyerID cloudtag.BuyerID           `json:"buyerId"`
	State   cloudtag.SecondReviewState `json:"state"`
	// The confirmation: the sequence number of its log entry, and its contents.
	Seq            int64     `json:"seq"`
	FirstBy        string    `json:"firstBy"`
	FirstAutomatic bool      `json:"firstAutomatic"`
	FirstReason    string    `json:"firstReason"`
	FirstAt        time.Time `json:"firstAt"`
	PolicyVersion  int       `json:"policyVersion"`

	Shops     []cloudtag.MerchantID `json:"shops,omitempty"` // whose tags counted when it was drawn; nobody who acts for one may decide
	DrawnAt   time.Time             `json:"drawnAt"`
	DecidedBy string                `json:"decidedBy,omitempty"`
	DecidedAt time.Time             `json:"decidedAt,omitzero"`
	Reason    string                `json:"reason,omitempty"`
	QueuedAt  time.Time             `json:"queuedAt,omitzero"` // when the case was queued after a disagreement
}

// reviewCodec indexes the first reviewer only after the second one has decided: until then no list may reveal the name.
func reviewCodec() cloudtag.Codec[Review] {
	return cloudtag.Codec[Review]{Kind: cloudtag.KindSecondReview, Encode: func(r Review) cloudtag.Document {
		scenario, _, _ := r.CaseID.Parts()
		document := cloudtag.Document{
			ID: r.ID, Version: r.Version, State: string(r.State), CaseID: r.CaseID, BuyerID: r.BuyerID, Topic: string(scenario),
			Rank: cloudtag.LatestFirst(r.DecidedAt),
		}
		switch r.State {
		case cloudtag.SecondReviewOpen:
			document.Rank = cloudtag.DueFirst(r.FirstAt)
		case cloudtag.SecondReviewDropped:
			document.Rank = cloudtag.LatestFirst(r.FirstAt)
		case cloudtag.SecondReviewAgreed, cloudtag.SecondReviewDisagreed:
			document.Owner = r.FirstBy
		}
		if r.State == cloudtag.SecondReviewDisagreed && r.QueuedAt.IsZero() {
			document.WakeAt = r.DecidedAt
		}
		return document
	}}
}

func (r Review) taggedBy(shop cloudtag.MerchantID) bool {
	return shop != "" && slices.Contains(r.Shops, shop)
}

// MayDecide reports whether the caller may decide the second review now.
func (r Review) MayDecide(caller cloudtag.Caller) bool {
	return caller.Decides() && r.State == cloudtag.SecondReviewOpen && r.FirstBy != caller.Subject && !r.taggedBy(caller.MerchantID)
}

// First returns the confirmation; nil until the second reviewer has decided, who must not know its author and reason.
func (r Review) First() *cloudtag.CaseDecision {
	if r.State == cloudtag.SecondReviewOpen {
		return nil
	}
	return &cloudtag.CaseDecision{
		Decision: cloudtag.DecisionConfirm, By: r.FirstBy, Automatic: r.FirstAutomatic, Reason: r.FirstReason, At: r.FirstAt, PolicyVersion: r.PolicyVersion,
	}
}

func (r Review) entry(actor string, action cloudtag.Action, at time.Time, reason string) cloudtag.Entry {
	return cloudtag.Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []cloudtag.Subject{"second_review:" + cloudtag.Subject(r.ID), cloudtag.CaseSubject(r.CaseID), cloudtag.BuyerSubject(r.BuyerID)},
	}
}
