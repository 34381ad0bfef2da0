package cloudtag

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// content returns the policy's numbers only, without who published it, when and why, to compare a publication with what was
// simulated.
func (p Policy) content() Policy {
	content := p.as(0, "", time.Time{})
	content.Reason, content.StartsAt = "", time.Time{}
	content.Rules = slices.SortedFunc(slices.Values(p.Rules), func(a, b PolicyRule) int { return cmp.Compare(a.Scenario, b.Scenario) })
	return content
}

// digest identifies the numbers of a policy that is based on a version.
func (p Policy) digest(basedOn int) string {
	content := p.content()
	content.Version = basedOn
	sum := sha256.Sum256(MustJSON(content))
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

func simulationCodec() Codec[SimulationReport] {
	return Codec[SimulationReport]{KindPolicySimulation, func(r SimulationReport) Document {
		return Document{ID: r.ID, Version: r.Version, State: "DONE", Owner: r.By, Rank: LatestFirst(r.At)}
	}}
}

// maxReportedCases is how many of the gained and of the lost cases a report stores.
const maxReportedCases = 100

// report stores the result of a simulation. A concurrent report of the same numbers is as good.
func (s *Simulations) report(ctx context.Context, caller Caller, basedOn int, proposed Policy, result Simulation) (SimulationReport, error) {
	codec := simulationCodec()
	id := proposed.digest(basedOn)
	before, err := codec.Find(ctx, s.store, id)
	if err != nil && CodeOf(err) != CodeNotFound {
		return SimulationReport{}, err
	}
	report := SimulationReport{ID: id, Version: before.Version + 1, BasedOn: basedOn, By: caller.Subject, At: s.policies.clock.Now(), Result: result}
	stored := report
	stored.Result.Changed = nil
	stored.Result.Gained = result.Gained[:min(len(result.Gained), maxReportedCases)]
	stored.Result.Lost = result.Lost[:min(len(result.Lost), maxReportedCases)]
	logged := stored
	logged.Result.Gained, logged.Result.Lost = nil, nil
	return report, IgnoreConflict(s.store.SaveDocument(ctx, codec.Document(stored), []Entry{{
		At: report.At, Actor: caller.Subject, Action: ActionPolicySimulated, Subjects: []Subject{PolicySubject(basedOn)}, After: MustJSON(logged),
	}}))
}

// Report returns the latest simulation of exactly these numbers and base version. Errors: FORBIDDEN unless the caller reviews,
// NOT_FOUND.
func (s *Simulations) Report(ctx context.Context, caller Caller, basedOn int, proposed Policy) (SimulationReport, error) {
	if !caller.MaySeeCases() {
		return SimulationReport{}, Forbidden()
	}
	return simulationCodec().Find(ctx, s.store, proposed.digest(basedOn))
}

// requireSimulation returns SIMULATION_REQUIRED unless exactly these numbers were simulated.
func requireSimulation(ctx context.Context, store DocumentReader, basedOn int, proposed Policy) error {
	_, err := simulationCodec().Find(ctx, store, proposed.digest(basedOn))
	if CodeOf(err) == CodeNotFound {
		return Refuse(CodeSimulationRequired, Text{
			ZH: "请先模拟这份内容再发布；修改后须重新模拟。", EN: "Simulate exactly these numbers first; after a change, again.",
		}, "input")
	}
	return err
}
