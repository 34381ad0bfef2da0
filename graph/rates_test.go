package graph_test

import (
	"fmt"
	"math"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/ratelimit"
)

// manualClock is a clock that a test sets.
type manualClock struct{ at atomic.Int64 }

func (c *manualClock) Now() time.Time { return time.UnixMilli(c.at.Load()).UTC() }

func rateOf(t *testing.T, answer graphtest.Answer) graphtest.Rate {
	t.Helper()
	if answer.Extensions.RateLimit == nil {
		t.Fatalf("no extensions.rateLimit: %s", answer.Raw)
	}
	return *answer.Extensions.RateLimit
}

// limitedStack allows each caller a burst of 3 requests and one every 2 seconds, anonymous clients a burst of 1, and shops a
// burst of 25 orders and 5 per second.
func limitedStack(t *testing.T) (*graphtest.Stack, *manualClock, *recordingMeter) {
	clock, meter := &manualClock{}, newRecordingMeter()
	clock.at.Store(1_700_000_000_000)
	s := market(t, func(s *graphtest.Stack, config *graph.Config) {
		buckets := func(perSecond float64, burst int) *ratelimit.Buckets {
			return ratelimit.New(ratelimit.Limit{PerSecond: perSecond, Burst: burst}, clock, 100)
		}
		config.Rates = graph.Rates{Callers: buckets(0.5, 3), Anonymous: buckets(0.25, 1)}
		config.Meter = meter
		tagging := cloudtag.NewTagging(s.Store, s.Clock, cloudtag.IDFunc(func() string { return fmt.Sprint("batch", time.Now().UnixNano()) }))
		s.Deps.Tagging = tagging.Within(graph.TagAllowance{Shops: buckets(5, 25)})
	})
	return s, clock, meter
}

func TestRequestsAreLimitedPerCaller(t *testing.T) {
	s, clock, meter := limitedStack(t)
	start := clock.Now()
	people := []string{s.As(cloudtag.RoleMerchant, "a"), s.Token(cloudtag.Caller{Subject: "another", Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: "a"}, time.Hour)}
	for i := range 3 {
		got := rateOf(t, s.Do(people[i%2], `{ viewer { id } }`, nil))
		if want := (graphtest.Rate{Limit: 3, Remaining: 2 - i, ResetAt: start.Add(time.Duration(i+1) * 2 * time.Second)}); !reflect.DeepEqual(got, want) {
			t.Errorf("request %d: %+v, want %+v", i, got, want)
		}
	}
	clock.at.Add(500)
	for _, send := range []func() graphtest.Answer{
		func() graphtest.Answer { return s.Do(people[0], `{ viewer { id } }`, nil) },
		func() graphtest.Answer {
			return s.Send(http.MethodGet, "/?query=%7Bviewer%7Bid%7D%7D", nil, http.Header{"Authorization": {people[1]}, "Accept-Language": {"en"}})
		},
		func() graphtest.Answer {
			return s.Send(http.MethodPost, "/", strings.NewReader(`nonsense`), http.Header{"Authorization": {people[0]}, "Accept": {"text/event-stream"}, "Accept-Language": {"en"}})
		},
	} {
		answer := send()
		if answer.Status != http.StatusTooManyRequests || answer.Header.Get("Retry-After") != "2" || !reflect.DeepEqual(answer.Codes(), []string{"RATE_LIMITED"}) ||
			answer.Errors[0].Extensions["retryAfter"] != 2.0 || !strings.Contains(answer.Errors[0].Message, "try again in 2 s") {
			t.Errorf("%d %v %s", answer.Status, answer.Header, answer.Raw)
		}
		if got := rateOf(t, answer); got.Remaining != 0 || got.Limit != 3 {
			t.Errorf("%+v", got)
		}
	}
	if other := s.Do(s.As(cloudtag.RoleMerchant, "b"), `{ viewer { id } }`, nil); other.Status != 200 {
		t.Errorf("another shop: %d %s", other.Status, other.Raw)
	}
	clock.at.Add(1500)
	if again := s.Do(people[0], `{ viewer { id } }`, nil); again.Status != 200 {
		t.Errorf("after Retry-After: %d %s", again.Status, again.Raw)
	}
	if meter.refused["requests"] != 3 {
		t.Errorf("refusals recorded: %v", meter.refused)
	}
}

// Operations on a socket count as requests, events do not.
func TestOperationsOverSocketsAreLimited(t *testing.T) {
	s, _, _ := limitedStack(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	socket := s.Connect(shop)
	for i := range 3 {
		id := fmt.Sprint(i)
		socket.Subscribe(id, `{ viewer { id } }`, nil)
		message := socket.Read()
		if got := rateOf(t, message.Answer(s)); message.Type != "next" || got.Remaining != 2-i {
			t.Errorf("%d: %s %s", i, message.Type, message.Payload)
		}
		if message = socket.Read(); message.Type != "complete" {
			t.Errorf("%+v", message)
		}
	}
	socket.Subscribe("x", `{ viewer { id } }`, nil)
	message := socket.Read()
	if message.Type != "error" || !strings.Contains(string(message.Payload), "RATE_LIMITED") || !strings.Contains(string(message.Payload), `"retryAfter":2`) {
		t.Errorf("%s %s", message.Type, message.Payload)
	}
	if answer := s.Do(shop, `{ viewer { id } }`, nil); answer.Status != http.StatusTooManyRequests {
		t.Errorf("over HTTP: %d", answer.Status)
	}
}

func TestAnonymousClientsAreLimitedByAddress(t *testing.T) {
	s, _, meter := limitedStack(t)
	if answer := s.Do("", `{ __typename }`, nil); answer.Status != 200 {
		t.Errorf("%d %s", answer.Status, answer.Raw)
	}
	answer := s.Do("", `{ __typename }`, nil)
	if answer.Status != http.StatusTooManyRequests || answer.Header.Get("Retry-After") != "4" || meter.refused["anonymous_requests"] != 1 {
		t.Errorf("%d %s %v", answer.Status, answer.Raw, meter.refused)
	}
	if answer := s.Do(s.As(cloudtag.RoleAdmin), `{ viewer { id } }`, nil); answer.Status != 200 {
		t.Errorf("somebody signed in at the same address: %d", answer.Status)
	}
}

const submitSome = `mutation($input: SubmitTagsInput!) { submitTags(input: $input) { acceptedCount userErrors { code } } }`

func TestTagsAreLimitedPerShop(t *testing.T) {
	s, clock, meter := limitedStack(t)
	submit := func(key string, first, count int) graphtest.Answer {
		orders := make([]string, count)
		for i := range orders {
			orders[i] = fmt.Sprint("unknown-", first+i)
		}
		clock.at.Add(10) // requests are not what this is about
		return s.Do(s.Token(cloudtag.Caller{Subject: key, Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: "a"}, time.Hour), submitSome,
			graphtest.Variables{"input": map[string]any{"orderNos": orders, "scenario": "RETURN_SWAPPED", "idempotencyKey": key}})
	}
	start := clock.Now()
	first := submit("k1", 0, 20)
	got := rateOf(t, first)
	if want := (graphtest.Rate{Limit: 25, Remaining: 5, ResetAt: start.Add(4010 * time.Millisecond)}); got.Tags == nil || !reflect.DeepEqual(*got.Tags, want) {
		t.Errorf("%+v, want tags %+v", got.Tags, want)
	}
	refused := submit("k2", 100, 20)
	if !reflect.DeepEqual(refused.Codes(), []string{"RATE_LIMITED"}) || refused.Errors[0].Extensions["retryAfter"] != 3.0 || refused.Status != 200 {
		t.Errorf("%d %s, want RATE_LIMITED and 3 s: 15 are missing and 5 a second come back", refused.Status, refused.Raw)
	}
	if got := rateOf(t, refused); got.Tags == nil || got.Tags.Remaining != 5 {
		t.Errorf("a refused batch took something: %+v", got.Tags)
	}
	repeated := submit("k1", 0, 20)
	if len(repeated.Errors) > 0 || rateOf(t, repeated).Tags != nil {
		t.Errorf("a repeat costs: %s", repeated.Raw)
	}
	clock.at.Add(int64(math.Ceil(refused.Errors[0].Extensions["retryAfter"].(float64) * 1000)))
	if answer := submit("k2", 100, 20); len(answer.Errors) > 0 {
		t.Errorf("after Retry-After: %s", answer.Raw)
	}
	if meter.refused["tags"] != 1 {
		t.Errorf("refusals recorded: %v", meter.refused)
	}
}
