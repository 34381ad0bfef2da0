package webhooks

import (
	"encoding/json"
	"fmt"
	"time"

	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/freightinsurance"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
)

// decodeStates decodes the states before and after an entry; previous stays zero when there was none.
func decodeStates[T any](e cloudtag.Entry) (previous, now T, err error) {
	if e.Before != nil {
		if err = json.Unmarshal(e.Before, &previous); err != nil {
			return previous, now, fmt.Errorf("state before: %w", err)
		}
	}
	if e.After != nil {
		if err = json.Unmarshal(e.After, &now); err != nil {
			return previous, now, fmt.Errorf("state after: %w", err)
		}
	}
	return previous, now, nil
}

type tagData struct {
	OrderNo        cloudtag.OrderNo      `json:"orderNo"`
	Scenario       cloudtag.ScenarioCode `json:"scenario"`
	Status         cloudtag.TagStatus    `json:"status"`
	PreviousStatus *cloudtag.TagStatus   `json:"previousStatus"` // null at submission
	MarkResult     cloudtag.MarkResult   `json:"markResult"`
	Reason         reasonTexts           `json:"reason"`
	Version        int                   `json:"version"` // of the tag, which counts up
	CaseID         cloudtag.CaseID       `json:"caseId,omitempty"`
	MerchantID     cloudtag.MerchantID   `json:"merchantId,omitempty"`
	BuyerID        cloudtag.BuyerID      `json:"buyerId,omitempty"`
}

type reasonTexts struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func tagEvent(e cloudtag.Entry, merchant bool) (any, error) {
	before, after, err := decodeStates[cloudtag.TagState](e)
	if err != nil {
		return nil, err
	}
	scenario, _, _ := cloudtag.CaseID(e.Subject("case")).Parts()
	tag := cloudtag.Tag{Status: after.Status}
	data := tagData{
		OrderNo: cloudtag.OrderNo(e.Subject("tag")), Scenario: scenario, Status: after.Status, MarkResult: tag.MarkResult(),
		Reason: reasonTexts(tag.Reason()), Version: after.Version,
	}
	if before.Status != "" {
		data.PreviousStatus = &before.Status
	}
	if !merchant {
		data.CaseID, data.MerchantID, data.BuyerID = cloudtag.CaseID(e.Subject("case")), cloudtag.MerchantID(e.Subject("merchant")), cloudtag.BuyerID(e.Subject("buyer"))
	}
	return data, nil
}

type caseData struct {
	CaseID        cloudtag.CaseID       `json:"caseId"`
	Scenario      cloudtag.ScenarioCode `json:"scenario"`
	BuyerID       cloudtag.BuyerID      `json:"buyerId"`
	State         cloudtag.CaseState    `json:"state"`
	PreviousState *cloudtag.CaseState   `json:"previousState"` // null when the case was opened
	Handling      cloudtag.Handling     `json:"handling"`
	Decision      *cloudtag.Decision    `json:"decision"` // the latest, null before the first
	DueAt         *time.Time            `json:"dueAt"`
}

// caseEvent leaves out counts and thresholds: the platform's services act on states.
func caseEvent(e cloudtag.Entry, _ bool) (any, error) {
	before, after, err := decodeStates[cloudtag.CaseSummary](e)
	if err != nil {
		return nil, err
	}
	id := cloudtag.CaseID(e.Subject("case"))
	scenario, buyer, _ := id.Parts()
	data := caseData{CaseID: id, Scenario: scenario, BuyerID: buyer, State: after.State, Handling: after.Handling, DueAt: after.DueAt}
	if before.State != "" {
		data.PreviousState = &before.State
	}
	if after.Decision != nil {
		data.Decision = &after.Decision.Decision
	}
	return data, nil
}

func appealEvent(e cloudtag.Entry, _ bool) (any, error) {
	_, appeal, err := decodeStates[appeals.Appeal](e)
	return map[string]any{"id": appeal.ID, "caseId": appeal.CaseID, "buyerId": appeal.BuyerID, "state": appeal.State}, err
}

func freightInsuranceEvent(e cloudtag.Entry, _ bool) (any, error) {
	_, decision, err := decodeStates[freightinsurance.Decision](e)
	return map[string]any{"orderNo": decision.OrderNo, "answer": decision.Answer, "version": decision.Version}, err
}

func complaintEvent(e cloudtag.Entry, _ bool) (any, error) {
	_, complaint, err := decodeStates[freightinsurance.Complaint](e)
	return map[string]any{"id": complaint.ID, "orderNo": complaint.OrderNo, "state": complaint.State, "version": complaint.Version}, err
}

// restrictionEvent has the order that the shop's restriction refers to; the account only for the platform's endpoints.
func restrictionEvent(e cloudtag.Entry, merchant bool) (any, error) {
	_, restriction, err := decodeStates[restrictions.Restriction](e)
	data := map[string]any{
		"id": restriction.ID, "orderNo": restriction.OrderNo, "modes": restriction.Modes, "state": restriction.State,
		"version": restriction.Version,
	}
	if !merchant {
		data["merchantId"], data["buyerId"] = restriction.MerchantID, restriction.BuyerID
	}
	return data, err
}

func revocationEvent(e cloudtag.Entry, _ bool) (any, error) {
	_, revocation, err := decodeStates[revocations.Revocation](e)
	return map[string]any{
		"id": revocation.ID, "merchantId": revocation.MerchantID, "kind": revocation.Kind, "state": revocation.State,
	}, err
}

func permissionEvent(e cloudtag.Entry, _ bool) (any, error) {
	before, after, err := decodeStates[cloudtag.Permission](e)
	return map[string]any{"merchantId": e.Subject("merchant"), "permission": after, "previousPermission": before}, err
}
