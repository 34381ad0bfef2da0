package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"cloudtag/internal/cloudtag"
)

// page is a 50-row page that clients ask for all day.
type page struct {
	name      string
	reviewer  bool // asked with a reviewer's token, otherwise with a shop's
	document  string
	variables func(n int, data dataset) map[string]any
}

const tagPage = `query($filter: TagFilter, $after: Cursor, $order: TagOrder) {
  tags(filter: $filter, orderBy: $order, first: 50, after: $after) {
    nodes { orderNo status markResult submittedAt statusChangedAt scenario { code } merchant { id name } }
    pageInfo { hasNextPage endCursor }
  }
}`

const casePage = `query($filter: CaseFilter, $order: CaseOrder) {
  cases(filter: $filter, orderBy: $order, first: 50) {
    nodes { id state handling version openedAt dueAt overdue priority buyer { id } scenario { code } }
    pageInfo { hasNextPage endCursor }
  }
}`

func pages() []page {
	filter := func(values map[string]any) func(int, dataset) map[string]any {
		return func(int, dataset) map[string]any { return values }
	}
	return []page{
		{"tags, newest", true, tagPage, filter(map[string]any{"order": "SUBMITTED_AT_DESC"})},
		{"tags, succeeded", true, tagPage, filter(map[string]any{"order": "STATUS_CHANGED_AT_DESC", "filter": map[string]any{"status": []string{"SUCCEEDED"}}})},
		{"tags of the shop", false, tagPage, filter(map[string]any{"order": "SUBMITTED_AT_DESC"})},
		{"tags of a buyer", true, tagPage, func(n int, data dataset) map[string]any {
			return map[string]any{"order": "SUBMITTED_AT_DESC", "filter": map[string]any{"buyerId": string(data.order(n * 7919 % data.tags).BuyerID)}}
		}},
		{"cases, queue", true, casePage, filter(map[string]any{"order": "PRIORITY_DESC", "filter": map[string]any{"handling": "PENDING"}})},
		{"cases, newest", true, casePage, filter(map[string]any{"order": "OPENED_AT_DESC"})},
		{"cases, confirmed", true, casePage, filter(map[string]any{"order": "OPENED_AT_DESC", "filter": map[string]any{"state": []string{"CONFIRMED"}}})},
	}
}

// pageRequests is how often each page is asked for.
const pageRequests = 400

// measurePages asks for each page one after the other and returns the durations by page.
func measurePages(ctx context.Context, base, reviewer string, shops []string, data dataset) (map[string][]time.Duration, error) {
	client := newClient(1)
	durations := map[string][]time.Duration{}
	for _, page := range pages() {
		for n := range pageRequests {
			token := reviewer
			if !page.reviewer {
				token = shops[n%len(shops)]
			}
			took, err := measurePage(ctx, client, base, token, page, page.variables(n, data))
			if err != nil {
				return nil, err
			}
			durations[page.name] = append(durations[page.name], took)
		}
	}
	return durations, nil
}

func measurePage(ctx context.Context, client *http.Client, base, token string, page page, variables map[string]any) (time.Duration, error) {
	began := time.Now()
	if _, err := post(ctx, client, base, token, page.document, variables); err != nil {
		return 0, fmt.Errorf("page %q: %w", page.name, err)
	}
	return time.Since(began), nil
}

// spreadOver gives the batches of a data set times over the given days before now, oldest first.
func spreadOver(data dataset, days int, now time.Time) func(k int) time.Time {
	span := time.Duration(days) * 24 * time.Hour
	return func(k int) time.Time {
		return now.Add(-span + time.Duration(float64(span)*float64(k)/float64(data.batches()))).UTC().Truncate(cloudtag.TimeResolution)
	}
}
