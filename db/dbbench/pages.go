//go:build unix

package dbbench

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"cloudtag/db/dbtest"
	"cloudtag/internal/cloudtag"
)

// Pages reads pages of 50 with many filters, each from another place of the list, after -stored tags were
// recorded (-percase tags per case).
func (m *Benchmarks) Pages(b *testing.B, store dbtest.Store) {
	m.fill(b, store, m.stored)
	last, err := store.TagsByOrder(context.Background(), []cloudtag.OrderNo{"1000000000000"})
	if err != nil {
		b.Fatal(err)
	}
	for _, page := range tagPages(last["1000000000000"]) {
		b.Run("tags/"+page.name, func(b *testing.B) {
			readPages(b, page.order.PositionOf, func(slice cloudtag.Slice) ([]cloudtag.Tag, bool, error) {
				return store.TagPage(context.Background(), page.filter, page.order, slice)
			})
		})
	}
	for _, page := range casePages() {
		b.Run("cases/"+page.name, func(b *testing.B) {
			readPages(b, page.order.PositionOf, func(slice cloudtag.Slice) ([]cloudtag.Case, bool, error) {
				return store.CasePage(context.Background(), page.filter, page.order, slice)
			})
		})
	}
	place := func(entry cloudtag.Entry) cloudtag.Position { return cloudtag.Position{Key: entry.Seq} }
	for name, filter := range logFilters(last["1000000000000"]) {
		b.Run("log/"+name, func(b *testing.B) {
			readPages(b, place, func(slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
				return store.LogPage(context.Background(), filter, slice)
			})
		})
	}
	counts(b, store)
}

func counts(b *testing.B, store dbtest.Store) {
	const limit = cloudtag.MaxCount + 1
	ctx := context.Background()
	for name, count := range map[string]func() (int, error){
		"tags":  func() (int, error) { return store.CountTags(ctx, cloudtag.TagFilter{}, limit) },
		"cases": func() (int, error) { return store.CountCases(ctx, cloudtag.CaseFilter{}, limit) },
		"log": func() (int, error) {
			return store.CountLog(ctx, cloudtag.LogFilter{Action: cloudtag.ActionTagSubmitted}, limit)
		},
	} {
		b.Run("count/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := count(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// readPages reads page after page, from the beginning again at the end.
func readPages[T any](b *testing.B, position func(T) cloudtag.Position, read func(cloudtag.Slice) ([]T, bool, error)) {
	var took []time.Duration
	slice, cpu := cloudtag.Slice{Limit: cloudtag.DefaultPageSize}, cpuTime(b)
	for b.Loop() {
		began := time.Now()
		items, more, err := read(slice)
		took = append(took, time.Since(began))
		if err != nil {
			b.Fatal(err)
		}
		if slice.After = nil; more {
			at := position(items[len(items)-1])
			slice.After = &at
		}
	}
	b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(len(took)), "cpu-µs/page")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(peakMemory(b), "peak-MB")
}

type orderedTags struct {
	name   string
	filter cloudtag.TagFilter
	order  cloudtag.TagOrder
}

func tagPages(some cloudtag.Tag) []orderedTags {
	succeeded := []cloudtag.TagStatus{cloudtag.TagSucceeded}
	desc, changed := cloudtag.TagsBySubmittedDesc, cloudtag.TagsByStatusChangedDesc
	return []orderedTags{
		{"all", cloudtag.TagFilter{}, desc},
		{"all by change", cloudtag.TagFilter{}, changed},
		{"succeeded", cloudtag.TagFilter{Statuses: succeeded}, desc},
		{"succeeded by change", cloudtag.TagFilter{Statuses: succeeded}, changed},
		{"shop", cloudtag.TagFilter{MerchantID: some.MerchantID}, desc},
		{"shop by change", cloudtag.TagFilter{MerchantID: some.MerchantID}, changed},
		{"buyer", cloudtag.TagFilter{BuyerID: some.BuyerID}, desc},
		{"none", cloudtag.TagFilter{Statuses: []cloudtag.TagStatus{cloudtag.TagVoided}}, desc},
	}
}

type orderedCases struct {
	name   string
	filter cloudtag.CaseFilter
	order  cloudtag.CaseOrder
}

func casePages() []orderedCases {
	var pages []orderedCases
	for _, order := range []cloudtag.CaseOrder{
		cloudtag.CasesByPriorityDesc, cloudtag.CasesByDueAsc, cloudtag.CasesByOpenedDesc,
	} {
		for name, filter := range map[string]cloudtag.CaseFilter{
			"all":          {},
			"pending":      {Handling: cloudtag.HandlingPending},
			"handled":      {Handling: cloudtag.HandlingHandled},
			"confirmed":    {States: []cloudtag.CaseState{cloudtag.CaseConfirmed}},
			"expired":      {States: []cloudtag.CaseState{cloudtag.CaseExpired}},
			"overdue":      {OverdueAt: dbtest.Start},
			"not overdue":  {NotOverdue: dbtest.Start},
			"3 votes":      {MinVotes: 3},
			"5 votes":      {MinVotes: 5},
			"9 votes":      {MinVotes: 9},
			"of high risk": {RiskLevels: []cloudtag.RiskLevel{cloudtag.RiskHigh}},
		} {
			pages = append(pages, orderedCases{fmt.Sprintf("%s %s", name, order), filter, order})
		}
	}
	return pages
}

func logFilters(some cloudtag.Tag) map[string]cloudtag.LogFilter {
	return map[string]cloudtag.LogFilter{
		"all":             {},
		"action":          {Action: cloudtag.ActionCaseOpened},
		"actor":           {Actor: "system:engine"},
		"both":            {Action: cloudtag.ActionTagSubmitted, Actor: "system:engine"},
		"shop":            {Subject: cloudtag.MerchantSubject(some.MerchantID)},
		"shop and action": {Subject: cloudtag.MerchantSubject(some.MerchantID), Action: cloudtag.ActionCaseOpened},
		"buyer":           {Subject: cloudtag.BuyerSubject(some.BuyerID)},
		"case":            {Subject: cloudtag.CaseSubject(some.CaseID())},
		"tag":             {Subject: cloudtag.TagSubject(some.OrderNo)},
	}
}
