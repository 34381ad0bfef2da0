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
	cloudtag.Scenario

	Rules *Batch[cloudtag.ScenarioCode, cloudtag.PolicyRule]
}

// Name is the scenario's name.
func (s *Scenario) Name(language *cloudtag.Language) string {
	return s.localize(s.Scenario.Name, language)
}

// Definition is the scenario's definition.
func (s *Scenario) Definition(language *cloudtag.Language) string {
	return s.localize(s.Scenario.Definition, language)
}

// NotMeant is what the scenario is often confused with.
func (s *Scenario) NotMeant(language *cloudtag.Language) string {
	return s.localize(s.Scenario.NotMeant, language)
}

// Example is an example of the scenario.
func (s *Scenario) Example(language *cloudtag.Language) string {
	return s.localize(s.Scenario.Example, language)
}

// Merchant is a shop.
type Merchant struct {
	cloudtag.Merchant

	Counts *Batch[cloudtag.MerchantID, cloudtag.MerchantCounts]
	Tracks *Batch[cloudtag.MerchantID, *ShopRecord]
}

// Order is one purchase.
type Order struct {
	cloudtag.Order

	Loaders *OrderLoaders
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
	cloudtag.Tag

	Scenario  *Scenario
	HandledAt time.Time // as the caller may know it
	Loaders   *TagLoaders
}

// Reason is the reason for the tag's label.
func (t *Tag) Reason(language *cloudtag.Language) string { return t.localize(t.Tag.Reason(), language) }

// Submission is a batch that a shop submitted, with its results.
type Submission struct {
	cloudtag.Batch

	Scenario  *Scenario
	Results   []*TagResult
	Merchants *Batch[cloudtag.MerchantID, *Merchant]
}

// TagLoaders load the related records of all tags that were read together.
type TagLoaders struct {
	Orders    *Batch[cloudtag.OrderNo, *Order]
	Merchants *Batch[cloudtag.MerchantID, *Merchant]
	Cases     *Batch[cloudtag.CaseID, *Case]
}

// Buyer is an account.
type Buyer struct {
	ID cloudtag.BuyerID

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
	cloudtag.Exposure

	BuyerID cloudtag.BuyerID
	Tagged  *Batch[cloudtag.BuyerID, int]
}

// RiskSignal is one observation behind a score.
type RiskSignal struct {
	Localizer
	cloudtag.RiskSignal
}

// Unit is the unit of the signal's value; empty where it is not known.
func (s *RiskSignal) Unit(language *cloudtag.Language) string {
	unit, _ := s.RiskSignal.Unit()
	return s.localize(unit, language)
}

// Label is the signal's name.
func (s *RiskSignal) Label(language *cloudtag.Language) string {
	return s.localize(s.RiskSignal.Label(), language)
}

// Case is one account under one scenario.
type Case struct {
	cloudtag.Case

	Buyer       *Buyer
	Scenario    *Scenario
	Overdue     bool
	Priority    float64
	Decision    *CaseDecision
	Explanation *Explanation

	Claim     *cloudtag.Claim
	CanDecide bool
	UndoUntil time.Time // zero if the caller cannot undo the decision

	PriorityParts []cloudtag.PriorityPart

	Snooze  *cloudtag.Snooze
	Loaders *CaseLoaders
}

// Assignment is the reviewer who shall decide the case; nil without one.
func (c *Case) Assignment() *cloudtag.Assignment { return c.Work.Assignment }

// Escalation is why a lead shall decide the case; nil unless one shall.
func (c *Case) Escalation() *cloudtag.Escalation { return c.Work.Escalation }

// NoteCount is the number of notes that are not withdrawn.
func (c *Case) NoteCount() int { return c.Notes.NotWithdrawn() }

// CanUndo reports whether the caller can undo the decision.
func (c *Case) CanUndo() bool { return !c.UndoUntil.IsZero() }

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
	cloudtag.TrackRecord

	Credit          float64
	Trust           float64
	Weight          float64
	OverturnedShare float64

	Shares *Batch[cloudtag.MerchantID, cloudtag.TagShare] // of all shops that were read together
}

// ReportedAccount is the outcome of a shop's reports of one account.
type ReportedAccount struct {
	collusion.ReportedAccount

	Credit    float64
	Merchants *Batch[cloudtag.MerchantID, *Merchant] // of all accounts that were read together
}

// ShopSignal is an anomaly of a shop's reports.
type ShopSignal struct {
	Localizer
	collusion.ShopSignal
}

// Text is the evidence in words.
func (s *ShopSignal) Text(language *cloudtag.Language) string {
	return s.localize(s.ShopSignal.Text(), language)
}

// CaseEvidence summarizes the evidence of a case.
type CaseEvidence struct {
	cloudtag.CaseEvidence

	Merchants *Batch[cloudtag.MerchantID, *Merchant] // those of all cases that were read together
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
	cloudtag.Explanation // the stored numbers only

	OnHold []*Hold

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
	cloudtag.CaseDecision
}

// ReasonText is the reason as a sentence.
func (d *CaseDecision) ReasonText(language *cloudtag.Language) string {
	return d.localize(cloudtag.ReasonText(d.Reason), language)
}

// LogEntry is one change.
type LogEntry struct {
	Localizer
	cloudtag.Entry
}

// Before is the record before the change, in JSON; empty for a new one.
func (e *LogEntry) Before() string { return string(e.Entry.Before) }

// After is the record after the change, in JSON.
func (e *LogEntry) After() string { return string(e.Entry.After) }

// ReasonText is the reason as a sentence; empty without one.
func (e *LogEntry) ReasonText(language *cloudtag.Language) string {
	if e.Reason == "" {
		return ""
	}
	return e.localize(cloudtag.ReasonText(e.Reason), language)
}

// Vote is the vote of one entity in a case.
type Vote struct {
	cloudtag.Vote

	Voters *Batch[cloudtag.MerchantID, *Merchant] // of all votes that were read together
}
