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

// answering is a tagging service that accepts every order at once, so that what is measured is the API alone.
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

// BenchmarkSubmitTwenty is what the API adds to a batch of 20, without the network.
func BenchmarkSubmitTwenty(b *testing.B) {
	now := time.Now()
	handler := graph.NewHandler(graph.Config{Resolvers: resolvers.New(resolvers.Deps{
		Tagging: answering{now}, Records: struct{ resolvers.Records }{}, Clock: cloudtag.SystemClock{},
	})})
	var numbers []string
	for i := range 20 {
		numbers = append(numbers, fmt.Sprintf("10000000%03d", i))
	}
	body, _ := json.Marshal(map[string]any{
		"query": `mutation Submit($input: SubmitTagsInput!) { submitTags(input: $input) { batchId acceptedCount
			results { index orderNo accepted tag { orderNo status markResult reason submittedAt } error { code message } } userErrors { code message } } }`,
		"variables": map[string]any{"input": map[string]any{"orderNos": numbers, "scenario": "RETURN_SWAPPED", "idempotencyKey": "k"}},
	})
	session := auth.Session{Caller: cloudtag.Caller{Subject: "m", Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: "m"}, ExpiresAt: now.Add(time.Hour)}
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(body)))
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request.WithContext(auth.WithSession(request.Context(), session)))
		if recorder.Code != http.StatusOK || !strings.Contains(recorder.Body.String(), `"acceptedCount":20`) {
			b.Fatalf("%d %s", recorder.Code, recorder.Body)
		}
	}
}
