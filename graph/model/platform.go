package model

import (
	"context"
	"time"

	"cloudtag/internal/appeals"
	"cloudtag/internal/casework"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/freightinsurance"
	"cloudtag/internal/policylab"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/secondreview"
	"cloudtag/internal/vetting"
)

// LinkedPair is two shops that repeatedly tag the same accounts together.
type LinkedPair struct {
	collusion.LinkedPair

	Merchants *Batch[cloudtag.MerchantID, *Merchant] // of all pairs that were read together
}

// FreightInsuranceDecision is the answer to the insurer's services about an order.
type FreightInsuranceDecision struct {
	Localizer
	freightinsurance.Decision
}

// Grounds is the reason for the answer.
func (d *FreightInsuranceDecision) Grounds(language *cloudtag.Language) string {
	return d.localize(d.Ground.Text(), language)
}

// Restriction is what a shop requests to deny a buyer.
type Restriction struct {
	Localizer
	restrictions.Restriction // without description and reason for those who may not see them

	CanDecide bool
	Merchants *Batch[cloudtag.MerchantID, *Merchant] // of all restrictions that were read together
}

// BuyerNotice is the neutral wording for the buyer.
func (r *Restriction) BuyerNotice(language *cloudtag.Language) string {
	return r.localize(r.Restriction.BuyerNotice(), language)
}

// Revocation is a proposal to revoke a shop's permission, with its outcome.
type Revocation struct {
	revocations.Revocation

	CanDecide bool
	Merchants *Batch[cloudtag.MerchantID, *Merchant] // of all revocations that were read together
}

// ApprovedBy is the second person; empty unless the proposal was approved.
func (r *Revocation) ApprovedBy() string {
	if r.State != revocations.Approved {
		return ""
	}
	return r.DecidedBy
}

// CompletedAt is when the last case was recounted; zero before that, and for a declined proposal.
func (r *Revocation) CompletedAt() time.Time {
	if r.State != revocations.Approved {
		return time.Time{}
	}
	return r.Revocation.CompletedAt
}

// CasesToRecount is the number of cases to be recounted; 0 until they are counted.
func (r *Revocation) CasesToRecount() int { return max(0, r.Revocation.CasesToRecount) }

// Vetting is a proposal that the platform vouches for a shop.
type Vetting struct {
	vetting.Proposal

	CanDecide bool
	Merchants *Batch[cloudtag.MerchantID, *Merchant] // of all proposals that were read together
}

// SecondReview is the check of a confirmation by another reviewer.
type SecondReview struct {
	secondreview.Review

	First     *CaseDecision
	CanDecide bool
	Cases     *Batch[cloudtag.CaseID, *Case] // of the second reviews that were read together
}

// Appeal is a buyer's objection to the effect of a case.
type Appeal struct {
	appeals.Appeal

	Loaders *AppealLoaders
}

// AppealLoaders load the cases of all appeals that were read together.
type AppealLoaders struct {
	Stored *Batch[cloudtag.CaseID, cloudtag.Case] // the cases as they are now
	Cases  *Batch[cloudtag.CaseID, *Case]         // the same, converted
}

// PolicyRollout is the progress of applying a version of the policy to open cases.
type PolicyRollout struct {
	policylab.Rollout

	// Count counts all cases. It is called only where the field is selected.
	Count func(ctx context.Context) (int, error)
}

// PolicySimulation is the effect that a proposed policy would have had on past cases.
type PolicySimulation struct {
	policylab.Simulation
	By             string
	At             time.Time
	BasedOnVersion int
	Before         *SimulatedEffect
	After          *SimulatedEffect
}

// PolicyDraft is a policy that administrators work on.
type PolicyDraft struct {
	policylab.Draft

	CanDecide bool
}

// Proposal is the latest proposal to publish the draft; nil without one.
func (d *PolicyDraft) Proposal() *PolicyDraftProposal {
	if d.ProposedBy == "" {
		return nil
	}
	return &PolicyDraftProposal{d.Draft}
}

// PolicyDraftProposal is a proposal to publish a draft, and the decision about it.
type PolicyDraftProposal struct{ policylab.Draft }

// Reason is the reason for the proposal.
func (p *PolicyDraftProposal) Reason() string { return p.Policy.Reason }

// StartsAt is when the version shall come into force; zero: as soon as it is published.
func (p *PolicyDraftProposal) StartsAt() time.Time { return p.Policy.StartsAt }

// PolicyPreset is a predefined set of the policy's switches.
type PolicyPreset struct {
	cloudtag.Policy

	Code cloudtag.PresetCode
}

// SavedView is a saved filter of a list in the console.
type SavedView struct {
	casework.SavedView

	CanEdit bool
}
