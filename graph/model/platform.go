package model

import (
	"context"
	"time"

	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/freightinsurance"
	"cloudtag/internal/policylab"
	"cloudtag/internal/revocations"
)

// LinkedPair is two shops that repeatedly tag the same accounts together.
type LinkedPair struct {
	CommonBuyers int
	BuyersOfA    int
	BuyersOfB    int
	Lift         float64
	Chance       float64
	At           time.Time

	First     cloudtag.MerchantID
	Second    cloudtag.MerchantID
	Merchants *Batch[cloudtag.MerchantID, *Merchant] // of all pairs that were read together
}

// FreightInsuranceDecision is the answer to the insurer's services about an order.
type FreightInsuranceDecision struct {
	Localizer
	OrderNo       string
	Answer        freightinsurance.Answer
	DecidedAt     time.Time
	Version       int
	PolicyVersion int

	Ground cloudtag.Text
}

// Grounds is the reason for the answer.
func (d *FreightInsuranceDecision) Grounds(language *cloudtag.Language) string {
	return d.localize(d.Ground, language)
}

// Restriction is what a shop requests to deny a buyer.
type Restriction struct {
	Localizer
	ID          string
	BuyerID     string
	OrderNo     string
	Modes       []cloudtag.RestrictionMode
	Description *string
	State       cloudtag.RestrictionState
	RequestedAt time.Time
	DecideBy    time.Time
	DecidedAt   *time.Time
	DecidedBy   *string
	Reason      *string
	LiftedAt    *time.Time
	CanDecide   bool

	Notice     cloudtag.Text
	MerchantID cloudtag.MerchantID
	Merchants  *Batch[cloudtag.MerchantID, *Merchant] // of all restrictions that were read together
}

// BuyerNotice is the neutral wording for the buyer.
func (r *Restriction) BuyerNotice(language *cloudtag.Language) string {
	return r.localize(r.Notice, language)
}

// Revocation is a proposal to revoke a shop's permission, with its outcome.
type Revocation struct {
	ID             string
	Kind           cloudtag.ViolationKind
	State          revocations.State
	Reason         string
	Evidence       []string
	Suspended      bool
	ProposedBy     string
	ProposedAt     time.Time
	ApprovedBy     *string
	DecidedBy      *string
	DecidedAt      *time.Time
	DecisionReason *string
	CasesToRecount int
	CompletedAt    *time.Time
	CanDecide      bool

	Stored    revocations.Revocation
	Merchants *Batch[cloudtag.MerchantID, *Merchant] // of all revocations that were read together
}

// Vetting is a proposal that the platform vouches for a shop.
type Vetting struct {
	ID             string
	Vetted         bool
	State          cloudtag.VettingState
	Reason         string
	ProposedBy     string
	ProposedAt     time.Time
	DecidedBy      *string
	DecidedAt      *time.Time
	DecisionReason *string
	CanDecide      bool

	MerchantID cloudtag.MerchantID
	Merchants  *Batch[cloudtag.MerchantID, *Merchant] // of all proposals that were read together
}

// SecondReview is the check of a confirmation by another reviewer.
type SecondReview struct {
	ID          string
	State       cloudtag.SecondReviewState
	First       *CaseDecision
	ConfirmedAt time.Time
	DrawnAt     time.Time
	DecidedBy   *string
	DecidedAt   *time.Time
	Reason      *string
	CanDecide   bool

	CaseID cloudtag.CaseID
	Cases  *Batch[cloudtag.CaseID, *Case] // of the second reviews that were read together
}

// Appeal is a buyer's objection to the effect of a case.
type Appeal struct {
	ID        string
	State     appeals.State
	Statement string
	FiledAt   time.Time
	FiledBy   string
	DecidedBy *string
	DecidedAt *time.Time
	Reply     *string

	Stored  appeals.Appeal
	Loaders *AppealLoaders
}

// AppealLoaders load the cases of all appeals that were read together.
type AppealLoaders struct {
	Stored *Batch[cloudtag.CaseID, cloudtag.Case] // the cases as they are now
	Cases  *Batch[cloudtag.CaseID, *Case]         // the same, converted
}

// PolicyRollout is the progress of applying a version of the policy to open cases.
type PolicyRollout struct {
	PolicyVersion int
	Evaluated     int
	StartedAt     time.Time
	CompletedAt   *time.Time

	// Count counts all cases. It is called only where the field is selected.
	Count func(ctx context.Context) (int, error)
}

// PolicySimulation is the effect that a proposed policy would have had on past cases.
type PolicySimulation struct {
	policylab.Simulation
	By             string
	At             time.Time
	BasedOnVersion int
	HandledPerDay  *int
	Before         *SimulatedEffect
	After          *SimulatedEffect
}

// PolicyDraft is a policy that administrators work on.
type PolicyDraft struct {
	ID             string
	Revision       int
	Name           string
	State          policylab.DraftState
	BasedOnVersion int
	Numbers        cloudtag.Policy
	CreatedBy      string
	CreatedAt      time.Time
	ChangedBy      string
	ChangedAt      time.Time
	Proposal       *PolicyDraftProposal
	PublishedAs    *int
	CanDecide      bool

	Stored policylab.Draft
}
