package model

import (
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/freightinsurance"
)

// Localizer picks the language of texts: the one that a field's argument names, otherwise the caller's.
type Localizer struct{ Language cloudtag.Language }

// localize returns the text in the requested language; nil: the caller's.
func (s Localizer) localize(text cloudtag.Text, asked *cloudtag.Language) string {
	if asked != nil {
		return text.In(*asked)
	}
	return text.In(s.Language)
}

// Viewer is the caller.
type Viewer struct {
	ID    string
	Roles []cloudtag.Role

	MerchantID cloudtag.MerchantID // empty for all other roles
}

// Scenario is one kind of abuse.
type Scenario struct {
	Localizer
	Code     string
	Category cloudtag.ScenarioCategory
	Effect   cloudtag.ScenarioEffect

	Named   cloudtag.Text
	Defined cloudtag.Text
	Other   cloudtag.Text
	Shown   cloudtag.Text
	Rules   *Batch[cloudtag.ScenarioCode, cloudtag.PolicyRule]
}

// Name is the scenario's name.
func (s *Scenario) Name(language *cloudtag.Language) string { return s.localize(s.Named, language) }

// Definition is the scenario's definition.
func (s *Scenario) Definition(language *cloudtag.Language) string {
	return s.localize(s.Defined, language)
}

// NotMeant is what the scenario is often confused with.
func (s *Scenario) NotMeant(language *cloudtag.Language) string { return s.localize(s.Other, language) }

// Example is an example of the scenario.
func (s *Scenario) Example(language *cloudtag.Language) string { return s.localize(s.Shown, language) }

// Merchant is a shop.
type Merchant struct {
	ID         string
	Name       string
	Permission cloudtag.Permission

	Entity cloudtag.EntityID
	Counts *Batch[cloudtag.MerchantID, cloudtag.MerchantCounts]
	Tracks *Batch[cloudtag.MerchantID, *ShopRecord]
}

// Order is one purchase.
type Order struct {
	OrderNo        string
	PlacedAt       time.Time
	AmountCents    int64
	Currency       string
	FreightInsured bool
	ReportOutcome  cloudtag.ReportOutcome

	MerchantID cloudtag.MerchantID
	BuyerID    cloudtag.BuyerID
	Loaders    *OrderLoaders
}

// OrderLoaders load the related records of all orders that were read together.
type OrderLoaders struct {
	Merchants *Batch[cloudtag.MerchantID, *Merchant]
	Tags      *Batch[cloudtag.OrderNo, *Tag]
	Freight   *Batch[cloudtag.OrderNo, *FreightInsuranceDecision]
	Buyers    *Batch[cloudtag.BuyerID, *Buyer]
}

// Tag is a shop's statement about one of its orders.
type Tag struct {
	Localizer
	OrderNo         string
	Scenario        *Scenario
	Note            *string
	Status          cloudtag.TagStatus
	MarkResult      cloudtag.MarkResult
	SubmittedAt     time.Time
	StatusChangedAt time.Time
	HandleBy        time.Time
	HandledAt       *time.Time
	BatchID         string
	Version         int

	Why        cloudtag.Text
	MerchantID cloudtag.MerchantID
	CaseID     cloudtag.CaseID
	Loaders    *TagLoaders
}

// Reason is the reason for the tag's label.
func (t *Tag) Reason(language *cloudtag.Language) string { return t.localize(t.Why, language) }

// Submission is a batch that a shop submitted, with its results.
type Submission struct {
	ID            string
	Scenario      *Scenario
	SubmittedAt   time.Time
	Results       []*TagResult
	AcceptedCount int

	MerchantID cloudtag.MerchantID
	Merchants  *Batch[cloudtag.MerchantID, *Merchant]
}

// TagLoaders load the related records of all tags that were read together.
type TagLoaders struct {
	Orders    *Batch[cloudtag.OrderNo, *Order]
	Merchants *Batch[cloudtag.MerchantID, *Merchant]
	Cases     *Batch[cloudtag.CaseID, *Case]
}

// Buyer is an account.
type Buyer struct {
	ID string

	Loaders *BuyerLoaders
}

// BuyerLoaders load the related records of all accounts that were read together.
type BuyerLoaders struct {
	Risks        *Batch[cloudtag.BuyerID, *RiskProfile]
	Exposures    *Batch[cloudtag.BuyerID, *Exposure]
	Cases        *Batch[cloudtag.BuyerID, []*Case]
	Complaints   *Batch[cloudtag.BuyerID, []*freightinsurance.Complaint]
	Restrictions *Batch[cloudtag.BuyerID, []*Restriction]
	Appeals      *Batch[cloudtag.BuyerID, []*Appeal]
}

// Exposure is what an account bought in the window.
type Exposure struct {
	Orders    int
	Merchants int

	BuyerID cloudtag.BuyerID
	Tagged  *Batch[cloudtag.BuyerID, int]
}

// RiskSignal is one observation behind a score.
type RiskSignal struct {
	Localizer
	Code   string
	Value  float64
	Weight float64

	Named cloudtag.Text
	In    *cloudtag.Text // nil where the unit is not known
}

// Unit is the unit of the signal's value.
func (s *RiskSignal) Unit(language *cloudtag.Language) *string {
	if s.In == nil {
		return nil
	}
	unit := s.localize(*s.In, language)
	return &unit
}

// Label is the signal's name.
func (s *RiskSignal) Label(language *cloudtag.Language) string { return s.localize(s.Named, language) }

// Case is one account under one scenario.
type Case struct {
	ID       string
	Buyer    *Buyer
	Scenario *Scenario
	State    cloudtag.CaseState
	Handling cloudtag.Handling
	Version  int
	OpenedAt time.Time
	DueAt    *time.Time
	Overdue  bool
	Priority float64
	Decision *CaseDecision

	Explanation *Explanation

	Claim     *cloudtag.Claim
	CanDecide bool
	CanUndo   bool
	UndoUntil *time.Time

	PriorityParts []cloudtag.PriorityPart

	Assignment *cloudtag.Assignment
	Snooze     *cloudtag.Snooze
	Escalation *cloudtag.Escalation
	NoteCount  int

	Noted   cloudtag.CaseNotes
	Loaders *CaseLoaders
}

// CaseLoaders load the related records of all cases that were read together.
type CaseLoaders struct {
	Explanations *ExplanationLoaders
	Signals      *Batch[cloudtag.CaseID, *CaseSignals]
	Evidence     *Batch[cloudtag.CaseID, *CaseEvidence]
}

// CaseSignals are the signs of collusion in a case.
type CaseSignals struct {
	Burst       *cloudtag.Burst
	LinkedPairs []*LinkedPair

	CaseID   cloudtag.CaseID
	Standing *Batch[cloudtag.CaseID, []*Merchant] // shops with signals, for all cases that were read together
}

// ShopRecord is the track record of a shop's reports.
type ShopRecord struct {
	Accounts           int
	Credit             float64
	Trust              float64
	Weight             float64
	OverturnedAccounts int
	RejectedAccounts   int
	OverturnedTags     int
	RejectedTags       int
	OverturnedShare    float64
	Vetted             bool

	Track  cloudtag.TrackRecord
	Shares *Batch[cloudtag.MerchantID, cloudtag.TagShare] // of all shops that were read together
}

// ReportedAccount is the outcome of a shop's reports of one account.
type ReportedAccount struct {
	BuyerID    string
	At         time.Time
	Credit     float64
	OtherShops int
	Overturned bool
	Rejected   bool

	Supporters []cloudtag.MerchantID
	Merchants  *Batch[cloudtag.MerchantID, *Merchant] // of all accounts that were read together
}

// ShopSignal is an anomaly of a shop's reports.
type ShopSignal struct {
	Localizer
	Kind   collusion.SignalKind
	Count  int
	Of     int
	Chance float64

	Sentence cloudtag.Text
}

// Text is the evidence in words.
func (s *ShopSignal) Text(language *cloudtag.Language) string {
	return s.localize(s.Sentence, language)
}

// CaseEvidence summarizes the evidence of a case.
type CaseEvidence struct {
	Orders     int
	Amounts    []cloudtag.Amount
	Note       *string
	OtherCases int

	MerchantIDs []cloudtag.MerchantID
	Shops       *Batch[cloudtag.MerchantID, *Merchant] // those of all cases that were read together
}

// Hold is a reason why votes alone do not confirm a case.
type Hold struct {
	Localizer
	Code string
}

// Label is the hold's name.
func (h *Hold) Label(language *cloudtag.Language) string {
	return h.localize(cloudtag.HoldText(h.Code), language)
}

// Explanation is why a case has its state: the numbers stored with the case, and loaders for the rest.
type Explanation struct {
	Localizer
	Count         int
	Threshold     int
	RiskLevel     cloudtag.RiskLevel
	NextExpiryAt  *time.Time
	Holds         []string
	OnHold        []*Hold
	PolicyVersion int

	CaseID  cloudtag.CaseID
	Loaders *ExplanationLoaders
}

// ExplanationLoaders load the related records of the explanations of all cases that were read together.
type ExplanationLoaders struct {
	Policies *Batch[cloudtag.CaseID, cloudtag.Explanation] // without votes
	Votes    *Batch[cloudtag.CaseID, []cloudtag.Vote]
	Voters   *Batch[cloudtag.MerchantID, *Merchant] // the shops of all those votes
}

// Text formats an explanation as one paragraph, with times in a zone, by default UTC. BAD_USER_INPUT for an unknown zone.
func (e *Explanation) Text(explanation cloudtag.Explanation, language *cloudtag.Language, timeZone *string) (string, error) {
	zone := time.UTC
	if timeZone != nil {
		var err error
		if zone, err = findZone(*timeZone); err != nil {
			return "", err
		}
	}
	return e.localize(explanation.Text(zone), language), nil
}

// findZone finds a time zone of the IANA database by its name. "Local", the server's own zone, is refused.
func findZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || zone == time.Local {
		return nil, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: "timeZone：须为 IANA 时区名称，例如 Asia/Shanghai。", EN: "timeZone: must be the name of an IANA time zone, such as Asia/Shanghai.",
		}, "timeZone")
	}
	return zone, nil
}

// CaseDecision is a decision about a case, with its reason.
type CaseDecision struct {
	Localizer
	Decision      cloudtag.Decision
	By            string
	Automatic     bool
	Reason        string
	At            time.Time
	PolicyVersion int
}

// ReasonText is the reason as a sentence.
func (d *CaseDecision) ReasonText(language *cloudtag.Language) string {
	return d.localize(cloudtag.ReasonText(d.Reason), language)
}

// LogEntry is one change.
type LogEntry struct {
	Localizer
	Seq      int64
	At       time.Time
	Actor    string
	Action   string
	Subjects []string
	Reason   *string
	Before   *string
	After    *string
}

// ReasonText is the reason as a sentence; nil without one.
func (e *LogEntry) ReasonText(language *cloudtag.Language) *string {
	if e.Reason == nil {
		return nil
	}
	text := e.localize(cloudtag.ReasonText(*e.Reason), language)
	return &text
}

// Vote is the vote of one entity in a case.
type Vote struct {
	EntityID  string
	Tags      int
	LastTagAt time.Time

	MerchantIDs []cloudtag.MerchantID
	Voters      *Batch[cloudtag.MerchantID, *Merchant] // of all votes that were read together
}
