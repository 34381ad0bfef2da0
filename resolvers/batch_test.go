package resolvers_test

import (
	"fmt"
	"reflect"
	"testing"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// A shop submits a batch, then reads it and its tags.
func TestStoredBatches(t *testing.T) {
	s := twoShops(t)
	shop, rival, reviewer := s.As(cloudtag.RoleMerchant, "a"), s.As(cloudtag.RoleMerchant, "b"), s.As(cloudtag.RoleReviewer)
	s.Do(shop, submit, input("first", number("a", 0), number("a", 1))).Into(t, &submitted{})
	var sent submitted
	s.Do(shop, submit, input("second", number("a", 2), number("a", 1), "nobodys", number("a", 3))).Into(t, &sent)
	id := *sent.SubmitTags.BatchID

	type batchAnswer struct {
		Batch *struct {
			ID, SubmittedAt    string
			Merchant, Scenario struct{ ID, Code string }
			AcceptedCount      int
			Results            []struct {
				Index    int
				OrderNo  string
				Accepted bool
				Tag      *struct{ OrderNo, Status, BatchID string }
				Error    *struct {
					Code  string
					Field []string
				}
			}
		}
		Tags struct {
			Nodes      []struct{ OrderNo string }
			TotalCount int
		}
	}
	const query = `query($id: ID!, $filter: TagFilter!) {
		batch(id: $id) { id submittedAt merchant { id } scenario { code } acceptedCount results { index orderNo accepted tag { orderNo status batchId } error { code field } } }
		tags(filter: $filter, orderBy: SUBMITTED_AT_ASC) { nodes { orderNo } totalCount }
	}`
	read := func(caller, id string, more map[string]any) batchAnswer {
		t.Helper()
		filter := map[string]any{"batchId": id}
		for name, value := range more {
			filter[name] = value
		}
		var answer batchAnswer
		s.Do(caller, query, graphtest.Variables{"id": id, "filter": filter}).Into(t, &answer)
		return answer
	}
	for _, caller := range []string{shop, reviewer} {
		got := read(caller, id, nil)
		if got.Batch == nil || got.Batch.ID != id || got.Batch.Merchant.ID != "a" || got.Batch.Scenario.Code != "RETURN_SWAPPED" || got.Batch.AcceptedCount != 2 || len(got.Batch.Results) != 4 {
			t.Fatalf("%+v", got.Batch)
		}
		for i, want := range []struct{ order, code string }{{number("a", 2), ""}, {number("a", 1), "ALREADY_TAGGED"}, {"nobodys", "ORDER_NOT_FOUND"}, {number("a", 3), ""}} {
			result := got.Batch.Results[i]
			if result.Index != i || result.OrderNo != want.order || result.Accepted != (want.code == "") {
				t.Errorf("result %d: %+v", i, result)
			}
			if want.code != "" && (result.Error == nil || result.Error.Code != want.code || !reflect.DeepEqual(result.Error.Field, []string{"input", "orderNos", fmt.Sprint(i)})) {
				t.Errorf("result %d: %+v, want %s", i, result.Error, want.code)
			}
			if tagged := want.code != "ORDER_NOT_FOUND"; (result.Tag != nil) != tagged || tagged && (result.Tag.BatchID == id) != (want.code == "") {
				t.Errorf("result %d: tag %+v", i, result.Tag)
			}
		}
		if got.Tags.TotalCount != 2 || len(got.Tags.Nodes) != 2 || got.Tags.Nodes[0].OrderNo != number("a", 2) || got.Tags.Nodes[1].OrderNo != number("a", 3) {
			t.Errorf("tags %+v", got.Tags)
		}
	}
	for name, test := range map[string]struct {
		caller, id string
		more       map[string]any
	}{
		"another shop's":            {rival, id, nil},
		"none":                      {shop, "no-such-batch", nil},
		"another shop's, reviewing": {reviewer, id, map[string]any{"merchantId": "b"}},
		"of other orders":           {shop, id, map[string]any{"orderNos": []string{number("a", 1)}}},
		"of another scenario":       {shop, id, map[string]any{"scenario": "STOCK_HOLDING"}},
	} {
		got := read(test.caller, test.id, test.more)
		if test.more == nil && got.Batch != nil || got.Tags.TotalCount != 0 || len(got.Tags.Nodes) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := read(shop, id, map[string]any{"orderNos": []string{number("a", 1), number("a", 3)}}); got.Tags.TotalCount != 1 || got.Tags.Nodes[0].OrderNo != number("a", 3) {
		t.Errorf("one of its orders: %+v", got.Tags)
	}
}

// Orders are returned by number, in the order of the request, each once.
func TestOrdersByNumber(t *testing.T) {
	s := graphtest.New(t)
	s.Import([]cloudtag.MerchantID{"a", "b"}, s.Order("a1", "a", "x"), s.Order("a2", "a", "y"), s.Order("b1", "b", "x"))
	const query = `query($numbers: [ID!]!) { ordersByNumber(orderNos: $numbers) { orderNo } }`
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	asked := []string{"b1", "a2", "nobodys", "a1", "a2"}
	for caller, want := range map[string][]string{
		s.As(cloudtag.RoleMerchant, "a"): {"a2", "a1"}, s.As(cloudtag.RoleMerchant, "b"): {"b1"},
		s.As(cloudtag.RoleReviewer): {"b1", "a2", "a1"}, s.As(cloudtag.RolePlatform): {"b1", "a2", "a1"},
	} {
		var got struct{ OrdersByNumber []struct{ OrderNo string } }
		s.Do(caller, query, graphtest.Variables{"numbers": asked}).Into(t, &got)
		var numbers []string
		for _, order := range got.OrdersByNumber {
			numbers = append(numbers, order.OrderNo)
		}
		if !reflect.DeepEqual(numbers, want) {
			t.Errorf("%v, want %v", numbers, want)
		}
		refused := s.Do(caller, query, graphtest.Variables{"numbers": many})
		if !reflect.DeepEqual(refused.Codes(), []string{"BAD_USER_INPUT"}) || !reflect.DeepEqual(refused.Errors[0].Extensions["field"], []any{"orderNos"}) {
			t.Errorf("101 numbers: %s", refused.Raw)
		}
	}
}
