package cloudtag_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// What waits is tried after its delay, goes before what came later of its subject, and others do not wait for it.
func TestWebhookRefusedSubjectWaitsAlone(t *testing.T) {
	s := newWebhookScene(t)
	endpoint := s.create(person("ops", RoleAdmin))
	broken := true
	s.receiver.answer = func(event WebhookEvent, _ int) WebhookAnswer {
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
	s.receiver.answer = func(WebhookEvent, int) WebhookAnswer {
		s.clock.now = s.clock.now.Add(3 * time.Second)
		return WebhookAnswer{WebhookAttempt: WebhookAttempt{Status: 200}}
	}
	turns := 0
	for next := start; !next.IsZero(); turns++ {
		began, before := s.clock.now, len(s.receiver.accepted)
		if next = s.carry(endpoint); !next.IsZero() && !next.Equal(s.clock.now) {
			t.Errorf("the next turn is at %v, want %v", next, s.clock.now)
		}
		if took := s.clock.now.Sub(began); took > WebhookTurnTime+WebhookRoundTime+3*time.Second || len(s.receiver.accepted) == before {
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
	s.receiver.answer = func(event WebhookEvent, _ int) WebhookAnswer {
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
	s.receiver.answer = func(WebhookEvent, int) WebhookAnswer {
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
	s.receiver.answer = func(event WebhookEvent, _ int) WebhookAnswer {
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
	if last := s.store.log()[len(s.store.log())-1]; last.Action != ActionWebhookDisabled || last.Actor != WebhookActor {
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
	if err != nil || len(found.Items) != 1 || found.Items[0].Seq != 2 || found.Items[0].Tries != tries || len(found.Items[0].Attempts) != MaxWebhookAttempts {
		t.Errorf("skipped: %+v, %v", found.Items, err)
	}
}

func TestWebhookGoneIsDisabledAtOnceAndResumesWithoutLoss(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	endpoint := s.create(admin)
	gone := true
	s.receiver.answer = func(WebhookEvent, int) WebhookAnswer {
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

// faulty is a store that fails at times, as a process that dies between any two steps does: what was in memory is gone.
type faulty struct {
	*shelf
	random *rand.Rand
	often  float64
}

var errDied = errors.New("died")

func (f *faulty) SaveDocument(ctx context.Context, document Document, entries []Entry) error {
	if f.random.Float64() < f.often {
		return errDied
	}
	err := f.shelf.SaveDocument(ctx, document, entries)
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
		s.receiver.answer = func(event WebhookEvent, try int) WebhookAnswer { // the same whoever is sent to first
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
		if lanes, leased, err := WebhookLanes(t.Context(), s.store, endpoint, s.clock.now); err != nil || lanes != 0 || leased {
			t.Fatalf("seed %d: %d lanes left, leased %t, %v", seed, lanes, leased, err)
		}
	}
}
