package cloudtag

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// receiver is the other side: it takes down what it accepted, in the order of arrival.
type receiver struct {
	mu       sync.Mutex
	answer   func(event webhookEvent, try int) WebhookAnswer
	tries    map[string]int
	accepted []WebhookMessage
	sending  map[string]int // requests that run, by lane
	clock    *stillClock
}

func newReceiver(clock *stillClock) *receiver {
	return &receiver{tries: map[string]int{}, sending: map[string]int{}, clock: clock}
}

func (r *receiver) Send(_ context.Context, message WebhookMessage) WebhookAnswer {
	var event webhookEvent
	if err := json.Unmarshal(message.Body, &event); err != nil {
		panic(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries[message.ID]++
	answer := WebhookAnswer{WebhookAttempt: WebhookAttempt{Status: 200}}
	if r.answer != nil {
		answer = r.answer(event, r.tries[message.ID])
	}
	answer.At = r.clock.Now()
	if answer.accepted() {
		r.accepted = append(r.accepted, message)
	}
	return answer
}

func refusedWith(status int) WebhookAnswer {
	return WebhookAnswer{WebhookAttempt: WebhookAttempt{Status: status, Failure: WebhookRefusedStatus}}
}

// events are the accepted messages.
func (r *receiver) events(t *testing.T) []webhookEvent {
	t.Helper()
	events := make([]webhookEvent, len(r.accepted))
	for i, message := range r.accepted {
		if err := json.Unmarshal(message.Body, &events[i]); err != nil {
			t.Fatal(err)
		}
	}
	return events
}

func (r *receiver) seqs(t *testing.T) []int64 {
	t.Helper()
	var seqs []int64
	for _, event := range r.events(t) {
		seqs = append(seqs, event.Seq)
	}
	return seqs
}

type noObserver struct{}

func (noObserver) Attempted(WebhookEndpoint, WebhookAttempt, time.Duration) {}
func (noObserver) Disabled(WebhookEndpoint)                                 {}

// webhookScene is the services over one store.
type webhookScene struct {
	*testing.T
	store      *memory
	clock      *stillClock
	receiver   *receiver
	webhooks   *Webhooks
	deliveries *WebhookDeliveries
	ids        int
	waits      []time.Time // what looks told, in order
}

func newWebhookScene(t *testing.T) *webhookScene {
	s := &webhookScene{T: t, store: newMemory(), clock: &stillClock{now: start}}
	s.receiver = newReceiver(s.clock)
	ids := IDFunc(func() string { s.ids++; return fmt.Sprintf("id-%04d", s.ids) })
	key := func() []byte { s.ids++; return bytes.Repeat([]byte{byte(s.ids)}, WebhookKeyLength) }
	s.webhooks = NewWebhooks(s.store, NewMetrics(s.store, s.clock), s.receiver, s.clock, ids, key, WebhookRules{})
	s.deliveries = s.instance(s.store)
	return s
}

// instance is another instance's deliveries.
func (s *webhookScene) instance(store webhookStore) *WebhookDeliveries {
	ids := IDFunc(func() string { s.ids++; return fmt.Sprintf("token-%d", s.ids) })
	return NewWebhookDeliveries(store, s.receiver, s.clock, ids, func() float64 { return 0.5 }, noObserver{})
}

func (s *webhookScene) create(caller Caller, types ...Action) WebhookEndpoint {
	s.Helper()
	made, err := s.webhooks.Create(s.Context(), caller, WebhookDraft{URL: fmt.Sprintf("https://example.com/%d", s.ids), Types: types})
	if err != nil {
		s.Fatal(err)
	}
	return made
}

func (s *webhookScene) carry(endpoint WebhookEndpoint) time.Time {
	s.Helper()
	s.waits = nil
	next, err := s.deliveries.Carry(s.Context(), endpoint.ID, func(since time.Time) { s.waits = append(s.waits, since) })
	if err != nil {
		s.Fatal(err)
	}
	return next
}

// tagged appends an entry about a tag, of a case of its own account.
func (s *webhookScene) tagged(merchant MerchantID, order OrderNo, buyer BuyerID, action Action, status TagStatus, version int) {
	entry := Entry{
		At: s.clock.now, Actor: "shop", Action: action, After: mustJSON(TagState{Status: status, Version: version, EntityID: "entity-9"}),
		Subjects: []Subject{TagSubject(order), CaseSubject(NewCaseID("RETURN_SWAPPED", buyer)), MerchantSubject(merchant), BuyerSubject(buyer)},
		Reason:   "somebody's words",
	}
	if version > 1 {
		entry.Before = mustJSON(TagState{Status: TagAccumulating, Version: version - 1})
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.append(entry)
}

func merchantCaller(id MerchantID) Caller {
	return Caller{Subject: "shop " + string(id), Roles: []Role{RoleMerchant}, MerchantID: id}
}

func TestWebhookDelaysDoubleWithinBounds(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 12: 10240 * time.Second, 13: 4 * time.Hour, 400: 4 * time.Hour} {
		for _, random := range []float64{0, 0.5, 1} {
			got := webhookDelay(failures, random)
			if spread := time.Duration(float64(want) * (0.8 + 0.4*random)); got != spread.Truncate(time.Millisecond) {
				t.Errorf("after %d refusals, at %v: %v, want %v", failures, random, got, spread)
			}
		}
	}
}

func TestWebhookSendsWhatHappensAfterItWasMade(t *testing.T) {
	s := newWebhookScene(t)
	s.tagged("m-1", "1", "b", ActionTagSubmitted, TagAccumulating, 1)
	endpoint := s.create(person("ops", RoleAdmin))
	s.tagged("m-1", "2", "b", ActionTagSubmitted, TagAccumulating, 1)
	s.tagged("m-2", "3", "c", ActionTagSubmitted, TagAccumulating, 1)
	s.store.append(Entry{At: start, Action: ActionRiskImported, Subjects: []Subject{"buyer:b"}})
	if next := s.carry(endpoint); !next.IsZero() {
		t.Errorf("looks again at %v, though nothing waits", next)
	}
	events := s.receiver.events(t)
	if len(events) != 2 {
		t.Fatalf("%d events: %+v", len(events), events)
	}
	if s.carry(endpoint); len(s.receiver.accepted) != 2 {
		t.Errorf("sent again: %d", len(s.receiver.accepted))
	}
	found, count, err := s.webhooks.Deliveries(t.Context(), person("aud", RoleAuditor), endpoint.ID, WebhookDeliveryFilter{}, PageRequest{})
	if err != nil || count != 2 || found.Items[0].State != WebhookDelivered || found.Items[0].Tries != 1 {
		t.Errorf("%d deliveries, %+v, %v", count, found.Items, err)
	}
}

// A shop's message names nothing but its own order: no account, case, entity, other shop or number of the log (rule 15).
func TestWebhookOfAShopTellsItsOwnOnly(t *testing.T) {
	s := newWebhookScene(t)
	endpoint := s.create(merchantCaller("m-1"))
	s.tagged("m-2", "900", "secret-buyer", ActionTagSubmitted, TagAccumulating, 1)
	s.tagged("m-1", "100", "secret-buyer", ActionTagSubmitted, TagAccumulating, 1)
	s.store.append(Entry{At: start, Action: ActionCaseConfirmed, After: mustJSON(CaseSummary{State: CaseConfirmed, Votes: 3, Threshold: 3}),
		Subjects: []Subject{"case:RETURN_SWAPPED:secret-buyer", "buyer:secret-buyer"}})
	s.tagged("m-1", "100", "secret-buyer", ActionTagSucceeded, TagSucceeded, 2)
	restriction := Restriction{ID: "r", Version: 1, MerchantID: "m-1", BuyerID: "secret-buyer", OrderNo: "100", Description: "confidential",
		Modes: []RestrictionMode{ModeNoOrdering}, State: RestrictionPending}
	entry := restriction.entry(merchantCaller("m-1"), ActionRestrictionRequested, start, "")
	entry.After = mustJSON(restriction)
	s.store.append(entry)
	s.carry(endpoint)

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
				t.Errorf("%s tells %s", message.Body, secret)
			}
		}
	}
	for _, begin := range want {
		if !slices.ContainsFunc(bodies, func(body string) bool { return strings.HasPrefix(body, begin) }) {
			t.Errorf("no message begins with %s among %v", begin, bodies)
		}
	}
}

// What waits is tried after its delay, goes before what came later of its subject, and others do not wait for it.
func TestWebhookRefusedSubjectWaitsAlone(t *testing.T) {
	s := newWebhookScene(t)
	endpoint := s.create(person("ops", RoleAdmin))
	broken := true
	s.receiver.answer = func(event webhookEvent, _ int) WebhookAnswer {
		if data, _ := event.Data.(map[string]any); broken && data["buyerId"] == "poison" {
			return refusedWith(500)
		}
		return WebhookAnswer{}
	}
	s.tagged("m-1", "1", "poison", ActionTagSubmitted, TagAccumulating, 1) // 2: the endpoint's own entry is 1
	s.tagged("m-1", "2", "fine", ActionTagSubmitted, TagAccumulating, 1)   // 3
	s.tagged("m-1", "1", "poison", ActionTagSucceeded, TagSucceeded, 2)    // 4
	next := s.carry(endpoint)
	if want := start.Add(5 * time.Second); !next.Equal(want) {
		t.Errorf("looks again at %v, want %v", next, want)
	}
	s.tagged("m-1", "3", "poison", ActionTagSubmitted, TagAccumulating, 1) // 5
	s.tagged("m-1", "4", "fine", ActionTagSubmitted, TagAccumulating, 1)   // 6
	s.carry(endpoint)
	if got := s.receiver.seqs(t); !slices.Equal(got, []int64{3, 6}) {
		t.Fatalf("delivered %v while one subject is refused", got)
	}
	found, _, err := s.webhooks.Deliveries(t.Context(), person("ops", RoleAdmin), endpoint.ID, WebhookDeliveryFilter{States: []WebhookDeliveryState{WebhookPending}}, PageRequest{})
	if err != nil || len(found.Items) != 1 || found.Items[0].Seq != 2 || found.Items[0].Attempts[0].Status != 500 || !found.Items[0].NextAt.Equal(next) {
		t.Errorf("waiting: %+v, %v", found.Items, err)
	}
	standings, err := s.webhooks.Standings(t.Context(), []WebhookEndpoint{endpoint})
	if standing := standings[endpoint.ID]; err != nil || standing.Waiting != 1 || !standing.FailingAt.Equal(start) {
		t.Errorf("%+v, %v", standings, err)
	}
	broken = false
	s.clock.now = next
	s.carry(endpoint)
	if got := s.receiver.seqs(t); !slices.Equal(got, []int64{3, 6, 2, 4, 5}) {
		t.Errorf("delivered %v", got)
	}
}

// An endpoint that answers slowly gives its place up after a turn, and goes on in the next one.
func TestWebhookTurnsEnd(t *testing.T) {
	s := newWebhookScene(t)
	endpoint := s.create(person("ops", RoleAdmin))
	const events = 40
	for n := range events {
		s.tagged("m-1", OrderNo(fmt.Sprint(n)), "b", ActionTagSubmitted, TagAccumulating, 1)
	}
	s.receiver.answer = func(webhookEvent, int) WebhookAnswer {
		s.clock.now = s.clock.now.Add(3 * time.Second)
		return WebhookAnswer{WebhookAttempt: WebhookAttempt{Status: 200}}
	}
	turns := 0
	for next := start; !next.IsZero(); turns++ {
		began, before := s.clock.now, len(s.receiver.accepted)
		if next = s.carry(endpoint); !next.IsZero() && !next.Equal(s.clock.now) {
			t.Errorf("the next turn is at %v, want %v", next, s.clock.now)
		}
		if took := s.clock.now.Sub(began); took > webhookTurnTime+webhookRoundTime+3*time.Second || len(s.receiver.accepted) == before {
			t.Errorf("a turn of %v, in which %d were delivered", took, len(s.receiver.accepted)-before)
		}
	}
	if turns != 4 { // 40 events of 3 seconds, some 30 seconds a turn
		t.Errorf("%d turns", turns)
	}
	if seqs := s.receiver.seqs(t); len(seqs) != events || !slices.IsSorted(seqs) {
		t.Errorf("delivered %v", seqs)
	}
}

// What waits is told at each look, whoever delivers: what was gathered, then what was refused, by when it happened.
func TestWebhookTellsSinceWhenEventsWait(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	endpoint := s.create(admin, ActionTagSubmitted)
	told := func(doing string, want ...time.Time) {
		t.Helper()
		if s.carry(endpoint); !slices.EqualFunc(s.waits, want, time.Time.Equal) {
			t.Errorf("%s: told %v, want %v", doing, s.waits, want)
		}
	}
	none, broken := time.Time{}, true
	s.receiver.answer = func(event webhookEvent, _ int) WebhookAnswer {
		if data, _ := event.Data.(map[string]any); broken && data["buyerId"] == "poison" {
			return refusedWith(500)
		}
		return WebhookAnswer{}
	}
	told("nothing has happened", none)
	s.tagged("m-1", "0", "fine", ActionTagSucceeded, TagSucceeded, 2)
	told("it is not told of what happened", none)
	s.tagged("m-1", "1", "fine", ActionTagSubmitted, TagAccumulating, 1)
	s.clock.now = start.Add(time.Minute)
	told("all is delivered", start, none)
	s.tagged("m-1", "2", "poison", ActionTagSubmitted, TagAccumulating, 1)
	refusedAt := s.clock.now
	s.clock.now = start.Add(time.Hour)
	s.tagged("m-1", "3", "fine", ActionTagSubmitted, TagAccumulating, 1)
	s.tagged("m-1", "4", "poison", ActionTagSubmitted, TagAccumulating, 1)
	told("one subject is refused", refusedAt, refusedAt)
	s.clock.now = start.Add(time.Hour + time.Second)
	told("its retry is not due", refusedAt)

	other := s.instance(s.store)
	var elsewhere []time.Time
	if _, err := other.Carry(t.Context(), endpoint.ID, func(since time.Time) { elsewhere = append(elsewhere, since) }); err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(elsewhere, []time.Time{refusedAt}, time.Time.Equal) {
		t.Errorf("another instance told %v, want %v", elsewhere, refusedAt)
	}

	if _, err := s.webhooks.Pause(t.Context(), admin, endpoint.ID); err != nil {
		t.Fatal(err)
	}
	told("it is paused", none)
	if _, err := s.webhooks.Resume(t.Context(), admin, endpoint.ID, true); err != nil {
		t.Fatal(err)
	}
	broken = false
	told("the refused event is passed over, the next of its subject is delivered", start.Add(time.Hour), none)
}

func TestWebhookRetryAfterHoldsTheEndpoint(t *testing.T) {
	s := newWebhookScene(t)
	endpoint := s.create(person("ops", RoleAdmin))
	busy := true
	s.receiver.answer = func(webhookEvent, int) WebhookAnswer {
		if !busy {
			return WebhookAnswer{}
		}
		answer := refusedWith(429)
		answer.RetryAfter = 48 * time.Hour
		return answer
	}
	s.tagged("m-1", "1", "a", ActionTagSubmitted, TagAccumulating, 1)
	if next := s.carry(endpoint); !next.Equal(start.Add(time.Hour)) {
		t.Errorf("looks again at %v, want an hour later at most", next)
	}
	busy = false
	s.clock.now = start.Add(59 * time.Minute)
	s.tagged("m-1", "2", "b", ActionTagSubmitted, TagAccumulating, 1)
	if s.carry(endpoint); len(s.receiver.accepted) != 0 {
		t.Errorf("%d sent though the receiver asked for peace", len(s.receiver.accepted))
	}
	s.clock.now = start.Add(time.Hour)
	if s.carry(endpoint); len(s.receiver.accepted) != 2 {
		t.Errorf("%d sent once the time was over", len(s.receiver.accepted))
	}
}

func TestWebhookIsDisabledAfterThreeDays(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	endpoint := s.create(admin)
	broken := true
	s.receiver.answer = func(event webhookEvent, _ int) WebhookAnswer {
		if data, _ := event.Data.(map[string]any); broken && data["orderNo"] == "1" {
			return refusedWith(503)
		}
		return WebhookAnswer{}
	}
	s.tagged("m-1", "1", "a", ActionTagSubmitted, TagAccumulating, 1) // 2
	s.tagged("m-1", "1", "a", ActionTagSucceeded, TagSucceeded, 2)    // 3
	tries := 0
	for next := start; !next.IsZero(); tries++ {
		if s.clock.now = next; tries > 100 {
			t.Fatal("it never ends")
		}
		next = s.carry(endpoint)
	}
	if took := s.clock.now.Sub(start); took != 72*time.Hour {
		t.Errorf("given up after %v", took)
	}
	now, err := s.webhooks.Find(t.Context(), admin, endpoint.ID)
	if err != nil || now.State != WebhookDisabled || now.DisabledReason != WebhookFailing {
		t.Fatalf("%+v, %v", now, err)
	}
	if last := s.store.log[len(s.store.log)-1]; last.Action != ActionWebhookDisabled || last.Actor != webhookActor {
		t.Errorf("the log ends with %+v", last)
	}
	if tries < 20 || tries > 40 {
		t.Errorf("%d attempts in three days", tries)
	}

	broken = false
	// Passed over, the event is in the history and the next of its subject is delivered.
	if _, err := s.webhooks.Resume(t.Context(), admin, endpoint.ID, true); err != nil {
		t.Fatal(err)
	}
	s.carry(endpoint)
	if got := s.receiver.seqs(t); !slices.Equal(got, []int64{3}) {
		t.Errorf("delivered %v", got)
	}
	found, _, err := s.webhooks.Deliveries(t.Context(), admin, endpoint.ID, WebhookDeliveryFilter{States: []WebhookDeliveryState{WebhookSkipped}}, PageRequest{})
	if err != nil || len(found.Items) != 1 || found.Items[0].Seq != 2 || found.Items[0].Tries != tries || len(found.Items[0].Attempts) != maxWebhookAttempts {
		t.Errorf("skipped: %+v, %v", found.Items, err)
	}
}

func TestWebhookGoneIsDisabledAtOnceAndResumesWithoutLoss(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	endpoint := s.create(admin)
	gone := true
	s.receiver.answer = func(webhookEvent, int) WebhookAnswer {
		if gone {
			return refusedWith(410)
		}
		return WebhookAnswer{}
	}
	for n := range 20 {
		s.tagged("m-1", OrderNo(fmt.Sprint(n)), BuyerID(fmt.Sprint(n)), ActionTagSubmitted, TagAccumulating, 1)
	}
	s.carry(endpoint)
	now, err := s.webhooks.Find(t.Context(), admin, endpoint.ID)
	if err != nil || now.State != WebhookDisabled || now.DisabledReason != WebhookGone {
		t.Fatalf("%+v, %v", now, err)
	}
	gone = false
	if _, err := s.webhooks.Resume(t.Context(), admin, endpoint.ID, false); err != nil {
		t.Fatal(err)
	}
	s.carry(endpoint)
	got := s.receiver.seqs(t)
	slices.Sort(got)
	if len(slices.Compact(got)) != 20 {
		t.Errorf("delivered %v", got)
	}
}

func TestWebhookOfARevokedShopEnds(t *testing.T) {
	s := newWebhookScene(t)
	s.store.merchants["m-1"] = Merchant{ID: "m-1", Permission: PermissionActive}
	endpoint := s.create(merchantCaller("m-1"))
	s.store.merchants["m-1"] = Merchant{ID: "m-1", Permission: PermissionRevoked}
	s.tagged("m-1", "1", "b", ActionTagVoided, TagVoided, 2)
	s.carry(endpoint)
	if len(s.receiver.accepted) != 0 {
		t.Errorf("told %s", s.receiver.accepted[0].Body)
	}
	now, err := s.webhooks.Find(t.Context(), merchantCaller("m-1"), endpoint.ID)
	if err != nil || now.DisabledReason != WebhookShopRevoked {
		t.Errorf("%+v, %v", now, err)
	}
	if _, err := s.webhooks.Resume(t.Context(), merchantCaller("m-1"), endpoint.ID, false); CodeOf(err) != CodePermissionRevoked {
		t.Errorf("resumed: %v", err)
	}
	if _, err := s.webhooks.Create(t.Context(), merchantCaller("m-1"), WebhookDraft{URL: "https://example.com/x"}); CodeOf(err) != CodePermissionRevoked {
		t.Errorf("made another: %v", err)
	}
}

func TestWebhookReplay(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	endpoint := s.create(admin)
	for n := range 3 {
		s.clock.now = start.Add(time.Duration(n) * time.Hour)
		s.tagged("m-1", OrderNo(fmt.Sprint(n)), "b", ActionTagSubmitted, TagAccumulating, 1) // 2, 3, 4
	}
	s.carry(endpoint)
	before := s.receiver.accepted
	if from, err := s.webhooks.Replay(t.Context(), admin, endpoint.ID, WebhookSince{Time: start.Add(time.Minute)}); err != nil || from != 3 {
		t.Fatalf("from %d, %v", from, err)
	}
	s.carry(endpoint)
	if got := s.receiver.seqs(t); !slices.Equal(got, []int64{2, 3, 4, 3, 4}) {
		t.Fatalf("delivered %v", got)
	}
	again := s.receiver.accepted[len(before):]
	if again[0].ID != before[1].ID || !bytes.Equal(again[0].Body, before[1].Body) {
		t.Errorf("a replay sent %+v, before %+v", again[0], before[1])
	}
	for name, since := range map[string]WebhookSince{"nothing": {}, "both": {Seq: 1, Time: start}, "below": {Seq: -1}} {
		if _, err := s.webhooks.Replay(t.Context(), admin, endpoint.ID, since); CodeOf(err) != CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	own := s.create(merchantCaller("m-1"))
	if _, err := s.webhooks.Replay(t.Context(), merchantCaller("m-1"), own.ID, WebhookSince{Seq: 1}); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop replays by number: %v", err)
	}
	if _, err := s.webhooks.Replay(t.Context(), merchantCaller("m-1"), own.ID, WebhookSince{Time: start}); err != nil {
		t.Errorf("a shop replays by time: %v", err)
	}
	s.receiver.accepted = nil
	if s.carry(own); len(s.receiver.accepted) != 3 {
		t.Errorf("the shop got %d events again", len(s.receiver.accepted))
	}
}

func TestWebhookSecretsRotate(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	made := s.create(admin)
	first := made.Secret()
	rotated, err := s.webhooks.Rotate(t.Context(), admin, made.ID, DefaultWebhookOverlap)
	if err != nil || rotated.Secret() == first || len(rotated.keys(s.clock.now)) != 2 || !rotated.OverlapUntil(s.clock.now).Equal(start.Add(24*time.Hour)) {
		t.Fatalf("%+v, %v", rotated, err)
	}
	if keys := rotated.keys(start.Add(24 * time.Hour)); len(keys) != 1 || !bytes.Equal(keys[0], rotated.Secrets[0].Key) {
		t.Errorf("after the overlap: %v", keys)
	}
	now, err := s.webhooks.Rotate(t.Context(), admin, made.ID, 0)
	if err != nil || len(now.keys(s.clock.now)) != 1 {
		t.Errorf("without an overlap: %+v, %v", now, err)
	}
	for _, overlap := range []time.Duration{-time.Hour, MaxWebhookOverlap + time.Hour} {
		if _, err := s.webhooks.Rotate(t.Context(), admin, made.ID, overlap); CodeOf(err) != CodeInvalidWebhook {
			t.Errorf("overlap of %v: %v", overlap, err)
		}
	}
	for _, entry := range s.store.log {
		for _, endpoint := range []WebhookEndpoint{made, rotated, now} {
			key, _ := json.Marshal(endpoint.Secrets[0].Key)
			if text := string(entry.Before) + string(entry.After) + entry.Reason; strings.Contains(text, string(key)) || strings.Contains(text, "example.com/") {
				t.Errorf("the log tells %s", text)
			}
		}
	}
	if _, err := s.webhooks.Delete(t.Context(), admin, made.ID); err != nil {
		t.Fatal(err)
	}
	if left := s.store.documents["WEBHOOK/"+made.ID]; bytes.Contains(left.Body, []byte(`"key":`)) {
		t.Errorf("deleted, it still holds %s", left.Body)
	}
	if _, err := s.webhooks.Find(t.Context(), admin, made.ID); CodeOf(err) != CodeNotFound {
		t.Errorf("deleted: %v", err)
	}
}

func TestWebhooksWhoMay(t *testing.T) {
	s := newWebhookScene(t)
	ctx := t.Context()
	platform, shop := s.create(person("svc", RolePlatform)), s.create(merchantCaller("m-1"))
	callers := map[string]Caller{
		"admin": person("ann", RoleAdmin), "service": person("svc-2", RolePlatform), "auditor": person("aud", RoleAuditor),
		"reviewer": person("rev", RoleReviewer), "shop": merchantCaller("m-1"), "other shop": merchantCaller("m-2"), "nobody": {},
	}
	type may struct{ see, operate, manage bool }
	for name, want := range map[string]map[string]may{
		"platform": {"admin": {true, true, true}, "service": {true, true, true}, "auditor": {true, false, false}},
		"shop":     {"admin": {true, true, false}, "auditor": {true, false, false}, "shop": {true, true, true}},
	} {
		endpoint := map[string]WebhookEndpoint{"platform": platform, "shop": shop}[name]
		for who, caller := range callers {
			code := func(allowed bool) Code {
				switch {
				case allowed:
					return ""
				case want[who].see:
					return CodeForbidden
				default:
					return CodeNotFound
				}
			}
			_, seen := s.webhooks.Find(ctx, caller, endpoint.ID)
			_, _, listed := s.webhooks.Deliveries(ctx, caller, endpoint.ID, WebhookDeliveryFilter{}, PageRequest{})
			_, replayed := s.webhooks.Replay(ctx, caller, endpoint.ID, WebhookSince{Time: s.clock.now})
			_, pinged := s.webhooks.Ping(ctx, caller, endpoint.ID)
			_, rotated := s.webhooks.Rotate(ctx, caller, endpoint.ID, 0)
			_, updated := s.webhooks.Update(ctx, caller, endpoint.ID, WebhookDraft{URL: endpoint.URL})
			for what, got := range map[string]struct {
				err  error
				want Code
			}{
				"see": {seen, code(want[who].see)}, "deliveries": {listed, code(want[who].see)}, "replay": {replayed, code(want[who].operate)},
				"ping": {pinged, code(want[who].manage)}, "rotate": {rotated, code(want[who].manage)}, "update": {updated, code(want[who].manage)},
			} {
				if CodeOf(got.err) != got.want {
					t.Errorf("%s, %s's %s: %v, want %q", who, name, what, got.err, got.want)
				}
			}
		}
	}
	for who, count := range map[string]int{"admin": 2, "service": 1, "auditor": 2, "shop": 1, "other shop": 0} {
		if _, got, err := s.webhooks.List(ctx, callers[who], WebhookFilter{}, PageRequest{}); err != nil || got != count {
			t.Errorf("%s sees %d endpoints, want %d: %v", who, got, count, err)
		}
	}
	for _, who := range []string{"reviewer", "nobody"} {
		if _, _, err := s.webhooks.List(ctx, callers[who], WebhookFilter{}, PageRequest{}); CodeOf(err) != CodeForbidden {
			t.Errorf("%s lists: %v", who, err)
		}
	}
	if _, err := s.webhooks.Create(ctx, merchantCaller("m-1"), WebhookDraft{URL: "https://example.com/a", Types: []Action{ActionCaseOpened}}); CodeOf(err) != CodeInvalidWebhook {
		t.Errorf("a shop asks for cases: %v", err)
	}
}

func TestWebhookLimitsAndAddresses(t *testing.T) {
	s := newWebhookScene(t)
	for range MaxMerchantWebhooks {
		s.create(merchantCaller("m-1"))
	}
	if _, err := s.webhooks.Create(t.Context(), merchantCaller("m-1"), WebhookDraft{URL: "https://example.com/more"}); CodeOf(err) != CodeTooManyWebhooks {
		t.Errorf("one too many: %v", err)
	}
	other := s.create(merchantCaller("m-2"))
	if _, err := s.webhooks.Create(t.Context(), merchantCaller("m-2"), WebhookDraft{URL: other.URL}); CodeOf(err) != CodeConflict {
		t.Errorf("the same address again: %v", err)
	}
	strict, open := WebhookRules{}, WebhookRules{AllowHTTP: true, AllowPrivate: true}
	for address, want := range map[string][2]bool{
		"https://example.com/hooks?a=b": {true, true}, "https://example.com:8443": {true, true}, "https://8.8.8.8/": {true, true},
		"https://[2606:4700::1111]/": {true, true}, "http://example.com/": {false, true}, "https://127.0.0.1/": {false, true},
		"https://[::1]/": {false, true}, "https://169.254.169.254/latest": {false, true}, "https://[::ffff:10.0.0.1]/": {false, true},
		"": {}, "example.com": {}, "ftp://example.com/": {}, "https:///path": {}, "https://user:pass@example.com/": {},
		"https://example.com/#part": {}, "https://example.com/\n": {}, "https://例子.example/": {}, "javascript:alert(1)": {},
		"https://example.com/" + strings.Repeat("a", MaxWebhookURLLength): {},
	} {
		for i, rules := range []WebhookRules{strict, open} {
			if err := rules.check(address); (err == nil) != want[i] || err != nil && CodeOf(err) != CodeInvalidWebhook {
				t.Errorf("%q under %+v: %v", address, rules, err)
			}
		}
	}
}

func TestPublicAddress(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.9.9.9": false, "::1": false, "0.0.0.0": false, "::": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.0.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "224.0.0.1": false, "255.255.255.255": false,
		"fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false,
		"64:ff9b::7f00:1": false, "64:ff9b::8.8.8.8": false, "2002:7f00:1::": false, "2001:0:1::": false, "2001:db8::1": false, "198.18.0.1": false,
		"192.0.2.1": false, "198.51.100.7": false, "203.0.113.9": false, "240.0.0.1": false, "fec0::1": false, "::7f00:1": false, "172.15.255.255": true, "172.32.0.1": true,
	} {
		if got := PublicAddress(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// faulty is a store that fails at times, as a process that dies between any two steps does: what was in memory is gone.
type faulty struct {
	*memory
	random *rand.Rand
	often  float64
}

var errDied = errors.New("died")

func (f *faulty) SaveDocument(ctx context.Context, document Document, entries []Entry) error {
	if f.random.Float64() < f.often {
		return errDied
	}
	err := f.memory.SaveDocument(ctx, document, entries)
	if f.random.Float64() < f.often {
		return errDied // after it was stored
	}
	return err
}

// Whatever the receiver refuses, wherever deliveries die, whoever of two instances is at it: each event arrives, and
// the first time it does, all before it of its subject have.
func TestWebhookDeliversAllInOrderWhateverHappens(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 7))
		s := newWebhookScene(t)
		endpoint := s.create(person("ops", RoleAdmin))
		instances := []*WebhookDeliveries{s.instance(&faulty{s.store, random, 0.1}), s.instance(&faulty{s.store, random, 0.1})}
		subjects := 1 + random.IntN(150)
		s.receiver.answer = func(event webhookEvent, try int) WebhookAnswer { // the same whoever is sent to first
			if rand.New(rand.NewPCG(seed, uint64(event.Seq)<<16|uint64(try))).Float64() < 0.3 {
				return refusedWith(500)
			}
			return WebhookAnswer{}
		}
		versions := map[int]int{}
		for range 25 {
			for range random.IntN(20) {
				n := random.IntN(subjects)
				versions[n]++
				s.tagged("m-1", OrderNo(fmt.Sprint(n)), BuyerID(fmt.Sprint(n)), ActionTagSucceeded, TagSucceeded, versions[n])
				if random.IntN(3) == 0 {
					s.store.append(Entry{At: s.clock.now, Action: ActionRiskImported, Subjects: []Subject{BuyerSubject(BuyerID(fmt.Sprint(n)))}})
				}
			}
			if _, err := instances[random.IntN(2)].Carry(t.Context(), endpoint.ID, func(time.Time) {}); err != nil && !errors.Is(err, errDied) {
				t.Fatal(err)
			}
			s.clock.now = s.clock.now.Add(time.Duration(random.IntN(int(3 * time.Minute))))
		}
		s.receiver.answer = nil
		s.clock.now = s.clock.now.Add(5 * time.Hour)
		s.carry(endpoint)

		arrived := map[string]int{}
		for _, event := range s.receiver.events(t) {
			data := event.Data.(map[string]any)
			order, version := data["orderNo"].(string), int(data["version"].(float64))
			if version > arrived[order]+1 {
				t.Fatalf("seed %d: version %d of %s arrived after %d", seed, version, order, arrived[order])
			}
			arrived[order] = max(arrived[order], version)
		}
		for n, version := range versions {
			if arrived[fmt.Sprint(n)] != version {
				t.Fatalf("seed %d: of %d events of %d only %d arrived", seed, version, n, arrived[fmt.Sprint(n)])
			}
		}
		if progress, err := findWebhookProgress(t.Context(), s.store, endpoint); err != nil || len(progress.Lanes) != 0 || progress.leased("", s.clock.now) {
			t.Fatalf("seed %d: %d lanes left, lease %v, %v", seed, len(progress.Lanes), progress.Lease, err)
		}
	}
}

func TestWebhookHistoryIsARing(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	endpoint := s.create(admin)
	total := webhookChunk*webhookChunks + 130
	for n := range total {
		s.tagged("m-1", OrderNo(fmt.Sprint(n)), BuyerID(fmt.Sprint(n)), ActionTagSubmitted, TagAccumulating, 1)
		s.clock.now = s.clock.now.Add(time.Second)
		if n%97 == 0 {
			s.carry(endpoint)
		}
	}
	s.carry(endpoint)
	var seqs []int64
	request := PageRequest{}
	for {
		page, count, err := s.webhooks.Deliveries(t.Context(), admin, endpoint.ID, WebhookDeliveryFilter{}, request)
		if err != nil || count < WebhookHistory || count > webhookChunk*webhookChunks {
			t.Fatalf("%d kept: %v", count, err)
		}
		for _, delivery := range page.Items {
			seqs = append(seqs, delivery.Seq)
		}
		if !page.HasNextPage {
			break
		}
		request.After = page.Cursors[len(page.Cursors)-1]
	}
	slices.Sort(seqs)
	if last := seqs[len(seqs)-1]; last != int64(total+1) || len(slices.Compact(seqs)) != int(last-seqs[0])+1 {
		t.Errorf("%d of %d kept, from %d to %d", len(seqs), total, seqs[0], last)
	}
}
