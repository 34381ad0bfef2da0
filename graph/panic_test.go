package graph_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/feed"
	"cloudtag/internal/shed"
	"cloudtag/resolvers"
)

// trap selects where services panic: "begin" and "event" of subscriptions, or "field".
type trap struct{ at atomic.Value } // string

func (t *trap) spring(place string) {
	if t.at.Load() == place {
		panic("secret of " + place)
	}
}

// trappedFeed panics when a subscription begins, or when it makes an event.
type trappedFeed struct {
	resolvers.Feed
	*trap
}

func (f trappedFeed) Admit(ctx context.Context, caller cloudtag.Caller) error {
	f.spring("begin")
	return f.Feed.Admit(ctx, caller)
}

func (f trappedFeed) Through(seq int64) *feed.Feed {
	f.spring("event")
	return f.Feed.Through(seq)
}

// trappedRecords panics in a field.
type trappedRecords struct {
	resolvers.Records
	*trap
}

func (r trappedRecords) ScenarioRules(ctx context.Context) (map[cloudtag.ScenarioCode]cloudtag.PolicyRule, error) {
	r.spring("field")
	return r.Records.ScenarioRules(ctx)
}

// TestPanicsReleaseEverything makes fields, starts and events of subscriptions panic on every transport: each panic is reported
// as INTERNAL, logged once with its stack and counted, and no resource is held afterwards.
func TestPanicsReleaseEverything(t *testing.T) {
	services, meter := &trap{}, newRecordingMeter()
	meter.ended = make(chan graph.Operation, 100)
	services.at.Store("")
	s := market(t, func(s *graphtest.Stack, config *graph.Config) {
		s.Deps.Feed, s.Deps.Records = trappedFeed{s.Deps.Feed, services}, trappedRecords{s.Deps.Records, services}
		config.Load, config.Meter = shed.New(shed.Limits{Running: 1, Waiting: 1, Wait: time.Second}), meter
		config.Limits.Sockets.Subscriptions = 1
	})
	admin := s.As(cloudtag.RoleAdmin)
	const fields = `{ scenarios(category: REVIEW) { threshold } }`
	tags := 0
	follow := func(open func() (next func() graphtest.Answer)) {
		for _, place := range []string{"begin", "event"} {
			services.at.Store(place)
			next := open()
			if place == "event" {
				eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
				tag(s, "a", tags)
				tags++
			}
			if answer := next(); !reflect.DeepEqual(answer.Codes(), []string{"INTERNAL"}) || strings.Contains(answer.Raw, "secret") {
				t.Errorf("%s: %s, want INTERNAL", place, answer.Raw)
			}
			services.at.Store("")
			eventually(t, func() bool { return s.Readers() == 0 }, place+": a reader is left")
		}
	}
	socket := s.Connect(admin)
	id := 0
	for range 3 { // more often than there are places
		follow(func() func() graphtest.Answer {
			id++
			socket.Subscribe(fmt.Sprint(id), tagEvents, nil)
			return func() graphtest.Answer {
				answer := socket.Read().Answer(s)
				if end := socket.Read(); end.Type != "complete" {
					t.Errorf("%s %s, want complete", end.Type, end.Payload)
				}
				return answer
			}
		})
		follow(func() func() graphtest.Answer {
			opened := openStream(t, s, admin, tagEvents, nil)
			return func() graphtest.Answer { return opened.next().answer }
		})
		services.at.Store("field")
		for _, send := range transports(t, s, admin) {
			if answer := send(fields, "null"); len(answer.Errors) == 0 || answer.Errors[0].Code() != "INTERNAL" || strings.Contains(answer.Raw, "secret") {
				t.Errorf("%s, want INTERNAL", answer.Raw)
			}
		}
		services.at.Store("")
	}
	socket.Subscribe("last", tagEvents, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no place for a subscription is left")
	var data struct{ Viewer struct{ ID string } }
	s.Do(admin, `{ viewer { id } }`, nil).Into(t, &data)
	logged := s.Logs.String()
	for _, place := range []string{"begin", "event", "field"} {
		if count := strings.Count(logged, `panic="secret of `+place); count == 0 || count != strings.Count(logged, "secret of "+place) {
			t.Errorf("%s: %d panics are logged, %d lines have one", place, count, strings.Count(logged, "secret of "+place))
		}
	}
	if stacks := strings.Count(logged, "panic_test.go"); stacks == 0 || meter.panics != strings.Count(logged, `panic="secret of`) {
		t.Errorf("%d panics are counted, %d stacks logged:\n%.3000s", meter.panics, stacks, logged)
	}
}

// A subscription has exactly one root field, after directives and aliases.
func TestSubscriptionsHaveOneRootField(t *testing.T) {
	s := market(t)
	admin := s.As(cloudtag.RoleAdmin)
	for name, send := range transports(t, s, admin) {
		for query, variables := range map[string]string{
			`subscription { a: tagStatusChanged { cursor } b: tagStatusChanged { cursor } }`:                                 "{}",
			`subscription { tagStatusChanged { cursor } caseChanged { cursor } }`:                                            "{}",
			`subscription { tagStatusChanged @skip(if: true) { cursor } }`:                                                   "{}",
			`subscription ($v: Boolean!) { tagStatusChanged @include(if: $v) { cursor } }`:                                   `{"v": false}`,
			`subscription ($v: Boolean = true) { tagStatusChanged @include(if: $v) { cursor } }`:                             `{"v": null}`,
			`subscription ($v: Boolean!) { ...f @skip(if: $v) } fragment f on Subscription { tagStatusChanged { cursor } }`:  `{"v": true}`,
			`subscription { ... on Subscription { a: tagStatusChanged { cursor } } ... { b: tagStatusChanged { cursor } } }`: "{}",
			`subscription { __typename }`:                                                                                                     "{}",
			`subscription { tagStatusChanged { cursor } __typename }`:                                                                         "{}",
			`subscription { ... @include(if: false) { caseChanged { cursor } } }`:                                                             "{}",
			`subscription { tagStatusChanged { cursor } ... @skip(if: false) { b: tagStatusChanged { cursor } } }`:                            "{}",
			`subscription { tagStatusChanged { cursor } ...f } fragment f on Subscription { ...g } fragment g on Subscription { __typename }`: "{}",
		} {
			answer := send(query, variables)
			if len(answer.Errors) == 0 || answer.Errors[0].Code() != "BAD_USER_INPUT" {
				t.Errorf("%s: %s: %s, want BAD_USER_INPUT", name, query, answer.Raw)
			}
		}
	}
	if s.Readers() != 0 {
		t.Errorf("%d readers are left", s.Readers())
	}
	socket := s.Connect(admin)
	socket.Subscribe("1", `subscription { ...f @skip(if: false) tagStatusChanged { cursor } } fragment f on Subscription { tagStatusChanged @include(if: true) { cursor } }`, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "one field that is named twice is not followed")
}
