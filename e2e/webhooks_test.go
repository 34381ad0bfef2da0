//go:build e2e

package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// hookMessage is what a receiver accepted.
type hookMessage struct {
	id   string
	body string
	Type string `json:"type"`
	Seq  int64  `json:"seq"`
	Data struct {
		OrderNo string `json:"orderNo"`
		CaseID  string `json:"caseId"`
		Version int    `json:"version"`
	} `json:"data"`
}

// hookReceiver is a service that receives webhooks and verifies them by the Standard Webhooks specification.
type hookReceiver struct {
	*httptest.Server
	mu       sync.Mutex
	secret   string
	refuse   func(m hookMessage) bool
	accepted []hookMessage
	wrong    []string
	refused  int
}

func newHookReceiver(t *testing.T) *hookReceiver {
	r := &hookReceiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(r.take))
	t.Cleanup(r.Close)
	return r
}

func (r *hookReceiver) take(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	m := hookMessage{id: request.Header.Get("webhook-id"), body: string(body)}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil || json.Unmarshal(body, &m) != nil:
		r.wrong = append(r.wrong, "no JSON: "+string(body))
	case !r.verified(request.Header, body):
		r.wrong = append(r.wrong, fmt.Sprintf("signature %q, timestamp %q", request.Header.Get("webhook-signature"), request.Header.Get("webhook-timestamp")))
	}
	if r.refuse != nil && r.refuse(m) {
		r.refused++
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	r.accepted = append(r.accepted, m)
}

// verified follows the specification's steps: the secret without its prefix is base64; the signed content is
// id.timestamp.body; one of the signatures has to be right; the time has to be near.
func (r *hookReceiver) verified(header http.Header, body []byte) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.secret, "whsec_"))
	seconds, failure := strconv.ParseInt(header.Get("webhook-timestamp"), 10, 64)
	if err != nil || failure != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", header.Get("webhook-id"), header.Get("webhook-timestamp"), body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return slices.Contains(strings.Split(header.Get("webhook-signature"), " "), want)
}

func (r *hookReceiver) messages() []hookMessage {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.accepted)
}

// await waits until the receiver has the expected messages.
func (r *hookReceiver) await(t *testing.T, what string, has func([]hookMessage) bool) []hookMessage {
	t.Helper()
	var got []hookMessage
	untilOr(t, func() string {
		return fmt.Sprintf("%s: the receiver has %d messages of %d entries: %v", what, len(got), len(seqsOf(got)), seqsOf(got))
	}, func() bool {
		got = r.messages()
		return has(got)
	})
	return got
}

type hookPayload struct {
	Endpoint struct {
		ID    string `json:"id"`
		State string `json:"state"`
	} `json:"endpoint"`
	Secret     string      `json:"signingSecret"`
	UserErrors []userError `json:"userErrors"`
}

func (s *server) hook(t *testing.T, bearer, mutation, input string) hookPayload {
	t.Helper()
	got := ask[map[string]hookPayload](s, bearer, fmt.Sprintf("mutation { %s(input: {%s}) { endpoint { id state } signingSecret userErrors { code message } } }", mutation, input), nil)
	if payload := got[mutation]; len(payload.UserErrors) > 0 {
		t.Fatalf("%s: %+v", mutation, payload.UserErrors)
	}
	return got[mutation]
}

// Every event arrives, in order for each case, signed, though the receiver refuses and the server is killed in the
// middle; a shop's endpoint receives events of its own tags only; a replay from the command line sends the same again.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	onEachStore(t, webhooks)
}

func webhooks(t *testing.T, uri string) {
	if testing.Short() && onMongo(uri) {
		t.Skip("takes more than a minute: make test-long")
	}
	const shops, orders = 3, 40
	importMarket(t, uri, shops, orders)
	flags := []string{"--dev", "--webhook-allow-private"}
	s := serve(t, uri, flags...)
	admin := token(t, "ADMIN", "--dev")
	platform, own := newHookReceiver(t), newHookReceiver(t)
	poison := "RETURN_SWAPPED:b-1"
	refusals := map[string]int{}
	platform.refuse = func(m hookMessage) bool {
		refusals[m.id]++
		return m.Data.CaseID == poison && refusals[m.id] <= 1 || len(m.id)%2 == 0 && m.Seq%7 == 0 && refusals[m.id] <= 1
	}
	made := s.hook(t, admin, "createWebhookEndpoint", fmt.Sprintf("url: %q", platform.URL+"/hooks?key=hidden"))
	platform.secret = made.Secret
	keeper := token(t, "MERCHANT", "--dev", "--merchant", "m-1")
	own.secret = s.hook(t, keeper, "createWebhookEndpoint", fmt.Sprintf("url: %q", own.URL)).Secret

	for shop := 1; shop <= shops; shop++ {
		bearer := token(t, "MERCHANT", "--dev", "--merchant", fmt.Sprintf("m-%d", shop))
		for first := 1; first <= orders; first += 20 {
			var numbers []string
			for n := first; n < first+20; n++ {
				numbers = append(numbers, orderNo(shop, n))
			}
			if got := s.submit(bearer, fmt.Sprintf("batch-%d", first), numbers...); got.AcceptedCount != 20 {
				t.Fatalf("%+v", got)
			}
		}
		if shop == 2 {
			platform.await(t, "before the kill", func(got []hookMessage) bool { return len(got) > 10 })
			s.kill()
			s = serveAt(t, uri, s.address, flags...)
		}
	}
	want := expectedHooks(t, uri)
	got := platform.await(t, fmt.Sprintf("%d events", len(want)), func(got []hookMessage) bool { return len(seqsOf(got)) >= len(want) })
	if !slices.Equal(seqsOf(got), want) {
		t.Errorf("got entries %v, want %v", seqsOf(got), want)
	}
	checkHookOrder(t, got)
	if platform.refused == 0 {
		t.Error("nothing was refused")
	}
	mine := own.await(t, "the shop's events", func(got []hookMessage) bool { return len(idsOf(got)) >= 2*orders })
	for _, m := range mine {
		if m.Seq != 0 || strings.Contains(m.body, "b-") || strings.Contains(m.body, "m-2") || m.Data.CaseID != "" || !strings.HasPrefix(m.Data.OrderNo, "1001") {
			t.Errorf("a shop received %s", m.body)
		}
	}

	before := len(platform.messages())
	from := want[len(want)-5]
	mustCloudtag(t, "webhooks", "replay", "--endpoint", made.Endpoint.ID, "--since", strconv.FormatInt(from, 10), "--db", uri)
	again := platform.await(t, "the replay", func(got []hookMessage) bool { return len(seqsOf(got[before:])) >= 5 })
	if sent := seqsOf(again[before:]); !slices.Equal(sent, want[len(want)-5:]) {
		t.Errorf("replayed %v", sent)
	}
	list := mustCloudtag(t, "webhooks", "list", "--db", uri).stdout
	if !strings.Contains(list, made.Endpoint.ID) || strings.Contains(list+s.output.String(), "hidden") {
		t.Errorf("listed, or logged, the address's query:\n%s", list)
	}
	for _, r := range []*hookReceiver{platform, own} {
		r.mu.Lock()
		if len(r.wrong) > 0 {
			t.Errorf("%d wrong messages, such as %s", len(r.wrong), r.wrong[0])
		}
		r.mu.Unlock()
	}
}

// An endpoint whose events are refused is reported as waiting. A change of its address applies to pending deliveries, and a pause
// takes effect immediately.
func TestWebhooksThatWait(t *testing.T) {
	t.Parallel()
	uri := newDatabase(t)
	importMarket(t, uri, 1, 2)
	s := serve(t, uri, "--dev", "--webhook-allow-private")
	admin, keeper := token(t, "ADMIN", "--dev"), token(t, "MERCHANT", "--dev", "--merchant", "m-1")
	broken, working := newHookReceiver(t), newHookReceiver(t)
	broken.refuse = func(hookMessage) bool { return true }
	made := s.hook(t, admin, "createWebhookEndpoint", fmt.Sprintf("url: %q, types: [\"tag.submitted\"]", broken.URL))
	broken.secret, working.secret = made.Secret, made.Secret
	s.awaitGauges(t, "nothing has happened", func(waiting, oldest float64) bool { return waiting == 0 && oldest == 0 })

	began := time.Now()
	if got := s.submit(keeper, "one", orderNo(1, 1)); got.AcceptedCount != 1 {
		t.Fatalf("%+v", got)
	}
	s.awaitGauges(t, "one event is refused", func(waiting, oldest float64) bool {
		return waiting == 1 && oldest > 0.5 && oldest <= time.Since(began).Seconds()
	})
	s.hook(t, admin, "pauseWebhookEndpoint", fmt.Sprintf("id: %q", made.Endpoint.ID))
	s.awaitGauges(t, "it is paused", func(waiting, oldest float64) bool { return waiting == 0 && oldest == 0 })

	s.hook(t, admin, "updateWebhookEndpoint", fmt.Sprintf("id: %q, url: %q, types: []", made.Endpoint.ID, working.URL))
	s.hook(t, admin, "resumeWebhookEndpoint", fmt.Sprintf("id: %q", made.Endpoint.ID))
	s.submit(keeper, "two", orderNo(1, 2))
	got := working.await(t, "what waited, and what came later", func(got []hookMessage) bool {
		submitted, others := 0, 0
		for _, m := range got {
			if m.Type == "tag.submitted" {
				submitted++
			} else {
				others++
			}
		}
		return submitted == 2 && others > 0 // it receives all types now
	})
	checkHookOrder(t, got)
	s.awaitGauges(t, "all is delivered", func(waiting, oldest float64) bool { return waiting == 0 && oldest == 0 })
}

// awaitGauges waits until the webhook gauges have the expected values.
func (s *server) awaitGauges(t *testing.T, what string, are func(waiting, oldest float64) bool) {
	t.Helper()
	var waiting, oldest float64
	untilOr(t, func() string { return fmt.Sprintf("%s: %v endpoints wait, for %v s", what, waiting, oldest) }, func() bool {
		exported := s.metrics(t)
		waiting, oldest = gauge(t, exported, "cloudtag_webhook_waiting_endpoints"), gauge(t, exported, "cloudtag_webhook_oldest_waiting_seconds")
		return are(waiting, oldest)
	})
}

// gauge returns the value of a metric without labels.
func gauge(t *testing.T, exported, name string) float64 {
	t.Helper()
	_, rest, found := strings.Cut(exported, "\n"+name+" ")
	digits, _, _ := strings.Cut(rest, "\n")
	value, err := strconv.ParseFloat(digits, 64)
	if !found || err != nil {
		t.Fatalf("%s is not exported: %q, %v", name, digits, err)
	}
	return value
}

// expectedHooks returns the numbers of the log's entries about tags and cases, the only ones in this market that the platform's
// endpoints receive.
func expectedHooks(t *testing.T, uri string) []int64 {
	t.Helper()
	export := mustCloudtag(t, "export", "log", "--format", "csv", "--db", uri).stdout
	seqs, actions := column(t, export, "seq"), column(t, export, "action")
	var want []int64
	for i, action := range actions {
		if !strings.HasPrefix(action, "tag.") && !strings.HasPrefix(action, "case.") || action == "case.adjusted" {
			continue
		}
		seq, err := strconv.ParseInt(seqs[i], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, seq)
	}
	return want
}

// seqsOf are the numbers of the messages, each once, in order of number.
func seqsOf(messages []hookMessage) []int64 {
	var seqs []int64
	for _, m := range messages {
		seqs = append(seqs, m.Seq)
	}
	slices.Sort(seqs)
	return slices.Compact(seqs)
}

func idsOf(messages []hookMessage) map[string]bool {
	ids := map[string]bool{}
	for _, m := range messages {
		ids[m.id] = true
	}
	return ids
}

// checkHookOrder checks that no message arrived for the first time before one of its case with a lower number.
func checkHookOrder(t *testing.T, messages []hookMessage) {
	t.Helper()
	seen, last := map[int64]string{}, map[string]int64{}
	for _, m := range messages {
		if id, known := seen[m.Seq]; known {
			if id != m.id {
				t.Errorf("entry %d was sent as %s and as %s", m.Seq, id, m.id)
			}
			continue
		}
		seen[m.Seq] = m.id
		if m.Seq < last[m.Data.CaseID] {
			t.Errorf("entry %d of %s arrived after %d", m.Seq, m.Data.CaseID, last[m.Data.CaseID])
		}
		last[m.Data.CaseID] = m.Seq
	}
}
