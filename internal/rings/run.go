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

// Setting is what a simulation assumes about the world around the rings.
type Setting struct {
	Targets int // good accounts that a ring attacks
	// Appeals is the share, in per cent, of wrongly confirmed accounts that appeal, with success; so do Mistakes per cent of
	// the others. They take appealAfter and up to appealWithin.
	Appeals  int
	Mistakes int
	// Reviewed is in how many of 100 cases that are held a reviewer sees within a day that the reports are wrong, and rejects
	// them. All other held cases keep accumulating, those of the honest too.
	Reviewed int
	// VettedOrders is how many orders a shop has served when the platform vouches for it.
	VettedOrders int
}

// DefaultSetting is what the figures in the documentation were measured with.
func DefaultSetting() Setting {
	return Setting{Targets: 30, Appeals: 60, Mistakes: 1, Reviewed: 70, VettedOrders: 30}
}

const (
	appealAfter  = 14 * day
	appealWithin = 45 * day
	reviewAfter  = day
)

// Simulation is the market that rings are let loose on.
type Simulation struct {
	setting Setting
	scene   *scene
	honest  map[cloudtag.CaseID]bool // cases that votes confirm without a ring, under the plain policy
}

// New reads the market, and lets it run without a ring, under the plain policy.
func New(ctx context.Context, setting Setting) (*Simulation, error) {
	scene, err := readScene(setting.VettedOrders)
	if err != nil {
		return nil, err
	}
	alone := run{scene: scene}
	if err := alone.play(ctx, Plain()); err != nil {
		return nil, err
	}
	return &Simulation{setting: setting, scene: scene, honest: alone.confirmed}, nil
}

// Counts are what a policy makes of the data set.
type Counts struct{ Tags, Cases, Confirmed, Succeeded int }

// WithoutRing counts what the plain policy makes of the data set at a threshold, when nobody appeals.
func WithoutRing(ctx context.Context, threshold int) (counts Counts, err error) {
	scene, err := readScene(DefaultSetting().VettedOrders)
	if err != nil {
		return counts, err
	}
	policy := Plain()
	for i := range policy.Rules {
		policy.Rules[i].Threshold = threshold
	}
	alone := run{scene: scene}
	if err := alone.play(ctx, policy); err != nil {
		return counts, err
	}
	counts.Confirmed = len(alone.confirmed)
	stored := alone.market.store
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

// Plain is the default policy, for orders of any age.
func Plain() cloudtag.Policy {
	policy := cloudtag.DefaultPolicy(time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC))
	policy.MaxOrderAgeDays = 0
	return policy
}

// Outcome is what a ring achieved, and what the policy cost the honest.
type Outcome struct {
	Confirmed float64 // share of the targets that votes of the ring alone confirmed
	Kept      float64 // share of the honest confirmations that votes still made
	Held      int     // cases of the honest that were put before reviewers instead at some time
}

// Run lets a ring attack, with so many per cent of its tags as camouflage, under a policy.
func (s *Simulation) Run(ctx context.Context, policy cloudtag.Policy, ring Ring, camouflage int, seed uint64) (Outcome, error) {
	r := run{setting: s.setting, scene: s.scene, seed: seed}
	r.campaign = s.scene.plan(ring, camouflage, s.setting.Targets, seed)
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

// run is one course of events.
type run struct {
	setting   Setting
	scene     *scene
	campaign  campaign
	seed      uint64
	market    *market
	confirmed map[cloudtag.CaseID]bool
	held      map[cloudtag.CaseID]bool
	times     map[cloudtag.CaseID]int  // how often each case was confirmed
	standing  map[cloudtag.CaseID]bool // confirmed, and not overturned since
	coming    []happening              // what appeals and reviewers will do, the earliest first
}

func (r *run) play(ctx context.Context, policy cloudtag.Policy) error {
	r.confirmed, r.held, r.standing = map[cloudtag.CaseID]bool{}, map[cloudtag.CaseID]bool{}, map[cloudtag.CaseID]bool{}
	r.times = map[cloudtag.CaseID]int{}
	market, err := openMarket(ctx, r.scene, r.campaign, policy)
	if err != nil {
		return err
	}
	r.market = market
	targets := map[cloudtag.BuyerID]bool{}
	for _, target := range r.campaign.targets {
		targets[target] = true
	}
	tags := slices.Concat(r.scene.honest, r.campaign.tags)
	slices.SortStableFunc(tags, func(a, b tagging) int { return a.at.Compare(b.at) })
	vetted := slices.Clone(r.scene.vetted)
	slices.SortStableFunc(vetted, func(a, b vetting) int { return a.at.Compare(b.at) })
	for _, tag := range tags {
		for ; len(vetted) > 0 && !vetted[0].at.After(tag.at); vetted = vetted[1:] {
			if err := market.vet(ctx, vetted[0]); err != nil {
				return err
			}
		}
		if err := r.answer(ctx, tag.at); err != nil {
			return err
		}
		state, err := market.submit(ctx, tag)
		if err != nil {
			return err
		}
		r.look(state, tag.at, targets[tag.buyer])
	}
	return nil
}

// look notes what became of a case, and whether its account will appeal. Whether it does depends on the case alone, so that
// policies are compared in the same world.
func (r *run) look(state cloudtag.Case, at time.Time, wrong bool) {
	if len(state.Holds) > 0 {
		r.held[state.ID] = true
		if wrong && state.Handling == cloudtag.HandlingPending && r.chance(state.ID, "review", r.times[state.ID]).IntN(100) < r.setting.Reviewed {
			r.expect(happening{at.Add(reviewAfter), state.ID, true})
		}
	}
	if state.State != cloudtag.CaseConfirmed || r.standing[state.ID] {
		return
	}
	r.standing[state.ID], r.confirmed[state.ID] = true, true
	r.times[state.ID]++
	random := r.chance(state.ID, "appeal", r.times[state.ID])
	share := r.setting.Mistakes
	if wrong {
		share = r.setting.Appeals
	}
	if random.IntN(100) < share {
		after := appealAfter + time.Duration(random.Int64N(int64(appealWithin-appealAfter))).Truncate(time.Millisecond)
		r.expect(happening{at.Add(after), state.ID, false})
	}
}

// chance is the randomness of what happens to a case at some time.
func (r *run) chance(id cloudtag.CaseID, what string, time int) *rand.Rand {
	hash := fnv.New64a()
	_, _ = fmt.Fprintf(hash, "%s %s %d", id, what, time) // never fails
	return rand.New(rand.NewPCG(hash.Sum64(), r.seed))
}

// expect notes something that is to come.
func (r *run) expect(coming happening) {
	place, _ := slices.BinarySearchFunc(r.coming, coming, func(a, b happening) int { return a.at.Compare(b.at) })
	r.coming = slices.Insert(r.coming, place, coming)
}

// answer lets appeals and reviews happen whose time has come.
func (r *run) answer(ctx context.Context, until time.Time) error {
	for ; len(r.coming) > 0 && !r.coming[0].at.After(until); r.coming = r.coming[1:] {
		next := r.coming[0]
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

// happening is what people do about a case: an appeal that is accepted, or a review that rejects its tags.
type happening struct {
	at     time.Time
	id     cloudtag.CaseID
	review bool
}
