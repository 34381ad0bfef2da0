package vetting

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// State is the state of a proposal to vouch for a shop.
type State string

// The states of a proposal.
const (
	Proposed State = "PROPOSED"
	Approved State = "APPROVED"
	Declined State = "DECLINED"
)

// States lists every state.
func States() []State {
	return []State{Proposed, Approved, Declined}
}

// Proposal is a proposal that the platform vouch for a shop, or no longer do so. Trust originates from vetted shops: the shops
// whose reports they corroborate become trusted. So it needs two different people.
type Proposal struct {
	ID             string              `json:"id"`
	Version        int                 `json:"version"`
	MerchantID     cloudtag.MerchantID `json:"merchantId"`
	Vetted         bool                `json:"vetted"` // what is proposed: to vouch for the shop, or to stop
	State          State               `json:"state"`
	Reason         string              `json:"reason"`
	ProposedBy     string              `json:"proposedBy"`
	ProposedAt     time.Time           `json:"proposedAt"`
	DecidedBy      string              `json:"decidedBy,omitempty"`
	DecidedAt      time.Time           `json:"decidedAt,omitzero"`
	DecisionReason string              `json:"decisionReason,omitempty"`
}

func proposalCodec() cloudtag.Codec[Proposal] {
	return cloudtag.Codec[Proposal]{Kind: cloudtag.KindVetting, Encode: func(p Proposal) cloudtag.Document {
		document := cloudtag.Document{
			ID: p.ID, Version: p.Version, State: string(p.State), MerchantID: p.MerchantID, Owner: p.ProposedBy,
			Rank: cloudtag.LatestFirst(p.DecidedAt),
		}
		if p.State == Proposed {
			document.Unique, document.Rank = string(p.MerchantID), cloudtag.DueFirst(p.ProposedAt)
		}
		return document
	}}
}

// MayDecide reports whether the caller may approve or decline the proposal now.
func (p Proposal) MayDecide(caller cloudtag.Caller) bool {
	return caller.Has(cloudtag.RoleAdmin) && p.State == Proposed && p.ProposedBy != caller.Subject
}

func (p Proposal) entry(actor string, action cloudtag.Action, at time.Time, reason string) cloudtag.Entry {
	return cloudtag.Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []cloudtag.Subject{"vetting:" + cloudtag.Subject(p.ID), cloudtag.MerchantSubject(p.MerchantID)},
	}
}
