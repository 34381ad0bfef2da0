package resolvers

import (
	"context"
	"slices"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
)

func convertPolicy(p cloudtag.Policy) *model.Policy {
	converted := &model.Policy{
		Version: p.Version, WindowDays: p.WindowDays, HandleWithinHours: p.HandleWithinHours,
		HighRiskFrom: p.HighRiskFrom, MediumRiskFrom: p.MediumRiskFrom,
		AdjustHigh: p.AdjustHigh, AdjustMedium: p.AdjustMedium, AdjustLow: p.AdjustLow,
		RequireRejectedReport: p.RequireRejectedReport, LinkedPairsCountOnce: p.LinkedPairsCountOnce,
		HoldLinkedPairs: p.HoldLinkedPairs, HoldBursts: p.HoldBursts,
		WeighVotesByRecord: p.WeighVotesByRecord, OverturnedWeight: p.OverturnedWeight, MinMeanWeight: p.MinMeanWeight,
		HoldUnanchored: p.HoldUnanchored, AnchorFrom: p.AnchorFrom, SecondReviewPercent: p.SecondReviewPercent, CreatedBy: p.CreatedBy, CreatedAt: p.CreatedAt, Reason: p.Reason,
		Rules: make([]*model.PolicyRule, len(p.Rules)),
	}
	if p.MaxOrderAgeDays > 0 {
		converted.MaxOrderAgeDays = &p.MaxOrderAgeDays
	}
	for i, rule := range p.Rules {
		converted.Rules[i] = &model.PolicyRule{Scenario: string(rule.Scenario), Threshold: rule.Threshold, Enabled: rule.Enabled}
	}
	return converted
}

// policyPresets are the presets as they change the switches.
func (v *view) policyPresets() []*model.PolicyPreset {
	var presets []*model.PolicyPreset
	for _, code := range cloudtag.PresetCodes() {
		p := cloudtag.Policy{}.Preset(code)
		presets = append(presets, &model.PolicyPreset{
			Code: code, LinkedPairsCountOnce: p.LinkedPairsCountOnce, HoldLinkedPairs: p.HoldLinkedPairs, HoldBursts: p.HoldBursts,
			WeighVotesByRecord: p.WeighVotesByRecord, OverturnedWeight: p.OverturnedWeight, MinMeanWeight: p.MinMeanWeight,
			HoldUnanchored: p.HoldUnanchored, AnchorFrom: p.AnchorFrom,
		})
	}
	return presets
}

// proposal is the policy that an input describes: the version it is based on, with what the input says changed. An
// unknown version is left for the service to refuse, as it refuses every other than the one in force.
func (v *view) proposal(ctx context.Context, input model.PolicyInput) (cloudtag.Policy, error) {
	base, err := v.Policies.Find(ctx, v.caller, input.BasedOnVersion)
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
	set(&base.SecondReviewPercent, input.SecondReviewPercent)
	if age, told := input.MaxOrderAgeDays.ValueOK(); told {
		base.MaxOrderAgeDays = orZero(age)
	}
	base.Rules = changedRules(base.Rules, input.Rules.Value())
	base.Reason = input.Reason
	return base, nil
}

// set changes a number that the input names.
func set[T any](number *T, input graphql.Omittable[*T]) {
	if value := input.Value(); value != nil {
		*number = *value
	}
}

// changedRules are the rules with what the input says changed. A scenario that the input names twice is in the result
// twice, for the service to refuse; so is one that the catalogue does not have.
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

// policyPayload converts a new version, or a refusal; with a conflict comes the version in force.
func (v *view) policyPayload(ctx context.Context, policy cloudtag.Policy, failure error) (*model.PolicyPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	if cloudtag.CodeOf(failure) == cloudtag.CodeConflict {
		if policy, err = v.Policies.Find(ctx, v.caller, 0); err != nil {
			return nil, err
		}
	}
	payload := &model.PolicyPayload{UserErrors: userErrors}
	if policy.Version > 0 {
		payload.Policy = convertPolicy(policy)
	}
	return payload, nil
}

// countAllCases counts the cases there are.
func (v *view) countAllCases(ctx context.Context) (int, error) {
	return v.Records.CountCases(ctx, v.caller, cloudtag.CaseFilter{})
}

// changedCases reads a page of the cases that a simulation found to change in a way, or in any for none.
func (v *view) changedCases(ctx context.Context, found *model.PolicySimulation, change *cloudtag.SimulatedChange, request cloudtag.PageRequest) (*model.CaseConnection, error) {
	ids, count := orZero(change).Of(found.Simulation)
	within, err := v.Records.CasesAmong(ctx, v.caller, ids, request)
	if err != nil {
		return nil, err
	}
	return &model.CaseConnection{Page: page(within, v.cases(within.Items), func(context.Context) (int, error) {
		return min(count, cloudtag.MaxCount+1), nil
	})}, nil
}

// simulatedScenarios converts what a simulation found of each scenario, in the catalogue's order.
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
