package dbtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// population is a random data set, the same on every run: many ties in every sort key, every status that can be
// reached, pending and handled cases, every risk level.
type population struct {
	w       *world
	random  *rand.Rand
	shops   int
	buyers  int
	orders  []cloudtag.OrderNo
	caseIDs []cloudtag.CaseID
	batches int // submitted so far
}

func (w *world) populate(tags, buyers int) *population {
	w.Helper()
	p := &population{w: w, random: rand.New(rand.NewPCG(7, 11)), shops: 12, buyers: buyers}
	w.openShops(p.shops)
	var profiles []cloudtag.RiskProfile
	for n := range p.buyers {
		if n%2 == 0 {
			profiles = append(profiles, w.risk(fmt.Sprint(n), []int{10, 50, 90}[n/2%3]))
		}
	}
	w.putRisks(profiles...)
	for len(p.orders) < tags {
		p.submit()
	}
	p.caseIDs = unique(p.caseIDs)
	p.change(tags / 6)
	return p
}

// scenario is one of three.
func (p *population) scenario() cloudtag.ScenarioCode {
	return []cloudtag.ScenarioCode{freight, swapped, empty}[p.random.IntN(3)]
}

// moment is one of few times, so that many rows have the same.
func (p *population) moment() time.Time {
	return day0.Add(time.Duration(p.random.IntN(6))*24*time.Hour + time.Duration(p.random.IntN(3))*time.Millisecond)
}

// submit records a batch of 20 at a random time, every fifth as history. Few buyers have most of the tags.
func (p *population) submit() {
	p.w.Helper()
	p.batches++
	s := p.w.from(1+p.random.IntN(p.shops), fmt.Sprint("batch-", p.batches))
	if p.batches%5 == 0 {
		s = p.w.fromHistory(1 + p.random.IntN(p.shops))
	}
	s.at(p.moment()).under(p.scenario())
	for range cloudtag.MaxBatchOrders {
		buyer := p.random.IntN(p.buyers)
		if p.random.IntN(3) == 0 {
			buyer %= 10
		}
		// Numbers that sort otherwise than they were made, with letters of both cases.
		name := fmt.Sprintf("%c%c-%d", 'A'+rune(p.random.IntN(26)), 'a'+rune(p.random.IntN(26)), len(p.orders))
		s.tag(fmt.Sprint(buyer), name)
		p.orders = append(p.orders, p.w.order(name))
		p.caseIDs = append(p.caseIDs, s.sent.Tags[len(s.sent.Tags)-1].CaseID())
	}
	s.record()
}

// change amends n random cases: voids, discounts, missed deadlines, and the end of the window.
func (p *population) change(n int) {
	p.w.Helper()
	for range n {
		p.amend(p.caseIDs[p.random.IntN(len(p.caseIDs))])
	}
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
			file.Evaluate(day0.Add(window)) // those submitted first expire
		case kind == 2:
			file.Evaluate(day0.Add(3 * handleWithin))
		case len(live) > 0:
			_ = file.Void(live[len(live)-1].OrderNo, tester, "作废", at) // one that succeeded stays
		}
	})
}

// tags are all the tags, found one by one and not by paging.
func (p *population) tags() []cloudtag.Tag {
	p.w.Helper()
	var all []cloudtag.Tag
	for chunk := range slices.Chunk(p.orders, 500) {
		for _, tag := range p.w.tags(chunk...) {
			all = append(all, tag)
		}
	}
	equal(p.w, "tags found by order", len(all), len(p.orders))
	return all
}

// cases are all the cases, found one by one and not by paging.
func (p *population) cases() []cloudtag.Case {
	p.w.Helper()
	var all []cloudtag.Case
	for chunk := range slices.Chunk(p.caseIDs, 500) {
		for _, c := range p.w.cases(chunk...) {
			all = append(all, c)
		}
	}
	equal(p.w, "cases found by identifier", len(all), len(p.caseIDs))
	return all
}
