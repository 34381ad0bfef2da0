package cloudtag

import (
	"context"
	"fmt"
	"time"
)

// VettingState is the state of a proposal to vouch for a shop.
type VettingState string

// The states of a proposal.
const (
	VettingProposed VettingState = "PROPOSED"
	VettingApproved VettingState = "APPROVED"
	VettingDeclined VettingState = "DECLINED"
)

// Vetting is a proposal that the platform vouch for a shop, or no longer do so. Trust originates from vetted shops: the shops
// whose reports they corroborate become trusted. So it needs two different people.
type Vetting struct {
	ID             string       `json:"id"`
	Version        int          `json:"version"`
	MerchantID     MerchantID   `json:"merchantId"`
	Vetted         bool         `json:"vetted"` // what is proposed: to vouch for the shop, or to stop
	State          VettingState `json:"state"`
	Reason         string       `json:"reason"`
	ProposedBy     string       `json:"proposedBy"`
	ProposedAt     time.Time    `json:"proposedAt"`
	DecidedBy      string       `json:"decidedBy,omitempty"`
	DecidedAt      time.Time    `json:"decidedAt,omitzero"`
	DecisionReason string       `json:"decisionReason,omitempty"`
}

func vettingCodec() Codec[Vetting] {
	return Codec[Vetting]{KindVetting, func(v Vetting) Document {
		document := Document{
			ID: v.ID, Version: v.Version, State: string(v.State), MerchantID: v.MerchantID, Owner: v.ProposedBy,
			Rank: LatestFirst(v.DecidedAt),
		}
		if v.State == VettingProposed {
			document.Unique, document.Rank = string(v.MerchantID), DueFirst(v.ProposedAt)
		}
		return document
	}}
}

// Vettings decides, by two people, for which shops the platform vouches.
type Vettings struct {
	store vettingStore
	clock Clock
	ids   IDSource
}

type vettingStore interface {
	DocumentStore
	Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error)
}

// NewVettings returns the service over a store.
func NewVettings(store vettingStore, clock Clock, ids IDSource) *Vettings {
	return &Vettings{store: store, clock: clock, ids: ids}
}

// Propose proposes to vouch for a shop, or to stop. Errors: FORBIDDEN unless the caller is a reviewer, REASON_REQUIRED,
// NOT_FOUND for an unknown shop, INVALID_STATE if nothing would change, a proposal is open, or the shop is revoked.
func (v *Vettings) Propose(ctx context.Context, caller Caller, shop MerchantID, vetted bool, reason string) (Vetting, error) {
	if !caller.Decides() {
		return Vetting{}, Forbidden()
	}
	if err := CheckReason(reason, "reason"); err != nil {
		return Vetting{}, err
	}
	found, err := v.store.Merchants(ctx, []MerchantID{shop})
	if err != nil {
		return Vetting{}, fmt.Errorf("find merchant: %w", err)
	}
	merchant, known := found[shop]
	if !known {
		return Vetting{}, NotFound()
	}
	is, err := vettedNow(ctx, v.store, shop)
	if err != nil {
		return Vetting{}, err
	}
	if is == vetted || vetted && merchant.Permission == PermissionRevoked {
		return Vetting{}, InvalidState("merchantId")
	}
	proposal := Vetting{
		ID: v.ids.NewID(), Version: 1, MerchantID: shop, Vetted: vetted, State: VettingProposed, Reason: reason,
		ProposedBy: caller.Subject, ProposedAt: v.clock.Now(),
	}
	err = vettingCodec().Save(ctx, v.store, nil, proposal, proposal.entry(caller.Subject, ActionVettingProposed, proposal.ProposedAt, reason))
	if CodeOf(err) == CodeConflict {
		return Vetting{}, InvalidState("merchantId")
	}
	return proposal, err
}

// vettedNow reports whether the platform vouches for a shop.
func vettedNow(ctx context.Context, store DocumentStore, shop MerchantID) (bool, error) {
	latest, err := vettingCodec().List(ctx, store, DocumentFilter{State: string(VettingApproved), MerchantID: shop}, 1)
	return len(latest) > 0 && latest[0].Vetted, err
}

// Decide approves or declines a proposal. Errors: FORBIDDEN unless the caller is an administrator, NOT_FOUND,
// REASON_REQUIRED, SAME_PERSON for the proposer, INVALID_STATE unless the proposal is open.
func (v *Vettings) Decide(ctx context.Context, caller Caller, id string, approve bool, reason string) (Vetting, error) {
	if !caller.Has(RoleAdmin) {
		return Vetting{}, Forbidden()
	}
	if err := CheckReason(reason, "reason"); err != nil {
		return Vetting{}, err
	}
	codec := vettingCodec()
	before, err := codec.Find(ctx, v.store, id)
	if err != nil {
		return Vetting{}, err
	}
	if before.State != VettingProposed {
		return Vetting{}, InvalidState("id")
	}
	if before.ProposedBy == caller.Subject {
		return Vetting{}, SamePerson("id")
	}
	after := before
	after.Version++
	after.State, after.DecidedBy, after.DecidedAt, after.DecisionReason = VettingDeclined, caller.Subject, v.clock.Now(), reason
	if approve {
		after.State = VettingApproved
	}
	err = codec.Save(ctx, v.store, &before, after, after.entry(caller.Subject, ActionVettingDecided, after.DecidedAt, reason))
	if CodeOf(err) == CodeConflict {
		return Vetting{}, InvalidState("id")
	}
	return after, err
}

// VettingQuery selects proposals; zero fields select all.
type VettingQuery struct {
	State      VettingState
	MerchantID MerchantID
}

// List returns up to 1,000 proposals: open ones, longest waiting first, then decided ones, latest decided first. Errors:
// FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (v *Vettings) List(ctx context.Context, caller Caller, query VettingQuery) ([]Vetting, error) {
	if !caller.Reviews() {
		return nil, Forbidden()
	}
	if err := CheckKnownOrEmpty(query.State, VettingStates(), "state"); err != nil {
		return nil, err
	}
	filter := DocumentFilter{State: string(query.State), MerchantID: query.MerchantID}
	return vettingCodec().List(ctx, v.store, filter, MaxListed)
}

// VettingStates lists every state.
func VettingStates() []VettingState {
	return []VettingState{VettingProposed, VettingApproved, VettingDeclined}
}

// MayDecide reports whether the caller may approve or decline the proposal now.
func (v Vetting) MayDecide(caller Caller) bool {
	return caller.Has(RoleAdmin) && v.State == VettingProposed && v.ProposedBy != caller.Subject
}

func (v Vetting) entry(actor string, action Action, at time.Time, reason string) Entry {
	return Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []Subject{"vetting:" + Subject(v.ID), MerchantSubject(v.MerchantID)},
	}
}

// VettedShops returns the shops that the platform vouches for.
func VettedShops(ctx context.Context, store DocumentStore) ([]MerchantID, error) {
	var shops []MerchantID
	seen := map[MerchantID]bool{}
	slice := Slice{Limit: MaxListed}
	for more := true; more; {
		documents, further, err := store.DocumentPage(ctx, KindVetting, DocumentFilter{State: string(VettingApproved)}, slice)
		if err != nil {
			return nil, fmt.Errorf("find vetted shops: %w", err)
		}
		vettings, err := vettingCodec().Records(documents)
		if err != nil {
			return nil, err
		}
		for i, vetting := range vettings { // the latest decision about a shop comes first
			if !seen[vetting.MerchantID] && vetting.Vetted {
				shops = append(shops, vetting.MerchantID)
			}
			seen[vetting.MerchantID] = true
			position := documents[i].Position()
			slice.After = &position
		}
		more = further
	}
	return shops, nil
}
