package cloudtag_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// sendPings sends what is due, as one look of a pinger does, and returns how many that was.
func (s *webhookScene) sendPings() int {
	s.Helper()
	due, err := s.deliveries.DuePings(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	for _, ping := range due {
		if err := s.deliveries.SendPing(s.Context(), ping); err != nil {
			s.Fatal(err)
		}
	}
	return len(due)
}

func (s *webhookScene) ping(caller Caller, endpoint WebhookEndpoint) WebhookDelivery {
	s.Helper()
	queued, err := s.webhooks.Ping(s.Context(), caller, endpoint.ID)
	if err != nil {
		s.Fatal(err)
	}
	return queued
}

// pingsOf are the deliveries of an endpoint's pings, latest first.
func (s *webhookScene) pingsOf(caller Caller, endpoint WebhookEndpoint) []WebhookDelivery {
	s.Helper()
	found, _, err := s.webhooks.Deliveries(s.Context(), caller, endpoint.ID, WebhookDeliveryFilter{Type: ActionWebhookPing}, PageRequest{})
	if err != nil {
		s.Fatal(err)
	}
	return found.Items
}

func TestWebhookPingIsQueuedSentOnceAndTold(t *testing.T) {
	for name, test := range map[string]struct {
		answer WebhookAnswer
		want   WebhookDeliveryState
	}{
		"accepted": {WebhookAnswer{WebhookAttempt: WebhookAttempt{Status: 204}}, WebhookDelivered},
		"refused":  {refusedWith(500), WebhookFailed},
		"gone":     {refusedWith(410), WebhookFailed},
	} {
		t.Run(name, func(t *testing.T) {
			s := newWebhookScene(t)
			shop := merchantCaller("m-1")
			endpoint := s.create(shop)
			if _, err := s.webhooks.Pause(t.Context(), shop, endpoint.ID); err != nil { // whatever its state
				t.Fatal(err)
			}
			s.receiver.answer = func(WebhookEvent, int) WebhookAnswer { return test.answer }
			queued := s.ping(shop, endpoint)
			if len(s.receiver.sent) != 0 || s.pinged != 1 || queued.State != WebhookPending || queued.Tries != 0 || queued.Type != ActionWebhookPing {
				t.Fatalf("%d sent, woken %d times, queued %+v", len(s.receiver.sent), s.pinged, queued)
			}
			if again := s.ping(shop, endpoint); again.ID != queued.ID {
				t.Errorf("while one waits there is another: %+v", again)
			}
			if waiting := s.pingsOf(shop, endpoint); len(waiting) != 1 || waiting[0].ID != queued.ID || waiting[0].State != WebhookPending {
				t.Errorf("listed %+v", waiting)
			}
			s.clock.now = s.clock.now.Add(time.Second)
			if sent := s.sendPings(); sent != 1 || s.sendPings() != 0 {
				t.Errorf("%d due", sent)
			}
			told := s.pingsOf(shop, endpoint)
			if len(told) != 1 || told[0].ID != queued.ID || told[0].State != test.want || told[0].Tries != 1 || told[0].Attempts[0].Status != test.answer.Status ||
				told[0].MessageID != s.receiver.sent[0].ID || !told[0].NextAt.IsZero() {
				t.Errorf("told %+v", told)
			}
			var body struct {
				Type Action
				At   time.Time
				Data struct{ EndpointID string }
			}
			if err := json.Unmarshal(s.receiver.sent[0].Body, &body); err != nil || body.Type != ActionWebhookPing || !body.At.Equal(start) || body.Data.EndpointID != endpoint.ID {
				t.Errorf("sent %s, %v", s.receiver.sent[0].Body, err)
			}
			if now, err := s.webhooks.Find(t.Context(), shop, endpoint.ID); err != nil || now.State != WebhookPaused {
				t.Errorf("a ping made the endpoint %s, %v", now.State, err)
			}
		})
	}
}

// A few a minute of one owner, however many endpoints it has, and whether they are deleted meanwhile; another's are its own.
func TestWebhookPingsOfAnOwnerAreLimited(t *testing.T) {
	s := newWebhookScene(t)
	shop := merchantCaller("m-1")
	endpoints := []WebhookEndpoint{s.create(shop), s.create(shop), s.create(shop)}
	for n := range MaxWebhookPings {
		s.ping(shop, endpoints[n%3])
		s.sendPings()
		s.clock.now = s.clock.now.Add(time.Second)
	}
	if _, err := s.webhooks.Delete(t.Context(), shop, endpoints[0].ID); err != nil {
		t.Fatal(err)
	}
	_, err := s.webhooks.Ping(t.Context(), shop, endpoints[1].ID)
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.Code != CodeRateLimited || refusal.RetryAfter != 54*time.Second {
		t.Fatalf("the seventh within a minute: %v", err)
	}
	s.ping(merchantCaller("m-2"), s.create(merchantCaller("m-2")))
	s.clock.now = s.clock.now.Add(refusal.RetryAfter - time.Millisecond)
	if _, err := s.webhooks.Ping(t.Context(), shop, endpoints[1].ID); CodeOf(err) != CodeRateLimited {
		t.Errorf("before the time that was told: %v", err)
	}
	s.clock.now = s.clock.now.Add(time.Millisecond)
	s.ping(shop, endpoints[1])
}

// Of two instances one sends a ping. When the one that has begun dies, another sends it later.
func TestWebhookPingSurvivesItsSender(t *testing.T) {
	s := newWebhookScene(t)
	shop := merchantCaller("m-1")
	endpoint := s.create(shop)
	s.ping(shop, endpoint)
	due, err := s.deliveries.DuePings(t.Context())
	if err != nil || len(due) != 1 {
		t.Fatalf("%+v, %v", due, err)
	}
	if err := s.deliveries.ClaimPing(t.Context(), due[0]); err != nil { // and died
		t.Fatal(err)
	}
	other := s.instance(s.store)
	if err := other.SendPing(t.Context(), due[0]); err != nil || len(s.receiver.sent) != 0 {
		t.Errorf("%d sent by two, %v", len(s.receiver.sent), err)
	}
	s.clock.now = s.clock.now.Add(WebhookPingLease - time.Millisecond)
	if sent := s.sendPings(); sent != 0 {
		t.Errorf("%d due while it may be under way", sent)
	}
	s.clock.now = s.clock.now.Add(time.Millisecond)
	if sent := s.sendPings(); sent != 1 || len(s.receiver.sent) != 1 {
		t.Errorf("%d due, %d sent", sent, len(s.receiver.sent))
	}
	if told := s.pingsOf(shop, endpoint); len(told) != 1 || told[0].State != WebhookDelivered {
		t.Errorf("told %+v", told)
	}
}

// A ping of an endpoint that was deleted is not sent.
func TestWebhookPingOfADeletedEndpoint(t *testing.T) {
	s := newWebhookScene(t)
	shop := merchantCaller("m-1")
	endpoint := s.create(shop)
	s.ping(shop, endpoint)
	if _, err := s.webhooks.Delete(t.Context(), shop, endpoint.ID); err != nil {
		t.Fatal(err)
	}
	if sent := s.sendPings(); sent != 1 || len(s.receiver.sent) != 0 || s.sendPings() != 0 {
		t.Errorf("%d due, %d sent", sent, len(s.receiver.sent))
	}
}
