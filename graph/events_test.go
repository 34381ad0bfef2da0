package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// stream reads server-sent events.
type stream struct {
	t       *testing.T
	scanner *bufio.Scanner
	close   func()
}

// sent is a server-sent event.
type sent struct {
	name, id, data string
	answer         graphtest.Answer
}

func openStream(t *testing.T, s *graphtest.Stack, authorization, query string, variables graphtest.Variables, header ...string) *stream {
	t.Helper()
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	return openEvents(t, s, http.MethodPost, "", string(body), append([]string{"Authorization", authorization, "Content-Type", "application/json"}, header...)...)
}

// openByGET opens a stream as an EventSource does.
func openByGET(t *testing.T, s *graphtest.Stack, authorization, query string, variables graphtest.Variables, header ...string) *stream {
	t.Helper()
	encoded, _ := json.Marshal(variables)
	target := "/?query=" + url.QueryEscape(query) + "&variables=" + url.QueryEscape(string(encoded))
	return openEvents(t, s, http.MethodGet, target, "", append([]string{"Authorization", authorization}, header...)...)
}

func openEvents(t *testing.T, s *graphtest.Stack, method, target, body string, header ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	request, err := http.NewRequestWithContext(ctx, method, s.Server.URL+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Accept": {"text/event-stream"}, "Accept-Language": {"en"}}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := s.Server.Client().Do(request)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Errorf("%s, content type %q", response.Status, kind)
	}
	return &stream{t: t, scanner: bufio.NewScanner(response.Body), close: cancel}
}

// next returns the next event; its name is empty at the end of the stream.
func (e *stream) next() sent {
	e.t.Helper()
	var event sent
	for e.scanner.Scan() {
		name, value, _ := strings.Cut(e.scanner.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case name == "event":
			event.name = value
		case name == "id":
			event.id = value
		case name == "data" && value != "":
			event.data, event.answer.Raw = value, value
			if err := json.Unmarshal([]byte(value), &event.answer); err != nil {
				e.t.Fatalf("data %s: %v", value, err)
			}
		case e.scanner.Text() == "" && event.name != "":
			return event
		}
	}
	if err := e.scanner.Err(); err != nil || event.name != "" {
		e.t.Fatalf("the stream broke off after %+v: %v", event, err)
	}
	return event
}

// wantEnd expects the reason of a stream's end, then "complete", or nothing if the client should reconnect.
func (e *stream) wantEnd(code, then string) {
	e.t.Helper()
	if event := e.next(); event.name != "next" || !reflect.DeepEqual(event.answer.Codes(), []string{code}) {
		e.t.Errorf("%+v, want %s", event, code)
	}
	if event := e.next(); event.name != then {
		e.t.Errorf("then %+v, want %q", event, then)
	}
}

func TestServerSentEvents(t *testing.T) {
	s := market(t)
	opened := openStream(t, s, s.As(cloudtag.RoleMerchant, "a"), tagEvents, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	tag(s, "b", 1)
	tag(s, "a", 1)
	got := opened.next()
	var event tagEvent
	got.answer.Into(t, &event)
	if got.name != "next" || event.String() != "a-1 ->ACCUMULATING" || got.id != event.TagStatusChanged.Cursor {
		t.Errorf("%+v, want a's own tag, with its cursor as the id", got)
	}
	opened.close()
	eventually(t, func() bool { return s.Readers() == 0 }, "a stream that was left has a reader")
}

// A stream ends with a reason. If that is final, "complete" follows; otherwise clients reconnect by themselves.
func TestServerSentEventsEndWithAReason(t *testing.T) {
	s := market(t)
	expiring := s.Token(cloudtag.Caller{Subject: "x", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}, 300*time.Millisecond)
	for name, test := range map[string]struct {
		authorization string
		variables     graphtest.Variables
		code, then    string
	}{
		"nobody":     {"", nil, "UNAUTHENTICATED", "complete"},
		"other role": {s.As(cloudtag.RolePlatform), nil, "FORBIDDEN", "complete"},
		"cursor":     {s.As(cloudtag.RoleAdmin), graphtest.Variables{"after": "eA"}, "BAD_USER_INPUT", "complete"},
		"beyond":     {s.As(cloudtag.RoleAdmin), graphtest.Variables{"after": s.LogCursor(s.As(cloudtag.RoleAdmin), 1<<40)}, "RESYNC", "complete"},
		"expiry":     {expiring, nil, "UNAUTHENTICATED", ""},
	} {
		t.Run(name, func(t *testing.T) {
			openStream(t, s, test.authorization, tagEvents, test.variables).wantEnd(test.code, test.then)
		})
	}
	eventually(t, func() bool { return s.Readers() == 0 }, "ended streams left readers")
}

// Revoking a token ends its event streams at once, with the reason.
func TestRevocationEndsServerSentEvents(t *testing.T) {
	s := market(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	opened := openStream(t, s, shop, tagEvents, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	revoke(t, s, `tokenId: "`+strings.TrimPrefix(shop, "Bearer ")+`"`)
	opened.wantEnd("UNAUTHENTICATED", "")
	eventually(t, func() bool { return s.Readers() == 0 && s.Revoked.Watches() == 0 }, "something of the stream is left")
}

// When the server stops, streams end with a reason but without "complete", so that clients reconnect.
func TestServerSentEventsWhenTheServerStops(t *testing.T) {
	s := graphtest.New(t)
	for _, query := range []string{`subscription { caseChanged { cursor } }`, `subscription { queueStats { pending } }`} {
		opened := openStream(t, s, s.As(cloudtag.RoleAdmin), query, nil)
		if strings.Contains(query, "queueStats") {
			opened.next()
		}
		defer func() { opened.wantEnd("UNAVAILABLE", "") }()
	}
	eventually(t, func() bool { return s.Readers() == 2 }, "no readers")
	s.Stop()
	eventually(t, func() bool { return s.Readers() == 0 }, "readers are left")
}

// A reconnecting EventSource sends the id of the last event, which takes precedence over the cursor in its URL. It receives
// exactly the events that it missed, whatever fields it selects.
func TestServerSentEventsResume(t *testing.T) {
	s := market(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	const orders = `subscription ($after: Cursor) { tagStatusChanged(after: $after) { tag { orderNo } } }`
	for i := range 4 {
		tag(s, "a", i)
	}
	start := graphtest.Variables{"after": s.LogCursor(shop, 0)}
	opened := openByGET(t, s, shop, orders, start)
	first, second := opened.next(), opened.next()
	if first.id == "" || second.id == "" || first.id == second.id {
		t.Fatalf("%+v, %+v: want ids", first, second)
	}
	opened.close()
	read := func(opened *stream, count int) (orders []string) {
		for range count {
			var event tagEvent
			opened.next().answer.Into(t, &event)
			orders = append(orders, event.TagStatusChanged.Tag.OrderNo)
		}
		opened.close()
		return orders
	}
	for name, test := range map[string]struct {
		open func() *stream
		want []string
	}{
		"by GET, behind the second": {func() *stream { return openByGET(t, s, shop, orders, start, "Last-Event-Id", second.id) }, []string{"a-2", "a-3"}},
		"by POST, behind the first": {func() *stream { return openStream(t, s, shop, orders, nil, "Last-Event-Id", first.id) }, []string{"a-1", "a-2", "a-3"}},
		"an id of none is none":     {func() *stream { return openByGET(t, s, shop, orders, start, "Last-Event-Id", "") }, []string{"a-0", "a-1"}},
		"literal, not by a variable": {func() *stream {
			return openByGET(t, s, shop, `subscription { tagStatusChanged(after: "`+s.LogCursor(shop, 0)+`") { tag { orderNo } } }`, nil, "Last-Event-Id", first.id)
		}, []string{"a-1", "a-2"}},
		"all events of the log, by id": {func() *stream { return openByGET(t, s, shop, orders, nil, "Last-Event-Id", second.id) }, []string{"a-2", "a-3"}},
	} {
		if got := read(test.open(), len(test.want)); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	openByGET(t, s, shop, orders, nil, "Last-Event-Id", "forged").wantEnd("BAD_USER_INPUT", "complete")
	stats := openByGET(t, s, s.As(cloudtag.RoleAdmin), `subscription { queueStats { pending } }`, nil, "Last-Event-Id", second.id)
	if event := stats.next(); event.name != "next" || event.id != "" || len(event.answer.Errors) > 0 {
		t.Errorf("%+v, want numbers without an id", event)
	}
}

// Results and errors of queries and mutations are sent as events to clients that accept nothing else.
func TestQueriesAndMutationsOverServerSentEvents(t *testing.T) {
	s := market(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	for query, want := range map[string]string{
		`{ viewer { id } }`: `"data":{"viewer":{"id":"`,
		`mutation { submitTags(input: {orderNos: ["a-1"], scenario: "RETURN_SWAPPED", idempotencyKey: "k"}) { acceptedCount } }`: `"acceptedCount":1`,
		`{ nothing }`: `{"errors":[{"message":"Cannot query field`,
	} {
		opened := openStream(t, s, shop, query, nil)
		if event := opened.next(); event.name != "next" || !strings.Contains(event.data, want) {
			t.Errorf("%s: %+v, want %s", query, event, want)
		}
		if event := opened.next(); event.name != "complete" {
			t.Errorf("%s: %+v, want complete", query, event)
		}
		if event := opened.next(); event.name != "" {
			t.Errorf("%s: %+v, want the end", query, event)
		}
	}
	byGET := openByGET(t, s, shop, `{ viewer { id } }`, nil)
	if event := byGET.next(); event.name != "next" || !strings.Contains(event.data, `"viewer"`) {
		t.Errorf("by GET: %+v", event)
	}
}

// A panic while an event is made is sent as an internal error, and ends the stream.
func TestPanicEndsServerSentEvents(t *testing.T) {
	s := graphtest.New(t, func(s *graphtest.Stack, _ *graph.Config) {
		s.Deps.Records = failing{s.Deps.Records, func(context.Context) error { panic("secret") }}
	})
	opened := openStream(t, s, s.As(cloudtag.RoleReviewer), `{ scenarios(category: REVIEW) { enabled } }`, nil)
	if event := opened.next(); event.name != "next" || len(event.answer.Errors) == 0 || event.answer.Errors[0].Code() != "INTERNAL" || strings.Contains(event.data, "secret") {
		t.Errorf("%+v, want INTERNAL", event)
	}
	if event := opened.next(); event.name != "complete" {
		t.Errorf("%+v, want complete", event)
	}
}

// Comments keep an idle stream alive.
func TestIdleServerSentEventsArePinged(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.PingInterval = 5 * time.Millisecond })
	opened := openStream(t, s, s.As(cloudtag.RoleReviewer), `subscription { caseChanged { cursor } }`, nil)
	for opened.scanner.Scan() {
		if opened.scanner.Text() == ": ping" {
			return
		}
	}
	t.Errorf("no ping: %v", opened.scanner.Err())
}

// The deadlines of ordinary requests do not apply to streams.
func TestServerSentEventsOutlastRequestDeadlines(t *testing.T) {
	const ping, limit = 10 * time.Millisecond, 50 * time.Millisecond
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.PingInterval = ping })
	handler := s.Server.Config.Handler
	s.Server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		controller := http.NewResponseController(w)
		_ = controller.SetReadDeadline(time.Now().Add(limit))
		_ = controller.SetWriteDeadline(time.Now().Add(limit))
		handler.ServeHTTP(w, r)
	})
	opened := openByGET(t, s, s.As(cloudtag.RoleReviewer), `subscription { caseChanged { cursor } }`, nil)
	for pings := 0; pings < int(3*limit/ping); {
		if !opened.scanner.Scan() {
			t.Fatalf("the stream ended after %d pings: %v", pings, opened.scanner.Err())
		}
		if opened.scanner.Text() == ": ping" {
			pings++
		}
	}
}

// The Accept header decides about the media type by its quality values; event streams are for subscriptions, or for clients
// that accept nothing else.
func TestAccept(t *testing.T) {
	const (
		plain, current, events = "application/json", "application/graphql-response+json", "text/event-stream"
		query, subscription    = `{ viewer { id } }`, `subscription { queueStats { pending } }`
	)
	s := graphtest.New(t)
	token := s.As(cloudtag.RoleReviewer)
	for _, test := range []struct{ accept, query, subscription string }{
		{"", plain, "refused"},
		{"*/*", plain, events},
		{"application/*", plain, "refused"},
		{"text/*", events, events},
		{plain, plain, "refused"},
		{current, current, "refused"},
		{current + ", " + plain + ";q=0.9", current, "refused"},                         // Apollo Client
		{plain + ";q=0.5, " + current + ";q=0.4", plain, "refused"},                     // the better quality
		{current + "; charset=utf-8, " + plain + "; charset=utf-8", current, "refused"}, // as the specification recommends
		{current + ", application/graphql+json, " + plain + ", " + events + ", multipart/mixed", current, events}, // urql
		{events, events, events},                           // graphql-sse, EventSource
		{events + ", " + plain, plain, events},             // JSON is better for what is one answer
		{plain + ", " + events + ";q=0", plain, "refused"}, // not at all
		{"*/*, " + events + ";q=0", plain, "refused"},      // the more precise range counts
		{"*/*;q=0.1, " + plain + ";q=0", current, events},
		{events + ", */*;q=0", events, events},
		{"TEXT/Event-Stream", events, events},
		{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", plain, "refused"}, // old Java: no such form
		{"text/html", "406", "406"},
		{"multipart/mixed;boundary=graphql;subscriptionSpec=1.0", "406", "406"},
		{plain + ";q=0", "406", "406"},
		{events + ";q=0", "406", "406"},
	} {
		for document, want := range map[string]string{query: test.query, subscription: test.subscription} {
			for _, method := range []string{http.MethodPost, http.MethodGet} {
				t.Run(fmt.Sprintf("%s %s for %s", method, document, test.accept), func(t *testing.T) {
					s := answerOf(t, s, method, document, token, test.accept) //nolint:bodyclose // answerOf closes it
					switch want {
					case "406":
						if s.StatusCode != http.StatusNotAcceptable || s.Header.Get("Content-Type") != plain {
							t.Errorf("%s %v, want 406", s.Status, s.Header)
						}
					case "refused":
						if text := readAll(t, s); !strings.Contains(text, "text/event-stream") || strings.Contains(text, `"data"`) {
							t.Errorf("%s %s, want a mention of text/event-stream", s.Status, text)
						}
					default:
						if s.StatusCode != http.StatusOK || s.Header.Get("Content-Type") != want {
							t.Errorf("%s %v, want %s", s.Status, s.Header, want)
						}
					}
				})
			}
		}
	}
}

// answerOf sends a document and returns the response, whose body the test reads.
func answerOf(t *testing.T, s *graphtest.Stack, method, document, authorization, accept string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	target, body := s.Server.URL, ""
	if method == http.MethodGet {
		target += "/?query=" + url.QueryEscape(document)
	} else {
		encoded, _ := json.Marshal(map[string]string{"query": document})
		body = string(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Authorization": {authorization}, "Content-Type": {"application/json"}, "Accept-Language": {"en"}}
	if accept != "" {
		request.Header.Set("Accept", accept)
	}
	response, err := s.Server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _, _ = io.Copy(io.Discard, response.Body); _ = response.Body.Close() })
	return response
}

// Upgrades to other protocols than websocket are ignored: they are answered and counted as ordinary requests.
func TestOtherUpgradesAreIgnored(t *testing.T) {
	s, _, _ := limitedStack(t)
	token := s.As(cloudtag.RoleReviewer)
	for i, upgrade := range [][2]string{{"Upgrade, HTTP2-Settings", "h2c"}, {"Upgrade", "TLS/1.0, HTTP/2.0"}, {"keep-alive", "websocket"}} {
		answer := post(s, `{"query":"{ viewer { id } }"}`, "Authorization", token,
			"Connection", upgrade[0], "Upgrade", upgrade[1], "Http2-Settings", "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA")
		if answer.Status != http.StatusOK || !strings.Contains(answer.Raw, `"viewer"`) || rateOf(t, answer).Remaining != 2-i {
			t.Errorf("%v: %d %s", upgrade, answer.Status, answer.Raw)
		}
	}
}
