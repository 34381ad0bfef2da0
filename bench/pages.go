package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"cloudtag/db/mongo/baseline"
	"cloudtag/internal/cloudtag"
)

// page is a frequently requested page of 50 rows.
type page struct {
	name      string
	reviewer  bool // requested by a reviewer, otherwise by a shop
	document  string
	variables func(n int, data dataset) map[string]any
	// bare reads the same rows with the driver alone, and returns their number; nil: the page has no such query.
	bare func(ctx context.Context, database *baseline.Database, n int, data dataset) (int, error)
}

// pageSize is the number of rows of a page.
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

// pageTimes holds the durations of each page, by name.
type pageTimes struct {
	api, bare map[string][]time.Duration
}

// measurePages requests each page sequentially, alternating with the same query of the driver alone unless database is nil,
// so that other load on the machine affects both.
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
				return times, fmt.Errorf("page %q with the driver alone: %w", page.name, err)
			}
			times.bare[page.name] = append(times.bare[page.name], time.Since(began))
			rows += found
		}
		if len(times.bare[page.name]) > 0 && rows == 0 { // not all accounts are without tags
			return times, fmt.Errorf("page %q with the driver alone: nothing was found", page.name)
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

// timesWithin distributes the batches of a data set over some days before now, oldest first.
func timesWithin(data dataset, days int, now time.Time) func(k int) time.Time {
	span := time.Duration(days) * 24 * time.Hour
	return func(k int) time.Time {
		return now.Add(-span + time.Duration(float64(span)*float64(k)/float64(data.batches()))).UTC().Truncate(cloudtag.TimeResolution)
	}
}
