package webhooks

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

// sendPings sends the due pings, as a pinger does, and returns how many there were.
func (s *scene) sendPings() int {
	s.Helper()
	due, err := s.deliverer.DuePings(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	for _, ping := range due {
		if err := s.deliverer.SendPing(s.Context(), ping); err != nil {
			s.Fatal(err)
		}
	}
	return len(due)
}

func (s *scene) ping(caller cloudtag.Caller, endpoint Endpoint) Delivery {
	s.Helper()
	queued, err := s.endpoints.Ping(s.Context(), caller, endpoint.ID)
	if err != nil {
		s.Fatal(err)
	}
	return queued
}

// pingsOf are the deliveries of an endpoint's pings, latest first.
func (s *scene) pingsOf(caller cloudtag.Caller, endpoint Endpoint) []Delivery {
	s.Helper()
	found, _, err := s.endpoints.Deliveries(s.Context(), caller, endpoint.ID, DeliveryFilter{Type: ActionPing}, cloudtag.PageRequest{})
	if err != nil {
		s.Fatal(err)
	}
	return found.Items
}

func TestPingIsQueuedSentOnceAndRecorded(t *testing.T) {
	for name, test := range map[string]struct {
		answer Answer
		want   DeliveryState
	}{
		"accepted": {Answer{Attempt: Attempt{Status: 204}}, DeliveryDelivered},
		"refused":  {refusedWith(500), DeliveryFailed},
		"gone":     {refusedWith(410), DeliveryFailed},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			shop := merchantCaller("m-1")
			endpoint := s.create(shop)
			if _, err := s.endpoints.Pause(t.Context(), shop, endpoint.ID); err != nil { // whatever its state
				t.Fatal(err)
			}
			s.receiver.answer = func(eventMessage, int) Answer { return test.answer }
			queued := s.ping(shop, endpoint)
			if len(s.receiver.sent) != 0 || s.pinged != 1 || queued.State != DeliveryPending || queued.Tries != 0 || queued.Type != ActionPing {
				t.Fatalf("%d sent, woken %d times, queued %+v", len(s.receiver.sent), s.pinged, queued)
			}
			if again := s.ping(shop, endpoint); again.ID != queued.ID {
				t.Errorf("while one waits there is another: %+v", again)
			}
			if waiting := s.pingsOf(shop, endpoint); len(waiting) != 1 || waiting[0].ID != queued.ID || waiting[0].State != DeliveryPending {
				t.Errorf("listed %+v", waiting)
			}
			s.clock.now = s.clock.now.Add(time.Second)
			if sent := s.sendPings(); sent != 1 || s.sendPings() != 0 {
				t.Errorf("%d due", sent)
			}
			recorded := s.pingsOf(shop, endpoint)
			if len(recorded) != 1 || recorded[0].ID != queued.ID || recorded[0].State != test.want || recorded[0].Tries != 1 || recorded[0].Attempts[0].Status != test.answer.Status ||
				recorded[0].MessageID != s.receiver.sent[0].ID || !recorded[0].NextAt.IsZero() {
				t.Errorf("recorded %+v", recorded)
			}
			var body struct {
				Type cloudtag.Action
				At   time.Time
				Data struct{ EndpointID string }
			}
			if err := json.Unmarshal(s.receiver.sent[0].Body, &body); err != nil || body.Type != ActionPing || !body.At.Equal(start) || body.Data.EndpointID != endpoint.ID {
				t.Errorf("sent %s, %v", s.receiver.sent[0].Body, err)
			}
			if now, err := s.endpoints.Find(t.Context(), shop, endpoint.ID); err != nil || now.State != StatePaused {
				t.Errorf("a ping made the endpoint %s, %v", now.State, err)
			}
		})
	}
}

// An owner has a few pings a minute, however many endpoints it has, and whether or not they are deleted meanwhile; other owners
// have their own.
func TestPingsOfAnOwnerAreLimited(t *testing.T) {
	s := newScene(t)
	shop := merchantCaller("m-1")
	endpoints := []Endpoint{s.create(shop), s.create(shop), s.create(shop)}
	for n := range maxPings {
		s.ping(shop, endpoints[n%3])
		s.sendPings()
		s.clock.now = s.clock.now.Add(time.Second)
	}
	if _, err := s.endpoints.Delete(t.Context(), shop, endpoints[0].ID); err != nil {
		t.Fatal(err)
	}
	_, err := s.endpoints.Ping(t.Context(), shop, endpoints[1].ID)
	var refusal *cloudtag.Error
	if !errors.As(err, &refusal) || refusal.Code != cloudtag.CodeRateLimited || refusal.RetryAfter != 54*time.Second {
		t.Fatalf("the seventh within a minute: %v", err)
	}
	s.ping(merchantCaller("m-2"), s.create(merchantCaller("m-2")))
	s.clock.now = s.clock.now.Add(refusal.RetryAfter - time.Millisecond)
	if _, err := s.endpoints.Ping(t.Context(), shop, endpoints[1].ID); cloudtag.CodeOf(err) != cloudtag.CodeRateLimited {
		t.Errorf("before the time that was given: %v", err)
	}
	s.clock.now = s.clock.now.Add(time.Millisecond)
	s.ping(shop, endpoints[1])
}

// One of two instances sends a ping. When it dies while sending, the other sends it later.
func TestPingSurvivesItsSender(t *testing.T) {
	s := newScene(t)
	shop := merchantCaller("m-1")
	endpoint := s.create(shop)
	s.ping(shop, endpoint)
	due, err := s.deliverer.DuePings(t.Context())
	if err != nil || len(due) != 1 {
		t.Fatalf("%+v, %v", due, err)
	}
	if _, err := s.deliverer.leasePing(t.Context(), due[0]); err != nil { // and died
		t.Fatal(err)
	}
	other := s.instance(s.store)
	if err := other.SendPing(t.Context(), due[0]); err != nil || len(s.receiver.sent) != 0 {
		t.Errorf("%d sent by two, %v", len(s.receiver.sent), err)
	}
	s.clock.now = s.clock.now.Add(pingLease - time.Millisecond)
	if sent := s.sendPings(); sent != 0 {
		t.Errorf("%d due while it may be under way", sent)
	}
	s.clock.now = s.clock.now.Add(time.Millisecond)
	if sent := s.sendPings(); sent != 1 || len(s.receiver.sent) != 1 {
		t.Errorf("%d due, %d sent", sent, len(s.receiver.sent))
	}
	if recorded := s.pingsOf(shop, endpoint); len(recorded) != 1 || recorded[0].State != DeliveryDelivered {
		t.Errorf("recorded %+v", recorded)
	}
}

// A ping of an endpoint that was deleted is not sent.
func TestPingOfADeletedEndpointIsNotSent(t *testing.T) {
	s := newScene(t)
	shop := merchantCaller("m-1")
	endpoint := s.create(shop)
	s.ping(shop, endpoint)
	if _, err := s.endpoints.Delete(t.Context(), shop, endpoint.ID); err != nil {
		t.Fatal(err)
	}
	if sent := s.sendPings(); sent != 1 || len(s.receiver.sent) != 0 || s.sendPings() != 0 {
		t.Errorf("%d due, %d sent", sent, len(s.receiver.sent))
	}
}
