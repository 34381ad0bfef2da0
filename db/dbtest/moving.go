package dbtest

import (
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
	p := w.populate(scaled(240, 120), 100)
	for _, filter := range []cloudtag.TagFilter{
		{},
		{Statuses: []cloudtag.TagStatus{cloudtag.TagAccumulating, cloudtag.TagSucceeded}},
	} {
		movingWalk(p, w.tagList(filter, order), p.tags, func(tag cloudtag.Tag) string { return string(tag.OrderNo) }, backward)
	}
}

func movingCasePages(w *world, order cloudtag.CaseOrder, backward bool) {
	p := w.populate(scaled(240, 120), 100)
	for _, filter := range []cloudtag.CaseFilter{{}, {Handling: cloudtag.HandlingPending}} {
		movingWalk(p, w.caseList(filter, order), p.cases, func(c cloudtag.Case) string { return string(c.ID) }, backward)
	}
}

// movingLog: entries never change, so that a walk sees each entry there was at its start once, whatever is appended.
func movingLog(w *world, backward bool) {
	p := w.populate(100, 50)
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

// movingWalk walks a list that is stirred between its pages. An item that was selected and kept its place all the
// time is seen exactly once, whatever else changed about it; no item is seen twice at the same place.
func movingWalk[T any](p *population, l list[T], all func() []T, name func(T) string, backward bool) {
	p.w.Helper()
	places := map[string]cloudtag.Position{} // of those that stayed so far
	before := l.model(all())
	for _, item := range before {
		places[name(item)] = l.position(item)
	}
	seen := walk(p.w, l, max(1, len(before)/12), backward, func(page int) {
		p.stir(page)
		for _, item := range all() {
			if place, stayed := places[name(item)]; stayed && (place != l.position(item) || !l.matches(item)) {
				delete(places, name(item))
			}
		}
	})
	sightings, atPlace := map[string]int{}, map[cloudtag.Position]bool{}
	for _, item := range seen {
		sightings[name(item)]++
		if place := l.position(item); atPlace[place] {
			p.w.Fatalf("%s: %s was seen twice at %v", l.name, name(item), place)
		} else {
			atPlace[place] = true
		}
	}
	for item, place := range places {
		if sightings[item] != 1 {
			p.w.Fatalf("%s: %s stayed at %v and was seen %d times", l.name, item, place, sightings[item])
		}
	}
	if now := l.model(all()); len(places) < 5 || len(now) <= len(before) {
		p.w.Fatalf("%s: of %d items %d stayed, then there were %d: the test shows nothing", l.name, len(before), len(places), len(now))
	}
}
