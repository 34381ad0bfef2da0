package model

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// Speaker answers in the language that a field asks for, or else in the caller's.
type Speaker struct{ Language cloudtag.Language }

// say returns the text in the language asked for.
func (s Speaker) say(text cloudtag.Text, asked *cloudtag.Language) string {
	if asked != nil {
		return text.In(*asked)
	}
	return text.In(s.Language)
}

// Viewer is who is calling.
type Viewer struct {
	ID    string
	Roles []cloudtag.Role

	MerchantID cloudtag.MerchantID // empty for everybody but merchants
}

// Scenario is one kind of abuse.
type Scenario struct {
	Speaker
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
func (s *Scenario) Name(language *cloudtag.Language) string { return s.say(s.Named, language) }

// Definition says what is meant.
func (s *Scenario) Definition(language *cloudtag.Language) string { return s.say(s.Defined, language) }

// NotMeant says what is often taken for it.
func (s *Scenario) NotMeant(language *cloudtag.Language) string { return s.say(s.Other, language) }

// Example shows it.
func (s *Scenario) Example(language *cloudtag.Language) string { return s.say(s.Shown, language) }

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
	Siblings   *OrderSiblings
}

// OrderSiblings find what belongs to the orders that were read together.
type OrderSiblings struct {
	Merchants *Batch[cloudtag.MerchantID, *Merchant]
	Tags      *Batch[cloudtag.OrderNo, *Tag]
	Freight   *Batch[cloudtag.OrderNo, *FreightInsuranceDecision]
	Buyers    *Batch[cloudtag.BuyerID, *Buyer]
}

// Tag is a shop's statement about one of its orders.
type Tag struct {
	Speaker
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
	Siblings   *TagSiblings
}

// Reason says why the tag shows what it shows.
func (t *Tag) Reason(language *cloudtag.Language) string { return t.say(t.Why, language) }

// Submission is a batch of a shop's, as it was answered.
type Submission struct {
	ID            string
	Scenario      *Scenario
	SubmittedAt   time.Time
	Results       []*TagResult
	AcceptedCount int

	MerchantID cloudtag.MerchantID
	Merchants  *Batch[cloudtag.MerchantID, *Merchant]
}

// TagSiblings find what belongs to the tags that were read together.
type TagSiblings struct {
	Orders    *Batch[cloudtag.OrderNo, *Order]
	Merchants *Batch[cloudtag.MerchantID, *Merchant]
	Cases     *Batch[cloudtag.CaseID, *Case]
}

// Buyer is an account.
type Buyer struct {
	ID string

	Siblings *BuyerSiblings
}

// BuyerSiblings find what belongs to the accounts that were read together.
type BuyerSiblings struct {
	Risks        *Batch[cloudtag.BuyerID, *RiskProfile]
	Exposures    *Batch[cloudtag.BuyerID, *Exposure]
	Cases        *Batch[cloudtag.BuyerID, []*Case]
	Complaints   *Batch[cloudtag.BuyerID, []*Complaint]
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
	Speaker
	Code   string
	Value  float64
	Weight float64

	Named cloudtag.Text
	In    *cloudtag.Text // nil where the unit is not known
}

// Unit is what the signal's value counts.
func (s *RiskSignal) Unit(language *cloudtag.Language) *string {
	if s.In == nil {
		return nil
	}
	unit := s.say(*s.In, language)
	return &unit
}

// Label is the signal's name.
func (s *RiskSignal) Label(language *cloudtag.Language) string { return s.say(s.Named, language) }

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

	Claim     *Claim
	CanDecide bool
	CanUndo   bool
	UndoUntil *time.Time

	PriorityParts []*PriorityPart

	Assignment *CaseAssignment
	Snooze     *CaseSnooze
	Escalation *CaseEscalation
	NoteCount  int

	Noted    cloudtag.CaseNotes
	Siblings *CaseSiblings
}

// CaseSiblings find what belongs to the cases that were read together.
type CaseSiblings struct {
	Explanations *ExplanationSiblings
	Signals      *Batch[cloudtag.CaseID, *CaseSignals]
	Evidence     *Batch[cloudtag.CaseID, *CaseEvidence]
}

// CaseEvidence is what a case rests on, summed up.
type CaseEvidence struct {
	Orders     int
	Amounts    []*Amount
	Note       *string
	OtherCases int

	MerchantIDs []cloudtag.MerchantID
	Shops       *Batch[cloudtag.MerchantID, *Merchant] // those of all cases that were read together
}

// Amount is a sum of money.
type Amount struct {
	Cents    int64
	Currency string
}

// Hold is why votes alone do not confirm a case.
type Hold struct {
	Speaker
	Code string
}

// Label is the hold's name.
func (h *Hold) Label(language *cloudtag.Language) string {
	return h.say(cloudtag.HoldText(h.Code), language)
}

// Explanation says why a case stands where it stands: the numbers of the case itself, and what has to be read for the
// rest.
type Explanation struct {
	Speaker
	Count         int
	Threshold     int
	RiskLevel     cloudtag.RiskLevel
	NextExpiryAt  *time.Time
	Holds         []string
	OnHold        []*Hold
	PolicyVersion int

	CaseID   cloudtag.CaseID
	Siblings *ExplanationSiblings
}

// ExplanationSiblings find what belongs to the explanations of cases that were read together.
type ExplanationSiblings struct {
	Policies *Batch[cloudtag.CaseID, cloudtag.Explanation] // without votes
	Votes    *Batch[cloudtag.CaseID, []cloudtag.Vote]
	Voters   *Batch[cloudtag.MerchantID, *Merchant] // the shops of all those votes
}

// Text says an explanation as one paragraph, with the times of a zone; UTC for none. BAD_USER_INPUT for an unknown one.
func (e *Explanation) Text(explanation cloudtag.Explanation, language *cloudtag.Language, timeZone *string) (string, error) {
	zone := time.UTC
	if timeZone != nil {
		var err error
		if zone, err = findZone(*timeZone); err != nil {
			return "", err
		}
	}
	return e.say(explanation.Text(zone), language), nil
}

// findZone finds a time zone by its name. Names of files outside of the database, and the server's own zone, are none.
func findZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || zone == time.Local {
		return nil, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: "timeZone：须为 IANA 时区名称，例如 Asia/Shanghai。", EN: "timeZone: must be the name of an IANA time zone, such as Asia/Shanghai.",
		}, "timeZone")
	}
	return zone, nil
}

// CaseDecision is what was decided about a case, and on what grounds.
type CaseDecision struct {
	Speaker
	Decision      cloudtag.Decision
	By            string
	Automatic     bool
	Reason        string
	At            time.Time
	PolicyVersion int
}

// ReasonText is the reason for reading.
func (d *CaseDecision) ReasonText(language *cloudtag.Language) string {
	return d.say(cloudtag.ReasonText(d.Reason), language)
}

// LogEntry is one change.
type LogEntry struct {
	Speaker
	Seq      int64
	At       time.Time
	Actor    string
	Action   string
	Subjects []string
	Reason   *string
	Before   *string
	After    *string
}

// ReasonText is the reason for reading; nil where none was given.
func (e *LogEntry) ReasonText(language *cloudtag.Language) *string {
	if e.Reason == nil {
		return nil
	}
	text := e.say(cloudtag.ReasonText(*e.Reason), language)
	return &text
}

// Vote is one party's voice in a case.
type Vote struct {
	EntityID  string
	Tags      int
	LastTagAt time.Time

	MerchantIDs []cloudtag.MerchantID
	Voters      *Batch[cloudtag.MerchantID, *Merchant] // of all votes that were read together
}
