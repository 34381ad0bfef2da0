//go:build e2e

package e2e

import (
	"reflect"
	"slices"
	"testing"
)

const countTags = `{ tags(first: 1) { totalCount } }`

type tagCount struct {
	Tags struct {
		TotalCount int `json:"totalCount"`
	} `json:"tags"`
}

func TestABatchAsAMerchantSendsIt(t *testing.T) { onEachStore(t, aBatchAsAMerchantSendsIt) }

func aBatchAsAMerchantSendsIt(t *testing.T, uri string) {
	importMarket(t, uri, 2, 30)
	s := serve(t, uri)
	shop, reviewer := merchantToken(t, "m-1"), token(t, "REVIEWER")

	if got := s.submit(shop, "first", orderNo(1, 30)); got.AcceptedCount != 1 {
		t.Fatalf("%+v", got)
	}
	var orders, want []string
	add := func(order, code string) { orders, want = append(orders, order), append(want, code) }
	for n := 1; n <= 15; n++ {
		add(orderNo(1, n), "")
	}
	add(orderNo(1, 7), "DUPLICATE_IN_BATCH")
	add("4040404040", "ORDER_NOT_FOUND")
	add(orderNo(2, 1), "ORDER_NOT_FOUND")
	add(orderNo(1, 30), "ALREADY_TAGGED")
	add("not an order", "INVALID_ORDER_NO")

	got := s.submit(shop, "second", orders...)
	if got.AcceptedCount != 15 || !slices.Equal(got.codes(), want) || got.BatchID == nil {
		t.Errorf("%d accepted, codes %v, want 15 and %v", got.AcceptedCount, got.codes(), want)
	}
	for i, result := range got.Results {
		if result.Index != i || result.OrderNo != orders[i] || result.Accepted != (want[i] == "") || (result.Tag != nil) != (result.Accepted || want[i] == "ALREADY_TAGGED") {
			t.Errorf("result %d: %+v", i, result)
		}
		if result.Tag != nil && (result.Tag.Status != "ACCUMULATING" || result.Tag.MarkResult != "MARK_FAILED" || result.Tag.Reason == "") {
			t.Errorf("tag %d: %+v", i, result.Tag)
		}
	}
	if unknown, foreign := got.Results[16].Error, got.Results[17].Error; unknown.Code != foreign.Code || unknown.Message != foreign.Message {
		t.Errorf("an unknown order answers %+v, another shop's %+v", unknown, foreign)
	}
	if again := s.submit(shop, "second", orders...); !reflect.DeepEqual(again, got) {
		t.Errorf("the same key again: %+v", again)
	}
	other := s.submit(shop, "second", orders[:3]...)
	if len(other.UserErrors) != 1 || other.UserErrors[0].Code != "IDEMPOTENCY_CONFLICT" || len(other.Results) != 0 {
		t.Errorf("another input under the key: %+v", other)
	}
	before := ask[tagCount](s, reviewer, countTags, nil).Tags.TotalCount
	tooMany := s.submit(shop, "third", slices.Repeat([]string{orderNo(1, 20)}, 21)...)
	if len(tooMany.UserErrors) != 1 || tooMany.UserErrors[0].Code != "TOO_MANY_ORDERS" || tooMany.AcceptedCount != 0 || tooMany.BatchID != nil {
		t.Errorf("a batch of 21: %+v", tooMany)
	}
	if after := ask[tagCount](s, reviewer, countTags, nil).Tags.TotalCount; before != 16 || after != before {
		t.Errorf("%d tags before the batch of 21, %d after, want 16", before, after)
	}
}

type tagEvent struct {
	TagStatusChanged struct {
		Cursor         string  `json:"cursor"`
		PreviousStatus *string `json:"previousStatus"`
		Tag            struct {
			OrderNo string `json:"orderNo"`
			Status  string `json:"status"`
			Version int    `json:"version"`
		} `json:"tag"`
	} `json:"tagStatusChanged"`
}

const followTags = `subscription($after: Cursor, $filter: TagFilter) { tagStatusChanged(after: $after, filter: $filter) {
  cursor at previousStatus tag { orderNo status markResult version }
} }`

func TestThreeShopsFlipATagLive(t *testing.T) { onEachStore(t, threeShopsFlipATagLive) }

func threeShopsFlipATagLive(t *testing.T, uri string) {
	importMarket(t, uri, 4, 3)
	s := serve(t, uri)
	shops := map[int]string{}
	for shop := 1; shop <= 4; shop++ {
		shops[shop] = merchantToken(t, orderOwner(shop))
	}
	follow := func(shop int) *socket {
		return s.subscribe(shops[shop], followTags, map[string]any{"after": s.liveCursor(shops[shop])})
	}
	first, second, uninvolved := follow(1), follow(2), follow(4)

	s.submit(shops[1], "k", orderNo(1, 1))
	submission := next[tagEvent](first).TagStatusChanged
	if submission.Tag.Status != "ACCUMULATING" || submission.PreviousStatus != nil {
		t.Errorf("submission: %+v", submission)
	}
	s.submit(shops[2], "k", orderNo(2, 1))
	if got := next[tagEvent](second).TagStatusChanged; got.Tag.OrderNo != orderNo(2, 1) {
		t.Errorf("second shop's submission: %+v", got)
	}
	third := s.submit(shops[3], "k", orderNo(3, 1))
	if tag := third.Results[0].Tag; tag == nil || tag.Status != "SUCCEEDED" || tag.MarkResult != "MARK_SUCCEEDED" {
		t.Errorf("the third answer: %+v", third.Results[0])
	}
	for shop, sock := range map[int]*socket{1: first, 2: second} {
		got := next[tagEvent](sock).TagStatusChanged
		if got.Tag.OrderNo != orderNo(shop, 1) || got.Tag.Status != "SUCCEEDED" || got.PreviousStatus == nil || *got.PreviousStatus != "ACCUMULATING" || got.Tag.Version != 2 {
			t.Errorf("flip seen by shop %d: %+v", shop, got)
		}
	}

	// A marker event proves that nothing else was under way: events of a shop arrive in order.
	s.submit(shops[1], "marker", orderNo(1, 2))
	if got := next[tagEvent](first).TagStatusChanged; got.Tag.OrderNo != orderNo(1, 2) {
		t.Errorf("shop 1 saw %+v before the marker", got)
	}
	uninvolved.quiet()

	// The first shop was offline from its submission on: it gets exactly what it missed.
	resumed := s.subscribe(shops[1], followTags, map[string]any{"after": submission.Cursor})
	for _, want := range []string{orderNo(1, 1) + " SUCCEEDED", orderNo(1, 2) + " ACCUMULATING"} {
		got := next[tagEvent](resumed).TagStatusChanged
		if seen := got.Tag.OrderNo + " " + got.Tag.Status; seen != want {
			t.Errorf("resumed: %s, want %s", seen, want)
		}
	}
	resumed.quiet()
}

func orderOwner(shop int) string { return []string{"", "m-1", "m-2", "m-3", "m-4"}[shop] }
