package cloudtag

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// webhookType is a kind of entry that endpoints are told of.
type webhookType struct {
	action Action
	// lane is the kind of subject whose events are delivered in order: what happens to a tag happens to its case.
	lane string
	// merchantLane is that for a shop's own endpoint; empty: shops are not told.
	merchantLane string
	// data makes the message's data of an entry, of no more than the owner may see.
	data func(e Entry, merchant bool) (any, error)
}

// webhookTypes is everything that endpoints are told of.
func webhookTypes() []webhookType {
	var types []webhookType
	add := func(lane, merchantLane string, data func(Entry, bool) (any, error), actions ...Action) {
		for _, action := range actions {
			types = append(types, webhookType{action, lane, merchantLane, data})
		}
	}
	add("case", "tag", webhookTag, ActionTagSubmitted, ActionTagSucceeded, ActionTagExpired, ActionTagVoided, ActionTagRejected,
		ActionTagOverturned, ActionTagRestored)
	add("case", "", webhookCase, ActionCaseOpened, ActionCaseConfirmed, ActionCaseLapsed, ActionCaseExpired, ActionCaseReopened,
		ActionCaseQueued, ActionCaseHandled, ActionCaseMissed, ActionCaseDecided, ActionCaseUndone, ActionCaseWarned, ActionCaseOverturned)
	add("case", "", webhookAppeal, ActionAppealFiled, ActionAppealDecided)
	add("order", "", webhookFreight, ActionFreightAnswered)
	add("order", "", webhookComplaint, ActionComplaintOpened, ActionComplaintDecided)
	add("restriction", "restriction", webhookRestriction, ActionRestrictionRequested, ActionRestrictionDecided, ActionRestrictionLifted)
	add("merchant", "", webhookRevocation, ActionRevocationProposed, ActionRevocationDecided, ActionRevocationCompleted)
	add("merchant", "merchant", webhookPermission, ActionPermissionChanged)
	return types
}

// WebhookTypes lists what an endpoint can be told of: a shop's, or the platform's.
func WebhookTypes(merchant bool) []Action {
	var actions []Action
	for _, t := range webhookTypes() {
		if !merchant || t.merchantLane != "" {
			actions = append(actions, t.action)
		}
	}
	return actions
}

// webhookSelection picks the entries that one endpoint is told of, and their lanes.
type webhookSelection struct {
	endpoint WebhookEndpoint
	types    map[Action]webhookType
}

func newWebhookSelection(endpoint WebhookEndpoint) webhookSelection {
	s := webhookSelection{endpoint: endpoint, types: map[Action]webhookType{}}
	for _, t := range webhookTypes() {
		wanted := len(endpoint.Types) == 0 || slices.Contains(endpoint.Types, t.action)
		if wanted && (endpoint.MerchantID == "" || t.merchantLane != "") {
			s.types[t.action] = t
		}
	}
	return s
}

// filter is the least of the log that has to be read.
func (s webhookSelection) filter() LogFilter {
	if s.endpoint.MerchantID == "" {
		return LogFilter{}
	}
	return LogFilter{Subject: MerchantSubject(s.endpoint.MerchantID)}
}

// lane returns the subject in whose order the entry is delivered; ok is false for one that the endpoint is not told of.
func (s webhookSelection) lane(e Entry) (lane Subject, ok bool) {
	known, wanted := s.types[e.Action]
	if !wanted {
		return "", false
	}
	kind := known.lane
	if s.endpoint.MerchantID != "" {
		if e.Subject("merchant") != string(s.endpoint.MerchantID) {
			return "", false
		}
		kind = known.merchantLane
	}
	id := e.Subject(kind)
	return Subject(kind + ":" + id), id != ""
}

// webhookEvent is what a message says. Its form is documented in docs/webhooks.md and does not change; fields may be
// added.
type webhookEvent struct {
	Type Action    `json:"type"`
	At   time.Time `json:"at"`
	Seq  int64     `json:"seq,omitempty"` // of the entry; a shop is not told (rule 15)
	Data any       `json:"data"`
}

// body makes the message of an entry. It is made of nothing but the entry, so that a retry sends the same bytes.
func (s webhookSelection) body(e Entry) ([]byte, error) {
	merchant := s.endpoint.MerchantID != ""
	data, err := s.types[e.Action].data(e, merchant)
	if err != nil {
		return nil, fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	event := webhookEvent{Type: e.Action, At: e.At, Data: data}
	if s.endpoint.SeesNumbers() {
		event.Seq = e.Seq
	}
	return MustJSON(event), nil
}

// messageID is the identifier of an entry's message to the endpoint, the same however often it is sent.
func (w WebhookEndpoint) messageID(seq int64) string {
	mac := hmac.New(sha256.New, w.MessageKey)
	_ = binary.Write(mac, binary.BigEndian, seq) // a hash takes everything
	return "msg_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:16]))
}

// state decodes the states that an entry keeps; previous stays zero when there was none.
func webhookStates[T any](e Entry) (previous, now T, err error) {
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

type webhookTagData struct {
	OrderNo        OrderNo      `json:"orderNo"`
	Scenario       ScenarioCode `json:"scenario"`
	Status         TagStatus    `json:"status"`
	PreviousStatus *TagStatus   `json:"previousStatus"` // null at submission
	MarkResult     MarkResult   `json:"markResult"`
	Reason         reasonTexts  `json:"reason"`
	Version        int          `json:"version"` // of the tag, which counts up
	CaseID         CaseID       `json:"caseId,omitempty"`
	MerchantID     MerchantID   `json:"merchantId,omitempty"`
	BuyerID        BuyerID      `json:"buyerId,omitempty"`
}

type reasonTexts struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func webhookTag(e Entry, merchant bool) (any, error) {
	before, after, err := webhookStates[TagState](e)
	if err != nil {
		return nil, err
	}
	scenario, _, _ := CaseID(e.Subject("case")).Parts()
	tag := Tag{Status: after.Status}
	data := webhookTagData{
		OrderNo: OrderNo(e.Subject("tag")), Scenario: scenario, Status: after.Status, MarkResult: tag.MarkResult(),
		Reason: reasonTexts(tag.Reason()), Version: after.Version,
	}
	if before.Status != "" {
		data.PreviousStatus = &before.Status
	}
	if !merchant {
		data.CaseID, data.MerchantID, data.BuyerID = CaseID(e.Subject("case")), MerchantID(e.Subject("merchant")), BuyerID(e.Subject("buyer"))
	}
	return data, nil
}

type webhookCaseData struct {
	CaseID        CaseID       `json:"caseId"`
	Scenario      ScenarioCode `json:"scenario"`
	BuyerID       BuyerID      `json:"buyerId"`
	State         CaseState    `json:"state"`
	PreviousState *CaseState   `json:"previousState"` // null when the case was opened
	Handling      Handling     `json:"handling"`
	Decision      *Decision    `json:"decision"` // the latest, null before the first
	DueAt         *time.Time   `json:"dueAt"`
}

// webhookCase tells no counts and no thresholds: services of the platform act on states.
func webhookCase(e Entry, _ bool) (any, error) {
	before, after, err := webhookStates[CaseSummary](e)
	if err != nil {
		return nil, err
	}
	id := CaseID(e.Subject("case"))
	scenario, buyer, _ := id.Parts()
	data := webhookCaseData{CaseID: id, Scenario: scenario, BuyerID: buyer, State: after.State, Handling: after.Handling, DueAt: after.DueAt}
	if before.State != "" {
		data.PreviousState = &before.State
	}
	if after.Decision != nil {
		data.Decision = &after.Decision.Decision
	}
	return data, nil
}

func webhookAppeal(e Entry, _ bool) (any, error) {
	_, appeal, err := webhookStates[Appeal](e)
	return map[string]any{"id": appeal.ID, "caseId": appeal.CaseID, "buyerId": appeal.BuyerID, "state": appeal.State}, err
}

func webhookFreight(e Entry, _ bool) (any, error) {
	_, decision, err := webhookStates[FreightInsuranceDecision](e)
	return map[string]any{"orderNo": decision.OrderNo, "answer": decision.Answer, "version": decision.Version}, err
}

func webhookComplaint(e Entry, _ bool) (any, error) {
	_, complaint, err := webhookStates[Complaint](e)
	return map[string]any{"id": complaint.ID, "orderNo": complaint.OrderNo, "state": complaint.State, "version": complaint.Version}, err
}

// webhookRestriction names the order by which the shop named the buyer, to the shop without the account.
func webhookRestriction(e Entry, merchant bool) (any, error) {
	_, restriction, err := webhookStates[Restriction](e)
	data := map[string]any{
		"id": restriction.ID, "orderNo": restriction.OrderNo, "modes": restriction.Modes, "state": restriction.State,
		"version": restriction.Version,
	}
	if !merchant {
		data["merchantId"], data["buyerId"] = restriction.MerchantID, restriction.BuyerID
	}
	return data, err
}

func webhookRevocation(e Entry, _ bool) (any, error) {
	_, revocation, err := webhookStates[Revocation](e)
	return map[string]any{
		"id": revocation.ID, "merchantId": revocation.MerchantID, "kind": revocation.Kind, "state": revocation.State,
	}, err
}

func webhookPermission(e Entry, _ bool) (any, error) {
	before, after, err := webhookStates[Permission](e)
	return map[string]any{"merchantId": e.Subject("merchant"), "permission": after, "previousPermission": before}, err
}
