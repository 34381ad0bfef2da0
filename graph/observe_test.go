package graph_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// recordingMeter records the calls of a meter.
type recordingMeter struct {
	mu       sync.Mutex
	answered map[graph.Operation][]bool
	failed   map[graph.Operation]string
	events   map[graph.Operation]int
	ended    chan graph.Operation
	refused  map[string]int
	panics   int
}

func newRecordingMeter() *recordingMeter {
	return &recordingMeter{
		answered: map[graph.Operation][]bool{}, failed: map[graph.Operation]string{}, events: map[graph.Operation]int{},
		ended: make(chan graph.Operation, 10), refused: map[string]int{},
	}
}

func (m *recordingMeter) Answered(operation graph.Operation, took time.Duration, failed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if took > 0 {
		m.answered[operation] = append(m.answered[operation], failed)
	}
}

func (m *recordingMeter) Panicked() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.panics++
}

func (m *recordingMeter) Refused(reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused[reason]++
}

func (m *recordingMeter) Failed(operation graph.Operation, code string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed[operation] += code + " "
}

func (m *recordingMeter) Subscribed(operation graph.Operation) (event, end func()) {
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.events[operation]++
	}, func() { m.ended <- operation }
}

func TestOperationsAreMeasured(t *testing.T) {
	meter := newRecordingMeter()
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) { config.Meter = meter })
	admin := s.As(cloudtag.RoleAdmin)
	s.Do(admin, `query Mine { viewer { roles } }`, nil)
	s.Do(admin, `query Mine { viewer { roles } }`, nil)
	s.Do(admin, `{ viewer { roles } }`, nil)
	s.Do("", `query Invented { cases(first: 1) { nodes { id } } }`, nil)
	s.Do(admin, `query Wrong { nothing }`, nil)
	meter.mu.Lock()
	defer meter.mu.Unlock()
	wantAnswered := map[graph.Operation][]bool{
		{Kind: "query", Name: "Mine"}: {false, false},
		{Kind: "query"}:               {false, true}, // one without a name, and one of an unauthenticated client
	}
	if !reflect.DeepEqual(meter.answered, wantAnswered) {
		t.Errorf("answered %v, want %v", meter.answered, wantAnswered)
	}
	wantFailed := map[graph.Operation]string{{Kind: "query"}: "UNAUTHENTICATED ", {}: "BAD_USER_INPUT "}
	if !reflect.DeepEqual(meter.failed, wantFailed) {
		t.Errorf("failed %v, want %v", meter.failed, wantFailed)
	}
}

func TestSubscriptionsAreMeasured(t *testing.T) {
	meter := newRecordingMeter()
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) { config.Meter = meter })
	socket := s.Connect(s.As(cloudtag.RoleReviewer))
	socket.Subscribe("1", `subscription Watch { tagStatusChanged { cursor } }`, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader") // it receives entries that are appended from now on
	tag(s, "a", 1)
	socket.Read()
	socket.Complete("1")
	want := graph.Operation{Kind: "subscription", Name: "Watch"}
	if ended := <-meter.ended; ended != want {
		t.Errorf("%+v ended", ended)
	}
	meter.mu.Lock()
	defer meter.mu.Unlock()
	if events := meter.events; len(events) != 1 || events[want] != 1 {
		t.Errorf("events %v", events)
	}
}
