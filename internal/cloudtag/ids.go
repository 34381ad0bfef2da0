package cloudtag

import "strings"

// MerchantID names a shop.
type MerchantID string

// EntityID names the independent party behind one or more shops; votes are counted per entity (rule 7).
type EntityID string

// BuyerID names the account that placed an order. Merchants never send or see it (rule 1).
type BuyerID string

// OrderNo is the marketplace's number of an order, and the identity of the order's one tag (rule 2).
type OrderNo string

// ScenarioCode names one of the risk scenarios of the catalogue.
type ScenarioCode string

// BatchID names one accepted submission.
type BatchID string

// CaseID names one buyer under one scenario. It is derived from both, so that the same case has the same
// identifier on every instance without asking anybody.
type CaseID string

// NewCaseID returns the identifier of a buyer's case under a scenario.
func NewCaseID(scenario ScenarioCode, buyer BuyerID) CaseID {
	return CaseID(string(scenario) + ":" + string(buyer))
}

// Parts splits a case identifier; ok is false for a text that no case can have.
// Scenario codes hold no colon, so a buyer identifier may.
func (id CaseID) Parts() (scenario ScenarioCode, buyer BuyerID, ok bool) {
	code, account, found := strings.Cut(string(id), ":")
	return ScenarioCode(code), BuyerID(account), found && code != "" && account != ""
}

// IDSource makes identifiers that no other call, in this process or another, ever returns.
type IDSource interface {
	NewID() string
}

// IDFunc makes an [IDSource] of a function.
type IDFunc func() string

// NewID calls the function.
func (f IDFunc) NewID() string { return f() }
