package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"cloudtag/db/mongo/baseline"
	"cloudtag/internal/cloudtag"
)

// page is a 50-row page that clients ask for all day.
type page struct {
	name      string
	reviewer  bool // asked with a reviewer's token, otherwise with a shop's
	document  string
	variables func(n int, data dataset) map[string]any
	// bare asks for the same rows by the driver alone, and returns how many came; nil where that was not written.
	bare func(ctx context.Context, database *baseline.Database, n int, data dataset) (int, error)
}

// pageSize is how many rows a page has.
const pageSize = 50

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
		{"tags, newest", true, tagPage, filter(map[string]any{"order": "SUBMITTED_AT_DESC"}), bareNewest},
		{"tags, succeeded", true, tagPage, filter(map[string]any{"order": "STATUS_CHANGED_AT_DESC", "filter": map[string]any{"status": []string{"SUCCEEDED"}}}), nil},
		{"tags of the shop", false, tagPage, filter(map[string]any{"order": "SUBMITTED_AT_DESC"}), bareShop},
		{"tags of a buyer", true, tagPage, func(n int, data dataset) map[string]any {
			return map[string]any{"order": "SUBMITTED_AT_DESC", "filter": map[string]any{"buyerId": string(data.someBuyer(n))}}
		}, bareBuyer},
		{"cases, queue", true, casePage, filter(map[string]any{"order": "PRIORITY_DESC", "filter": map[string]any{"handling": "PENDING"}}), bareQueue},
		{"cases, newest", true, casePage, filter(map[string]any{"order": "OPENED_AT_DESC"}), nil},
		{"cases, confirmed", true, casePage, filter(map[string]any{"order": "OPENED_AT_DESC", "filter": map[string]any{"state": []string{"CONFIRMED"}}}), nil},
	}
}

func bareNewest(ctx context.Context, database *baseline.Database, _ int, _ dataset) (int, error) {
	return database.NewestTags(ctx, pageSize)
}

func bareShop(ctx context.Context, database *baseline.Database, n int, data dataset) (int, error) {
	return database.TagsOfShop(ctx, string(data.merchant(n%data.shops).ID), pageSize)
}

func bareBuyer(ctx context.Context, database *baseline.Database, n int, data dataset) (int, error) {
	return database.TagsOfBuyer(ctx, string(data.someBuyer(n)), pageSize)
}

func bareQueue(ctx context.Context, database *baseline.Database, _ int, _ dataset) (int, error) {
	return database.Queue(ctx, pageSize)
}

// pageTimes are the durations of each page, by name.
type pageTimes struct {
	api, bare map[string][]time.Duration
}

// measurePages asks for each page one after the other, and in turn for the same rows by the driver alone where there is
// one (nil: there is none), so that whatever else the machine does meanwhile slows both.
func measurePages(ctx context.Context, base, reviewer string, shops []string, data dataset, requests int, database *baseline.Database) (pageTimes, error) {
	client := newClient(1)
	times := pageTimes{api: map[string][]time.Duration{}, bare: map[string][]time.Duration{}}
	for _, page := range pages() {
		rows := 0
		for n := range requests {
			token := reviewer
			if !page.reviewer {
				token = shops[n%len(shops)]
			}
			took, err := measurePage(ctx, client, base, token, page, page.variables(n, data))
			if err != nil {
				return times, err
			}
			times.api[page.name] = append(times.api[page.name], took)
			if database == nil || page.bare == nil {
				continue
			}
			began := time.Now()
			found, err := page.bare(ctx, database, n, data)
			if err != nil {
				return times, fmt.Errorf("page %q by the driver alone: %w", page.name, err)
			}
			times.bare[page.name] = append(times.bare[page.name], time.Since(began))
			rows += found
		}
		if len(times.bare[page.name]) > 0 && rows == 0 { // some accounts have no tags, but not all
			return times, fmt.Errorf("page %q by the driver alone: nothing was found", page.name)
		}
	}
	return times, nil
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
