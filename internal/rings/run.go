package rings

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Setting is the assumptions of a simulation.
type Setting struct {
	Targets int // good accounts that a ring attacks
	// Appeals is the percentage of wrongly confirmed accounts that appeal, always with success, between appealAfter and
	// appealWithin later; Mistakes is that of all other confirmed accounts.
	Appeals  int
	Mistakes int
	// Reviewed is the percentage of held attack cases that a reviewer rejects after a day. All other held cases keep
	// accumulating, honest ones included.
	Reviewed int
	// VettedOrders is how many orders a shop has served when the platform vouches for it.
	VettedOrders int
}

// DefaultSetting is the setting of the figures in the documentation.
func DefaultSetting() Setting {
	return Setting{Targets: 30, Appeals: 60, Mistakes: 1, Reviewed: 70, VettedOrders: 30}
}

const (
	appealAfter  = 14 * day
	appealWithin = 45 * day
	reviewAfter  = day
)

// Simulation runs attacks on the data set.
type Simulation struct {
	setting Setting
	data    *dataSet
	honest  map[cloudtag.CaseID]bool // cases that votes confirm without a ring, under the plain policy
}

// New reads the data set, and runs it without a ring under the plain policy as the baseline.
func New(ctx context.Context, setting Setting) (*Simulation, error) {
	data, err := readDataSet(setting.VettedOrders)
	if err != nil {
		return nil, err
	}
	baseline := run{data: data, plain: true}
	if err := baseline.play(ctx, Plain()); err != nil {
		return nil, err
	}
	return &Simulation{setting: setting, data: data, honest: baseline.confirmed}, nil
}

// Counts are totals of a run over the data set.
type Counts struct{ Tags, Cases, Confirmed, Succeeded int }

// WithoutRing runs the data set under the plain policy with a threshold, without a ring and without appeals.
func WithoutRing(ctx context.Context, threshold int) (counts Counts, err error) {
	data, err := readDataSet(DefaultSetting().VettedOrders)
	if err != nil {
		return counts, err
	}
	policy := Plain()
	for i := range policy.Rules {
		policy.Rules[i].Threshold = threshold
	}
	baseline := run{data: data, plain: true}
	if err := baseline.play(ctx, policy); err != nil {
		return counts, err
	}
	counts.Confirmed = len(baseline.confirmed)
	stored := baseline.market.store
	if counts.Cases, err = stored.CountCases(ctx, cloudtag.CaseFilter{}, math.MaxInt32); err != nil {
		return counts, err
	}
	if counts.Tags, err = stored.CountTags(ctx, cloudtag.TagFilter{}, math.MaxInt32); err != nil {
		return counts, err
	}
	succeeded := cloudtag.TagFilter{Statuses: []cloudtag.TagStatus{cloudtag.TagSucceeded}}
	counts.Succeeded, err = stored.CountTags(ctx, succeeded, math.MaxInt32)
	return counts, err
}

// Plain is the default policy without a limit on the age of orders.
func Plain() cloudtag.Policy {
	policy := cloudtag.DefaultPolicy(time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC))
	policy.MaxOrderAgeDays = 0
	return policy
}

// Outcome is what a ring achieved, and what the policy cost honest shops.
type Outcome struct {
	Confirmed float64 // share of the targets that the ring's votes alone confirmed
	Kept      float64 // share of the honest confirmations of the baseline that votes still made
	Held      int     // honest cases of the baseline that were held for reviewers instead
}

// Run simulates an attack under a policy; camouflage is the percentage of the ring's tags that are camouflage.
func (s *Simulation) Run(ctx context.Context, policy cloudtag.Policy, ring Ring, camouflage int, seed uint64) (Outcome, error) {
	r := run{setting: s.setting, data: s.data, seed: seed}
	r.campaign = s.data.plan(ring, camouflage, s.setting.Targets, seed)
	if err := r.play(ctx, policy); err != nil {
		return Outcome{}, err
	}
	var outcome Outcome
	for _, target := range r.campaign.targets {
		if r.confirmed[cloudtag.NewCaseID(targetScenario, target)] {
			outcome.Confirmed += 1 / float64(len(r.campaign.targets))
		}
	}
	for id := range s.honest {
		if r.confirmed[id] {
			outcome.Kept += 1 / float64(len(s.honest))
		} else if r.held[id] {
			outcome.Held++
		}
	}
	return outcome, nil
}

// run is the state of one simulation run.
type run struct {
	setting       Setting
	data          *dataSet
	campaign      campaign
	seed          uint64
	plain         bool // the policy is the plain one, which asks for no linked pairs and no shop records
	market        *market
	confirmed     map[cloudtag.CaseID]bool // ever
	held          map[cloudtag.CaseID]bool // ever
	confirmations map[cloudtag.CaseID]int  // how often each case was confirmed
	standing      map[cloudtag.CaseID]bool // confirmed, and not overturned since
	events        []event                  // scheduled appeals and reviews, earliest first
}

func (r *run) play(ctx context.Context, policy cloudtag.Policy) error {
	r.confirmed, r.held, r.standing = map[cloudtag.CaseID]bool{}, map[cloudtag.CaseID]bool{}, map[cloudtag.CaseID]bool{}
	r.confirmations = map[cloudtag.CaseID]int{}
	market, err := newMarket(ctx, r.data, r.campaign, policy)
	if err != nil {
		return err
	}
	if r.plain {
		market.collusion = nil
	}
	r.market = market
	targets := map[cloudtag.BuyerID]bool{}
	for _, target := range r.campaign.targets {
		targets[target] = true
	}
	tags := slices.Concat(r.data.honest, r.campaign.tags)
	slices.SortStableFunc(tags, func(a, b tagging) int { return a.at.Compare(b.at) })
	vetted := slices.Clone(r.data.vetted)
	slices.SortStableFunc(vetted, func(a, b vettedShop) int { return a.at.Compare(b.at) })
	for _, tag := range tags {
		for ; len(vetted) > 0 && !vetted[0].at.After(tag.at); vetted = vetted[1:] {
			if err := market.vet(ctx, vetted[0]); err != nil {
				return err
			}
		}
		if err := r.runEvents(ctx, tag.at); err != nil {
			return err
		}
		state, err := market.submit(ctx, tag)
		if err != nil {
			return err
		}
		r.observe(state, tag.at, targets[tag.buyer])
	}
	return nil
}

// observe records the state of a case after a tag, and schedules a review or an appeal. The random choices depend only on
// the case and the seed, so that policies are compared under the same conditions.
func (r *run) observe(state cloudtag.Case, at time.Time, wrong bool) {
	if len(state.Holds) > 0 {
		r.held[state.ID] = true
		if wrong && state.Handling == cloudtag.HandlingPending && r.random(state.ID, "review", r.confirmations[state.ID]).IntN(100) < r.setting.Reviewed {
			r.schedule(event{at.Add(reviewAfter), state.ID, true})
		}
	}
	if state.State != cloudtag.CaseConfirmed || r.standing[state.ID] {
		return
	}
	r.standing[state.ID], r.confirmed[state.ID] = true, true
	r.confirmations[state.ID]++
	random := r.random(state.ID, "appeal", r.confirmations[state.ID])
	share := r.setting.Mistakes
	if wrong {
		share = r.setting.Appeals
	}
	if random.IntN(100) < share {
		after := appealAfter + time.Duration(random.Int64N(int64(appealWithin-appealAfter))).Truncate(time.Millisecond)
		r.schedule(event{at.Add(after), state.ID, false})
	}
}

// random is a generator for one choice about a case, after so many confirmations.
func (r *run) random(id cloudtag.CaseID, choice string, confirmations int) *rand.Rand {
	hash := fnv.New64a()
	_, _ = fmt.Fprintf(hash, "%s %s %d", id, choice, confirmations) // never fails
	return rand.New(rand.NewPCG(hash.Sum64(), r.seed))
}

// schedule adds an event.
func (r *run) schedule(next event) {
	i, _ := slices.BinarySearchFunc(r.events, next, func(a, b event) int { return a.at.Compare(b.at) })
	r.events = slices.Insert(r.events, i, next)
}

// runEvents runs the events up to a time.
func (r *run) runEvents(ctx context.Context, until time.Time) error {
	for ; len(r.events) > 0 && !r.events[0].at.After(until); r.events = r.events[1:] {
		next := r.events[0]
		if next.review {
			if err := r.market.reject(ctx, next.id, next.at); err != nil {
				return err
			}
			continue
		}
		if err := r.market.overturn(ctx, next.id, next.at); err != nil {
			return err
		}
		r.standing[next.id] = false
	}
	return nil
}

// event is a scheduled appeal against a case that will be accepted, or a review that will reject its tags.
type event struct {
	at     time.Time
	id     cloudtag.CaseID
	review bool
}
