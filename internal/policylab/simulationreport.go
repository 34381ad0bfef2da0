package policylab

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// numbersOf returns the policy's numbers only, without who published it, when and why, to compare a publication with what was
// simulated.
func numbersOf(policy cloudtag.Policy) cloudtag.Policy {
	numbers := asVersion(policy, 0, "", time.Time{})
	numbers.Reason, numbers.StartsAt = "", time.Time{}
	numbers.Rules = slices.SortedFunc(slices.Values(policy.Rules), func(a, b cloudtag.PolicyRule) int {
		return cmp.Compare(a.Scenario, b.Scenario)
	})
	return numbers
}

// digest identifies the numbers of a policy that is based on a version.
func digest(policy cloudtag.Policy, basedOn int) string {
	numbers := numbersOf(policy)
	numbers.Version = basedOn
	sum := sha256.Sum256(cloudtag.MustJSON(numbers))
	return hex.EncodeToString(sum[:])
}

// SimulationReport is a completed simulation. Of several with the same numbers and base version the latest is stored.
type SimulationReport struct {
	ID      string     `json:"id"` // digest of the numbers and the base version
	Version int        `json:"version"`
	BasedOn int        `json:"basedOn"`
	By      string     `json:"by"`
	At      time.Time  `json:"at"`
	Result  Simulation `json:"result"`
}

func simulationCodec() cloudtag.Codec[SimulationReport] {
	return cloudtag.Codec[SimulationReport]{Kind: cloudtag.KindPolicySimulation, Encode: func(r SimulationReport) cloudtag.Document {
		return cloudtag.Document{ID: r.ID, Version: r.Version, State: "DONE", Owner: r.By, Rank: cloudtag.LatestFirst(r.At)}
	}}
}

// maxReportedCases is how many of the gained and of the lost cases a report stores.
const maxReportedCases = 100

// report stores the result of a simulation. A concurrent report of the same numbers is as good.
func (s *Simulations) report(ctx context.Context, caller cloudtag.Caller, basedOn int, proposed cloudtag.Policy, result Simulation) (SimulationReport, error) {
	codec := simulationCodec()
	id := digest(proposed, basedOn)
	before, err := codec.Find(ctx, s.store, id)
	if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
		return SimulationReport{}, err
	}
	report := SimulationReport{ID: id, Version: before.Version + 1, BasedOn: basedOn, By: caller.Subject, At: s.policies.clock.Now(), Result: result}
	stored := report
	stored.Result.Changed = nil
	stored.Result.Gained = result.Gained[:min(len(result.Gained), maxReportedCases)]
	stored.Result.Lost = result.Lost[:min(len(result.Lost), maxReportedCases)]
	logged := stored
	logged.Result.Gained, logged.Result.Lost = nil, nil
	return report, cloudtag.IgnoreConflict(s.store.SaveDocument(ctx, codec.Document(stored), []cloudtag.Entry{{
		At: report.At, Actor: caller.Subject, Action: cloudtag.ActionPolicySimulated, Subjects: []cloudtag.Subject{cloudtag.PolicySubject(basedOn)}, After: cloudtag.MustJSON(logged),
	}}))
}

// Report returns the latest simulation of exactly these numbers and base version. Errors: FORBIDDEN unless the caller reviews,
// NOT_FOUND.
func (s *Simulations) Report(ctx context.Context, caller cloudtag.Caller, basedOn int, proposed cloudtag.Policy) (SimulationReport, error) {
	if !caller.MaySeeCases() {
		return SimulationReport{}, cloudtag.Forbidden()
	}
	return simulationCodec().Find(ctx, s.store, digest(proposed, basedOn))
}

// requireSimulation returns SIMULATION_REQUIRED unless exactly these numbers were simulated.
func requireSimulation(ctx context.Context, store cloudtag.DocumentReader, basedOn int, proposed cloudtag.Policy) error {
	_, err := simulationCodec().Find(ctx, store, digest(proposed, basedOn))
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		return cloudtag.Refuse(cloudtag.CodeSimulationRequired, cloudtag.Text{
			ZH: "请先模拟这份内容再发布；修改后须重新模拟。", EN: "Simulate exactly these numbers first; after a change, again.",
		}, "input")
	}
	return err
}
