package vetting

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// Service decides, by two people, for which shops the platform vouches.
type Service struct {
	store proposalStore
	clock cloudtag.Clock
	ids   cloudtag.IDSource
}

type proposalStore interface {
	cloudtag.DocumentStore
	Merchants(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error)
}

// New returns the service over a store.
func New(store proposalStore, clock cloudtag.Clock, ids cloudtag.IDSource) *Service {
	return &Service{store: store, clock: clock, ids: ids}
}

// Propose proposes to vouch for a shop, or to stop. Errors: FORBIDDEN unless the caller is a reviewer, REASON_REQUIRED,
// NOT_FOUND for an unknown shop, INVALID_STATE if nothing would change, a proposal is open, or the shop is revoked.
func (v *Service) Propose(ctx context.Context, caller cloudtag.Caller, shop cloudtag.MerchantID, vetted bool, reason string) (Proposal, error) {
	if !caller.Decides() {
		return Proposal{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reason, "reason"); err != nil {
		return Proposal{}, err
	}
	found, err := v.store.Merchants(ctx, []cloudtag.MerchantID{shop})
	if err != nil {
		return Proposal{}, fmt.Errorf("find merchant: %w", err)
	}
	merchant, known := found[shop]
	if !known {
		return Proposal{}, cloudtag.NotFound()
	}
	is, err := vettedNow(ctx, v.store, shop)
	if err != nil {
		return Proposal{}, err
	}
	if is == vetted || vetted && merchant.Permission == cloudtag.PermissionRevoked {
		return Proposal{}, cloudtag.InvalidState("merchantId")
	}
	proposal := Proposal{
		ID: v.ids.NewID(), Version: 1, MerchantID: shop, Vetted: vetted, State: Proposed, Reason: reason,
		ProposedBy: caller.Subject, ProposedAt: v.clock.Now(),
	}
	err = proposalCodec().Save(ctx, v.store, nil, proposal, proposal.entry(caller.Subject, cloudtag.ActionVettingProposed, proposal.ProposedAt, reason))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Proposal{}, cloudtag.InvalidState("merchantId")
	}
	return proposal, err
}

// vettedNow reports whether the platform vouches for a shop.
func vettedNow(ctx context.Context, store cloudtag.DocumentStore, shop cloudtag.MerchantID) (bool, error) {
	latest, err := proposalCodec().List(ctx, store, cloudtag.DocumentFilter{State: string(Approved), MerchantID: shop}, 1)
	return len(latest) > 0 && latest[0].Vetted, err
}

// Decide approves or declines a proposal. Errors: FORBIDDEN unless the caller is an administrator, NOT_FOUND,
// REASON_REQUIRED, SAME_PERSON for the proposer, INVALID_STATE unless the proposal is open.
func (v *Service) Decide(ctx context.Context, caller cloudtag.Caller, id string, approve bool, reason string) (Proposal, error) {
	if !caller.Has(cloudtag.RoleAdmin) {
		return Proposal{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reason, "reason"); err != nil {
		return Proposal{}, err
	}
	codec := proposalCodec()
	before, err := codec.Find(ctx, v.store, id)
	if err != nil {
		return Proposal{}, err
	}
	if before.State != Proposed {
		return Proposal{}, cloudtag.InvalidState("id")
	}
	if before.ProposedBy == caller.Subject {
		return Proposal{}, cloudtag.SamePerson("id")
	}
	after := before
	after.Version++
	after.State, after.DecidedBy, after.DecidedAt, after.DecisionReason = Declined, caller.Subject, v.clock.Now(), reason
	if approve {
		after.State = Approved
	}
	err = codec.Save(ctx, v.store, &before, after, after.entry(caller.Subject, cloudtag.ActionVettingDecided, after.DecidedAt, reason))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Proposal{}, cloudtag.InvalidState("id")
	}
	return after, err
}

// Query selects proposals; zero fields select all.
type Query struct {
	State      State
	MerchantID cloudtag.MerchantID
}

// List returns up to 1,000 proposals: open ones, longest waiting first, then decided ones, latest decided first. Errors:
// FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (v *Service) List(ctx context.Context, caller cloudtag.Caller, query Query) ([]Proposal, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckKnownOrEmpty(query.State, States(), "state"); err != nil {
		return nil, err
	}
	filter := cloudtag.DocumentFilter{State: string(query.State), MerchantID: query.MerchantID}
	return proposalCodec().List(ctx, v.store, filter, cloudtag.MaxListed)
}

// Shops returns the shops that the platform vouches for.
func Shops(ctx context.Context, store cloudtag.DocumentStore) ([]cloudtag.MerchantID, error) {
	var shops []cloudtag.MerchantID
	seen := map[cloudtag.MerchantID]bool{}
	slice := cloudtag.Slice{Limit: cloudtag.MaxListed}
	for more := true; more; {
		documents, further, err := store.DocumentPage(ctx, cloudtag.KindVetting, cloudtag.DocumentFilter{State: string(Approved)}, slice)
		if err != nil {
			return nil, fmt.Errorf("find vetted shops: %w", err)
		}
		vettings, err := proposalCodec().Records(documents)
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
