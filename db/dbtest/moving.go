package dbtest

import (
	"fmt"

	"cloudtag/internal/cloudtag"
)

func movingCases() []testCase {
	var cases []testCase
	directions := map[bool]string{false: "Forward", true: "Backward"}
	for _, backward := range []bool{false, true} {
		direction := directions[backward]
		for _, order := range tagOrders() {
			cases = append(cases, inWorld("Tags/"+string(order)+"/"+direction, func(w *world) { movingTags(w, order, backward) }))
		}
		for _, order := range caseOrders() {
			cases = append(cases, inWorld("Cases/"+string(order)+"/"+direction, func(w *world) { movingCasePages(w, order, backward) }))
		}
		cases = append(cases, inWorld("Log/"+direction, func(w *world) { movingLog(w, backward) }))
	}
	return cases
}

// stir changes the data set between two pages: new tags before, at and behind the sort keys there are, flips,
// voids, expiries. It ends after some pages, else a list could grow as fast as it is read.
func (p *population) stir(page int) {
	p.w.Helper()
	if page >= 12 {
		return
	}
	p.submit()
	p.change(3)
	p.caseIDs = unique(p.caseIDs)
}

func movingTags(w *world, order cloudtag.TagOrder, backward bool) {
	p := w.populate(scaled(240, 120))
	for _, filter := range []cloudtag.TagFilter{
		{},
		{Statuses: []cloudtag.TagStatus{cloudtag.TagAccumulating, cloudtag.TagSucceeded}},
	} {
		l := w.tagList(filter, order)
		before := p.tags()
		seen := walk(w, l, len(before)/12, backward, p.stir)
		wantSteady(w, l, before, p.tags(), seen, func(tag cloudtag.Tag) string { return string(tag.OrderNo) })
	}
}

func movingCasePages(w *world, order cloudtag.CaseOrder, backward bool) {
	p := w.populate(scaled(240, 120))
	for _, filter := range []cloudtag.CaseFilter{{}, {Handling: cloudtag.HandlingPending}} {
		l := w.caseList(filter, order)
		before := p.cases()
		seen := walk(w, l, max(1, len(l.model(before))/12), backward, p.stir)
		wantSteady(w, l, before, p.cases(), seen, func(c cloudtag.Case) string { return string(c.ID) })
	}
}

// movingLog: entries never change, so that a walk sees each entry there was at its start once, whatever is appended.
func movingLog(w *world, backward bool) {
	p := w.populate(scaled(100, 60))
	for _, filter := range p.logFilters()[:4] {
		l := w.logList(filter)
		before := w.logAfter(0)
		if backward {
			equal(w, l.name, walk(w, l, max(1, len(l.model(before))/8), true, p.stir), l.model(before))
			continue
		}
		seen := walk(w, l, max(1, len(l.model(before))/8), false, p.stir)
		equal(w, l.name, seen, l.model(w.logAfter(0)))
	}
	w.checkInvariants()
}

// wantSteady checks what a walk over a moving list must hold to: an item whose place stayed what it was, selected
// before and after, was seen exactly once; no item was seen twice at the same place.
func wantSteady[T any](w *world, l list[T], before, after, seen []T, name func(T) string) {
	w.Helper()
	sightings, atPlace := map[string]int{}, map[string]bool{}
	for _, item := range seen {
		sightings[name(item)]++
		place := fmt.Sprint(l.position(item))
		if atPlace[place] {
			w.Fatalf("%s: %s was seen twice at %s", l.name, name(item), place)
		}
		atPlace[place] = true
	}
	then := map[string]T{}
	for _, item := range after {
		then[name(item)] = item
	}
	steady, moved := 0, 0
	for _, item := range before {
		now := then[name(item)]
		if l.position(item) != l.position(now) || !l.matches(item) || !l.matches(now) {
			moved++
			continue
		}
		steady++
		if sightings[name(item)] != 1 {
			w.Fatalf("%s: %s stayed at %v and was seen %d times", l.name, name(item), l.position(item), sightings[name(item)])
		}
	}
	if steady < 5 || len(after) <= len(before) {
		w.Fatalf("%s: %d items stayed, %d moved, %d were added: the test shows nothing", l.name, steady, moved, len(after)-len(before))
	}
}
