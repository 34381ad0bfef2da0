package webhooks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func TestEndpointIsSentWhatHappensAfterItsCreation(t *testing.T) {
	s := newScene(t)
	s.tagged("m-1", "1", "b", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	endpoint := s.create(person("ops", cloudtag.RoleAdmin))
	s.tagged("m-1", "2", "b", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	s.tagged("m-2", "3", "c", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
	s.store.append(cloudtag.Entry{At: start, Action: cloudtag.ActionRiskImported, Subjects: []cloudtag.Subject{"buyer:b"}})
	if next := s.deliver(endpoint); !next.IsZero() {
		t.Errorf("continues at %v, though nothing waits", next)
	}
	events := s.receiver.events(t)
	if len(events) != 2 {
		t.Fatalf("%d events: %+v", len(events), events)
	}
	if s.deliver(endpoint); len(s.receiver.accepted) != 2 {
		t.Errorf("sent again: %d", len(s.receiver.accepted))
	}
	found, count, err := s.endpoints.Deliveries(t.Context(), person("aud", cloudtag.RoleAuditor), endpoint.ID, DeliveryFilter{}, cloudtag.PageRequest{})
	if err != nil || count != 2 || found.Items[0].State != DeliveryDelivered || found.Items[0].Tries != 1 {
		t.Errorf("%d deliveries, %+v, %v", count, found.Items, err)
	}
}

func TestEndpointOfARevokedShopIsDisabled(t *testing.T) {
	s := newScene(t)
	s.store.putMerchant(cloudtag.Merchant{ID: "m-1", Permission: cloudtag.PermissionActive})
	endpoint := s.create(merchantCaller("m-1"))
	s.store.putMerchant(cloudtag.Merchant{ID: "m-1", Permission: cloudtag.PermissionRevoked})
	s.tagged("m-1", "1", "b", cloudtag.ActionTagVoided, cloudtag.TagVoided, 2)
	s.deliver(endpoint)
	if len(s.receiver.accepted) != 0 {
		t.Errorf("sent %s", s.receiver.accepted[0].Body)
	}
	now, err := s.endpoints.Find(t.Context(), merchantCaller("m-1"), endpoint.ID)
	if err != nil || now.DisabledReason != DisabledShopRevoked {
		t.Errorf("%+v, %v", now, err)
	}
	if _, err := s.endpoints.Resume(t.Context(), merchantCaller("m-1"), endpoint.ID, false); cloudtag.CodeOf(err) != cloudtag.CodePermissionRevoked {
		t.Errorf("resumed: %v", err)
	}
	if _, err := s.endpoints.Create(t.Context(), merchantCaller("m-1"), Draft{URL: "https://example.com/x"}); cloudtag.CodeOf(err) != cloudtag.CodePermissionRevoked {
		t.Errorf("made another: %v", err)
	}
}

func TestSecretsRotate(t *testing.T) {
	s := newScene(t)
	admin := person("ops", cloudtag.RoleAdmin)
	made := s.create(admin)
	first := made.Secret()
	rotated, err := s.endpoints.Rotate(t.Context(), admin, made.ID, DefaultOverlap)
	if err != nil || rotated.Secret() == first || len(rotated.keys(s.clock.now)) != 2 || !rotated.OverlapUntil(s.clock.now).Equal(start.Add(24*time.Hour)) {
		t.Fatalf("%+v, %v", rotated, err)
	}
	if keys := rotated.keys(start.Add(24 * time.Hour)); len(keys) != 1 || !bytes.Equal(keys[0], rotated.Secrets[0].Key) {
		t.Errorf("after the overlap: %v", keys)
	}
	now, err := s.endpoints.Rotate(t.Context(), admin, made.ID, 0)
	if err != nil || len(now.keys(s.clock.now)) != 1 {
		t.Errorf("without an overlap: %+v, %v", now, err)
	}
	for _, overlap := range []time.Duration{-time.Hour, MaxOverlap + time.Hour} {
		if _, err := s.endpoints.Rotate(t.Context(), admin, made.ID, overlap); cloudtag.CodeOf(err) != cloudtag.CodeInvalidWebhook {
			t.Errorf("overlap of %v: %v", overlap, err)
		}
	}
	for _, entry := range s.store.log() {
		for _, endpoint := range []Endpoint{made, rotated, now} {
			key, _ := json.Marshal(endpoint.Secrets[0].Key)
			if text := string(entry.Before) + string(entry.After) + entry.Reason; strings.Contains(text, string(key)) || strings.Contains(text, "example.com/") {
				t.Errorf("the log shows %s", text)
			}
		}
	}
	if _, err := s.endpoints.Delete(t.Context(), admin, made.ID); err != nil {
		t.Fatal(err)
	}
	documents, err := s.store.Documents(t.Context(), cloudtag.KindWebhook, []string{made.ID})
	if err != nil || len(documents) != 1 {
		t.Fatalf("%d documents, %v", len(documents), err)
	}
	if left := documents[made.ID]; bytes.Contains(left.Body, []byte(`"key":`)) {
		t.Errorf("deleted, it still holds %s", left.Body)
	}
	if _, err := s.endpoints.Find(t.Context(), admin, made.ID); cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
		t.Errorf("deleted: %v", err)
	}
}

func TestWhoMaySeeAndChangeEndpoints(t *testing.T) {
	s := newScene(t)
	ctx := t.Context()
	platform, shop := s.create(person("svc", cloudtag.RolePlatform)), s.create(merchantCaller("m-1"))
	callers := map[string]cloudtag.Caller{
		"admin": person("ann", cloudtag.RoleAdmin), "service": person("svc-2", cloudtag.RolePlatform), "auditor": person("aud", cloudtag.RoleAuditor),
		"reviewer": person("rev", cloudtag.RoleReviewer), "shop": merchantCaller("m-1"), "other shop": merchantCaller("m-2"), "nobody": {},
	}
	type may struct{ see, operate, manage bool }
	for name, want := range map[string]map[string]may{
		"platform": {"admin": {true, true, true}, "service": {true, true, true}, "auditor": {true, false, false}},
		"shop":     {"admin": {true, true, false}, "auditor": {true, false, false}, "shop": {true, true, true}},
	} {
		endpoint := map[string]Endpoint{"platform": platform, "shop": shop}[name]
		for who, caller := range callers {
			code := func(allowed bool) cloudtag.Code {
				switch {
				case allowed:
					return ""
				case want[who].see:
					return cloudtag.CodeForbidden
				default:
					return cloudtag.CodeNotFound
				}
			}
			_, seen := s.endpoints.Find(ctx, caller, endpoint.ID)
			_, _, listed := s.endpoints.Deliveries(ctx, caller, endpoint.ID, DeliveryFilter{}, cloudtag.PageRequest{})
			_, replayed := s.endpoints.Replay(ctx, caller, endpoint.ID, Since{Time: s.clock.now})
			_, pinged := s.endpoints.Ping(ctx, caller, endpoint.ID)
			_, rotated := s.endpoints.Rotate(ctx, caller, endpoint.ID, 0)
			_, updated := s.endpoints.Update(ctx, caller, endpoint.ID, Draft{URL: endpoint.URL})
			for what, got := range map[string]struct {
				err  error
				want cloudtag.Code
			}{
				"see": {seen, code(want[who].see)}, "deliveries": {listed, code(want[who].see)}, "replay": {replayed, code(want[who].operate)},
				"ping": {pinged, code(want[who].manage)}, "rotate": {rotated, code(want[who].manage)}, "update": {updated, code(want[who].manage)},
			} {
				if cloudtag.CodeOf(got.err) != got.want {
					t.Errorf("%s, %s's %s: %v, want %q", who, name, what, got.err, got.want)
				}
			}
		}
	}
	for who, count := range map[string]int{"admin": 2, "service": 1, "auditor": 2, "shop": 1, "other shop": 0} {
		if _, got, err := s.endpoints.List(ctx, callers[who], EndpointFilter{}, cloudtag.PageRequest{}); err != nil || got != count {
			t.Errorf("%s sees %d endpoints, want %d: %v", who, got, count, err)
		}
	}
	for _, who := range []string{"reviewer", "nobody"} {
		if _, _, err := s.endpoints.List(ctx, callers[who], EndpointFilter{}, cloudtag.PageRequest{}); cloudtag.CodeOf(err) != cloudtag.CodeForbidden {
			t.Errorf("%s lists: %v", who, err)
		}
	}
	if _, err := s.endpoints.Create(ctx, merchantCaller("m-1"), Draft{URL: "https://example.com/a", Types: []cloudtag.Action{cloudtag.ActionCaseOpened}}); cloudtag.CodeOf(err) != cloudtag.CodeInvalidWebhook {
		t.Errorf("a shop asks for cases: %v", err)
	}
}

func TestEndpointsOfAnOwnerAreLimited(t *testing.T) {
	s := newScene(t)
	for range MaxPerMerchant {
		s.create(merchantCaller("m-1"))
	}
	if _, err := s.endpoints.Create(t.Context(), merchantCaller("m-1"), Draft{URL: "https://example.com/more"}); cloudtag.CodeOf(err) != cloudtag.CodeTooManyWebhooks {
		t.Errorf("one too many: %v", err)
	}
	other := s.create(merchantCaller("m-2"))
	if _, err := s.endpoints.Create(t.Context(), merchantCaller("m-2"), Draft{URL: other.URL}); cloudtag.CodeOf(err) != cloudtag.CodeConflict {
		t.Errorf("the same address again: %v", err)
	}
}

// beforeSave calls a function once between a service's reads and its save, as another instance.
type beforeSave struct {
	*testStore
	do func()
}

func (s *beforeSave) SaveDocument(ctx context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	if do := s.do; do != nil {
		s.do = nil
		do()
	}
	return s.testStore.SaveDocument(ctx, document, entries)
}

// Endpoints that are created at the same moment are counted before any of them is stored; no more than the limit stay.
func TestEndpointsCreatedAtOnceStayWithinTheLimit(t *testing.T) {
	s := newScene(t)
	shop := merchantCaller("m-1")
	for range MaxPerMerchant - 1 {
		s.create(shop)
	}
	store := &beforeSave{s.store, func() { s.create(shop) }}
	ids := cloudtag.IDFunc(func() string { s.ids++; return fmt.Sprintf("id-%04d", s.ids) })
	key := func() []byte { return bytes.Repeat([]byte{1}, KeyLength) }
	other := NewEndpoints(store, firstSince{s.store}, s.clock, ids, key, Rules{}, func() {})
	draft := Draft{URL: "https://example.com/other"}
	if _, err := other.Create(t.Context(), shop, draft); cloudtag.CodeOf(err) != cloudtag.CodeTooManyWebhooks {
		t.Errorf("one too many: %v", err)
	}
	all, _, err := s.endpoints.List(t.Context(), shop, EndpointFilter{}, cloudtag.PageRequest{})
	if err != nil || len(all.Items) != MaxPerMerchant {
		t.Fatalf("%d endpoints (%v)", len(all.Items), err)
	}
	if _, err := s.endpoints.Delete(t.Context(), shop, all.Items[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Create(t.Context(), shop, draft); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
}
