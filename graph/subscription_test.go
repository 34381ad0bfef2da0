package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
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

// market is five shops with ten orders each; order i of every shop is of buyer i.
func market(t *testing.T, adjust ...func(*graphtest.Stack, *graph.Config)) *graphtest.Stack {
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

// Three shops tag one buyer: the other two receive exactly one event each about the flip, and one that was away
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

// The log's own cursors are good for resuming, from its very beginning too.
func TestResumeFromTheLog(t *testing.T) {
	s := market(t)
	for i := range 10 {
		tag(s, "a", i)
	}
	reviewer := s.Connect(s.As(cloudtag.RoleReviewer))
	reviewer.Subscribe("all", tagEvents, graphtest.Variables{"after": string(cloudtag.LogCursor(0))})
	for i := range 10 {
		if event := readTag(s, reviewer, "all"); event.String() != fmt.Sprintf("a-%d ->ACCUMULATING", i) {
			t.Fatalf("event %d: %s", i, event)
		}
	}
	reviewer.Subscribe("some", tagEvents, graphtest.Variables{
		"after": string(cloudtag.LogCursor(0)), "filter": map[string]any{"orderNos": []string{"a-7"}},
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

// A subscriber that does not read holds up nobody, and finds everything when it reads again.
func TestSlowSubscriber(t *testing.T) {
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

// stream reads server-sent events.
type stream struct {
	t       *testing.T
	scanner *bufio.Scanner
	close   func()
}

func openStream(t *testing.T, s *graphtest.Stack, authorization, query string, variables graphtest.Variables) *stream {
	t.Helper()
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	request, _ := http.NewRequestWithContext(ctx, http.MethodPost, s.Server.URL, strings.NewReader(string(body)))
	request.Header = http.Header{"Authorization": {authorization}, "Content-Type": {"application/json"}, "Accept": {"text/event-stream"}, "Accept-Language": {"en"}}
	response, err := s.Server.Client().Do(request)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("content type %q", kind)
	}
	return &stream{t: t, scanner: bufio.NewScanner(response.Body), close: cancel}
}

// next returns the name and the answer of the next event.
func (e *stream) next() (name string, answer graphtest.Answer) {
	e.t.Helper()
	for e.scanner.Scan() {
		line := e.scanner.Text()
		switch {
		case strings.HasPrefix(line, "event: "):
			name = strings.TrimPrefix(line, "event: ")
		case strings.HasPrefix(line, "data: "):
			answer.Raw = strings.TrimPrefix(line, "data: ")
			if err := json.Unmarshal([]byte(answer.Raw), &answer); err != nil {
				e.t.Fatalf("data %s: %v", answer.Raw, err)
			}
		case line == "" && name != "":
			return name, answer
		}
	}
	e.t.Fatalf("the stream ended: %v", e.scanner.Err())
	return "", answer
}

func TestServerSentEvents(t *testing.T) {
	s := market(t)
	opened := openStream(t, s, s.As(cloudtag.RoleMerchant, "a"), tagEvents, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	tag(s, "b", 1)
	tag(s, "a", 1)
	name, answer := opened.next()
	var event tagEvent
	answer.Into(t, &event)
	if name != "next" || event.String() != "a-1 ->ACCUMULATING" {
		t.Errorf("%s %s, want a's own tag", name, event)
	}
	opened.close()
	eventually(t, func() bool { return s.Readers() == 0 }, "a stream that was left has a reader")
}

// Streams that can't begin, or can't go on, say why and end, over SSE as over sockets.
func TestServerSentEventsEnd(t *testing.T) {
	s := market(t)
	expiring := s.Token(cloudtag.Caller{Subject: "x", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}, 300*time.Millisecond)
	for name, test := range map[string]struct {
		authorization string
		variables     graphtest.Variables
		code          string
	}{
		"nobody":     {"", nil, "UNAUTHENTICATED"},
		"other role": {s.As(cloudtag.RolePlatform), nil, "FORBIDDEN"},
		"cursor":     {s.As(cloudtag.RoleAdmin), graphtest.Variables{"after": "eA"}, "BAD_USER_INPUT"},
		"beyond":     {s.As(cloudtag.RoleAdmin), graphtest.Variables{"after": string(cloudtag.LogCursor(1 << 40))}, "RESYNC"},
		"expiry":     {expiring, nil, "UNAUTHENTICATED"},
	} {
		t.Run(name, func(t *testing.T) {
			opened := openStream(t, s, test.authorization, tagEvents, test.variables)
			if name, answer := opened.next(); name != "next" || !reflect.DeepEqual(answer.Codes(), []string{test.code}) {
				t.Errorf("%s %s, want %s", name, answer.Raw, test.code)
			}
			if name, _ := opened.next(); name != "complete" {
				t.Errorf("then %s, want complete", name)
			}
		})
	}
	eventually(t, func() bool { return s.Readers() == 0 }, "ended streams left readers")
}

// A token that is called back ends event streams at once, with the reason.
func TestServerSentEventsRevocation(t *testing.T) {
	s := market(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	opened := openStream(t, s, shop, tagEvents, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	revoke(t, s, `tokenId: "`+strings.TrimPrefix(shop, "Bearer ")+`"`)
	if name, answer := opened.next(); name != "next" || !reflect.DeepEqual(answer.Codes(), []string{"UNAUTHENTICATED"}) {
		t.Errorf("%s %s, want UNAUTHENTICATED", name, answer.Raw)
	}
	if name, _ := opened.next(); name != "complete" {
		t.Errorf("then %s, want complete", name)
	}
	eventually(t, func() bool { return s.Readers() == 0 && s.Revoked.Watches() == 0 }, "something of the stream is left")
}

// A failure of the store while events are made ends the stream without its cause; resuming loses nothing.
func TestStreamFailure(t *testing.T) {
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
