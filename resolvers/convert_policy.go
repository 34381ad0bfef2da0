package resolvers

import (
	"context"
	"slices"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/policylab"

	"github.com/99designs/gqlgen/graphql"
)

// draft converts a draft.
func (v *view) draft(d policylab.Draft) *model.PolicyDraft {
	return &model.PolicyDraft{Draft: d, CanDecide: d.MayDecide(v.caller)}
}

// draftPayload converts a changed draft, or a refusal; a conflict includes the stored draft.
func (v *view) draftPayload(draft policylab.Draft, failure error) (*model.PolicyDraftPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.PolicyDraftPayload{UserErrors: userErrors}
	if draft.ID != "" {
		payload.Draft = v.draft(draft)
	}
	return payload, nil
}

// policyPresets converts the presets with the switches that they change.
func (v *view) policyPresets() []*model.PolicyPreset {
	var presets []*model.PolicyPreset
	for _, code := range cloudtag.PresetCodes() {
		presets = append(presets, &model.PolicyPreset{Code: code, Policy: cloudtag.Policy{}.Preset(code)})
	}
	return presets
}

// proposal returns the policy that an input describes: the version it is based on, or another one to return to, with the
// changes of the input. The service refuses unknown versions, as it refuses all but the one in force.
func (v *view) proposal(ctx context.Context, input model.PolicyInput) (cloudtag.Policy, error) {
	version := input.BasedOnVersion
	set(&version, input.NumbersOfVersion)
	base, err := v.Policies.Find(ctx, v.caller, version)
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		base, err = v.Policies.Find(ctx, v.caller, 0)
	}
	if err != nil {
		return base, err
	}
	set(&base.WindowDays, input.WindowDays)
	set(&base.HandleWithinHours, input.HandleWithinHours)
	set(&base.HighRiskFrom, input.HighRiskFrom)
	set(&base.MediumRiskFrom, input.MediumRiskFrom)
	set(&base.AdjustHigh, input.AdjustHigh)
	set(&base.AdjustMedium, input.AdjustMedium)
	set(&base.AdjustLow, input.AdjustLow)
	set(&base.RequireRejectedReport, input.RequireRejectedReport)
	set(&base.LinkedPairsCountOnce, input.LinkedPairsCountOnce)
	set(&base.HoldLinkedPairs, input.HoldLinkedPairs)
	set(&base.HoldBursts, input.HoldBursts)
	set(&base.WeighVotesByRecord, input.WeighVotesByRecord)
	set(&base.OverturnedWeight, input.OverturnedWeight)
	set(&base.MinMeanWeight, input.MinMeanWeight)
	set(&base.HoldUnanchored, input.HoldUnanchored)
	set(&base.AnchorFrom, input.AnchorFrom)
	set(&base.RequireApproval, input.RequireApproval)
	set(&base.SecondReviewPercent, input.SecondReviewPercent)
	if age, given := input.MaxOrderAgeDays.ValueOK(); given {
		base.MaxOrderAgeDays = orZero(age)
	}
	base.Rules = changedRules(base.Rules, input.Rules.Value())
	base.Reason, base.StartsAt = input.Reason, orZero(input.StartsAt.Value())
	return base, nil
}

// set changes a number that the input has.
func set[T any](number *T, input graphql.Omittable[*T]) {
	if value := input.Value(); value != nil {
		*number = *value
	}
}

// changedRules returns the rules with the changes of the input. Scenarios that the input names twice, or that the catalogue
// does not have, stay in the result: the service refuses them.
func changedRules(rules []cloudtag.PolicyRule, inputs []*model.PolicyRuleInput) []cloudtag.PolicyRule {
	changed := slices.Clone(rules)
	named := make(map[cloudtag.ScenarioCode]bool, len(inputs))
	for _, input := range inputs {
		scenario := cloudtag.ScenarioCode(input.Scenario)
		place := slices.IndexFunc(changed, func(rule cloudtag.PolicyRule) bool { return rule.Scenario == scenario })
		if place < 0 || named[scenario] {
			place = len(changed)
			changed = append(changed, cloudtag.Policy{}.Rule(scenario))
		}
		named[scenario] = true
		set(&changed[place].Threshold, input.Threshold)
		set(&changed[place].Enabled, input.Enabled)
	}
	return changed
}

// policyPayload converts a new version, or a refusal; a conflict includes the version in force.
func (v *view) policyPayload(ctx context.Context, published policylab.Published, failure error) (*model.PolicyPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.PolicyPayload{UserErrors: userErrors}
	switch {
	case cloudtag.CodeOf(failure) == cloudtag.CodeConflict:
		current, err := v.Policies.Find(ctx, v.caller, 0)
		if err != nil {
			return nil, err
		}
		payload.Policy = &current
	case len(userErrors) > 0: // without a policy
	default:
		payload.Policy = published.Policy
		if published.Draft != nil {
			payload.Draft = v.draft(*published.Draft)
		}
	}
	return payload, nil
}

// simulation returns the simulation that an input requests.
func (v *view) simulation(ctx context.Context, input model.PolicyInput, handledPerDay *int) (policylab.SimulationRequest, error) {
	proposed, err := v.proposal(ctx, input)
	return policylab.SimulationRequest{BasedOn: input.BasedOnVersion, Policy: proposed, HandledPerDay: orZero(handledPerDay)}, err
}

func convertSimulation(report policylab.SimulationReport) *model.PolicySimulation {
	result := report.Result
	return &model.PolicySimulation{
		Simulation: result, By: report.By, At: report.At, BasedOnVersion: report.BasedOn,
		Before: convertEffect(result.Before, result.HandledPerDay), After: convertEffect(result.After, result.HandledPerDay),
	}
}

func convertEffect(effect policylab.SimulatedEffect, perDay int) *model.SimulatedEffect {
	queue := effect.Queue
	converted := &model.SimulatedEffect{
		Queued: queue.Cases, Peak: queue.Peak, PeakDay: nonZero(queue.PeakDay),
		OverturnedConfirmed: effect.OverturnedConfirmed, OverturnedHeld: effect.OverturnedHeld,
	}
	if queue.Days > 0 {
		mean := float64(queue.Cases) / float64(queue.Days)
		converted.QueuedPerDay = &mean
	}
	if perDay > 0 {
		converted.Missed = &queue.Missed
	}
	return converted
}

// countAllCases counts all cases.
func (v *view) countAllCases(ctx context.Context) (int, error) {
	return v.Records.CountCases(ctx, v.caller, cloudtag.CaseFilter{})
}

// changedCases reads a page of the cases that change in a simulation, in one way or in any.
func (v *view) changedCases(ctx context.Context, found *model.PolicySimulation, change *policylab.SimulatedChange, request cloudtag.PageRequest) (*model.CaseConnection, error) {
	ids, count := orZero(change).Of(found.Simulation)
	within, err := v.Records.CasesAmong(ctx, v.caller, ids, request)
	if err != nil {
		return nil, err
	}
	return &model.CaseConnection{Page: page(within, v.cases(within.Items), func(context.Context) (int, error) {
		return min(count, cloudtag.MaxCount+1), nil
	})}, nil
}

// simulatedScenarios converts the results of a simulation by scenario, in the catalogue's order.
func (v *view) simulatedScenarios(found *model.PolicySimulation) []*model.SimulatedScenario {
	var converted []*model.SimulatedScenario
	for _, scenario := range cloudtag.Scenarios() {
		if of, known := found.Scenarios[scenario.Code]; known {
			converted = append(converted, &model.SimulatedScenario{
				Scenario: v.scenario(scenario.Code), Cases: of.Cases, ConfirmedBefore: of.ConfirmedBefore,
				ConfirmedAfter: of.ConfirmedAfter, Gained: of.Gained, Lost: of.Lost,
			})
		}
	}
	return converted
}
