package webhooks

import (
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// eventType is an action of the log that endpoints are sent.
type eventType struct {
	action cloudtag.Action
	// orderedBy is the kind of subject whose events are delivered in order: a tag's events are part of its case's.
	orderedBy string
	// merchantOrderedBy is that for a shop's own endpoint; empty: shops are not sent it.
	merchantOrderedBy string
	// data returns the message's data of an entry, limited to what the owner may see.
	data func(e cloudtag.Entry, merchant bool) (any, error)
}

// eventTypes returns all types of events.
func eventTypes() []eventType {
	var types []eventType
	add := func(orderedBy, merchantOrderedBy string, data func(cloudtag.Entry, bool) (any, error), actions ...cloudtag.Action) {
		for _, action := range actions {
			types = append(types, eventType{action, orderedBy, merchantOrderedBy, data})
		}
	}
	add("case", "tag", tagEvent, cloudtag.ActionTagSubmitted, cloudtag.ActionTagSucceeded, cloudtag.ActionTagExpired, cloudtag.ActionTagVoided, cloudtag.ActionTagRejected,
		cloudtag.ActionTagOverturned, cloudtag.ActionTagRestored)
	add("case", "", caseEvent, cloudtag.ActionCaseOpened, cloudtag.ActionCaseConfirmed, cloudtag.ActionCaseLapsed, cloudtag.ActionCaseExpired, cloudtag.ActionCaseReopened,
		cloudtag.ActionCaseQueued, cloudtag.ActionCaseHandled, cloudtag.ActionCaseMissed, cloudtag.ActionCaseDecided, cloudtag.ActionCaseUndone, cloudtag.ActionCaseWarned, cloudtag.ActionCaseOverturned)
	add("case", "", appealEvent, cloudtag.ActionAppealFiled, cloudtag.ActionAppealDecided)
	add("order", "", freightInsuranceEvent, cloudtag.ActionFreightAnswered)
	add("order", "", complaintEvent, cloudtag.ActionComplaintOpened, cloudtag.ActionComplaintDecided)
	add("restriction", "restriction", restrictionEvent, cloudtag.ActionRestrictionRequested, cloudtag.ActionRestrictionDecided, cloudtag.ActionRestrictionLifted)
	add("merchant", "", revocationEvent, cloudtag.ActionRevocationProposed, cloudtag.ActionRevocationDecided, cloudtag.ActionRevocationCompleted)
	add("merchant", "merchant", permissionEvent, cloudtag.ActionPermissionChanged)
	return types
}

// EventTypes lists what an endpoint can be sent: a shop's, or the platform's.
func EventTypes(merchant bool) []cloudtag.Action {
	var actions []cloudtag.Action
	for _, t := range eventTypes() {
		if !merchant || t.merchantOrderedBy != "" {
			actions = append(actions, t.action)
		}
	}
	return actions
}

// eventSelection selects the entries that one endpoint is sent.
type eventSelection struct {
	endpoint Endpoint
	types    map[cloudtag.Action]eventType
}

func newEventSelection(endpoint Endpoint) eventSelection {
	s := eventSelection{endpoint: endpoint, types: map[cloudtag.Action]eventType{}}
	for _, t := range eventTypes() {
		wanted := len(endpoint.Types) == 0 || slices.Contains(endpoint.Types, t.action)
		if wanted && (endpoint.MerchantID == "" || t.merchantOrderedBy != "") {
			s.types[t.action] = t
		}
	}
	return s
}

// filter selects what has to be read of the log.
func (s eventSelection) filter() cloudtag.LogFilter {
	if s.endpoint.MerchantID == "" {
		return cloudtag.LogFilter{}
	}
	return cloudtag.LogFilter{Subject: cloudtag.MerchantSubject(s.endpoint.MerchantID)}
}

// subject returns the subject in whose order the entry is delivered; ok is false for one that the endpoint is not sent.
func (s eventSelection) subject(e cloudtag.Entry) (subject cloudtag.Subject, ok bool) {
	known, wanted := s.types[e.Action]
	if !wanted {
		return "", false
	}
	kind := known.orderedBy
	if s.endpoint.MerchantID != "" {
		if e.Subject("merchant") != string(s.endpoint.MerchantID) {
			return "", false
		}
		kind = known.merchantOrderedBy
	}
	id := e.Subject(kind)
	return cloudtag.Subject(kind + ":" + id), id != ""
}

// eventMessage is the body of a message. Its form is documented in docs/webhooks.md and does not change; fields may be added.
type eventMessage struct {
	Type cloudtag.Action `json:"type"`
	At   time.Time       `json:"at"`
	Seq  int64           `json:"seq,omitempty"` // of the entry; not for shops (rule 15)
	Data any             `json:"data"`
}

// body returns the message of an entry. It depends on the entry alone, so that a retry sends the same bytes.
func (s eventSelection) body(e cloudtag.Entry) ([]byte, error) {
	merchant := s.endpoint.MerchantID != ""
	data, err := s.types[e.Action].data(e, merchant)
	if err != nil {
		return nil, fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	event := eventMessage{Type: e.Action, At: e.At, Data: data}
	if s.endpoint.SeesNumbers() {
		event.Seq = e.Seq
	}
	return cloudtag.MustJSON(event), nil
}
