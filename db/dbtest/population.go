package dbtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// population is a reproducible random data set: many ties in every sort key, every reachable status, pending and handled
// cases, every risk level.
type population struct {
	w        *world
	random   *rand.Rand
	shops    int
	buyers   int
	orders   []cloudtag.OrderNo
	caseIDs  []cloudtag.CaseID
	ordersOf map[cloudtag.CaseID][]cloudtag.OrderNo
	batches  int // submitted so far
}

func (w *world) populate(tags, buyers int) *population {
	w.Helper()
	p := &population{
		w: w, random: rand.New(rand.NewPCG(7, 11)), shops: 12, buyers: buyers,
		ordersOf: map[cloudtag.CaseID][]cloudtag.OrderNo{},
	}
	w.openShops(p.shops)
	var profiles []cloudtag.RiskProfile
	for n := range p.buyers {
		if n%2 == 0 {
			profiles = append(profiles, w.risk(fmt.Sprint(n), []int{10, 50, 90}[n/2%3]))
		}
	}
	w.putRisks(profiles...)
	for len(p.orders) < tags {
		p.submit(cloudtag.MaxBatchOrders)
	}
	p.change(tags / 6)
	return p
}

// scenario returns one of three.
func (p *population) scenario() cloudtag.ScenarioCode {
	return []cloudtag.ScenarioCode{freight, swapped, empty}[p.random.IntN(3)]
}

// moment returns one of few times, so that many items have the same one.
func (p *population) moment() time.Time {
	return day0.Add(time.Duration(p.random.IntN(6))*24*time.Hour + time.Duration(p.random.IntN(3))*time.Millisecond)
}

// submit records a batch at a random time, every fifth as a replay, and returns the changed cases. Few buyers have most of
// the tags.
func (p *population) submit(orders int) []cloudtag.CaseID {
	p.w.Helper()
	p.batches++
	s := p.w.from(1+p.random.IntN(p.shops), fmt.Sprint("batch-", p.batches))
	if p.batches%5 == 0 {
		s = p.w.fromHistory().by(1 + p.random.IntN(p.shops))
	}
	s.at(p.moment()).under(p.scenario())
	var touched []cloudtag.CaseID
	for range orders {
		buyer := p.random.IntN(p.buyers)
		if p.random.IntN(3) == 0 {
			buyer %= 10
		}
		// Numbers that sort in a different order than they are generated, with letters of both cases.
		name := fmt.Sprintf("%c%c-%d", 'A'+rune(p.random.IntN(26)), 'a'+rune(p.random.IntN(26)), len(p.orders))
		s.tag(fmt.Sprint(buyer), name)
		id := s.sent.Tags[len(s.sent.Tags)-1].CaseID()
		if len(p.ordersOf[id]) == 0 {
			p.caseIDs = append(p.caseIDs, id)
		}
		p.orders, p.ordersOf[id] = append(p.orders, p.w.order(name)), append(p.ordersOf[id], p.w.order(name))
		touched = append(touched, id)
	}
	s.record()
	return touched
}

// change amends n random cases, and returns them: voids, discounts, missed deadlines, and expiries.
func (p *population) change(n int) []cloudtag.CaseID {
	p.w.Helper()
	touched := make([]cloudtag.CaseID, n)
	for i := range touched {
		touched[i] = p.caseIDs[p.random.IntN(len(p.caseIDs))]
		p.amend(touched[i])
	}
	return touched
}

func (p *population) amend(id cloudtag.CaseID) {
	p.w.Helper()
	kind, at := p.random.IntN(6), p.moment()
	p.w.amend(id, func(file *cloudtag.CaseFile) {
		live := file.LiveTags()
		switch {
		case kind == 0 && len(live) > 0:
			file.Discount(live[0].MerchantID, tester, "滥用", at)
		case kind == 1:
			file.Evaluate(day0.Add(window + 24*time.Hour)) // those submitted first expire
		case kind == 2:
			file.Evaluate(day0.Add(3 * handleWithin))
		case len(live) > 0:
			_ = file.Void(live[len(live)-1].OrderNo, tester, "作废", at) // fails for a succeeded one
		}
	})
}

// tags returns all tags, read by key instead of paging.
func (p *population) tags() []cloudtag.Tag { return p.tagsOf(p.caseIDs) }

// tagsOf returns the tags of cases.
func (p *population) tagsOf(ids []cloudtag.CaseID) []cloudtag.Tag {
	p.w.Helper()
	var orders []cloudtag.OrderNo
	for _, id := range unique(ids) {
		orders = append(orders, p.ordersOf[id]...)
	}
	var all []cloudtag.Tag
	for chunk := range slices.Chunk(orders, 500) {
		for _, tag := range p.w.tags(chunk...) {
			all = append(all, tag)
		}
	}
	equal(p.w, "tags found by order", len(all), len(orders))
	return all
}

// cases returns all cases, read by key instead of paging.
func (p *population) cases() []cloudtag.Case { return p.casesOf(p.caseIDs) }

func (p *population) casesOf(ids []cloudtag.CaseID) []cloudtag.Case {
	p.w.Helper()
	ids = unique(ids)
	var all []cloudtag.Case
	for chunk := range slices.Chunk(ids, 500) {
		for _, c := range p.w.cases(chunk...) {
			all = append(all, c)
		}
	}
	equal(p.w, "cases found by identifier", len(all), len(ids))
	return all
}
