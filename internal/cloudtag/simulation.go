package cloudtag

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// Simulation says what a proposed policy would have made of the history that is stored.
type Simulation struct {
	Tags            int                                `json:"tags"`
	Cases           int                                `json:"cases"`
	ConfirmedBefore int                                `json:"confirmedBefore"` // cases that confirm at some time, under the current policy
	ConfirmedAfter  int                                `json:"confirmedAfter"`  // … under the proposed one
	SucceededBefore int                                `json:"succeededBefore"` // tags that succeed
	SucceededAfter  int                                `json:"succeededAfter"`
	Changed         []CaseID                           `json:"changed,omitempty"` // cases that confirm under one and not under the other, up to MaxCount, by identifier
	ChangedCount    int                                `json:"changedCount"`
	Gained          []CaseID                           `json:"gained,omitempty"` // those of Changed that confirm under the proposed policy
	Lost            []CaseID                           `json:"lost,omitempty"`   // those of Changed that confirm under the current one
	Scenarios       map[ScenarioCode]SimulatedScenario `json:"scenarios"`
	Overturned      int                                `json:"overturned"`    // cases that an appeal overturned
	HandledPerDay   int                                `json:"handledPerDay"` // the rate that Missed is reckoned with; 0: none
	Before          SimulatedEffect                    `json:"before"`
	After           SimulatedEffect                    `json:"after"`
}

// SimulatedEffect is what one policy would have meant for people, beside what confirms.
type SimulatedEffect struct {
	Queue               QueueLoad `json:"queue"`
	OverturnedConfirmed int       `json:"overturnedConfirmed"` // of the cases overturned: those that would have been confirmed
	OverturnedHeld      int       `json:"overturnedHeld"`      // … that a hold would have kept from it
}

// SimulatedChange is how a case would change under a proposed policy.
type SimulatedChange string

// The changes.
const (
	SimulatedGain SimulatedChange = "GAINED" // it confirms under the proposed policy alone
	SimulatedLoss SimulatedChange = "LOST"   // it confirms under the current policy alone
)

// Of returns the cases that change so, of those listed, and how many there are altogether; both kinds for "".
func (c SimulatedChange) Of(s Simulation) (ids []CaseID, count int) {
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

// SimulatedScenario is what a simulation found about the cases of one scenario.
type SimulatedScenario struct {
	Cases           int `json:"cases"`
	ConfirmedBefore int `json:"confirmedBefore"`
	ConfirmedAfter  int `json:"confirmedAfter"`
	Gained          int `json:"gained"` // cases that confirm under the proposed policy and not under the current one
	Lost            int `json:"lost"`   // … the other way round
}

// Simulations replays history under a proposed policy.
type Simulations struct {
	store    simulationStore
	policies *Policies
	calendar Calendar
}

type simulationStore interface {
	TagsByCase(ctx context.Context, visit func(id CaseID, tags []Tag, risk *RiskProfile) error) error
	CountTags(ctx context.Context, filter TagFilter, limit int) (int, error)
	DocumentStore
}

// NewSimulations returns the service over a store; days are those of a calendar.
func NewSimulations(store simulationStore, policies *Policies, calendar Calendar) *Simulations {
	return &Simulations{store: store, policies: policies, calendar: calendar}
}

// SimulationRequest is what to simulate.
type SimulationRequest struct {
	BasedOn       int
	Policy        Policy // its numbers
	HandledPerDay int    // how many cases reviewers decide per day; 0: as many as in the last weeks
}

// MaxHandledPerDay is the highest handling rate that can be asked for.
const MaxHandledPerDay = 1_000_000

// Run replays every tag that is not voided through the rules, at its time of submission, under the current and the
// proposed policy, and stores a report of it, which a publication of the same numbers asks for. Risk data and which shops are
// vetted are as they are now; the records of shops, and with them the linked pairs, are as of each tag. What people decided
// about cases is not replayed: each case that comes before the reviewers is taken to be decided at once, to keep watching.
// progress, if not nil, is told how many steps of how many are done. Errors: FORBIDDEN unless the caller is an
// administrator, those of [PolicyDrafts.Publish] for numbers that could not be published, and the context's: nothing is stored
// of a simulation that was stopped.
func (s *Simulations) Run(ctx context.Context, caller Caller, request SimulationRequest, progress func(done, of int)) (SimulationReport, error) {
	wanted := request.Policy
	wanted.Reason = "simulation"
	now := s.policies.clock.Now()
	current, err := s.policies.proposed(ctx, caller, request.BasedOn, wanted, now)
	if err != nil {
		return SimulationReport{}, err
	}
	if request.HandledPerDay < 0 || request.HandledPerDay > MaxHandledPerDay {
		return SimulationReport{}, Refuse(CodeBadInput, Text{
			ZH: fmt.Sprintf("handledPerDay 须为 0 至 %d。", MaxHandledPerDay), EN: fmt.Sprintf("handledPerDay must be 0 to %d.", MaxHandledPerDay),
		}, "handledPerDay")
	}
	rate := request.HandledPerDay
	if rate == 0 {
		if rate, err = handlingRate(ctx, s.store, s.calendar, now); err != nil {
			return SimulationReport{}, err
		}
	}
	all, err := s.store.CountTags(ctx, TagFilter{}, math.MaxInt32)
	if err != nil {
		return SimulationReport{}, fmt.Errorf("count history: %w", err)
	}
	run := newSimulationRun(&current, &wanted, progress, all)
	if current.wantsRecords() || wanted.wantsRecords() {
		err = s.inOrderOfTime(ctx, run)
	} else {
		err = s.caseByCase(ctx, run)
	}
	if err != nil {
		return SimulationReport{}, fmt.Errorf("replay history: %w", err)
	}
	return s.report(ctx, caller, request.BasedOn, wanted, run.sum(rate, s.calendar))
}

// caseByCase replays history where the cases don't depend on each other.
func (s *Simulations) caseByCase(ctx context.Context, run *simulationRun) error {
	return s.store.TagsByCase(ctx, func(id CaseID, tags []Tag, risk *RiskProfile) error {
		before, after := run.before.open(id, risk), run.after.open(id, risk)
		for _, tag := range tags {
			if tag.Status == TagVoided {
				continue
			}
			before.submit(tag)
			after.submit(tag)
		}
		run.saw(tags)
		run.add(id, wereOverturned(tags), before, after)
		run.step(len(tags))
		return ctx.Err()
	})
}

// simulationRun is a simulation that is under way.
type simulationRun struct {
	before, after *policySide
	result        Simulation
	first, last   time.Time // of the tags
	progress      func(done, of int)
	done, of      int
}

func newSimulationRun(current, next *Policy, progress func(done, of int), tags int) *simulationRun {
	return &simulationRun{
		before: &policySide{policy: current, arrivals: arrivals{}}, after: &policySide{policy: next, arrivals: arrivals{}},
		result: Simulation{Scenarios: map[ScenarioCode]SimulatedScenario{}}, progress: progress, of: tags,
	}
}

// step says that some more is done.
func (r *simulationRun) step(count int) {
	r.done += count
	r.of = max(r.of, r.done)
	if r.progress != nil {
		r.progress(r.done, r.of)
	}
}

// saw counts tags.
func (r *simulationRun) saw(tags []Tag) {
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

// sum returns what came of it, with a handling rate.
func (r *simulationRun) sum(perDay int, calendar Calendar) Simulation {
	days := 0
	if !r.first.IsZero() {
		days = len(calendar.Days(r.first, r.last))
	}
	r.result.HandledPerDay = perDay
	r.result.Before.Queue = r.before.arrivals.load(perDay, r.before.policy.HandleWithin(), days, calendar)
	r.result.After.Queue = r.after.arrivals.load(perDay, r.after.policy.HandleWithin(), days, calendar)
	return r.result
}

// policySide is history under one of the two policies.
type policySide struct {
	policy   *Policy
	arrivals arrivals // before the reviewers
}

// caseReplay is one case under one policy.
type caseReplay struct {
	side      *policySide
	file      *CaseFile
	confirmed bool // at some time
	held      bool // at some time votes reached the threshold and a hold kept them from confirming
	queuedAt  time.Time
}

func (s *policySide) open(id CaseID, risk *RiskProfile) *caseReplay {
	file := OpenCaseFile(id, nil, nil, s.policy.Always(), risk)
	file.silent = true
	return &caseReplay{side: s, file: file}
}

// submit lets the rules judge a tag. A case that comes before the reviewers is decided at once, to keep watching; the tags of
// one instant bring it there once.
func (r *caseReplay) submit(tag Tag) {
	tag.HandledAt = time.Time{}
	r.file.Add(tag, EngineActor)
	c := &r.file.Case
	r.confirmed = r.confirmed || c.State == CaseConfirmed
	r.held = r.held || len(c.Holds) > 0 && c.Votes >= c.Threshold
	if c.Handling != HandlingPending {
		return
	}
	if !tag.SubmittedAt.Equal(r.queuedAt) {
		r.queuedAt = tag.SubmittedAt
		r.side.arrivals.add(tag.SubmittedAt)
	}
	r.file.leaveQueue(tag.SubmittedAt)
}

// add counts what a case came to under both policies.
func (r *simulationRun) add(id CaseID, overturned bool, before, after *caseReplay) {
	s := &r.result
	s.Cases++
	s.SucceededBefore += before.file.countSucceeded()
	s.SucceededAfter += after.file.countSucceeded()
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
		if len(s.Changed) < MaxCount {
			s.Changed = append(s.Changed, id)
			*changed = append(*changed, id)
		}
	}
	s.Scenarios[scenario] = of
}

// wereOverturned reports whether an appeal overturned the case of some tags.
func wereOverturned(tags []Tag) bool {
	return slices.ContainsFunc(tags, func(tag Tag) bool { return tag.Status == TagOverturned })
}

// overturned counts a case that an appeal overturned.
func (e *SimulatedEffect) overturned(r *caseReplay) {
	switch {
	case r.confirmed:
		e.OverturnedConfirmed++
	case r.held:
		e.OverturnedHeld++
	}
}

func (f *CaseFile) countSucceeded() int {
	count := 0
	for _, tag := range f.touched {
		if tag.Status == TagSucceeded {
			count++
		}
	}
	return count
}
