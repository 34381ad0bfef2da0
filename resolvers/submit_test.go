package resolvers_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const submit = `mutation ($input: SubmitTagsInput!) { submitTags(input: $input) {
	batchId acceptedCount
	results { index orderNo accepted tag { orderNo status markResult reason batchId } error { code message field } }
	userErrors { code message field } } }`

type userError struct {
	Code    string
	Message string
	Field   []string
}

type submitted struct {
	SubmitTags struct {
		BatchID       *string
		AcceptedCount int
		Results       []struct {
			Index    int
			OrderNo  string
			Accepted bool
			Tag      *struct{ OrderNo, Status, MarkResult, Reason, BatchID string }
			Error    *userError
		}
		UserErrors []userError
	}
}

func input(key string, orders ...string) graphtest.Variables {
	return graphtest.Variables{"input": map[string]any{
		"orderNos": append([]string{}, orders...), "scenario": "RETURN_SWAPPED", "idempotencyKey": key,
	}}
}

// number is an order number of a shop.
func number(shop string, i int) string { return fmt.Sprintf("%s-%03d", shop, i) }

// twoShops imports 100 orders for each of two shops, all of different buyers.
func twoShops(t *testing.T) *graphtest.Stack {
	t.Helper()
	s := graphtest.New(t)
	var orders []cloudtag.Order
	for _, shop := range []string{"a", "b"} {
		for i := range 100 {
			order := number(shop, i)
			orders = append(orders, s.Order(cloudtag.OrderNo(order), cloudtag.MerchantID(shop), cloudtag.BuyerID("buyer-"+order)))
		}
	}
	s.Import([]cloudtag.MerchantID{"a", "b"}, orders...)
	return s
}

func TestSubmitReturnsAResultPerOrder(t *testing.T) {
	s := twoShops(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	s.Do(shop, submit, input("first", number("a", 99))).Into(t, &submitted{})

	var numbers []string
	for i := range 15 {
		numbers = append(numbers, number("a", i))
	}
	numbers = append(numbers, number("a", 3), "unknown-1", number("b", 1), number("a", 99), "bad\x00number")
	answer := s.Do(shop, submit, input("second", numbers...))
	var got submitted
	answer.Into(t, &got)
	if got.SubmitTags.BatchID == nil || got.SubmitTags.AcceptedCount != 15 || len(got.SubmitTags.UserErrors) != 0 {
		t.Fatalf("payload %s", answer.Raw)
	}
	want := []string{15: "DUPLICATE_IN_BATCH", 16: "ORDER_NOT_FOUND", 17: "ORDER_NOT_FOUND", 18: "ALREADY_TAGGED", 19: "INVALID_ORDER_NO"}
	for i, result := range got.SubmitTags.Results {
		if result.Index != i || result.OrderNo != numbers[i] {
			t.Errorf("result %d is of %d, %q", i, result.Index, result.OrderNo)
		}
		if want[i] == "" {
			if !result.Accepted || result.Tag == nil || result.Error != nil || result.Tag.OrderNo != numbers[i] ||
				result.Tag.Status != "ACCUMULATING" || result.Tag.MarkResult != "MARK_FAILED" || result.Tag.BatchID != *got.SubmitTags.BatchID {
				t.Errorf("result %d: %+v, want an accepted tag", i, result)
			}
			continue
		}
		place := []string{"input", "orderNos", fmt.Sprint(i)}
		// An order of one's own that has a tag comes with it.
		if had := result.Tag != nil && result.Tag.OrderNo == numbers[i]; had != (want[i] == "ALREADY_TAGGED") {
			t.Errorf("result %d: tag %+v", i, result.Tag)
		}
		if result.Accepted || result.Error == nil || result.Error.Code != want[i] || !reflect.DeepEqual(result.Error.Field, place) {
			t.Errorf("result %d: %+v, want %s at %v", i, result.Error, want[i], place)
		}
	}

	again := s.Do(shop, submit, input("second", numbers...))
	if again.Raw != answer.Raw {
		t.Errorf("the repeat answers\n%s\nwant\n%s", again.Raw, answer.Raw)
	}
}

func TestSubmitRefusals(t *testing.T) {
	s := twoShops(t)
	var tooMany []string
	for i := range 21 {
		tooMany = append(tooMany, number("a", i))
	}
	change := func(variables graphtest.Variables, name string, value any) graphtest.Variables {
		variables["input"].(map[string]any)[name] = value
		return variables
	}
	shop := s.As(cloudtag.RoleMerchant, "a")
	s.Do(shop, submit, input("used", number("a", 90))).Into(t, &submitted{})
	before := len(s.Store.Log())
	for name, test := range map[string]struct {
		variables graphtest.Variables
		code      string
		field     string
	}{
		"no order":          {input("k"), "EMPTY_BATCH", "orderNos"},
		"21 orders":         {input("k", tooMany...), "TOO_MANY_ORDERS", "orderNos"},
		"unknown scenario":  {change(input("k", number("a", 1)), "scenario", "NO_SUCH"), "UNKNOWN_SCENARIO", "scenario"},
		"note of 301":       {change(input("k", number("a", 1)), "note", strings.Repeat("标", 301)), "NOTE_TOO_LONG", "note"},
		"note with NUL":     {change(input("k", number("a", 1)), "note", "x\x00y"), "INVALID_NOTE", "note"},
		"empty key":         {input("", number("a", 1)), "INVALID_IDEMPOTENCY_KEY", "idempotencyKey"},
		"key of other use":  {input("used", number("a", 1)), "IDEMPOTENCY_CONFLICT", "idempotencyKey"},
		"long order number": {input("k2", strings.Repeat("9", 10_000)), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			answer := s.Do(shop, submit, test.variables)
			var got submitted
			answer.Into(t, &got)
			if test.code == "" {
				if code := got.SubmitTags.Results[0].Error.Code; code != "INVALID_ORDER_NO" {
					t.Errorf("code %s, want INVALID_ORDER_NO", code)
				}
				return
			}
			refused := got.SubmitTags
			if refused.BatchID != nil || len(refused.Results) != 0 || refused.AcceptedCount != 0 || len(refused.UserErrors) != 1 {
				t.Fatalf("payload %s, want one refusal and nothing else", answer.Raw)
			}
			want := []string{"input", test.field}
			if refused.UserErrors[0].Code != test.code || !reflect.DeepEqual(refused.UserErrors[0].Field, want) {
				t.Errorf("refusal %+v, want %s of %v", refused.UserErrors[0], test.code, want)
			}
		})
	}
	if after := len(s.Store.Log()); after != before {
		t.Errorf("%d log entries of refused batches", after-before)
	}
	if code := s.Do(s.As(cloudtag.RoleReviewer), submit, input("k", number("a", 1))).Codes(); !reflect.DeepEqual(code, []string{"FORBIDDEN"}) {
		t.Errorf("a reviewer's submission: %v, want FORBIDDEN", code)
	}
}

func TestSubmitMessagesFollowTheLanguage(t *testing.T) {
	s := twoShops(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	body := `{"query":"mutation { submitTags(input: {orderNos: [], scenario: \"RETURN_SWAPPED\", idempotencyKey: \"k\"}) { userErrors { message } } }"}`
	for language, want := range map[string]string{"en": "Submit at least 1 order number.", "zh-CN": "请至少提交 1 个订单号。", "": "请至少提交 1 个订单号。"} {
		answer := s.Send("POST", "/", strings.NewReader(body), map[string][]string{
			"Authorization": {shop}, "Content-Type": {"application/json"}, "Accept-Language": {language},
		})
		if !strings.Contains(answer.Raw, want) {
			t.Errorf("in %q: %s, want %q", language, answer.Raw, want)
		}
	}
}

// The third independent shop's answer shows the success, and the others' tags have flipped.
func TestThirdShopSucceeds(t *testing.T) {
	s := graphtest.New(t)
	shops := []cloudtag.MerchantID{"a", "b", "c"}
	var orders []cloudtag.Order
	for _, shop := range shops {
		orders = append(orders, s.Order(cloudtag.OrderNo(shop)+"-1", shop, "same"))
	}
	s.Import(shops, orders...)
	for i, want := range []string{"ACCUMULATING", "ACCUMULATING", "SUCCEEDED"} {
		var got submitted
		s.Do(s.As(cloudtag.RoleMerchant, shops[i]), submit, input("k", string(shops[i])+"-1")).Into(t, &got)
		if status := got.SubmitTags.Results[0].Tag.Status; status != want {
			t.Errorf("shop %d sees %s, want %s", i+1, status, want)
		}
		s.Clock.Advance(time.Minute)
	}
	var own struct {
		Tag struct{ Status, MarkResult string }
	}
	s.Do(s.As(cloudtag.RoleMerchant, "a"), `{ tag(orderNo: "a-1") { status markResult } }`, nil).Into(t, &own)
	if own.Tag.Status != "SUCCEEDED" || own.Tag.MarkResult != "MARK_SUCCEEDED" {
		t.Errorf("the first shop's tag: %+v, want a success", own.Tag)
	}
}
