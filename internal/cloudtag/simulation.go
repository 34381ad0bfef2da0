package cloudtag

import (
	"context"
	"fmt"
)

// Simulation says what a proposed policy would have made of the history that is stored.
type Simulation struct {
	Tags            int
	Cases           int
	ConfirmedBefore int // cases that confirm at some time, under the current policy
	ConfirmedAfter  int // … under the proposed one
	SucceededBefore int // tags that succeed
	SucceededAfter  int
	Changed         []CaseID // cases that confirm under one and not under the other, up to MaxCount, by identifier
	ChangedCount    int
	Gained          []CaseID // those of Changed that confirm under the proposed policy
	Lost            []CaseID // those of Changed that confirm under the current one
	Scenarios       map[ScenarioCode]SimulatedScenario
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
	Cases           int
	ConfirmedBefore int
	ConfirmedAfter  int
	Gained          int // cases that confirm under the proposed policy and not under the current one
	Lost            int // … the other way round
}

// Simulations replays history under a proposed policy.
type Simulations struct {
	store    simulationStore
	policies *Policies
}

type simulationStore interface {
	TagsByCase(ctx context.Context, visit func(id CaseID, tags []Tag, risk *RiskProfile) error) error
	DocumentStore
}

// NewSimulations returns the service over a store.
func NewSimulations(store simulationStore, policies *Policies) *Simulations {
	return &Simulations{store: store, policies: policies}
}

// Run replays every tag that is not voided through the rules, at its time of submission, under the current and the
// proposed policy, and stores nothing. Risk data and which shops are vetted are as they are now; the records of shops, and
// with them the linked pairs, are as of each tag. What people decided about cases is not replayed. progress, if
// not nil, is told the number of tags done from time to time. Errors: FORBIDDEN unless the caller is an
// administrator, those of [Policies.Update] for a policy that could not be stored, and the context's.
func (s *Simulations) Run(ctx context.Context, caller Caller, basedOn int, proposed Policy, progress func(tags int)) (Simulation, error) {
	current, next, err := s.policies.propose(ctx, caller, basedOn, proposed)
	if err != nil {
		return Simulation{}, err
	}
	if current.wantsRecords() || next.wantsRecords() {
		return s.withRecords(ctx, current, next, progress)
	}
	result := Simulation{Scenarios: map[ScenarioCode]SimulatedScenario{}}
	err = s.store.TagsByCase(ctx, func(id CaseID, tags []Tag, risk *RiskProfile) error {
		result.Cases++
		result.Tags += len(tags)
		before, after := replayCase(id, tags, &current, risk), replayCase(id, tags, &next, risk)
		result.add(id, before, after)
		if progress != nil {
			progress(result.Tags)
		}
		return ctx.Err()
	})
	if err != nil {
		return Simulation{}, fmt.Errorf("replay history: %w", err)
	}
	return result, nil
}

// replayed is what a case came to.
type replayed struct {
	confirmed bool
	succeeded int
}

func (s *Simulation) add(id CaseID, before, after replayed) {
	s.SucceededBefore += before.succeeded
	s.SucceededAfter += after.succeeded
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

// replayCase runs the tags of one case through the rules.
func replayCase(id CaseID, tags []Tag, policy *Policy, risk *RiskProfile) replayed {
	var result replayed
	file := OpenCaseFile(id, nil, nil, policy, risk)
	file.silent = true
	for _, tag := range tags {
		if tag.Status == TagVoided {
			continue
		}
		tag.HandledAt = tag.SubmittedAt
		file.Add(tag, engineActor)
		result.confirmed = result.confirmed || file.Case.State == CaseConfirmed
	}
	result.succeeded = file.countSucceeded()
	return result
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
