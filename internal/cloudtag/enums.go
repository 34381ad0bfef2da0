package cloudtag

import (
	"fmt"
	"slices"
)

// The values of the enums that come from outside. What is none of them is refused before it is stored, sorted or
// searched by.

// Decisions are all decisions about a case.
func Decisions() []Decision {
	return []Decision{DecisionConfirm, DecisionReject, DecisionKeepAccumulating}
}

// Handlings are all values of [Handling].
func Handlings() []Handling { return []Handling{HandlingPending, HandlingHandled} }

// RiskLevels are all levels, the lowest first.
func RiskLevels() []RiskLevel { return []RiskLevel{RiskUnknown, RiskLow, RiskMedium, RiskHigh} }

// Permissions are all that a shop can have.
func Permissions() []Permission {
	return []Permission{PermissionActive, PermissionSuspended, PermissionRevoked}
}

// ComplaintStates are all states of a complaint.
func ComplaintStates() []ComplaintState {
	return []ComplaintState{ComplaintOpen, ComplaintConsumerUpheld, ComplaintMerchantUpheld, ComplaintWithdrawn}
}

// RestrictionStates are all states of a restriction.
func RestrictionStates() []RestrictionState {
	return []RestrictionState{RestrictionPending, RestrictionActive, RestrictionDeclined, RestrictionLifted}
}

// ViolationKinds are all kinds of abuse.
func ViolationKinds() []ViolationKind {
	return []ViolationKind{ViolationFalseReport, ViolationWrongScenario, ViolationLeakedToBuyer, ViolationThreatenedBuyer}
}

// RevocationStates are all states of a revocation.
func RevocationStates() []RevocationState {
	return []RevocationState{RevocationProposed, RevocationApproved, RevocationDeclined}
}

// AppealStates are all states of an appeal.
func AppealStates() []AppealState { return []AppealState{AppealOpen, AppealAccepted, AppealDeclined} }

// TagOrders are all orders of tags.
func TagOrders() []TagOrder {
	return []TagOrder{TagsBySubmittedDesc, TagsBySubmittedAsc, TagsByStatusChangedDesc}
}

// CaseOrders are all orders of cases.
func CaseOrders() []CaseOrder {
	return []CaseOrder{CasesByPriorityDesc, CasesByDueAsc, CasesByOpenedDesc}
}

// CheckKnown refuses a value that is none of all: BAD_USER_INPUT, with the field.
func CheckKnown[T ~string](value T, all []T, field ...string) error {
	if slices.Contains(all, value) {
		return nil
	}
	name := field[len(field)-1]
	return Refuse(CodeBadInput, Text{
		ZH: fmt.Sprintf("%s 须为 %v 之一。", name, all), EN: fmt.Sprintf("%s must be one of %v.", name, all),
	}, field...)
}

// CheckKnownOrEmpty is [CheckKnown] of a filter, where an empty value selects everything.
func CheckKnownOrEmpty[T ~string](value T, all []T, field ...string) error {
	if value == "" {
		return nil
	}
	return CheckKnown(value, all, field...)
}

// CheckAllKnown is [CheckKnown] for each of several values.
func CheckAllKnown[T ~string](values, all []T, field ...string) error {
	for _, value := range values {
		if err := CheckKnown(value, all, field...); err != nil {
			return err
		}
	}
	return nil
}
