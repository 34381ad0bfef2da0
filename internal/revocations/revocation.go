package revocations

import (
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// State is the state of a revocation.
type State string

// The states of a revocation.
const (
	Proposed State = "PROPOSED"
	Approved State = "APPROVED"
	Declined State = "DECLINED"
)

// States lists every state of a revocation.
func States() []State {
	return []State{Proposed, Approved, Declined}
}

// maxEvidence is the maximum number of pieces of evidence of a proposal, each of at most MaxReasonLength characters.
const maxEvidence = 20

// Revocation permanently revokes a shop's permission to tag. It needs two different people, a reason and evidence.
type Revocation struct {
	ID             string                 `json:"id"`
	Version        int                    `json:"version"`
	MerchantID     cloudtag.MerchantID    `json:"merchantId"`
	Kind           cloudtag.ViolationKind `json:"kind"`
	State          State                  `json:"state"`
	Reason         string                 `json:"reason"`
	Evidence       []string               `json:"evidence"`
	Suspended      bool                   `json:"suspended"` // the shop may not tag while the proposal is open
	ProposedBy     string                 `json:"proposedBy"`
	ProposedAt     time.Time              `json:"proposedAt"`
	DecidedBy      string                 `json:"decidedBy,omitempty"`
	DecidedAt      time.Time              `json:"decidedAt,omitzero"`
	DecisionReason string                 `json:"decisionReason,omitempty"`
	// CasesToRecount is how many cases had live tags of the shop when its permission was revoked; -1 until counted.
	CasesToRecount int       `json:"casesToRecount"`
	CompletedAt    time.Time `json:"completedAt,omitzero"` // when the last of them was recounted
}

func revocationCodec() cloudtag.Codec[Revocation] {
	return cloudtag.Codec[Revocation]{Kind: cloudtag.KindRevocation, Encode: func(r Revocation) cloudtag.Document {
		document := cloudtag.Document{
			ID: r.ID, Version: r.Version, State: string(r.State), MerchantID: r.MerchantID, Owner: r.ProposedBy,
			Topic: string(r.Kind), Rank: cloudtag.LatestFirst(r.ProposedAt),
		}
		if r.State == Proposed {
			document.Rank = cloudtag.DueFirst(r.ProposedAt)
		}
		if r.State != Declined {
			document.Unique = string(r.MerchantID)
		}
		if r.State != Proposed && r.CompletedAt.IsZero() {
			document.WakeAt = r.DecidedAt
		}
		return document
	}}
}

// Proposal is a reviewer's proposal to revoke a shop's permission.
type Proposal struct {
	MerchantID cloudtag.MerchantID
	Kind       cloudtag.ViolationKind
	Reason     string
	Evidence   []string
	Suspend    bool // the shop may not tag until the proposal is decided
}

func (p Proposal) check() error {
	if err := cloudtag.CheckKnown(p.Kind, cloudtag.ViolationKinds(), "input", "kind"); err != nil {
		return err
	}
	if err := cloudtag.CheckReason(p.Reason, "reason"); err != nil {
		return err
	}
	bad := slices.ContainsFunc(p.Evidence, func(piece string) bool { return cloudtag.CheckReason(piece, "evidence") != nil })
	if len(p.Evidence) == 0 || len(p.Evidence) > maxEvidence || bad {
		return cloudtag.Refuse(cloudtag.CodeReasonRequired, cloudtag.Text{
			ZH: fmt.Sprintf("请提供 1 至 %d 条证据，每条 1 至 %d 个字。", maxEvidence, cloudtag.MaxReasonLength),
			EN: fmt.Sprintf("Give 1 to %d pieces of evidence of 1 to %d characters each.", maxEvidence, cloudtag.MaxReasonLength),
		}, "input", "evidence")
	}
	return nil
}

// MayDecide reports whether the caller may approve or decline the proposal now.
func (r Revocation) MayDecide(caller cloudtag.Caller) bool {
	return caller.Has(cloudtag.RoleAdmin) && r.State == Proposed && r.ProposedBy != caller.Subject
}

func (r Revocation) entry(actor string, action cloudtag.Action, at time.Time, reason string) cloudtag.Entry {
	return cloudtag.Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []cloudtag.Subject{"revocation:" + cloudtag.Subject(r.ID), cloudtag.MerchantSubject(r.MerchantID)},
	}
}
