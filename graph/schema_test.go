package graph_test

import (
	"slices"
	"strings"
	"testing"

	"cloudtag/graph/generated"
	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/freightinsurance"
	"cloudtag/internal/metrics"
	"cloudtag/internal/policylab"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/webhooks"

	"github.com/vektah/gqlparser/v2/ast"
)

func schema() *ast.Schema {
	return generated.NewExecutableSchema(generated.Config{}).Schema()
}

// Everything that a client can name has a description.
func TestEverythingIsDescribed(t *testing.T) {
	undescribed := func(description string, path ...string) {
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", strings.Join(path, "."))
		}
	}
	arguments := func(list ast.ArgumentDefinitionList, path ...string) {
		for _, argument := range list {
			undescribed(argument.Description, append(path, argument.Name)...)
		}
	}
	types := 0
	for name, definition := range schema().Types {
		if definition.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		types++
		undescribed(definition.Description, name)
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			undescribed(field.Description, name, field.Name)
			arguments(field.Arguments, name, field.Name)
		}
		for _, value := range definition.EnumValues {
			undescribed(value.Description, name, value.Name)
		}
	}
	if types < 50 {
		t.Errorf("only %d types were looked at", types)
	}
	directive := schema().Directives["hasRole"]
	undescribed(directive.Description, "@hasRole")
	arguments(directive.Arguments, "@hasRole")
}

// Enums are bound to the domain's types, so both must have the same values.
func TestEnumsMatchTheDomain(t *testing.T) {
	for name, want := range map[string][]string{
		"Role":          texts(cloudtag.Roles()),
		"TagStatus":     texts(cloudtag.TagStatuses()),
		"CaseState":     texts(cloudtag.CaseStates()),
		"ReportOutcome": texts(cloudtag.ReportOutcomes()),
		"Language":      texts([]cloudtag.Language{cloudtag.Chinese, cloudtag.English}),
		"ScenarioCategory": texts([]cloudtag.ScenarioCategory{
			cloudtag.CategoryOrder, cloudtag.CategoryReturn, cloudtag.CategoryClaim, cloudtag.CategoryReview}),
		"ScenarioEffect": texts([]cloudtag.ScenarioEffect{cloudtag.EffectRefuseFreightInsurance,
			cloudtag.EffectExcludeFromMetrics, cloudtag.EffectFlagReview, cloudtag.EffectLabelOnly}),
		"MarkResult":             texts([]cloudtag.MarkResult{cloudtag.MarkFailed, cloudtag.MarkSucceeded}),
		"Handling":               texts([]cloudtag.Handling{cloudtag.HandlingPending, cloudtag.HandlingHandled}),
		"Decision":               texts([]cloudtag.Decision{cloudtag.DecisionConfirm, cloudtag.DecisionReject, cloudtag.DecisionKeepAccumulating}),
		"RiskLevel":              texts([]cloudtag.RiskLevel{cloudtag.RiskUnknown, cloudtag.RiskLow, cloudtag.RiskMedium, cloudtag.RiskHigh}),
		"FreightInsuranceAnswer": texts([]freightinsurance.Answer{freightinsurance.Pay, freightinsurance.Refuse, freightinsurance.AwaitComplaint}),
		"ComplaintState": texts([]freightinsurance.ComplaintState{freightinsurance.ComplaintOpen, freightinsurance.ComplaintConsumerUpheld,
			freightinsurance.ComplaintMerchantUpheld, freightinsurance.ComplaintWithdrawn}),
		"RestrictionMode": texts(restrictions.Modes()),
		"RestrictionState": texts([]restrictions.State{restrictions.Pending, restrictions.Active,
			restrictions.Declined, restrictions.Lifted}),
		"ViolationKind": texts([]cloudtag.ViolationKind{cloudtag.ViolationFalseReport, cloudtag.ViolationWrongScenario,
			cloudtag.ViolationLeakedToBuyer, cloudtag.ViolationThreatenedBuyer}),
		"RevocationState":       texts([]revocations.State{revocations.Proposed, revocations.Approved, revocations.Declined}),
		"SecondReviewState":     texts(cloudtag.SecondReviewStates()),
		"FigureName":            texts(metrics.FigureNames()),
		"AppealState":           texts([]appeals.State{appeals.Open, appeals.Accepted, appeals.Declined}),
		"Permission":            texts([]cloudtag.Permission{cloudtag.PermissionActive, cloudtag.PermissionSuspended, cloudtag.PermissionRevoked}),
		"TagOrder":              texts([]cloudtag.TagOrder{cloudtag.TagsBySubmittedDesc, cloudtag.TagsBySubmittedAsc, cloudtag.TagsByStatusChangedDesc}),
		"WebhookState":          texts(webhooks.States()),
		"WebhookDisabledReason": texts(webhooks.DisabledReasons()),
		"WebhookDeliveryState":  texts(webhooks.DeliveryStates()),
		"WebhookFailure":        texts(webhooks.Failures()),
		"SimulatedChange":       texts([]policylab.SimulatedChange{policylab.SimulatedGain, policylab.SimulatedLoss}),
		"CaseOrder":             texts([]cloudtag.CaseOrder{cloudtag.CasesByPriorityDesc, cloudtag.CasesByDueAsc, cloudtag.CasesByOpenedDesc}),
	} {
		got := values(name)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("enum %s has %v, the domain %v", name, got, want)
		}
	}
	codes := values("ErrorCode")
	for _, refusal := range []cloudtag.Code{
		cloudtag.CodeEmptyBatch, cloudtag.CodeTooManyOrders, cloudtag.CodeUnknownScenario, cloudtag.CodeScenarioDisabled,
		cloudtag.CodePermissionRevoked, cloudtag.CodePermissionSuspended, cloudtag.CodeNoteTooLong, cloudtag.CodeInvalidNote,
		cloudtag.CodeInvalidIdempotencyKey, cloudtag.CodeInvalidOrderNo, cloudtag.CodeOrderNotFound, cloudtag.CodeAlreadyTagged,
		cloudtag.CodeDuplicateInBatch, cloudtag.CodeOrderTooOld, cloudtag.CodeReportRequired, cloudtag.CodeIdempotencyConflict,
		cloudtag.CodeConflict, cloudtag.CodeNotFound, cloudtag.CodeClaimedByOther, cloudtag.CodeSamePerson, cloudtag.CodeReasonRequired, cloudtag.CodeInvalidState,
		cloudtag.CodeInvalidPolicy, cloudtag.CodeTooManyRows, cloudtag.CodeInvalidWebhook, cloudtag.CodeTooManyWebhooks,
	} {
		if !slices.Contains(codes, string(refusal)) {
			t.Errorf("enum ErrorCode lacks the domain's %s", refusal)
		}
	}
}

func values(enum string) (names []string) {
	for _, value := range schema().Types[enum].EnumValues {
		names = append(names, value.Name)
	}
	return names
}

func texts[T ~string](list []T) []string {
	converted := make([]string, len(list))
	for i, text := range list {
		converted[i] = string(text)
	}
	return converted
}

// Every operation declares who may call it, nullable ones included.
func TestEveryOperationHasRoles(t *testing.T) {
	for _, root := range []*ast.Definition{schema().Query, schema().Mutation, schema().Subscription} {
		for _, field := range root.Fields {
			if !strings.HasPrefix(field.Name, "__") && field.Directives.ForName("hasRole") == nil {
				t.Errorf("%s.%s has no @hasRole", root.Name, field.Name)
			}
		}
	}
}
