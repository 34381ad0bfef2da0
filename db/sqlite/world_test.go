package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"cloudtag/db/dbtest"
	"cloudtag/internal/cloudtag"
)

// world is a store full of tags and cases in many states, with all of them in memory to compare with.
type world struct {
	store   *Store
	random  *rand.Rand
	tags    []cloudtag.Tag
	cases   []cloudtag.Case
	entries []cloudtag.Entry
}

const (
	worldShops  = 9
	worldBuyers = 60
	worldTags   = 500
	worldHours  = 24 * 600 // several windows, so that tags expire
)

// newWorld fills a store by the rules of the domain: submissions with equal times, risk data, voided tags, a revoked
// shop, deadlines that are missed.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{store: openStore(t, Options{}), random: rand.New(rand.NewPCG(1, 2))}
	dbtest.Furnish(t, w.store, worldShops)
	w.putRisks(t)
	scenarios := cloudtag.Scenarios()[:4]
	for n := 0; n < worldTags; {
		at := dbtest.Start.Add(time.Duration(n*worldHours/worldTags) * time.Hour)
		merchant, code := dbtest.Shop(w.random.IntN(worldShops)), scenarios[pick(w, 0, w.random.IntN(len(scenarios)))].Code
		orders, buyers := []cloudtag.OrderNo{}, []cloudtag.BuyerID{}
		for range 1 + w.random.IntN(9) {
			orders = append(orders, cloudtag.OrderNo(fmt.Sprintf("o%05d", w.random.IntN(1e5))))
			buyers = append(buyers, cloudtag.BuyerID(fmt.Sprintf("b%02d", pick(w, 0, w.random.IntN(worldBuyers)))))
			n++
		}
		submission := dbtest.SubmissionOf(merchant, fmt.Sprint("key ", n), at, orders, buyers)
		submission.Batch.Scenario = code
		for i := range submission.Tags {
			submission.Tags[i].Scenario = code
		}
		submission.Tags = dropRepeats(submission.Tags)
		if _, _, err := w.store.Record(context.Background(), submission, dbtest.Add); err != nil {
			t.Fatal(err)
		}
		w.disturb(t, submission, at)
	}
	w.load(t)
	return w
}

func dropRepeats(tags []cloudtag.Tag) []cloudtag.Tag {
	seen := map[cloudtag.OrderNo]bool{}
	return slices.DeleteFunc(tags, func(tag cloudtag.Tag) bool {
		again := seen[tag.OrderNo]
		seen[tag.OrderNo] = true
		return again
	})
}

func (w *world) putRisks(t testing.TB) {
	t.Helper()
	var profiles []cloudtag.RiskProfile
	for i := 0; i < worldBuyers; i += 2 {
		profiles = append(profiles, cloudtag.RiskProfile{
			BuyerID: cloudtag.BuyerID(fmt.Sprintf("b%02d", i)), Score: i * 100 / worldBuyers, UpdatedAt: dbtest.Start,
		})
	}
	_, err := w.store.PutRisks(context.Background(), profiles,
		func(_ *cloudtag.RiskProfile, after cloudtag.RiskProfile) cloudtag.Entry {
			return cloudtag.Entry{
				At: dbtest.Start, Actor: "test", Action: cloudtag.ActionRiskImported,
				Subjects: []cloudtag.Subject{cloudtag.BuyerSubject(after.BuyerID)},
			}
		})
	if err != nil {
		t.Fatal(err)
	}
}

// disturb voids, discounts or evaluates a case of a submission now and then.
func (w *world) disturb(t testing.TB, submission cloudtag.Submission, at time.Time) {
	t.Helper()
	tag := submission.Tags[0]
	_, err := w.store.Amend(context.Background(), tag.CaseID(), func(file *cloudtag.CaseFile) error {
		switch w.random.IntN(6) {
		case 0:
			if err := file.Void(tag.OrderNo, "reviewer", "mistake", at); cloudtag.CodeOf(err) == cloudtag.CodeInternal {
				return err
			}
		case 1:
			file.Discount(tag.MerchantID, "admin", "revoked", at)
		case 2:
			file.Evaluate(at.Add(time.Duration(w.random.IntN(50)) * time.Hour))
		}
		return nil
	})
	if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
		t.Fatal(err)
	}
}

// load reads everything there is without a filter, by lookups of single rows.
func (w *world) load(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	orders := make([]cloudtag.OrderNo, 1e5)
	for i := range orders {
		orders[i] = cloudtag.OrderNo(fmt.Sprintf("o%05d", i))
	}
	tags, err := w.store.TagsByOrder(ctx, orders)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range tags {
		w.tags = append(w.tags, tag)
	}
	buyers := make([]cloudtag.BuyerID, worldBuyers)
	for i := range buyers {
		buyers[i] = cloudtag.BuyerID(fmt.Sprintf("b%02d", i))
	}
	cases, err := w.store.CasesOfBuyers(ctx, buyers)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range cases {
		w.cases = append(w.cases, list...)
	}
	if w.entries, _, err = w.store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1e6}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(w.tags, func(a, b cloudtag.Tag) int { return cmp.Compare(a.OrderNo, b.OrderNo) })
	slices.SortFunc(w.cases, func(a, b cloudtag.Case) int { return cmp.Compare(a.ID, b.ID) })
}

func pick[T any](w *world, values ...T) T { return values[w.random.IntN(len(values))] }

// someOf returns a few of the values, or none.
func someOf[T any](w *world, values []T) []T {
	var chosen []T
	for _, value := range values {
		if w.random.IntN(3) == 0 {
			chosen = append(chosen, value)
		}
	}
	return chosen
}

// sometime is a time that rows have, or none.
func (w *world) sometime() time.Time {
	if w.random.IntN(3) > 0 {
		return time.Time{}
	}
	return pick(w, w.tags...).SubmittedAt
}

func (w *world) tagFilter() (filter cloudtag.TagFilter) {
	some := pick(w, w.tags...)
	if w.random.IntN(8) == 0 {
		for range 30 {
			filter.OrderNos = append(filter.OrderNos, pick(w, w.tags...).OrderNo)
		}
	}
	if w.random.IntN(3) == 0 {
		filter.MerchantID = some.MerchantID
	}
	if w.random.IntN(4) == 0 {
		filter.BuyerID = some.BuyerID
	}
	if w.random.IntN(4) == 0 {
		filter.Scenario = some.Scenario
	}
	if w.random.IntN(2) == 0 {
		filter.Statuses = someOf(w, cloudtag.TagStatuses())
	}
	filter.SubmittedAfter, filter.SubmittedBefore = w.sometime(), w.sometime()
	return filter
}

func (w *world) caseFilter() (filter cloudtag.CaseFilter) {
	some := pick(w, w.cases...)
	if w.random.IntN(2) == 0 {
		filter.States = someOf(w, cloudtag.CaseStates())
	}
	if w.random.IntN(3) == 0 {
		filter.Handling = pick(w, cloudtag.HandlingPending, cloudtag.HandlingHandled)
	}
	if w.random.IntN(4) == 0 {
		filter.Scenario = some.Scenario
	}
	if w.random.IntN(8) == 0 {
		filter.BuyerID = some.BuyerID
	}
	if w.random.IntN(3) == 0 {
		filter.RiskLevels = someOf(w, riskLevels)
	}
	switch w.random.IntN(6) {
	case 0:
		filter.OverdueAt = w.sometime()
	case 1:
		filter.NotOverdue = w.sometime()
	}
	if w.random.IntN(3) == 0 {
		filter.MinVotes = w.random.IntN(9)
	}
	return filter
}

func (w *world) logFilter() (filter cloudtag.LogFilter) {
	some := pick(w, w.entries...)
	if w.random.IntN(2) == 0 && len(some.Subjects) > 0 {
		filter.Subject = pick(w, some.Subjects...)
	}
	if w.random.IntN(2) == 0 {
		filter.Action = pick(w, some, pick(w, w.entries...)).Action
	}
	if w.random.IntN(2) == 0 {
		filter.Actor = pick(w, some, pick(w, w.entries...)).Actor
	}
	return filter
}
