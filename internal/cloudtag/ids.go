package cloudtag

import "strings"

// MerchantID identifies a shop.
type MerchantID string

// EntityID identifies the independent party behind one or more shops; votes are counted per entity (rule 7).
type EntityID string

// BuyerID identifies the account that placed an order. Merchants never send or see it (rule 1).
type BuyerID string

// OrderNo is the marketplace's number of an order, and identifies the order's only tag (rule 2).
type OrderNo string

// ScenarioCode identifies one of the risk scenarios of the catalogue.
type ScenarioCode string

// BatchID identifies one accepted submission.
type BatchID string

// CaseID identifies one buyer under one scenario. It is derived from both, so that it needs no coordination between
// instances.
type CaseID string

// NewCaseID returns the identifier of a buyer's case under a scenario.
func NewCaseID(scenario ScenarioCode, buyer BuyerID) CaseID {
	return CaseID(string(scenario) + ":" + string(buyer))
}

// Parts splits a case identifier; ok is false for an invalid one. Scenario codes have no colon, so that buyer identifiers
// may have one.
func (id CaseID) Parts() (scenario ScenarioCode, buyer BuyerID, ok bool) {
	code, account, found := strings.Cut(string(id), ":")
	return ScenarioCode(code), BuyerID(account), found && code != "" && account != ""
}

// IDSource generates globally unique identifiers.
type IDSource interface {
	NewID() string
}

// IDFunc adapts a function to an [IDSource].
type IDFunc func() string

// NewID calls the function.
func (f IDFunc) NewID() string { return f() }
