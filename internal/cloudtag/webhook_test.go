package cloudtag_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// receiver is the other side: it takes down what it was sent and what it accepted, in the order of arrival.
type receiver struct {
	mu       sync.Mutex
	answer   func(event WebhookEvent, try int) WebhookAnswer
	tries    map[string]int
	sent     []WebhookMessage // all
	accepted []WebhookMessage
	sending  map[string]int // requests that run, by lane
	clock    *stillClock
}

func newReceiver(clock *stillClock) *receiver {
	return &receiver{tries: map[string]int{}, sending: map[string]int{}, clock: clock}
}

func (r *receiver) Send(_ context.Context, message WebhookMessage) WebhookAnswer {
	var event WebhookEvent
	if err := json.Unmarshal(message.Body, &event); err != nil {
		panic(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries[message.ID]++
	r.sent = append(r.sent, message)
	answer := WebhookAnswer{WebhookAttempt: WebhookAttempt{Status: 200}}
	if r.answer != nil {
		answer = r.answer(event, r.tries[message.ID])
	}
	answer.At = r.clock.Now()
	if answer.Accepted() {
		r.accepted = append(r.accepted, message)
	}
	return answer
}

func refusedWith(status int) WebhookAnswer {
	return WebhookAnswer{WebhookAttempt: WebhookAttempt{Status: status, Failure: WebhookRefusedStatus}}
}

// events are the accepted messages.
func (r *receiver) events(t *testing.T) []WebhookEvent {
	t.Helper()
	events := make([]WebhookEvent, len(r.accepted))
	for i, message := range r.accepted {
		if err := json.Unmarshal(message.Body, &events[i]); err != nil {
			t.Fatal(err)
		}
	}
	return events
}

func (r *receiver) seqs(t *testing.T) []int64 {
	t.Helper()
	var seqs []int64
	for _, event := range r.events(t) {
		seqs = append(seqs, event.Seq)
	}
	return seqs
}

type noObserver struct{}

func (noObserver) Attempted(WebhookEndpoint, WebhookAttempt, time.Duration) {}
func (noObserver) Disabled(WebhookEndpoint)                                 {}

// webhookScene is the services over one store.
type webhookScene struct {
	*testing.T
	store      *shelf
	clock      *stillClock
	receiver   *receiver
	webhooks   *Webhooks
	deliveries *WebhookDeliveries
	ids        int
	waits      []time.Time // what looks told, in order
	pinged     int         // how often it was told that a ping waits
}

func newWebhookScene(t *testing.T) *webhookScene {
	s := &webhookScene{T: t, store: newShelf(t), clock: &stillClock{now: start}}
	s.receiver = newReceiver(s.clock)
	ids := IDFunc(func() string { s.ids++; return fmt.Sprintf("id-%04d", s.ids) })
	key := func() []byte { s.ids++; return bytes.Repeat([]byte{byte(s.ids)}, WebhookKeyLength) }
	s.webhooks = NewWebhooks(s.store, NewMetrics(s.store, s.clock, utc()), s.clock, ids, key, WebhookRules{}, func() { s.pinged++ })
	s.deliveries = s.instance(s.store)
	return s
}

// instance is another instance's deliveries.
func (s *webhookScene) instance(store WebhookStore) *WebhookDeliveries {
	ids := IDFunc(func() string { s.ids++; return fmt.Sprintf("token-%d", s.ids) })
	return NewWebhookDeliveries(store, s.receiver, s.clock, ids, func() float64 { return 0.5 }, noObserver{})
}

func (s *webhookScene) create(caller Caller, types ...Action) WebhookEndpoint {
	s.Helper()
	made, err := s.webhooks.Create(s.Context(), caller, WebhookDraft{URL: fmt.Sprintf("https://example.com/%d", s.ids), Types: types})
	if err != nil {
		s.Fatal(err)
	}
	return made
}

func (s *webhookScene) carry(endpoint WebhookEndpoint) time.Time {
	s.Helper()
	s.waits = nil
	next, err := s.deliveries.Carry(s.Context(), endpoint.ID, func(since time.Time) { s.waits = append(s.waits, since) })
	if err != nil {
		s.Fatal(err)
	}
	return next
}

// tagged appends an entry about a tag, of a case of its own account.
func (s *webhookScene) tagged(merchant MerchantID, order OrderNo, buyer BuyerID, action Action, status TagStatus, version int) {
	entry := Entry{
		At: s.clock.now, Actor: "shop", Action: action, After: MustJSON(TagState{Status: status, Version: version, EntityID: "entity-9"}),
		Subjects: []Subject{TagSubject(order), CaseSubject(NewCaseID("RETURN_SWAPPED", buyer)), MerchantSubject(merchant), BuyerSubject(buyer)},
		Reason:   "somebody's words",
	}
	if version > 1 {
		entry.Before = MustJSON(TagState{Status: TagAccumulating, Version: version - 1})
	}
	s.store.append(entry)
}

func merchantCaller(id MerchantID) Caller {
	return Caller{Subject: "shop " + string(id), Roles: []Role{RoleMerchant}, MerchantID: id}
}

func TestWebhookDelaysDoubleWithinBounds(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 12: 10240 * time.Second, 13: 4 * time.Hour, 400: 4 * time.Hour} {
		for _, random := range []float64{0, 0.5, 1} {
			got := WebhookDelay(failures, random)
			if spread := time.Duration(float64(want) * (0.8 + 0.4*random)); got != spread.Truncate(time.Millisecond) {
				t.Errorf("after %d refusals, at %v: %v, want %v", failures, random, got, spread)
			}
		}
	}
}

func TestWebhookSendsWhatHappensAfterItWasMade(t *testing.T) {
	s := newWebhookScene(t)
	s.tagged("m-1", "1", "b", ActionTagSubmitted, TagAccumulating, 1)
	endpoint := s.create(person("ops", RoleAdmin))
	s.tagged("m-1", "2", "b", ActionTagSubmitted, TagAccumulating, 1)
	s.tagged("m-2", "3", "c", ActionTagSubmitted, TagAccumulating, 1)
	s.store.append(Entry{At: start, Action: ActionRiskImported, Subjects: []Subject{"buyer:b"}})
	if next := s.carry(endpoint); !next.IsZero() {
		t.Errorf("looks again at %v, though nothing waits", next)
	}
	events := s.receiver.events(t)
	if len(events) != 2 {
		t.Fatalf("%d events: %+v", len(events), events)
	}
	if s.carry(endpoint); len(s.receiver.accepted) != 2 {
		t.Errorf("sent again: %d", len(s.receiver.accepted))
	}
	found, count, err := s.webhooks.Deliveries(t.Context(), person("aud", RoleAuditor), endpoint.ID, WebhookDeliveryFilter{}, PageRequest{})
	if err != nil || count != 2 || found.Items[0].State != WebhookDelivered || found.Items[0].Tries != 1 {
		t.Errorf("%d deliveries, %+v, %v", count, found.Items, err)
	}
}

// A shop's message names nothing but its own order: no account, case, entity, other shop or number of the log (rule 15).
func TestWebhookOfAShopTellsItsOwnOnly(t *testing.T) {
	s := newWebhookScene(t)
	endpoint := s.create(merchantCaller("m-1"))
	s.tagged("m-2", "900", "secret-buyer", ActionTagSubmitted, TagAccumulating, 1)
	s.tagged("m-1", "100", "secret-buyer", ActionTagSubmitted, TagAccumulating, 1)
	s.store.append(Entry{At: start, Action: ActionCaseConfirmed, After: MustJSON(CaseSummary{State: CaseConfirmed, Votes: 3, Threshold: 3}),
		Subjects: []Subject{"case:RETURN_SWAPPED:secret-buyer", "buyer:secret-buyer"}})
	s.tagged("m-1", "100", "secret-buyer", ActionTagSucceeded, TagSucceeded, 2)
	restriction := Restriction{ID: "r", Version: 1, MerchantID: "m-1", BuyerID: "secret-buyer", OrderNo: "100", Description: "confidential",
		Modes: []RestrictionMode{ModeNoOrdering}, State: RestrictionPending}
	entry := restriction.Entry(merchantCaller("m-1"), ActionRestrictionRequested, start, "")
	entry.After = MustJSON(restriction)
	s.store.append(entry)
	s.carry(endpoint)

	want := []string{
		`{"type":"tag.submitted","at":"2026-03-01T08:00:00Z","data":{"orderNo":"100","scenario":"RETURN_SWAPPED","status":"ACCUMULATING","previousStatus":null,"markResult":"MARK_FAILED","reason":`,
		`{"type":"tag.succeeded","at":"2026-03-01T08:00:00Z","data":{"orderNo":"100","scenario":"RETURN_SWAPPED","status":"SUCCEEDED","previousStatus":"ACCUMULATING","markResult":"MARK_SUCCEEDED","reason":`,
		`{"type":"restriction.requested","at":"2026-03-01T08:00:00Z","data":{"id":"r","modes":["NO_ORDERING"],"orderNo":"100","state":"PENDING_REVIEW","version":1}}`,
	}
	if len(s.receiver.accepted) != len(want) {
		t.Fatalf("%d messages", len(s.receiver.accepted))
	}
	bodies := make([]string, 0, len(want))
	for _, message := range s.receiver.accepted {
		bodies = append(bodies, string(message.Body))
		for _, secret := range []string{"secret-buyer", "entity-9", "900", "seq", "words", "confidential", "m-2", "votes", "threshold"} {
			if strings.Contains(strings.ToLower(string(message.Body)), secret) {
				t.Errorf("%s tells %s", message.Body, secret)
			}
		}
	}
	for _, begin := range want {
		if !slices.ContainsFunc(bodies, func(body string) bool { return strings.HasPrefix(body, begin) }) {
			t.Errorf("no message begins with %s among %v", begin, bodies)
		}
	}
}

func TestWebhookOfARevokedShopEnds(t *testing.T) {
	s := newWebhookScene(t)
	s.store.put(s.store.kinds.Merchants, Merchant{ID: "m-1", Permission: PermissionActive})
	endpoint := s.create(merchantCaller("m-1"))
	s.store.put(s.store.kinds.Merchants, Merchant{ID: "m-1", Permission: PermissionRevoked})
	s.tagged("m-1", "1", "b", ActionTagVoided, TagVoided, 2)
	s.carry(endpoint)
	if len(s.receiver.accepted) != 0 {
		t.Errorf("told %s", s.receiver.accepted[0].Body)
	}
	now, err := s.webhooks.Find(t.Context(), merchantCaller("m-1"), endpoint.ID)
	if err != nil || now.DisabledReason != WebhookShopRevoked {
		t.Errorf("%+v, %v", now, err)
	}
	if _, err := s.webhooks.Resume(t.Context(), merchantCaller("m-1"), endpoint.ID, false); CodeOf(err) != CodePermissionRevoked {
		t.Errorf("resumed: %v", err)
	}
	if _, err := s.webhooks.Create(t.Context(), merchantCaller("m-1"), WebhookDraft{URL: "https://example.com/x"}); CodeOf(err) != CodePermissionRevoked {
		t.Errorf("made another: %v", err)
	}
}

func TestWebhookReplay(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	endpoint := s.create(admin)
	for n := range 3 {
		s.clock.now = start.Add(time.Duration(n) * time.Hour)
		s.tagged("m-1", OrderNo(fmt.Sprint(n)), "b", ActionTagSubmitted, TagAccumulating, 1) // 2, 3, 4
	}
	s.carry(endpoint)
	before := s.receiver.accepted
	if from, err := s.webhooks.Replay(t.Context(), admin, endpoint.ID, WebhookSince{Time: start.Add(time.Minute)}); err != nil || from != 3 {
		t.Fatalf("from %d, %v", from, err)
	}
	s.carry(endpoint)
	if got := s.receiver.seqs(t); !slices.Equal(got, []int64{2, 3, 4, 3, 4}) {
		t.Fatalf("delivered %v", got)
	}
	again := s.receiver.accepted[len(before):]
	if again[0].ID != before[1].ID || !bytes.Equal(again[0].Body, before[1].Body) {
		t.Errorf("a replay sent %+v, before %+v", again[0], before[1])
	}
	for name, since := range map[string]WebhookSince{"nothing": {}, "both": {Seq: 1, Time: start}, "below": {Seq: -1}} {
		if _, err := s.webhooks.Replay(t.Context(), admin, endpoint.ID, since); CodeOf(err) != CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	own := s.create(merchantCaller("m-1"))
	if _, err := s.webhooks.Replay(t.Context(), merchantCaller("m-1"), own.ID, WebhookSince{Seq: 1}); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop replays by number: %v", err)
	}
	if _, err := s.webhooks.Replay(t.Context(), merchantCaller("m-1"), own.ID, WebhookSince{Time: start}); err != nil {
		t.Errorf("a shop replays by time: %v", err)
	}
	s.receiver.accepted = nil
	if s.carry(own); len(s.receiver.accepted) != 3 {
		t.Errorf("the shop got %d events again", len(s.receiver.accepted))
	}
}

func TestWebhookSecretsRotate(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	made := s.create(admin)
	first := made.Secret()
	rotated, err := s.webhooks.Rotate(t.Context(), admin, made.ID, DefaultWebhookOverlap)
	if err != nil || rotated.Secret() == first || len(rotated.Keys(s.clock.now)) != 2 || !rotated.OverlapUntil(s.clock.now).Equal(start.Add(24*time.Hour)) {
		t.Fatalf("%+v, %v", rotated, err)
	}
	if keys := rotated.Keys(start.Add(24 * time.Hour)); len(keys) != 1 || !bytes.Equal(keys[0], rotated.Secrets[0].Key) {
		t.Errorf("after the overlap: %v", keys)
	}
	now, err := s.webhooks.Rotate(t.Context(), admin, made.ID, 0)
	if err != nil || len(now.Keys(s.clock.now)) != 1 {
		t.Errorf("without an overlap: %+v, %v", now, err)
	}
	for _, overlap := range []time.Duration{-time.Hour, MaxWebhookOverlap + time.Hour} {
		if _, err := s.webhooks.Rotate(t.Context(), admin, made.ID, overlap); CodeOf(err) != CodeInvalidWebhook {
			t.Errorf("overlap of %v: %v", overlap, err)
		}
	}
	for _, entry := range s.store.log() {
		for _, endpoint := range []WebhookEndpoint{made, rotated, now} {
			key, _ := json.Marshal(endpoint.Secrets[0].Key)
			if text := string(entry.Before) + string(entry.After) + entry.Reason; strings.Contains(text, string(key)) || strings.Contains(text, "example.com/") {
				t.Errorf("the log tells %s", text)
			}
		}
	}
	if _, err := s.webhooks.Delete(t.Context(), admin, made.ID); err != nil {
		t.Fatal(err)
	}
	documents, err := s.store.Documents(t.Context(), KindWebhook, []string{made.ID})
	if err != nil || len(documents) != 1 {
		t.Fatalf("%d documents, %v", len(documents), err)
	}
	if left := documents[made.ID]; bytes.Contains(left.Body, []byte(`"key":`)) {
		t.Errorf("deleted, it still holds %s", left.Body)
	}
	if _, err := s.webhooks.Find(t.Context(), admin, made.ID); CodeOf(err) != CodeNotFound {
		t.Errorf("deleted: %v", err)
	}
}

func TestWebhooksWhoMay(t *testing.T) {
	s := newWebhookScene(t)
	ctx := t.Context()
	platform, shop := s.create(person("svc", RolePlatform)), s.create(merchantCaller("m-1"))
	callers := map[string]Caller{
		"admin": person("ann", RoleAdmin), "service": person("svc-2", RolePlatform), "auditor": person("aud", RoleAuditor),
		"reviewer": person("rev", RoleReviewer), "shop": merchantCaller("m-1"), "other shop": merchantCaller("m-2"), "nobody": {},
	}
	type may struct{ see, operate, manage bool }
	for name, want := range map[string]map[string]may{
		"platform": {"admin": {true, true, true}, "service": {true, true, true}, "auditor": {true, false, false}},
		"shop":     {"admin": {true, true, false}, "auditor": {true, false, false}, "shop": {true, true, true}},
	} {
		endpoint := map[string]WebhookEndpoint{"platform": platform, "shop": shop}[name]
		for who, caller := range callers {
			code := func(allowed bool) Code {
				switch {
				case allowed:
					return ""
				case want[who].see:
					return CodeForbidden
				default:
					return CodeNotFound
				}
			}
			_, seen := s.webhooks.Find(ctx, caller, endpoint.ID)
			_, _, listed := s.webhooks.Deliveries(ctx, caller, endpoint.ID, WebhookDeliveryFilter{}, PageRequest{})
			_, replayed := s.webhooks.Replay(ctx, caller, endpoint.ID, WebhookSince{Time: s.clock.now})
			_, pinged := s.webhooks.Ping(ctx, caller, endpoint.ID)
			_, rotated := s.webhooks.Rotate(ctx, caller, endpoint.ID, 0)
			_, updated := s.webhooks.Update(ctx, caller, endpoint.ID, WebhookDraft{URL: endpoint.URL})
			for what, got := range map[string]struct {
				err  error
				want Code
			}{
				"see": {seen, code(want[who].see)}, "deliveries": {listed, code(want[who].see)}, "replay": {replayed, code(want[who].operate)},
				"ping": {pinged, code(want[who].manage)}, "rotate": {rotated, code(want[who].manage)}, "update": {updated, code(want[who].manage)},
			} {
				if CodeOf(got.err) != got.want {
					t.Errorf("%s, %s's %s: %v, want %q", who, name, what, got.err, got.want)
				}
			}
		}
	}
	for who, count := range map[string]int{"admin": 2, "service": 1, "auditor": 2, "shop": 1, "other shop": 0} {
		if _, got, err := s.webhooks.List(ctx, callers[who], WebhookFilter{}, PageRequest{}); err != nil || got != count {
			t.Errorf("%s sees %d endpoints, want %d: %v", who, got, count, err)
		}
	}
	for _, who := range []string{"reviewer", "nobody"} {
		if _, _, err := s.webhooks.List(ctx, callers[who], WebhookFilter{}, PageRequest{}); CodeOf(err) != CodeForbidden {
			t.Errorf("%s lists: %v", who, err)
		}
	}
	if _, err := s.webhooks.Create(ctx, merchantCaller("m-1"), WebhookDraft{URL: "https://example.com/a", Types: []Action{ActionCaseOpened}}); CodeOf(err) != CodeInvalidWebhook {
		t.Errorf("a shop asks for cases: %v", err)
	}
}

func TestWebhookLimitsAndAddresses(t *testing.T) {
	s := newWebhookScene(t)
	for range MaxMerchantWebhooks {
		s.create(merchantCaller("m-1"))
	}
	if _, err := s.webhooks.Create(t.Context(), merchantCaller("m-1"), WebhookDraft{URL: "https://example.com/more"}); CodeOf(err) != CodeTooManyWebhooks {
		t.Errorf("one too many: %v", err)
	}
	other := s.create(merchantCaller("m-2"))
	if _, err := s.webhooks.Create(t.Context(), merchantCaller("m-2"), WebhookDraft{URL: other.URL}); CodeOf(err) != CodeConflict {
		t.Errorf("the same address again: %v", err)
	}
	strict, open := WebhookRules{}, WebhookRules{AllowHTTP: true, AllowPrivate: true}
	for address, want := range map[string][2]bool{
		"https://example.com/hooks?a=b": {true, true}, "https://example.com:8443": {true, true}, "https://8.8.8.8/": {true, true},
		"https://[2606:4700::1111]/": {true, true}, "http://example.com/": {false, true}, "https://127.0.0.1/": {false, true},
		"https://[::1]/": {false, true}, "https://169.254.169.254/latest": {false, true}, "https://[::ffff:10.0.0.1]/": {false, true},
		"": {}, "example.com": {}, "ftp://example.com/": {}, "https:///path": {}, "https://user:pass@example.com/": {},
		"https://example.com/#part": {}, "https://example.com/\n": {}, "https://例子.example/": {}, "javascript:alert(1)": {},
		"https://example.com/" + strings.Repeat("a", MaxWebhookURLLength): {},
	} {
		for i, rules := range []WebhookRules{strict, open} {
			if err := rules.Check(address); (err == nil) != want[i] || err != nil && CodeOf(err) != CodeInvalidWebhook {
				t.Errorf("%q under %+v: %v", address, rules, err)
			}
		}
	}
}

// beforeSave calls once what another instance does between a service's looks and its save.
type beforeSave struct {
	*shelf
	do func()
}

func (s *beforeSave) SaveDocument(ctx context.Context, document Document, entries []Entry) error {
	if do := s.do; do != nil {
		s.do = nil
		do()
	}
	return s.shelf.SaveDocument(ctx, document, entries)
}

// Endpoints that are made at the same moment are counted before any of them is stored; no more than the limit stay.
func TestWebhooksMadeAtOnceStayWithinTheLimit(t *testing.T) {
	s := newWebhookScene(t)
	shop := merchantCaller("m-1")
	for range MaxMerchantWebhooks - 1 {
		s.create(shop)
	}
	store := &beforeSave{s.store, func() { s.create(shop) }}
	ids := IDFunc(func() string { s.ids++; return fmt.Sprintf("id-%04d", s.ids) })
	key := func() []byte { return bytes.Repeat([]byte{1}, WebhookKeyLength) }
	other := NewWebhooks(store, NewMetrics(s.store, s.clock, utc()), s.clock, ids, key, WebhookRules{}, func() {})
	draft := WebhookDraft{URL: "https://example.com/other"}
	if _, err := other.Create(t.Context(), shop, draft); CodeOf(err) != CodeTooManyWebhooks {
		t.Errorf("one too many: %v", err)
	}
	all, _, err := s.webhooks.List(t.Context(), shop, WebhookFilter{}, PageRequest{})
	if err != nil || len(all.Items) != MaxMerchantWebhooks {
		t.Fatalf("%d endpoints (%v)", len(all.Items), err)
	}
	if _, err := s.webhooks.Delete(t.Context(), shop, all.Items[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Create(t.Context(), shop, draft); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
}

func TestPublicAddress(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.9.9.9": false, "::1": false, "0.0.0.0": false, "::": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.0.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "224.0.0.1": false, "255.255.255.255": false,
		"fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false,
		"64:ff9b::7f00:1": false, "64:ff9b::8.8.8.8": false, "2002:7f00:1::": false, "2001:0:1::": false, "2001:db8::1": false, "198.18.0.1": false,
		"192.0.2.1": false, "198.51.100.7": false, "203.0.113.9": false, "240.0.0.1": false, "fec0::1": false, "::7f00:1": false, "172.15.255.255": true, "172.32.0.1": true,
	} {
		if got := PublicAddress(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestWebhookHistoryIsARing(t *testing.T) {
	s := newWebhookScene(t)
	admin := person("ops", RoleAdmin)
	endpoint := s.create(admin)
	total := WebhookChunk*WebhookChunks + 130
	for n := range total {
		s.tagged("m-1", OrderNo(fmt.Sprint(n)), BuyerID(fmt.Sprint(n)), ActionTagSubmitted, TagAccumulating, 1)
		s.clock.now = s.clock.now.Add(time.Second)
		if n%97 == 0 {
			s.carry(endpoint)
		}
	}
	s.carry(endpoint)
	var seqs []int64
	request := PageRequest{}
	for {
		page, count, err := s.webhooks.Deliveries(t.Context(), admin, endpoint.ID, WebhookDeliveryFilter{}, request)
		if err != nil || count < WebhookHistory || count > WebhookChunk*WebhookChunks {
			t.Fatalf("%d kept: %v", count, err)
		}
		for _, delivery := range page.Items {
			seqs = append(seqs, delivery.Seq)
		}
		if !page.HasNextPage {
			break
		}
		request.After = page.Cursors[len(page.Cursors)-1]
	}
	slices.Sort(seqs)
	if last := seqs[len(seqs)-1]; last != int64(total+1) || len(slices.Compact(seqs)) != int(last-seqs[0])+1 {
		t.Errorf("%d of %d kept, from %d to %d", len(seqs), total, seqs[0], last)
	}
}
