package policylab

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Simulation is the outcome of replaying the stored history under a proposed policy.
type Simulation struct {
	Tags            int                                         `json:"tags"`
	Cases           int                                         `json:"cases"`
	ConfirmedBefore int                                         `json:"confirmedBefore"` // cases that are confirmed at some time, under the current policy
	ConfirmedAfter  int                                         `json:"confirmedAfter"`  // … under the proposed one
	SucceededBefore int                                         `json:"succeededBefore"` // tags that succeed
	SucceededAfter  int                                         `json:"succeededAfter"`
	Changed         []cloudtag.CaseID                           `json:"changed,omitempty"` // cases that are confirmed under one policy only, up to MaxCount, by identifier
	ChangedCount    int                                         `json:"changedCount"`
	Gained          []cloudtag.CaseID                           `json:"gained,omitempty"` // those of Changed that are confirmed under the proposed policy
	Lost            []cloudtag.CaseID                           `json:"lost,omitempty"`   // those of Changed that are confirmed under the current one
	Scenarios       map[cloudtag.ScenarioCode]SimulatedScenario `json:"scenarios"`
	Overturned      int                                         `json:"overturned"`    // cases that an appeal overturned
	HandledPerDay   int                                         `json:"handledPerDay"` // the handling rate for the queue's missed cases; 0: none
	Before          SimulatedEffect                             `json:"before"`
	After           SimulatedEffect                             `json:"after"`
}

// SimulatedEffect is the effect of one policy on reviewers and on wrongly tagged accounts.
type SimulatedEffect struct {
	Queue               QueueLoad `json:"queue"`
	OverturnedConfirmed int       `json:"overturnedConfirmed"` // overturned cases that would have been confirmed
	OverturnedHeld      int       `json:"overturnedHeld"`      // overturned cases that a hold would have prevented from being confirmed
}

// SimulatedChange is the change of a case under a proposed policy.
type SimulatedChange string

// The changes.
const (
	SimulatedGain SimulatedChange = "GAINED" // confirmed under the proposed policy only
	SimulatedLoss SimulatedChange = "LOST"   // confirmed under the current policy only
)

// Of returns the listed cases with this change, and their total number; "" selects both changes.
func (c SimulatedChange) Of(s Simulation) (ids []cloudtag.CaseID, count int) {
	gained, lost := 0, 0
	for _, scenario := range s.Scenarios {
		gained += scenario.Gained
		lost += scenario.Lost
	}
	switch c {
	case SimulatedGain:
		return s.Gained, gained
	case SimulatedLoss:
		return s.Lost, lost
	case "":
		return s.Changed, s.ChangedCount
	default:
		return nil, 0
	}
}

// SimulatedScenario is the outcome of a simulation for one scenario.
type SimulatedScenario struct {
	Cases           int `json:"cases"`
	ConfirmedBefore int `json:"confirmedBefore"`
	ConfirmedAfter  int `json:"confirmedAfter"`
	Gained          int `json:"gained"` // cases that are confirmed under the proposed policy only
	Lost            int `json:"lost"`   // cases that are confirmed under the current policy only
}

// Simulations replays history under proposed policies.
type Simulations struct {
	store    simulationStore
	policies *Policies
	calendar cloudtag.Calendar
	rate     handlingRate
	newBook  func() RecordBook
}

// handlingRate says how many cases reviewers have decided per day lately, 0 when none.
type handlingRate interface {
	HandlingRate(ctx context.Context) (int, error)
}

type simulationStore interface {
	TagsByCase(ctx context.Context, visit func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error) error
	CountTags(ctx context.Context, filter cloudtag.TagFilter, limit int) (int, error)
	cloudtag.DocumentStore
}

// NewSimulations returns the service over a store. Days are those of a calendar; newBook makes an empty book, for policies
// that weigh the records of shops.
func NewSimulations(store simulationStore, policies *Policies, calendar cloudtag.Calendar, rate handlingRate, newBook func() RecordBook) *Simulations {
	return &Simulations{store: store, policies: policies, calendar: calendar, rate: rate, newBook: newBook}
}

// SimulationRequest is the input of a simulation.
type SimulationRequest struct {
	BasedOn       int
	Policy        cloudtag.Policy // only its numbers matter
	HandledPerDay int             // cases that reviewers decide per day; 0: the rate of the last weeks
}

// MaxHandledPerDay is the highest handling rate of a request.
const MaxHandledPerDay = 1_000_000

// Run replays every tag that is not voided by the rules, at its time of submission, under the current and the proposed policy,
// and stores a report, which is required to publish the same numbers. Risk data and vetted shops are the current ones; the
// records of shops, and with them linked pairs, are as of each tag. Decisions of people are not replayed: each case that is
// queued counts as decided at once, to keep accumulating. progress, which may be nil, is called with the number of completed
// steps and their total. Errors: FORBIDDEN unless the caller is an administrator; those of [Drafts.Publish] for numbers
// that could not be published; the context's, in which case nothing is stored.
func (s *Simulations) Run(ctx context.Context, caller cloudtag.Caller, request SimulationRequest, progress func(done, of int)) (SimulationReport, error) {
	wanted := request.Policy
	wanted.Reason = "simulation"
	now := s.policies.clock.Now()
	current, err := s.policies.proposed(ctx, caller, request.BasedOn, wanted, now)
	if err != nil {
		return SimulationReport{}, err
	}
	if request.HandledPerDay < 0 || request.HandledPerDay > MaxHandledPerDay {
		return SimulationReport{}, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: fmt.Sprintf("handledPerDay 须为 0 至 %d。", MaxHandledPerDay), EN: fmt.Sprintf("handledPerDay must be 0 to %d.", MaxHandledPerDay),
		}, "handledPerDay")
	}
	rate := request.HandledPerDay
	if rate == 0 {
		if rate, err = s.rate.HandlingRate(ctx); err != nil {
			return SimulationReport{}, fmt.Errorf("find the handling rate: %w", err)
		}
	}
	all, err := s.store.CountTags(ctx, cloudtag.TagFilter{}, math.MaxInt32)
	if err != nil {
		return SimulationReport{}, fmt.Errorf("count history: %w", err)
	}
	run := newSimulationRun(&current, &wanted, progress, all)
	if current.WantsRecords() || wanted.WantsRecords() {
		err = s.chronologically(ctx, run)
	} else {
		err = s.caseByCase(ctx, run)
	}
	if err != nil {
		return SimulationReport{}, fmt.Errorf("replay history: %w", err)
	}
	return s.report(ctx, caller, request.BasedOn, wanted, run.summarize(rate, s.calendar))
}

// caseByCase replays history under policies for which cases do not depend on each other.
func (s *Simulations) caseByCase(ctx context.Context, run *simulationRun) error {
	return s.store.TagsByCase(ctx, func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error {
		before, after := run.before.open(id, risk), run.after.open(id, risk)
		for _, tag := range tags {
			if tag.Status == cloudtag.TagVoided {
				continue
			}
			before.submit(tag)
			after.submit(tag)
		}
		run.countTags(tags)
		run.add(id, wereOverturned(tags), before, after)
		run.step(len(tags))
		return ctx.Err()
	})
}

// simulationRun is the state of a running simulation.
type simulationRun struct {
	before, after *policyRun
	result        Simulation
	first, last   time.Time // of the tags
	progress      func(done, of int)
	done, of      int
}

func newSimulationRun(current, next *cloudtag.Policy, progress func(done, of int), tags int) *simulationRun {
	return &simulationRun{
		before: &policyRun{policy: current, arrivals: arrivals{}}, after: &policyRun{policy: next, arrivals: arrivals{}},
		result: Simulation{Scenarios: map[cloudtag.ScenarioCode]SimulatedScenario{}}, progress: progress, of: tags,
	}
}

// step reports the progress of count more steps.
func (r *simulationRun) step(count int) {
	r.done += count
	r.of = max(r.of, r.done)
	if r.progress != nil {
		r.progress(r.done, r.of)
	}
}

// countTags counts tags, and extends the time range of the history.
func (r *simulationRun) countTags(tags []cloudtag.Tag) {
	r.result.Tags += len(tags)
	for _, tag := range tags {
		if r.first.IsZero() || tag.SubmittedAt.Before(r.first) {
			r.first = tag.SubmittedAt
		}
		if tag.SubmittedAt.After(r.last) {
			r.last = tag.SubmittedAt
		}
	}
}

// summarize returns the result, with the queue's load at a handling rate.
func (r *simulationRun) summarize(perDay int, calendar cloudtag.Calendar) Simulation {
	days := 0
	if !r.first.IsZero() {
		days = len(calendar.Days(r.first, r.last))
	}
	r.result.HandledPerDay = perDay
	r.result.Before.Queue = r.before.arrivals.load(perDay, r.before.policy.HandleWithin(), days, calendar)
	r.result.After.Queue = r.after.arrivals.load(perDay, r.after.policy.HandleWithin(), days, calendar)
	return r.result
}

// policyRun is the replay under one of the two policies.
type policyRun struct {
	policy   *cloudtag.Policy
	arrivals arrivals // in the reviewers' queue
}

// caseReplay is the replay of one case under one policy.
type caseReplay struct {
	*cloudtag.SimulatedCase
	run       *policyRun
	confirmed bool // at some time
	held      bool // at some time, votes reached the threshold but a hold prevented a confirmation
	queuedAt  time.Time
}

func (s *policyRun) open(id cloudtag.CaseID, risk *cloudtag.RiskProfile) *caseReplay {
	return &caseReplay{SimulatedCase: cloudtag.SimulateCase(id, *s.policy, risk), run: s}
}

// submit adds a tag. Several tags of one instant queue the case once.
func (r *caseReplay) submit(tag cloudtag.Tag) {
	queued := r.Add(tag)
	c := r.Case()
	r.confirmed = r.confirmed || c.State == cloudtag.CaseConfirmed
	r.held = r.held || len(c.Holds) > 0 && c.Votes >= c.Threshold
	if queued && !tag.SubmittedAt.Equal(r.queuedAt) {
		r.queuedAt = tag.SubmittedAt
		r.run.arrivals.add(tag.SubmittedAt)
	}
}

// add adds the outcome of a case under both policies.
func (r *simulationRun) add(id cloudtag.CaseID, overturned bool, before, after *caseReplay) {
	s := &r.result
	s.Cases++
	s.SucceededBefore += before.CountSucceeded()
	s.SucceededAfter += after.CountSucceeded()
	if overturned {
		s.Overturned++
		s.Before.overturned(before)
		s.After.overturned(after)
	}
	scenario, _, _ := id.Parts()
	of := s.Scenarios[scenario]
	of.Cases++
	if before.confirmed {
		s.ConfirmedBefore++
		of.ConfirmedBefore++
	}
	if after.confirmed {
		s.ConfirmedAfter++
		of.ConfirmedAfter++
	}
	if before.confirmed != after.confirmed {
		changed, count := &s.Lost, &of.Lost
		if after.confirmed {
			changed, count = &s.Gained, &of.Gained
		}
		*count++
		s.ChangedCount++
		if len(s.Changed) < cloudtag.MaxCount {
			s.Changed = append(s.Changed, id)
			*changed = append(*changed, id)
		}
	}
	s.Scenarios[scenario] = of
}

// wereOverturned reports whether an appeal overturned the case of the tags.
func wereOverturned(tags []cloudtag.Tag) bool {
	return slices.ContainsFunc(tags, func(tag cloudtag.Tag) bool { return tag.Status == cloudtag.TagOverturned })
}

// overturned counts an overturned case.
func (e *SimulatedEffect) overturned(r *caseReplay) {
	switch {
	case r.confirmed:
		e.OverturnedConfirmed++
	case r.held:
		e.OverturnedHeld++
	}
}
