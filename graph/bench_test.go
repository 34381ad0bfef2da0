package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/resolvers"
)

// answering is a tagging service that accepts every order without a store, so that benchmarks measure the API alone.
type answering struct{ now time.Time }

func (a answering) Submit(_ context.Context, caller cloudtag.Caller, in cloudtag.SubmitInput) (cloudtag.Submitted, error) {
	submitted := cloudtag.Submitted{
		Batch: cloudtag.Batch{ID: "batch", MerchantID: caller.MerchantID, Results: make([]cloudtag.OrderResult, len(in.OrderNos))},
		Tags:  make(map[cloudtag.OrderNo]cloudtag.Tag, len(in.OrderNos)),
	}
	for i, number := range in.OrderNos {
		submitted.Batch.Results[i].OrderNo = number
		submitted.Tags[number] = cloudtag.Tag{
			OrderNo: number, Scenario: in.Scenario, MerchantID: caller.MerchantID, BuyerID: "b", Status: cloudtag.TagAccumulating,
			SubmittedAt: a.now, StatusChangedAt: a.now, HandleBy: a.now, BatchID: "batch", Version: 1,
		}
	}
	return submitted, nil
}

// BenchmarkSubmitTwenty measures the API's share of a batch of 20, without the network.
func BenchmarkSubmitTwenty(b *testing.B) {
	var numbers []string
	for i := range 20 {
		numbers = append(numbers, fmt.Sprintf("10000000%03d", i))
	}
	benchmarkOperation(b, cloudtag.Caller{Subject: "m", Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: "m"}, `"acceptedCount":20`,
		`mutation Submit($input: SubmitTagsInput!) { submitTags(input: $input) { batchId acceptedCount
			results { index orderNo accepted tag { orderNo status markResult reason submittedAt } error { code message } } userErrors { code message } } }`,
		map[string]any{"input": map[string]any{"orderNos": numbers, "scenario": "RETURN_SWAPPED", "idempotencyKey": "k"}})
}

// BenchmarkOneTag measures the API's share of the smallest response: the fixed cost of a request.
func BenchmarkOneTag(b *testing.B) {
	benchmarkOperation(b, reviewer, `"status":"ACCUMULATING"`, `{ tag(orderNo: "1000000042") { orderNo status } }`, nil)
}

// BenchmarkTagPage measures the API's share of a page of 50 tags, with the fields of the console's list.
func BenchmarkTagPage(b *testing.B) {
	benchmarkOperation(b, reviewer, `"hasNextPage":true`, `query Page($a: Cursor) { tags(first: 50, after: $a) {
		nodes { orderNo status markResult reason submittedAt statusChangedAt handleBy scenario { code name } merchant { id name } }
		pageInfo { hasNextPage endCursor } } }`, nil)
}

// BenchmarkCasePage measures the API's share of a page of 50 cases, with the fields of the console's queue.
func BenchmarkCasePage(b *testing.B) {
	benchmarkOperation(b, reviewer, `"hasNextPage":true`, `query Page($a: Cursor) { cases(first: 50, after: $a) {
		nodes { id state handling version openedAt dueAt priority scenario { code } buyer { id risk { score level } } explanation { count threshold nextExpiryAt } }
		pageInfo { hasNextPage endCursor } } }`, nil)
}

var reviewer = cloudtag.Caller{Subject: "r", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}

func benchmarkOperation(b *testing.B, caller cloudtag.Caller, want, query string, variables map[string]any) {
	b.Helper()
	now := time.Now()
	handler := graph.NewHandler(graph.Config{Resolvers: resolvers.New(resolvers.Deps{
		Tagging: answering{now}, Records: reading{now: now}, Clock: cloudtag.SystemClock{},
	})})
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		b.Fatal(err)
	}
	session := auth.Session{Caller: caller, ExpiresAt: now.Add(time.Hour)}
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(body)))
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request.WithContext(auth.WithSession(request.Context(), session)))
		if recorder.Code != http.StatusOK || !strings.Contains(recorder.Body.String(), want) {
			b.Fatalf("%d %s", recorder.Code, recorder.Body)
		}
	}
}

// reading makes records without a store, for the same reason as answering.
type reading struct {
	resolvers.Records
	now time.Time
}

const benchmarkRows = 50

func (r reading) TagPage(context.Context, cloudtag.Caller, cloudtag.TagFilter, cloudtag.TagOrder, cloudtag.PageRequest) (cloudtag.Page[cloudtag.Tag], error) {
	page := cloudtag.Page[cloudtag.Tag]{HasNextPage: true}
	for i := range benchmarkRows {
		page.Items = append(page.Items, cloudtag.Tag{
			OrderNo: cloudtag.OrderNo(fmt.Sprintf("10000000%03d", i)), Scenario: "RETURN_SWAPPED",
			MerchantID: cloudtag.MerchantID(fmt.Sprintf("m-%d", i%10)), BuyerID: "b", Status: cloudtag.TagAccumulating,
			SubmittedAt: r.now, StatusChangedAt: r.now, HandleBy: r.now, BatchID: "batch", Version: 1,
		})
		page.Cursors = append(page.Cursors, "cursor")
	}
	return page, nil
}

func (r reading) Tags(_ context.Context, _ cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	found := make(map[cloudtag.OrderNo]cloudtag.Tag, len(orders))
	for _, number := range orders {
		found[number] = cloudtag.Tag{
			OrderNo: number, Scenario: "RETURN_SWAPPED", MerchantID: "m", BuyerID: "b", Status: cloudtag.TagAccumulating,
			SubmittedAt: r.now, StatusChangedAt: r.now, HandleBy: r.now, BatchID: "batch", Version: 1,
		}
	}
	return found, nil
}

func (r reading) Merchants(_ context.Context, _ cloudtag.Caller, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	found := make(map[cloudtag.MerchantID]cloudtag.Merchant, len(ids))
	for _, id := range ids {
		found[id] = cloudtag.Merchant{ID: id, Name: "Shop"}
	}
	return found, nil
}

func (r reading) CasePage(context.Context, cloudtag.Caller, cloudtag.CaseFilter, cloudtag.CaseOrder, cloudtag.PageRequest) (cloudtag.Page[cloudtag.Case], error) {
	page := cloudtag.Page[cloudtag.Case]{HasNextPage: true}
	for i := range benchmarkRows {
		buyer := cloudtag.BuyerID(fmt.Sprintf("b-%d", i))
		page.Items = append(page.Items, cloudtag.Case{
			ID: cloudtag.NewCaseID("RETURN_SWAPPED", buyer), BuyerID: buyer, Scenario: "RETURN_SWAPPED",
			State: cloudtag.CaseAccumulating, Handling: cloudtag.HandlingPending, Version: 1, OpenedAt: r.now, DueAt: r.now, Votes: 1, Threshold: 3,
		})
		page.Cursors = append(page.Cursors, "cursor")
	}
	return page, nil
}

func (r reading) Explain(_ context.Context, _ cloudtag.Caller, cases []cloudtag.Case) (map[cloudtag.CaseID]cloudtag.Explanation, error) {
	found := make(map[cloudtag.CaseID]cloudtag.Explanation, len(cases))
	for _, c := range cases {
		found[c.ID] = cloudtag.Explanation{Count: 1, Threshold: 3, NextExpiryAt: r.now}
	}
	return found, nil
}

func (r reading) Risks(_ context.Context, _ cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.BuyerRisk, error) {
	found := make(map[cloudtag.BuyerID]cloudtag.BuyerRisk, len(buyers))
	for _, id := range buyers {
		found[id] = cloudtag.BuyerRisk{Profile: cloudtag.RiskProfile{BuyerID: id, Score: 50}, Level: cloudtag.RiskMedium}
	}
	return found, nil
}
