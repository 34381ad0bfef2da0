package webhooks

import (
	"slices"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/restrictions"
)

// A shop's message names its own order only: no account, case, entity, other shop or number of the log (rule 15).
func TestEventsOfAShopShowItsOwnDataOnly(t *testing.T) {
	s := newScene(t)
	endpoint := s.create(merchantCaller("m-1"))
	s.tagged("m-2", "900", "secret-buyer", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	s.tagged("m-1", "100", "secret-buyer", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	s.store.append(cloudtag.Entry{At: start, Action: cloudtag.ActionCaseConfirmed, After: cloudtag.MustJSON(cloudtag.CaseSummary{State: cloudtag.CaseConfirmed, Votes: 3, Threshold: 3}),
		Subjects: []cloudtag.Subject{"case:RETURN_SWAPPED:secret-buyer", "buyer:secret-buyer"}})
	s.tagged("m-1", "100", "secret-buyer", cloudtag.ActionTagSucceeded, cloudtag.TagSucceeded, 2)
	restriction := restrictions.Restriction{ID: "r", Version: 1, MerchantID: "m-1", BuyerID: "secret-buyer", OrderNo: "100", Description: "confidential",
		Modes: []restrictions.Mode{restrictions.ModeNoOrdering}, State: restrictions.Pending}
	s.store.append(cloudtag.Entry{
		At: start, Actor: "shop m-1", Action: cloudtag.ActionRestrictionRequested, After: cloudtag.MustJSON(restriction),
		Subjects: []cloudtag.Subject{"restriction:r", cloudtag.MerchantSubject("m-1"), cloudtag.BuyerSubject("secret-buyer")},
	})
	s.deliver(endpoint)

	want := []string{
		`{"type":"tag.submitted","at":"2026-03-01T08:00:00Z","data":{"orderNo":"100","scenario":"RETURN_SWAPPED","status":"ACCUMULATING","previousStatus":null,"markResult":"MARK_FAILED","reason":`,
		`{"type":"tag.succeeded","at":"2026-03-01T08:00:00Z","data":{"orderNo":"100","scenario":"RETURN_SWAPPED","status":"SUCCEEDED","previousStatus":"ACCUMULATING","markResult":"MARK_SUCCEEDED","reason":`,
		`{"type":"restriction.requested","at":"2026-03-01T08:00:00Z","data":{"id":"r","modes":["NO_ORDERING"],"orderNo":"100","state":"PENDING_REVIEW","version":1}}`,
	}
	if len(s.receiver.accepted) != len(want) {
		t.Fatalf("%d messages", len(s.receiver.accepted))
	}
	bodies := make([]string, 0, len(want))
	for _, message := range s.receiver.accepted {
		bodies = append(bodies, string(message.Body))
		for _, secret := range []string{"secret-buyer", "entity-9", "900", "seq", "words", "confidential", "m-2", "votes", "threshold"} {
			if strings.Contains(strings.ToLower(string(message.Body)), secret) {
				t.Errorf("%s shows %s", message.Body, secret)
			}
		}
	}
	for _, begin := range want {
		if !slices.ContainsFunc(bodies, func(body string) bool { return strings.HasPrefix(body, begin) }) {
			t.Errorf("no message begins with %s among %v", begin, bodies)
		}
	}
}
