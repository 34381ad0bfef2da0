package cloudtag_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// The second implementation: it keeps every tag in one list and searches all of it for every
// question, literally by rules 5 to 7, 9 and 13. It shares no code with the case file.
type plainTag struct {
	order     string
	merchant  string
	entity    string
	at        time.Time
	handleBy  time.Time
	succeeded bool
	voided    bool
	expired   bool
	handled   bool
}

type plainCase struct {
	threshold int
	high      bool
	tags      []*plainTag
	revoked   map[string]bool
	confirmed bool // was so at some time
	queued    bool
	due       time.Time
	missed    int
	flips     int
}

func (p *plainCase) counts(tag *plainTag, now time.Time) bool {
	return !tag.voided && !tag.expired && !p.revoked[tag.merchant] && tag.at.After(now.Add(-window))
}

func (p *plainCase) votes(now time.Time) int {
	entities := map[string]bool{}
	for _, tag := range p.tags {
		if p.counts(tag, now) {
			entities[tag.entity] = true
		}
	}
	return len(entities)
}

// look applies what is due at a time.
func (p *plainCase) look(now time.Time) {
	for _, tag := range p.tags {
		if !tag.succeeded && !tag.voided && !tag.at.After(now.Add(-window)) {
			tag.expired, tag.handled = true, true
		}
	}
	if p.votes(now) >= p.threshold {
		p.confirmed, p.queued = true, false
		for _, tag := range p.tags {
			if p.counts(tag, now) {
				if !tag.succeeded {
					tag.succeeded = true
					p.flips++
				}
				tag.handled = true
			}
		}
	}
	if p.votes(now) == 0 {
		p.queued = false
	}
}

func (p *plainCase) deadline(now time.Time) {
	if p.queued && !now.Before(p.due) {
		p.queued = false
		p.missed++
		for _, tag := range p.tags {
			tag.handled = tag.handled || p.counts(tag, now)
		}
	}
}

func (p *plainCase) submit(tag *plainTag) {
	p.look(tag.at)
	p.deadline(tag.at)
	p.tags = append(p.tags, tag)
	p.look(tag.at)
	if p.queued || tag.handled {
		return
	}
	if p.votes(tag.at) == p.threshold-1 || p.high {
		p.queued, p.due = true, tag.handleBy
		return
	}
	tag.handled = true
}

func (p *plainCase) void(order string, now time.Time) bool {
	for _, tag := range p.tags {
		if tag.order == order && !tag.voided && !tag.expired && !tag.succeeded {
			tag.voided, tag.handled = true, true
			p.look(now)
			return true
		}
	}
	return false
}

func (p *plainCase) revoke(merchant string, now time.Time) {
	p.look(now)
	met := p.confirmed && p.votes(now) >= p.threshold
	p.revoked[merchant] = true
	for _, tag := range p.tags {
		if tag.merchant == merchant && !tag.succeeded && !tag.expired && !tag.voided {
			tag.voided, tag.handled = true, true
		}
	}
	p.look(now)
	if met && p.votes(now) < p.threshold {
		p.queued, p.due = true, now.Add(48*time.Hour)
	}
}

func (p *plainCase) state(now time.Time) CaseState {
	switch {
	case p.votes(now) >= p.threshold:
		return CaseConfirmed
	case p.confirmed:
		return CaseLapsed
	case p.votes(now) == 0:
		return CaseExpired
	default:
		return CaseAccumulating
	}
}

func (tag *plainTag) status() TagStatus {
	switch {
	case tag.succeeded:
		return TagSucceeded
	case tag.voided:
		return TagVoided
	case tag.expired:
		return TagExpired
	default:
		return TagAccumulating
	}
}

// TestCaseFileAgreesWithPlainImplementation interleaves tags, voids, revocations, sweeps and clock steps at random
// and compares everything after each step.
func TestCaseFileAgreesWithPlainImplementation(t *testing.T) {
	runs := 1000
	if testing.Short() {
		runs = 300
	}
	for seed := range uint64(runs) {
		script, plain := newCaseScript(t), &plainCase{revoked: map[string]bool{}}
		random := rand.New(rand.NewPCG(seed, 42))
		plain.threshold = 2 + random.IntN(4)
		for i := range script.policy.Rules {
			script.policy.Rules[i].Threshold = plain.threshold
		}
		if plain.high = random.IntN(4) == 0; plain.high {
			script.policy.AdjustHigh = 0
			script.risk = &RiskProfile{BuyerID: testBuyer, Score: 90, UpdatedAt: start}
		}
		now := start
		for step := range 40 {
			now = now.Add(randomStep(random))
			what := randomAct(random, script, plain, now)
			if problem := difference(script, plain, now); problem != "" {
				t.Fatalf("seed %d, step %d (%s at +%v): %s", seed, step, what, now.Sub(start), problem)
			}
		}
	}
}

// randomStep is zero, some hours, or exactly as many days as hit the edges of the window.
func randomStep(random *rand.Rand) time.Duration {
	switch random.IntN(5) {
	case 0:
		return 0
	case 1:
		return time.Duration(random.IntN(50)) * time.Hour
	case 2:
		return time.Duration(random.IntN(10)) * 45 * day / 2
	case 3:
		return window - time.Duration(random.IntN(2))*time.Millisecond
	default:
		return time.Duration(random.IntN(4)) * 15 * day
	}
}

func randomAct(random *rand.Rand, script *caseScript, plain *plainCase, now time.Time) string {
	shop := random.IntN(8)
	merchant, entity := fmt.Sprintf("m-%d", shop), fmt.Sprintf("e-%d", shop/2)
	switch act := random.IntN(20); {
	case act < 12:
		if plain.revoked[merchant] {
			return "nothing: a revoked shop can't tag"
		}
		order := script.tagAs(MerchantID(merchant), EntityID(entity), now)
		plain.submit(&plainTag{order: string(order), merchant: merchant, entity: entity, at: now, handleBy: now.Add(48 * time.Hour)})
		return "tag by " + merchant
	case script.stored == nil:
		return "nothing: no case yet"
	case act < 15:
		script.evaluate(now)
		plain.look(now)
		plain.deadline(now)
		return "sweep"
	case act < 19:
		order := OrderNo(fmt.Sprintf("o-%04d", 1+random.IntN(script.orders)))
		script.evaluate(now)
		plain.look(now)
		plain.deadline(now)
		var err error
		script.apply(func(file *CaseFile) { err = file.Void(order, "rev", "mistake", now) })
		if done := plain.void(string(order), now); done != (err == nil) {
			return fmt.Sprintf("void %s: plainly %t, got %v", order, done, err)
		}
		return "void " + string(order)
	default:
		script.evaluate(now)
		script.apply(func(file *CaseFile) { file.Discount(MerchantID(merchant), "admin", "false", now) })
		plain.look(now)
		plain.deadline(now)
		plain.revoke(merchant, now)
		return "revoke " + merchant
	}
}

// difference describes where the two disagree.
func difference(script *caseScript, plain *plainCase, now time.Time) string {
	if script.stored == nil {
		return ""
	}
	script.evaluate(now)
	plain.look(now)
	plain.deadline(now)
	c := script.stored
	if want := plain.state(now); c.State != want || c.Votes != plain.votes(now) {
		return fmt.Sprintf("case %s with %d votes, plainly %s with %d", c.State, c.Votes, want, plain.votes(now))
	}
	if pending := c.Handling == HandlingPending; pending != plain.queued || pending && !c.DueAt.Equal(plain.due) {
		return fmt.Sprintf("handling %s due %v, plainly %t due %v", c.Handling, c.DueAt, plain.queued, plain.due)
	}
	if wake := c.WakeAt(); !wake.IsZero() && !wake.After(now) {
		return fmt.Sprintf("still wakes at %v after a look at %v", wake, now)
	}
	for _, tag := range plain.tags {
		got := script.tags[OrderNo(tag.order)]
		if got.Status != tag.status() || got.Handled() != tag.handled {
			return fmt.Sprintf("tag %s is %s, handled %t; plainly %s, %t", tag.order, got.Status, got.Handled(), tag.status(), tag.handled)
		}
	}
	if flips := script.count(ActionTagSucceeded); flips != plain.flips {
		return fmt.Sprintf("%d flips logged, plainly %d", flips, plain.flips)
	}
	if missed := script.count(ActionCaseMissed); missed != plain.missed {
		return fmt.Sprintf("%d missed reviews logged, plainly %d", missed, plain.missed)
	}
	return ""
}
