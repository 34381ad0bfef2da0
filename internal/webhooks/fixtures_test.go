package webhooks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
)

// start is the instant the tests count from.
var start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// testClock is a clock that moves when a test sets it.
type testClock struct{ now time.Time }

func (c *testClock) Now() time.Time { return c.now }

// testStore is a store in memory to which tests add entries and shops directly.
type testStore struct {
	*store.Store
	t      *testing.T
	engine *memory.Engine
	kinds  *store.Catalogue
}

func newTestStore(t *testing.T) *testStore {
	kinds, engine := store.NewCatalogue(), memory.Open(memory.NewData(), memory.Options{})
	return &testStore{Store: store.New(engine, kinds), t: t, engine: engine, kinds: kinds}
}

func (s *testStore) update(change func(store.Tx)) {
	s.t.Helper()
	if err := s.engine.Update(s.t.Context(), "test", func(tx store.Tx) error { change(tx); return nil }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *testStore) append(entries ...cloudtag.Entry) {
	s.t.Helper()
	s.update(func(tx store.Tx) { tx.Append(entries...) })
}

// putMerchant stores a shop as it is, without an entry.
func (s *testStore) putMerchant(merchant cloudtag.Merchant) {
	s.t.Helper()
	record := s.kinds.Merchants.New()
	if err := json.Unmarshal(cloudtag.MustJSON(merchant), record); err != nil {
		s.t.Fatal(err)
	}
	s.update(func(tx store.Tx) { tx.Put(s.kinds.Merchants, record) })
}

func (s *testStore) log() []cloudtag.Entry {
	s.t.Helper()
	entries, _, err := s.LogPage(s.t.Context(), cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1 << 30})
	if err != nil {
		s.t.Fatal(err)
	}
	return entries
}

// firstSince finds places in the log by reading all of it.
type firstSince struct{ store *testStore }

func (f firstSince) FirstSince(ctx context.Context, at time.Time) (int64, error) {
	entries, _, err := f.store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1 << 30})
	next := int64(1)
	for _, entry := range entries {
		if !entry.At.Before(at) {
			return entry.Seq, err
		}
		next = entry.Seq + 1
	}
	return next, err
}

func person(name string, role cloudtag.Role) cloudtag.Caller {
	return cloudtag.Caller{Subject: name, Roles: []cloudtag.Role{role}}
}

// receiver is an endpoint's service: it records what it was sent and what it accepted, in the order of arrival.
type receiver struct {
	mu       sync.Mutex
	answer   func(event eventMessage, try int) Answer
	tries    map[string]int
	sent     []Message // all
	accepted []Message
	clock    *testClock
}

func newReceiver(clock *testClock) *receiver {
	return &receiver{tries: map[string]int{}, clock: clock}
}

func (r *receiver) Send(_ context.Context, message Message) Answer {
	var event eventMessage
	if err := json.Unmarshal(message.Body, &event); err != nil {
		panic(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries[message.ID]++
	r.sent = append(r.sent, message)
	answer := Answer{Attempt: Attempt{Status: 200}}
	if r.answer != nil {
		answer = r.answer(event, r.tries[message.ID])
	}
	answer.At = r.clock.Now()
	if answer.accepted() {
		r.accepted = append(r.accepted, message)
	}
	return answer
}

func refusedWith(status int) Answer {
	return Answer{Attempt: Attempt{Status: status, Failure: FailureStatus}}
}

// events are the accepted messages.
func (r *receiver) events(t *testing.T) []eventMessage {
	t.Helper()
	events := make([]eventMessage, len(r.accepted))
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

func (noObserver) Attempted(Endpoint, Attempt, time.Duration) {}
func (noObserver) Disabled(Endpoint)                          {}

// scene is the services over one store.
type scene struct {
	*testing.T
	store     *testStore
	clock     *testClock
	receiver  *receiver
	endpoints *Endpoints
	deliverer *Deliverer
	ids       int
	waiting   []time.Time // what was reported during the last delivery, in order
	pinged    int         // how often it was notified of a queued ping
}

func newScene(t *testing.T) *scene {
	s := &scene{T: t, store: newTestStore(t), clock: &testClock{now: start}}
	s.receiver = newReceiver(s.clock)
	ids := cloudtag.IDFunc(func() string { s.ids++; return fmt.Sprintf("id-%04d", s.ids) })
	key := func() []byte { s.ids++; return bytes.Repeat([]byte{byte(s.ids)}, KeyLength) }
	s.endpoints = NewEndpoints(s.store, firstSince{s.store}, s.clock, ids, key, Rules{}, func() { s.pinged++ })
	s.deliverer = s.instance(s.store)
	return s
}

// instance is the deliverer of another instance.
func (s *scene) instance(store Store) *Deliverer {
	ids := cloudtag.IDFunc(func() string { s.ids++; return fmt.Sprintf("token-%d", s.ids) })
	return NewDeliverer(store, s.receiver, s.clock, ids, func() float64 { return 0.5 }, noObserver{})
}

func (s *scene) create(caller cloudtag.Caller, types ...cloudtag.Action) Endpoint {
	s.Helper()
	made, err := s.endpoints.Create(s.Context(), caller, Draft{URL: fmt.Sprintf("https://example.com/%d", s.ids), Types: types})
	if err != nil {
		s.Fatal(err)
	}
	return made
}

func (s *scene) deliver(endpoint Endpoint) time.Time {
	s.Helper()
	s.waiting = nil
	next, err := s.deliverer.Deliver(s.Context(), endpoint.ID, func(since time.Time) { s.waiting = append(s.waiting, since) })
	if err != nil {
		s.Fatal(err)
	}
	return next
}

// tagged appends an entry about a tag, of a case of its own account.
func (s *scene) tagged(merchant cloudtag.MerchantID, order cloudtag.OrderNo, buyer cloudtag.BuyerID, action cloudtag.Action, status cloudtag.TagStatus, version int) {
	entry := cloudtag.Entry{
		At: s.clock.now, Actor: "shop", Action: action, After: cloudtag.MustJSON(cloudtag.TagState{Status: status, Version: version, EntityID: "entity-9"}),
		Subjects: []cloudtag.Subject{cloudtag.TagSubject(order), cloudtag.CaseSubject(cloudtag.NewCaseID("RETURN_SWAPPED", buyer)), cloudtag.MerchantSubject(merchant), cloudtag.BuyerSubject(buyer)},
		Reason:   "somebody's words",
	}
	if version > 1 {
		entry.Before = cloudtag.MustJSON(cloudtag.TagState{Status: cloudtag.TagAccumulating, Version: version - 1})
	}
	s.store.append(entry)
}

func merchantCaller(id cloudtag.MerchantID) cloudtag.Caller {
	return cloudtag.Caller{Subject: "shop " + string(id), Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: id}
}
