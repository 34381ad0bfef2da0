package dbtest

import (
	"testing"

	"cloudtag/internal/cloudtag"
)

func movingCases() []testCase {
	return []testCase{{"Forward", movingForward}, {"Backward", movingBackward}}
}

func movingForward(t *testing.T, newFactory NewFactory)  { movingPages(t, newFactory, false) }
func movingBackward(t *testing.T, newFactory NewFactory) { movingPages(t, newFactory, true) }

// movingPages walks every list while it changes. The walks share one growing data set.
func movingPages(t *testing.T, newFactory NewFactory, backward bool) {
	w := newWorld(t, newFactory(t))
	p := w.populate(scaled(240, 120), 100)
	for _, order := range tagOrders() {
		w.within(t, "Tags/"+string(order), func(w *world) { p.on(w).movingTags(order, backward) })
	}
	for _, order := range caseOrders() {
		w.within(t, "Cases/"+string(order), func(w *world) { p.on(w).movingCases(order, backward) })
	}
	w.within(t, "Log", func(w *world) { p.on(w).movingLog(backward) })
}

// on binds the data set to another test.
func (p *population) on(w *world) *population {
	p.w = w
	return p
}

// stir changes the data set between two pages, and returns the changed cases: new tags before, at and after existing sort
// keys, flips, voids, expiries. It stops after some pages, since a list could otherwise grow as fast as it is read.
func (p *population) stir(page int) []cloudtag.CaseID {
	p.w.Helper()
	if page >= scaled(8, 5) {
		return nil
	}
	return append(p.submit(6), p.change(3)...)
}

func (p *population) movingTags(order cloudtag.TagOrder, backward bool) {
	p.w.Helper()
	for _, filter := range []cloudtag.TagFilter{
		{},
		{Statuses: []cloudtag.TagStatus{cloudtag.TagAccumulating, cloudtag.TagSucceeded}},
	} {
		name := func(tag cloudtag.Tag) string { return string(tag.OrderNo) }
		movingWalk(p, p.w.tagList(filter, order), p.tags(), p.tagsOf, name, backward)
	}
}

func (p *population) movingCases(order cloudtag.CaseOrder, backward bool) {
	p.w.Helper()
	for _, filter := range []cloudtag.CaseFilter{{}, {Handling: cloudtag.HandlingPending}} {
		name := func(c cloudtag.Case) string { return string(c.ID) }
		movingWalk(p, p.w.caseList(filter, order), p.cases(), p.casesOf, name, backward)
	}
}

// movingLog: entries never change, so that a walk returns each entry stored before it once, whatever is appended.
func (p *population) movingLog(backward bool) {
	p.w.Helper()
	for _, filter := range []cloudtag.LogFilter{
		{}, {Action: cloudtag.ActionTagSubmitted}, {Subject: cloudtag.BuyerSubject(p.w.buyer("4"))},
	} {
		l := p.w.logList(filter)
		before := l.model(p.w.logAfter(0))
		size := min(cloudtag.MaxPageSize, max(1, len(before)/8))
		seen := walk(p.w, l, size, backward, func(page int) { p.stir(page) })
		if !backward {
			before = l.model(p.w.logAfter(0)) // reading forward ends after the newest entry
		}
		equal(p.w, l.name, seen, before)
	}
	p.w.checkInvariants()
}

// movingWalk walks a list that changes between its pages. An item that matches and keeps its position throughout is returned
// exactly once, whatever else changes; no item is returned twice at the same position. reread returns the items of cases.
func movingWalk[T any](
	p *population, l list[T], all []T, reread func([]cloudtag.CaseID) []T, name func(T) string, backward bool,
) {
	p.w.Helper()
	places := map[string]cloudtag.Position{} // of the items that have kept theirs so far
	before := l.model(all)
	for _, item := range before {
		places[name(item)] = l.position(item)
	}
	added := 0
	seen := walk(p.w, l, max(1, len(before)/scaled(10, 7)), backward, func(page int) {
		for _, item := range reread(p.stir(page)) {
			place, stayed := places[name(item)]
			switch {
			case stayed && (place != l.position(item) || !l.matches(item)):
				delete(places, name(item))
			case !stayed && l.matches(item):
				added++
			}
		}
	})
	sightings, atPlace := map[string]int{}, map[cloudtag.Position]bool{}
	for _, item := range seen {
		place := l.position(item)
		if atPlace[place] {
			p.w.Fatalf("%s: %s was seen twice at %v", l.name, name(item), place)
		}
		sightings[name(item)]++
		atPlace[place] = true
	}
	for item, place := range places {
		if sightings[item] != 1 {
			p.w.Fatalf("%s: %s stayed at %v and was seen %d times", l.name, item, place, sightings[item])
		}
	}
	if len(places) < 5 || added == 0 {
		p.w.Fatalf("%s: of %d items %d stayed, %d came: the test checks nothing", l.name, len(before), len(places), added)
	}
}
