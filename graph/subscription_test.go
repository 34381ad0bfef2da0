package graph_test

import (
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/live"
)

const tagEvents = `subscription ($filter: TagFilter, $after: Cursor) { tagStatusChanged(filter: $filter, after: $after) {
	cursor at previousStatus tag { orderNo status markResult merchant { id } order { amountCents } scenario { enabled } } } }`

type tagEvent struct {
	TagStatusChanged struct {
		Cursor         string
		PreviousStatus *string
		Tag            struct {
			OrderNo, Status, MarkResult string
			Merchant                    struct{ ID string }
		}
	}
}

// market has five shops with ten orders each; order i of every shop is buyer i's.
func market(t testing.TB, adjust ...func(*graphtest.Stack, *graph.Config)) *graphtest.Stack {
	t.Helper()
	s := graphtest.New(t, adjust...)
	shops := []cloudtag.MerchantID{"a", "b", "c", "d", "e"}
	var orders []cloudtag.Order
	for _, shop := range shops {
		for i := range 10 {
			orders = append(orders, s.Order(cloudtag.OrderNo(fmt.Sprintf("%s-%d", shop, i)), shop, cloudtag.BuyerID(fmt.Sprint("buyer-", i))))
		}
	}
	s.Import(shops, orders...)
	return s
}

func tag(s *graphtest.Stack, shop cloudtag.MerchantID, i int) {
	s.T.Helper()
	var data struct{ SubmitTags struct{ AcceptedCount int } }
	s.Do(s.As(cloudtag.RoleMerchant, shop), fmt.Sprintf(`mutation { submitTags(input: {orderNos: ["%s-%d"], scenario: "RETURN_SWAPPED",
		idempotencyKey: "%d"}) { acceptedCount } }`, shop, i, i), nil).Into(s.T, &data)
	if data.SubmitTags.AcceptedCount != 1 {
		s.T.Fatalf("shop %s could not tag order %d", shop, i)
	}
}

func readTag(s *graphtest.Stack, socket *graphtest.Socket, id string) tagEvent {
	s.T.Helper()
	message := socket.Read()
	if message.Type != "next" || message.ID != id {
		s.T.Fatalf("%s %s %s, want an event of %s", message.Type, message.ID, message.Payload, id)
	}
	var event tagEvent
	message.Answer(s).Into(s.T, &event)
	return event
}

func (e tagEvent) String() string {
	before := "-"
	if e.TagStatusChanged.PreviousStatus != nil {
		before = *e.TagStatusChanged.PreviousStatus
	}
	return e.TagStatusChanged.Tag.OrderNo + " " + before + ">" + e.TagStatusChanged.Tag.Status
}

// Three shops tag one buyer: the other two receive exactly one event each about the flip, and one that was disconnected
// receives exactly what it missed.
func TestFlipReachesTheOthers(t *testing.T) {
	s := market(t)
	connect := func(shop cloudtag.MerchantID) *graphtest.Socket {
		socket := s.Connect(s.As(cloudtag.RoleMerchant, shop))
		socket.Subscribe("1", tagEvents, nil)
		return socket
	}
	a, b := connect("a"), connect("b")
	eventually(t, func() bool { return s.Readers() == 2 }, "no readers")
	tag(s, "a", 1)
	tag(s, "b", 1)
	own := readTag(s, a, "1")
	if own.String() != "a-1 ->ACCUMULATING" || own.TagStatusChanged.Tag.MarkResult != "MARK_FAILED" {
		t.Errorf("a's event %s", own)
	}
	if event := readTag(s, b, "1"); event.String() != "b-1 ->ACCUMULATING" {
		t.Errorf("b's event %s", event)
	}
	_ = a.Conn.CloseNow()
	eventually(t, func() bool { return s.Readers() == 1 }, "a is not gone")
	tag(s, "c", 1)
	tag(s, "a", 2)
	if event := readTag(s, b, "1"); event.String() != "b-1 ACCUMULATING>SUCCEEDED" || event.TagStatusChanged.Tag.MarkResult != "MARK_SUCCEEDED" {
		t.Errorf("b's event %s", event)
	}

	back := s.Connect(s.As(cloudtag.RoleMerchant, "a"))
	back.Subscribe("again", tagEvents, graphtest.Variables{"after": own.TagStatusChanged.Cursor})
	for _, want := range []string{"a-1 ACCUMULATING>SUCCEEDED", "a-2 ->ACCUMULATING"} {
		if event := readTag(s, back, "again"); event.String() != want || event.TagStatusChanged.Tag.Merchant.ID != "a" {
			t.Errorf("after resuming: %s, want %s", event, want)
		}
	}
	tag(s, "b", 3)
	tag(s, "a", 4)
	if event := readTag(s, back, "again"); event.String() != "a-4 ->ACCUMULATING" {
		t.Errorf("then %s, want the next of its own", event)
	}
	if event := readTag(s, b, "1"); event.String() != "b-3 ->ACCUMULATING" {
		t.Errorf("b's event %s", event)
	}
}

// Subscriptions resume from cursors of the log, also from its beginning.
func TestResumeFromTheLog(t *testing.T) {
	s := market(t)
	for i := range 10 {
		tag(s, "a", i)
	}
	reviewer := s.Connect(s.As(cloudtag.RoleReviewer))
	reviewer.Subscribe("all", tagEvents, graphtest.Variables{"after": s.LogCursor(s.As(cloudtag.RoleReviewer), 0)})
	for i := range 10 {
		if event := readTag(s, reviewer, "all"); event.String() != fmt.Sprintf("a-%d ->ACCUMULATING", i) {
			t.Fatalf("event %d: %s", i, event)
		}
	}
	reviewer.Subscribe("some", tagEvents, graphtest.Variables{
		"after": s.LogCursor(s.As(cloudtag.RoleReviewer), 0), "filter": map[string]any{"orderNos": []string{"a-7"}},
	})
	if event := readTag(s, reviewer, "some"); event.String() != "a-7 ->ACCUMULATING" {
		t.Errorf("filtered: %s", event)
	}
}

func TestCaseEvents(t *testing.T) {
	s := market(t)
	reviewer := s.Connect(s.As(cloudtag.RoleAuditor))
	reviewer.Subscribe("1", `subscription { caseChanged(filter: {buyerId: "buyer-1"}) { action case { id state explanation { count } buyer { risk { score } } } } }`, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	tag(s, "a", 2)
	tag(s, "a", 1)
	for _, want := range []string{"case.opened", "tag.submitted"} {
		var event struct {
			CaseChanged struct {
				Action string
				Case   struct{ ID string }
			}
		}
		reviewer.Read().Answer(s).Into(t, &event)
		if event.CaseChanged.Action != want || event.CaseChanged.Case.ID != "RETURN_SWAPPED:buyer-1" {
			t.Errorf("event %+v, want %s of the buyer's case", event, want)
		}
	}
}

// A subscriber that does not read blocks no other one, and receives all events when it reads again.
func TestSlowSubscriberBlocksNobody(t *testing.T) {
	s := market(t)
	slow, quick := s.Connect(s.As(cloudtag.RoleAdmin)), s.Connect(s.As(cloudtag.RoleAdmin))
	slow.Subscribe("1", tagEvents, nil)
	quick.Subscribe("1", tagEvents, nil)
	eventually(t, func() bool { return s.Readers() == 2 }, "no readers")
	var want []string
	for _, shop := range []cloudtag.MerchantID{"a", "b"} {
		for i := range 10 {
			tag(s, shop, i)
			want = append(want, fmt.Sprintf("%s-%d ->ACCUMULATING", shop, i))
			if event := readTag(s, quick, "1"); event.String() != want[len(want)-1] {
				t.Fatalf("the quick one gets %s, want %s", event, want[len(want)-1])
			}
		}
	}
	for i, event := range want {
		if got := readTag(s, slow, "1"); got.String() != event {
			t.Fatalf("the slow one's event %d is %s, want %s", i, got, event)
		}
	}
}

// A failure of the store while events are made ends the stream without disclosing the cause; resuming loses nothing.
func TestStoreFailureEndsStream(t *testing.T) {
	s := market(t)
	socket := s.Connect(s.As(cloudtag.RoleAdmin))
	socket.Subscribe("1", tagEvents, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	tag(s, "a", 1)
	event := readTag(s, socket, "1")
	s.Store.Fail("get tags", fmt.Errorf("secret disk"))
	s.Do(s.As(cloudtag.RoleMerchant, "b"), `mutation { submitTags(input: {orderNos: ["b-1"], scenario: "RETURN_SWAPPED", idempotencyKey: "k"}) { acceptedCount } }`, nil)
	message := socket.Read()
	if answer := message.Answer(s); !reflect.DeepEqual(answer.Codes(), []string{"INTERNAL"}) || strings.Contains(answer.Raw, "secret") {
		t.Fatalf("%s, want INTERNAL", answer.Raw)
	}
	if message = socket.Read(); message.Type != "complete" {
		t.Fatalf("%+v, want complete", message)
	}
	s.Store.Fail("get tags", nil)
	socket.Subscribe("1", tagEvents, graphtest.Variables{"after": event.TagStatusChanged.Cursor})
	if event := readTag(s, socket, "1"); event.String() != "b-1 ->ACCUMULATING" {
		t.Errorf("after resuming %s", event)
	}
}

// Store calls per event are the same for one subscriber and for fifty: its records are read once.
func TestSubscribersShareWhatIsReadForEvents(t *testing.T) {
	const watchCases = `subscription Watch { caseChanged { cursor action case { id state handling version dueAt priority canDecide scenario { code }
		buyer { id risk { score level } exposure { orders } cases { id } } explanation { count threshold text votes { merchants { name } } } } } }`
	for name, test := range map[string]struct {
		query string
		as    func(s *graphtest.Stack, i int) string
		each  int // events that one tag is for one subscriber
	}{
		"cases": {watchCases, func(s *graphtest.Stack, i int) string {
			return s.Token(cloudtag.Caller{Subject: fmt.Sprint("reviewer-", i), Roles: []cloudtag.Role{cloudtag.RoleReviewer}}, time.Hour)
		}, 2},
		"tags": {tagEvents, func(s *graphtest.Stack, i int) string {
			return s.Token(cloudtag.Caller{Subject: fmt.Sprint("seller-", i), Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: "a"}, time.Hour)
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			calls := func(subscribers int) map[string]int {
				s := market(t)
				sockets := make([]*graphtest.Socket, subscribers)
				for i := range sockets {
					sockets[i] = s.Connect(test.as(s, i))
					sockets[i].Subscribe("1", test.query, nil)
				}
				eventually(t, func() bool { return s.Readers() == subscribers }, "no readers")
				s.Store.Calls()
				for i := range 5 {
					tag(s, "a", i)
					for _, socket := range sockets {
						for range test.each {
							if answer := socket.Read().Answer(s); len(answer.Errors) > 0 {
								t.Fatal(answer.Raw)
							}
						}
					}
				}
				counted := s.Store.Calls()
				delete(counted, "log") // the tail polls
				delete(counted, "last")
				return counted
			}
			one, fifty := calls(1), calls(50)
			if !maps.Equal(one, fifty) || len(one) == 0 {
				t.Errorf("calls of the store with one subscriber:\n%v\nwith fifty:\n%v", one, fifty)
			}
		})
	}
}

// Resuming from entries that are no longer in memory reads a page of the log, and its records by one call for each kind.
func TestHistoryIsReadByPages(t *testing.T) {
	s := market(t, func(s *graphtest.Stack, _ *graph.Config) {
		s.Tail = live.New(s.Store, live.Options{Keep: 4, Poll: time.Millisecond, Log: slog.New(slog.DiscardHandler)})
		s.Deps.Tail = s.Tail
	})
	for i := range 10 {
		tag(s, "a", i)
		tag(s, "b", i)
	}
	last := int64(len(s.Store.Log()))
	eventually(t, func() bool { return s.Tail.Place() == last }, "the tail does not read")
	socket := s.Connect(s.As(cloudtag.RoleReviewer))
	s.Store.Calls()
	socket.Subscribe("1", `subscription ($after: Cursor) { caseChanged(after: $after) { case { id buyer { risk { level } } explanation { count votes { entityId } } } } }`,
		graphtest.Variables{"after": s.LogCursor(s.As(cloudtag.RoleReviewer), 0)})
	for range 10 * 4 { // opened, submitted, submitted, queued
		if answer := socket.Read().Answer(s); len(answer.Errors) > 0 || strings.Count(answer.Raw, "entityId") != 2 || !strings.Contains(answer.Raw, `"count":2`) {
			t.Fatal(answer.Raw)
		}
	}
	calls := s.Store.Calls()
	delete(calls, "log")
	delete(calls, "last")
	// The cases, and again for which of their tags are live.
	if want := map[string]int{"get cases": 2, "get risks": 1, "get policies": 1, "get tags": 1}; !maps.Equal(calls, want) {
		t.Errorf("calls of the store %v, want %v", calls, want)
	}
}
