package webhooks

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

// A refused event is retried after its delay, ahead of later ones of its subject, and other subjects do not wait for it.
func TestRefusedSubjectWaitsAlone(t *testing.T) {
	s := newScene(t)
	endpoint := s.create(person("ops", cloudtag.RoleAdmin))
	broken := true
	s.receiver.answer = func(event eventMessage, _ int) Answer {
		if data, _ := event.Data.(map[string]any); broken && data["buyerId"] == "poison" {
			return refusedWith(500)
		}
		return Answer{}
	}
	s.tagged("m-1", "1", "poison", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1) // 2: the endpoint's own entry is 1
	s.tagged("m-1", "2", "fine", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)   // 3
	s.tagged("m-1", "1", "poison", cloudtag.ActionTagSucceeded, cloudtag.TagSucceeded, 2)    // 4
	next := s.deliver(endpoint)
	if want := start.Add(5 * time.Second); !next.Equal(want) {
		t.Errorf("continues at %v, want %v", next, want)
	}
	s.tagged("m-1", "3", "poison", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1) // 5
	s.tagged("m-1", "4", "fine", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)   // 6
	s.deliver(endpoint)
	if got := s.receiver.seqs(t); !slices.Equal(got, []int64{3, 6}) {
		t.Fatalf("delivered %v while one subject is refused", got)
	}
	found, _, err := s.endpoints.Deliveries(t.Context(), person("ops", cloudtag.RoleAdmin), endpoint.ID, DeliveryFilter{States: []DeliveryState{DeliveryPending}}, cloudtag.PageRequest{})
	if err != nil || len(found.Items) != 1 || found.Items[0].Seq != 2 || found.Items[0].Attempts[0].Status != 500 || !found.Items[0].NextAt.Equal(next) {
		t.Errorf("waiting: %+v, %v", found.Items, err)
	}
	standings, err := s.endpoints.Standings(t.Context(), []Endpoint{endpoint})
	if standing := standings[endpoint.ID]; err != nil || standing.Waiting != 1 || !standing.FailingAt.Equal(start) {
		t.Errorf("%+v, %v", standings, err)
	}
	broken = false
	s.clock.now = next
	s.deliver(endpoint)
	if got := s.receiver.seqs(t); !slices.Equal(got, []int64{3, 6, 2, 4, 5}) {
		t.Errorf("delivered %v", got)
	}
}

// A slow endpoint's deliveries stop after a turn, and continue in the next one.
func TestTurnsEnd(t *testing.T) {
	s := newScene(t)
	endpoint := s.create(person("ops", cloudtag.RoleAdmin))
	const events = 40
	for n := range events {
		s.tagged("m-1", cloudtag.OrderNo(fmt.Sprint(n)), "b", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	}
	s.receiver.answer = func(eventMessage, int) Answer {
		s.clock.now = s.clock.now.Add(3 * time.Second)
		return Answer{Attempt: Attempt{Status: 200}}
	}
	turns := 0
	for next := start; !next.IsZero(); turns++ {
		began, before := s.clock.now, len(s.receiver.accepted)
		if next = s.deliver(endpoint); !next.IsZero() && !next.Equal(s.clock.now) {
			t.Errorf("the next turn is at %v, want %v", next, s.clock.now)
		}
		if took := s.clock.now.Sub(began); took > turnTime+roundTime+3*time.Second || len(s.receiver.accepted) == before {
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

// Each round reports the time of the oldest undelivered event, on every instance: of the events that it is about to send, then of
// the refused ones.
func TestDeliverReportsTheOldestUndeliveredEvent(t *testing.T) {
	s := newScene(t)
	admin := person("ops", cloudtag.RoleAdmin)
	endpoint := s.create(admin, cloudtag.ActionTagSubmitted)
	reports := func(doing string, want ...time.Time) {
		t.Helper()
		if s.deliver(endpoint); !slices.EqualFunc(s.waiting, want, time.Time.Equal) {
			t.Errorf("%s: reported %v, want %v", doing, s.waiting, want)
		}
	}
	none, broken := time.Time{}, true
	s.receiver.answer = func(event eventMessage, _ int) Answer {
		if data, _ := event.Data.(map[string]any); broken && data["buyerId"] == "poison" {
			return refusedWith(500)
		}
		return Answer{}
	}
	reports("nothing has happened", none)
	s.tagged("m-1", "0", "fine", cloudtag.ActionTagSucceeded, cloudtag.TagSucceeded, 2)
	reports("it is not sent what happened", none)
	s.tagged("m-1", "1", "fine", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	s.clock.now = start.Add(time.Minute)
	reports("all is delivered", start, none)
	s.tagged("m-1", "2", "poison", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	refusedAt := s.clock.now
	s.clock.now = start.Add(time.Hour)
	s.tagged("m-1", "3", "fine", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	s.tagged("m-1", "4", "poison", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	reports("one subject is refused", refusedAt, refusedAt)
	s.clock.now = start.Add(time.Hour + time.Second)
	reports("its retry is not due", refusedAt)

	other := s.instance(s.store)
	var elsewhere []time.Time
	if _, err := other.Deliver(t.Context(), endpoint.ID, func(since time.Time) { elsewhere = append(elsewhere, since) }); err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(elsewhere, []time.Time{refusedAt}, time.Time.Equal) {
		t.Errorf("another instance reported %v, want %v", elsewhere, refusedAt)
	}

	if _, err := s.endpoints.Pause(t.Context(), admin, endpoint.ID); err != nil {
		t.Fatal(err)
	}
	reports("it is paused", none)
	if _, err := s.endpoints.Resume(t.Context(), admin, endpoint.ID, true); err != nil {
		t.Fatal(err)
	}
	broken = false
	reports("the refused event is passed over, the next of its subject is delivered", start.Add(time.Hour), none)
}

func TestRetryAfterPausesTheEndpoint(t *testing.T) {
	s := newScene(t)
	endpoint := s.create(person("ops", cloudtag.RoleAdmin))
	busy := true
	s.receiver.answer = func(eventMessage, int) Answer {
		if !busy {
			return Answer{}
		}
		answer := refusedWith(429)
		answer.RetryAfter = 48 * time.Hour
		return answer
	}
	s.tagged("m-1", "1", "a", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	if next := s.deliver(endpoint); !next.Equal(start.Add(time.Hour)) {
		t.Errorf("continues at %v, want an hour later at most", next)
	}
	busy = false
	s.clock.now = start.Add(59 * time.Minute)
	s.tagged("m-1", "2", "b", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	if s.deliver(endpoint); len(s.receiver.accepted) != 0 {
		t.Errorf("%d sent though the receiver asked for a pause", len(s.receiver.accepted))
	}
	s.clock.now = start.Add(time.Hour)
	if s.deliver(endpoint); len(s.receiver.accepted) != 2 {
		t.Errorf("%d sent once the time was over", len(s.receiver.accepted))
	}
}

func TestEndpointIsDisabledAfterThreeDays(t *testing.T) {
	s := newScene(t)
	admin := person("ops", cloudtag.RoleAdmin)
	endpoint := s.create(admin)
	broken := true
	s.receiver.answer = func(event eventMessage, _ int) Answer {
		if data, _ := event.Data.(map[string]any); broken && data["orderNo"] == "1" {
			return refusedWith(503)
		}
		return Answer{}
	}
	s.tagged("m-1", "1", "a", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1) // 2
	s.tagged("m-1", "1", "a", cloudtag.ActionTagSucceeded, cloudtag.TagSucceeded, 2)    // 3
	tries := 0
	for next := start; !next.IsZero(); tries++ {
		if s.clock.now = next; tries > 100 {
			t.Fatal("it never ends")
		}
		next = s.deliver(endpoint)
	}
	if took := s.clock.now.Sub(start); took != 72*time.Hour {
		t.Errorf("given up after %v", took)
	}
	now, err := s.endpoints.Find(t.Context(), admin, endpoint.ID)
	if err != nil || now.State != StateDisabled || now.DisabledReason != DisabledFailing {
		t.Fatalf("%+v, %v", now, err)
	}
	if last := s.store.log()[len(s.store.log())-1]; last.Action != cloudtag.ActionWebhookDisabled || last.Actor != systemActor {
		t.Errorf("the log ends with %+v", last)
	}
	if tries < 20 || tries > 40 {
		t.Errorf("%d attempts in three days", tries)
	}

	broken = false
	// A skipped event is in the history, and the next one of its subject is delivered.
	if _, err := s.endpoints.Resume(t.Context(), admin, endpoint.ID, true); err != nil {
		t.Fatal(err)
	}
	s.deliver(endpoint)
	if got := s.receiver.seqs(t); !slices.Equal(got, []int64{3}) {
		t.Errorf("delivered %v", got)
	}
	found, _, err := s.endpoints.Deliveries(t.Context(), admin, endpoint.ID, DeliveryFilter{States: []DeliveryState{DeliverySkipped}}, cloudtag.PageRequest{})
	if err != nil || len(found.Items) != 1 || found.Items[0].Seq != 2 || found.Items[0].Tries != tries || len(found.Items[0].Attempts) != maxAttempts {
		t.Errorf("skipped: %+v, %v", found.Items, err)
	}
}

func TestGoneEndpointIsDisabledAtOnceAndResumesWithoutLoss(t *testing.T) {
	s := newScene(t)
	admin := person("ops", cloudtag.RoleAdmin)
	endpoint := s.create(admin)
	gone := true
	s.receiver.answer = func(eventMessage, int) Answer {
		if gone {
			return refusedWith(410)
		}
		return Answer{}
	}
	for n := range 20 {
		s.tagged("m-1", cloudtag.OrderNo(fmt.Sprint(n)), cloudtag.BuyerID(fmt.Sprint(n)), cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	}
	s.deliver(endpoint)
	now, err := s.endpoints.Find(t.Context(), admin, endpoint.ID)
	if err != nil || now.State != StateDisabled || now.DisabledReason != DisabledGone {
		t.Fatalf("%+v, %v", now, err)
	}
	gone = false
	if _, err := s.endpoints.Resume(t.Context(), admin, endpoint.ID, false); err != nil {
		t.Fatal(err)
	}
	s.deliver(endpoint)
	got := s.receiver.seqs(t)
	slices.Sort(got)
	if len(slices.Compact(got)) != 20 {
		t.Errorf("delivered %v", got)
	}
}

// faulty is a store whose saves fail at random, before or after they take effect, as if the process died between two steps.
type faulty struct {
	*testStore
	random *rand.Rand
	often  float64
}

var errDied = errors.New("died")

func (f *faulty) SaveDocument(ctx context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	if f.random.Float64() < f.often {
		return errDied
	}
	err := f.testStore.SaveDocument(ctx, document, entries)
	if f.random.Float64() < f.often {
		return errDied // after it was stored
	}
	return err
}

// With refusals, crashes and two instances, each event arrives, and on its first arrival all earlier ones of its subject have
// arrived.
func TestAllEventsAreDeliveredInOrderWhateverFails(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 7))
		s := newScene(t)
		endpoint := s.create(person("ops", cloudtag.RoleAdmin))
		instances := []*Deliverer{s.instance(&faulty{s.store, random, 0.1}), s.instance(&faulty{s.store, random, 0.1})}
		subjects := 1 + random.IntN(150)
		s.receiver.answer = func(event eventMessage, try int) Answer { // the same whoever is sent to first
			if rand.New(rand.NewPCG(seed, uint64(event.Seq)<<16|uint64(try))).Float64() < 0.3 {
				return refusedWith(500)
			}
			return Answer{}
		}
		versions := map[int]int{}
		for range 25 {
			for range random.IntN(20) {
				n := random.IntN(subjects)
				versions[n]++
				s.tagged("m-1", cloudtag.OrderNo(fmt.Sprint(n)), cloudtag.BuyerID(fmt.Sprint(n)), cloudtag.ActionTagSucceeded, cloudtag.TagSucceeded, versions[n])
				if random.IntN(3) == 0 {
					s.store.append(cloudtag.Entry{At: s.clock.now, Action: cloudtag.ActionRiskImported, Subjects: []cloudtag.Subject{cloudtag.BuyerSubject(cloudtag.BuyerID(fmt.Sprint(n)))}})
				}
			}
			if _, err := instances[random.IntN(2)].Deliver(t.Context(), endpoint.ID, func(time.Time) {}); err != nil && !errors.Is(err, errDied) {
				t.Fatal(err)
			}
			s.clock.now = s.clock.now.Add(time.Duration(random.IntN(int(3 * time.Minute))))
		}
		s.receiver.answer = nil
		s.clock.now = s.clock.now.Add(5 * time.Hour)
		s.deliver(endpoint)

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
		if progress, err := findProgress(t.Context(), s.store, endpoint); err != nil || len(progress.Queues) != 0 || progress.leased("", s.clock.now) {
			t.Fatalf("seed %d: %d queues left, lease %+v, %v", seed, len(progress.Queues), progress.Lease, err)
		}
	}
}
