package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/ratelimit"
	"cloudtag/internal/shed"
)

// pricedStack allows each caller a burst of complexity 1,000 and 100 per second.
func pricedStack(t *testing.T) (*graphtest.Stack, *manualClock, *recordingMeter) {
	clock, meter := &manualClock{}, newRecordingMeter()
	clock.at.Store(1_700_000_000_000)
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Rates = graph.Rates{
			Callers:    ratelimit.New(ratelimit.Limit{PerSecond: 100, Burst: 1000}, clock, 100),
			Complexity: ratelimit.New(ratelimit.Limit{PerSecond: 100, Burst: 1000}, clock, 100),
		}
		config.Meter = meter
	})
	return s, clock, meter
}

// A page of 50 with two fields costs 1 + 50*3 = 151.
const pricedPage = `{ tags(first: 50) { nodes { orderNo status } } }`

func TestComplexityOfACallerIsLimited(t *testing.T) {
	s, clock, meter := pricedStack(t)
	start := clock.Now()
	people := []string{s.As(cloudtag.RoleMerchant, "a"), s.Token(cloudtag.Caller{Subject: "another", Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: "a"}, time.Hour)}
	for i := range 6 {
		got := rateOf(t, s.Do(people[i%2], pricedPage, nil))
		want := graphtest.Rate{Limit: 1000, Remaining: 1000 - 151*(i+1), ResetAt: start.Add(time.Duration(1510*(i+1)) * time.Millisecond)}
		if got.Complexity == nil || !reflect.DeepEqual(*got.Complexity, want) {
			t.Errorf("page %d: %+v, want %+v", i, got.Complexity, want)
		}
	}
	for _, accept := range []string{"application/json", "application/graphql-response+json"} {
		answer := s.Send(http.MethodPost, "/", strings.NewReader(`{"query":"`+pricedPage+`"}`), http.Header{"Authorization": {people[0]}, "Content-Type": {"application/json"}, "Accept": {accept}})
		if answer.Status != http.StatusTooManyRequests || answer.Header.Get("Retry-After") != "1" || !reflect.DeepEqual(answer.Codes(), []string{"RATE_LIMITED"}) {
			t.Errorf("the seventh page: %d %v %s", answer.Status, answer.Header, answer.Raw)
		}
		if got := rateOf(t, answer); got.Complexity == nil || got.Complexity.Remaining != 94 {
			t.Errorf("%+v", got.Complexity)
		}
	}
	if small := s.Do(people[0], `{ viewer { id } }`, nil); small.Status != 200 {
		t.Errorf("what is left is enough for it: %d %s", small.Status, small.Raw)
	}
	if wrong := s.Do(people[0], `{ nothing }`, nil); strings.Contains(wrong.Raw, "RATE_LIMITED") {
		t.Errorf("a document that is not run was counted: %s", wrong.Raw)
	}
	if other := s.Do(s.As(cloudtag.RoleMerchant, "b"), pricedPage, nil); other.Status != 200 {
		t.Errorf("another shop: %d %s", other.Status, other.Raw)
	}
	socket := s.Connect(people[1])
	socket.Subscribe("1", pricedPage, nil)
	if message := socket.Read(); !strings.Contains(string(message.Payload), "RATE_LIMITED") || !strings.Contains(string(message.Payload), `"retryAfter":1`) {
		t.Errorf("on a socket: %s %s", message.Type, message.Payload)
	}
	if meter.refused["complexity_rate"] != 3 {
		t.Errorf("refusals recorded: %v", meter.refused)
	}
	clock.at.Add(1000)
	if again := s.Do(people[0], pricedPage, nil); again.Status != 200 {
		t.Errorf("after Retry-After: %d %s", again.Status, again.Raw)
	}
}

// One caller's running and waiting requests do not delay another caller.
func TestSlotsAreSharedAmongCallers(t *testing.T) {
	load := shed.New(shed.Limits{Running: 4, Waiting: 8, Wait: 20 * time.Millisecond})
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) { config.Load = load })
	release, err := load.Acquire(t.Context(), "merchant a")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if answer := s.Do(s.As(cloudtag.RoleMerchant, "a"), `{ viewer { id } }`, nil); answer.Status != http.StatusServiceUnavailable {
		t.Errorf("with its part in use: %d %s", answer.Status, answer.Raw)
	}
	for _, other := range []string{s.As(cloudtag.RoleMerchant, "b"), s.As(cloudtag.RoleAdmin), ""} {
		if answer := s.Do(other, `{ __typename }`, nil); answer.Status != http.StatusOK {
			t.Errorf("another: %d %s", answer.Status, answer.Raw)
		}
	}
}

// A subscription holds a slot of the load limiter only while it reads past entries.
func TestCatchingUpTakesASlot(t *testing.T) {
	load := shed.New(shed.Limits{Running: 4, Waiting: 8, Wait: time.Second})
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) { config.Load = load })
	var end struct{ LiveCursor string }
	admin := s.As(cloudtag.RoleAdmin)
	s.Do(admin, `{ liveCursor }`, nil).Into(t, &end)
	const events = 300 // more than a page
	for i := range events {
		s.Import([]cloudtag.MerchantID{cloudtag.MerchantID(fmt.Sprint("more-", i))})
	}
	eventually(t, func() bool { return s.Tail.Place() >= events }, "the tail does not get there")
	session := s.Connect(admin)
	subject := subjectOf(t, s, admin)
	release, err := load.Acquire(t.Context(), "subject "+subject)
	if err != nil {
		t.Fatal(err)
	}
	session.Subscribe("1", `subscription($after: Cursor) { logAppended(after: $after) { cursor } }`, graphtest.Variables{"after": end.LiveCursor})
	released := make(chan struct{})
	time.AfterFunc(50*time.Millisecond, func() { close(released); release() })
	for n := range events {
		message := session.Read()
		if message.Type != "next" {
			t.Fatalf("event %d: %s %s", n, message.Type, message.Payload)
		}
		select {
		case <-released:
		default:
			t.Fatalf("event %d came while the caller's part was in use", n)
		}
	}
	eventually(t, func() bool { running, _ := load.Load(); return running == 0 }, "a place is still held")
}

func subjectOf(t *testing.T, s *graphtest.Stack, authorization string) string {
	t.Helper()
	var viewer struct{ Viewer struct{ ID string } }
	s.Do(authorization, `{ viewer { id } }`, nil).Into(t, &viewer)
	return viewer.Viewer.ID
}

func TestUnauthenticatedSocketsAreLimited(t *testing.T) {
	meter := newRecordingMeter()
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Limits.Sockets.SigningIn, config.Meter = 2, meter
	})
	first := s.Dial(nil)
	s.Dial(nil)
	refused := func() bool {
		_, status, err := s.TryDial(nil, "graphql-transport-ws")
		return err != nil && status == http.StatusTooManyRequests
	}
	if !refused() || meter.refused["signing_in_sockets"] != 1 {
		t.Errorf("the third of two is not refused; refusals recorded: %v", meter.refused)
	}
	// Signing in and disconnecting both make room.
	first.Init(map[string]any{"authorization": caller(s, "a")})
	first.Read()
	third := s.Dial(nil)
	if !refused() {
		t.Error("the fourth is not refused")
	}
	_ = third.Conn.CloseNow()
	eventually(t, func() bool { return !refused() }, "the place of a closed socket stays taken")
}

// Before it has signed in, a client may send no more than the size of a token.
func TestFirstMessageIsLimited(t *testing.T) {
	s := graphtest.New(t)
	socket := s.Dial(nil)
	socket.Init(map[string]any{"authorization": strings.Repeat("x", 70<<10)})
	if code, _ := socket.Closed(); code != 1009 {
		t.Errorf("closed with %d, want 1009", code)
	}
	long := s.Connect(caller(s, "a"))
	long.Subscribe("1", `{ viewer { id } }`, graphtest.Variables{"unused": strings.Repeat("x", 70<<10)})
	if message := long.Read(); message.Type != "next" && message.Type != "error" {
		t.Errorf("signed in: %s %s", message.Type, message.Payload)
	}
}

func TestEventStreamsAreLimitedPerCaller(t *testing.T) {
	meter := newRecordingMeter()
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.EventStreams, config.Meter = 2, meter })
	open := func(authorization string) (status int, retryAfter string, end func()) {
		ctx, cancel := context.WithCancel(t.Context())
		body, _ := json.Marshal(map[string]string{"query": `subscription { tagStatusChanged { cursor } }`})
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Server.URL, strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"Authorization": {authorization}, "Content-Type": {"application/json"}, "Accept": {"text/event-stream"}}
		response, err := s.Server.Client().Do(request) //nolint:bodyclose // end closes it
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, response.Header.Get("Retry-After"), func() { cancel(); response.Body.Close() }
	}
	shop := s.As(cloudtag.RoleMerchant, "a")
	_, _, endFirst := open(shop)
	_, _, endSecond := open(shop)
	defer endSecond()
	third, after, endThird := open(shop)
	if third != http.StatusTooManyRequests || after == "" || meter.refused["event_streams"] != 1 {
		t.Errorf("the third of two: %d, refusals recorded: %v", third, meter.refused)
	}
	endThird()
	other, _, endOther := open(s.As(cloudtag.RoleMerchant, "b"))
	if other != http.StatusOK {
		t.Errorf("another's: %d", other)
	}
	endOther()
	endFirst()
	eventually(t, func() bool {
		again, _, end := open(shop)
		end()
		return again == http.StatusOK
	}, "the place of a stream that ended stays taken")
}

// A request over the rate limit is refused before its body is read.
func TestRateLimitAppliesBeforeTheBodyIsRead(t *testing.T) {
	s, _, _ := limitedStack(t)
	s.Do("", `{ __typename }`, nil) // the one that is allowed
	body, write := io.Pipe()
	defer write.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Server.URL, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.ContentLength = 1000
	go func() { _, _ = write.Write([]byte(`{`)) }()
	response, err := s.Server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("%d", response.StatusCode)
	}
}

// undeclared is a body without Content-Length.
type undeclared struct{ io.Reader }

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("cut wire") }

func TestBodyLimit(t *testing.T) {
	s := graphtest.New(t)
	const document = `{"query":"{ __typename }"`
	text := func(size int) io.Reader {
		return strings.NewReader(document + strings.Repeat(" ", size-len(document)-1) + "}")
	}
	for name, test := range map[string]struct {
		body   io.Reader
		status int
	}{
		"the most": {text(1 << 20), 200}, "too large": {text(1<<20 + 1), 413}, "10 MB": {text(10 << 20), 413},
		"the most, undeclared": {undeclared{text(1 << 20)}, 200}, "10 MB, undeclared": {undeclared{text(10 << 20)}, 413},
	} {
		t.Run(name, func(t *testing.T) {
			answer := s.Send(http.MethodPost, "/", test.body, http.Header{"Content-Type": {"application/json"}})
			if answer.Status != test.status || test.status == 413 && (!reflect.DeepEqual(answer.Codes(), []string{"LIMIT_EXCEEDED"}) || len(answer.Raw) > 300) {
				t.Errorf("%d %.300s", answer.Status, answer.Raw)
			}
		})
	}
}

func TestBrokenBody(t *testing.T) {
	s := graphtest.New(t)
	request := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader("{"), brokenReader{}))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	s.Server.Config.Handler.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusBadRequest || !strings.Contains(recorder.Body.String(), "BAD_USER_INPUT") || strings.Contains(recorder.Body.String(), "wire") {
		t.Errorf("%d %s", recorder.Code, recorder.Body)
	}
}
