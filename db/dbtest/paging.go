package dbtest

import (
	"math/rand/v2"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
)

func pagingCases() []testCase { return []testCase{{"Population", pagingOfPopulation}} }

// pagingOfPopulation pages through one data set: every filter and order, forward and backward, compared with sorting in
// memory; arbitrary slices; counts and their limits.
func pagingOfPopulation(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	p := w.populate(scaled(2400, 600), scaled(300, 75))
	stride := scaled(1, 3) // every combination of filters in every order, or in one of the three
	tags, cases, entries := p.tags(), p.cases(), w.logAfter(0)
	p.wantVaried(tags, cases)

	for place, order := range tagOrders() {
		w.within(t, "Tags/"+string(order), func(w *world) {
			for n, filter := range p.tagFilters() {
				if (n+place)%stride == 0 {
					checkList(w, w.tagList(filter, order), tags, n+place)
				}
			}
		})
	}
	for place, order := range caseOrders() {
		w.within(t, "Cases/"+string(order), func(w *world) {
			for n, filter := range p.caseFilters() {
				if (n+place)%stride == 0 {
					checkList(w, w.caseList(filter, order), cases, n+place)
				}
			}
		})
	}
	w.within(t, "Log", func(w *world) {
		for n, filter := range p.logFilters() {
			for turn := range 2 { // one of them backward
				if (n+turn)%stride == 0 {
					checkList(w, w.logList(filter), entries, n+3*turn)
				}
			}
		}
	})
	w.within(t, "Slices", func(w *world) {
		random := rand.New(rand.NewPCG(3, 5))
		for range scaled(60, 20) {
			order, other := tagOrders()[random.IntN(3)], caseOrders()[random.IntN(3)]
			checkSlice(w, random, w.tagList(p.tagFilters()[random.IntN(16)], order), tags)
			checkSlice(w, random, w.caseList(p.caseFilters()[random.IntN(16)], other), cases)
			checkSlice(w, random, w.logList(p.logFilters()[random.IntN(20)]), entries)
		}
	})
}

// wantVaried checks that the data set is varied enough to detect errors.
func (p *population) wantVaried(tags []cloudtag.Tag, cases []cloudtag.Case) {
	p.w.Helper()
	seen := map[string]int{}
	for _, tag := range tags {
		seen[string(tag.Status)]++
	}
	for _, c := range cases {
		seen["case "+string(c.State)]++
		seen[string(c.Handling)]++
		seen[string(c.RiskLevel)]++
	}
	for _, kind := range strings.Fields("ACCUMULATING SUCCEEDED EXPIRED VOIDED PENDING HANDLED UNKNOWN LOW MEDIUM HIGH") {
		if seen[kind] < 3 {
			p.w.Fatalf("the data set has %d of %s: %v", seen[kind], kind, seen)
		}
	}
	for _, state := range []cloudtag.CaseState{cloudtag.CaseAccumulating, cloudtag.CaseConfirmed, cloudtag.CaseExpired} {
		if seen["case "+string(state)] < 3 {
			p.w.Fatalf("the data set has %d cases that are %s: %v", seen["case "+string(state)], state, seen)
		}
	}
}

// checkList walks a list and counts it. The number, which differs between the orders of a filter, determines direction and
// page size. Counts and empty lists do not depend on the order, so they are checked for one order in three.
func checkList[T any](w *world, l list[T], all []T, number int) {
	w.Helper()
	want := l.model(all)
	inTurn := number%3 == 0
	if len(want) > 0 || inTurn {
		size := min(cloudtag.MaxPageSize, max(1, len(want)/(1+number%4)))
		equal(w, l.name, walk(w, l, size, number%2 == 1, nil), want)
	}
	if !inTurn {
		return
	}
	for _, limit := range []int{len(want) + 1, len(want) - 1}[:1+number%2] {
		if limit < 1 {
			continue
		}
		got, err := l.count(w.ctx, limit)
		w.noError(err, l.name)
		if got != min(len(want), limit) {
			w.Fatalf("%s: counted %d up to %d, want %d", l.name, got, limit, min(len(want), limit))
		}
	}
}

// checkSlice reads an arbitrary slice: between positions that may or may not be an item's, in either direction.
func checkSlice[T any](w *world, random *rand.Rand, l list[T], all []T) {
	w.Helper()
	whole := l.model(all)
	if len(whole) == 0 {
		return
	}
	place := func() *cloudtag.Position {
		position := l.position(whole[random.IntN(len(whole))])
		switch kind := random.IntN(6); {
		case kind == 0:
			return nil
		case kind == 1 && position.ID != "":
			position.ID += "~" // right after the item
		case kind == 2:
			position.Key += int64(random.IntN(3) - 1)
		}
		return &position
	}
	slice := cloudtag.Slice{Limit: 1 + random.IntN(40), After: place(), Before: place(), Backward: random.IntN(2) == 0}
	want, wantMore := l.cut(whole, slice)
	got, more, err := l.page(w.ctx, slice)
	w.noError(err, l.name)
	equal(w, l.name, got, want)
	if more != wantMore {
		w.Fatalf("%s: more is %t after %d of %d within %+v (after %v, before %v)",
			l.name, more, len(got), len(whole), slice, slice.After, slice.Before)
	}
}
