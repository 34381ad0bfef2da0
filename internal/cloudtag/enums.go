package cloudtag

import (
	"fmt"
	"slices"
)

// The values of the enums that clients send. Any other value is rejected before it is stored, or used to sort or filter.

// Decisions lists every decision on a case.
func Decisions() []Decision {
	return []Decision{DecisionConfirm, DecisionReject, DecisionKeepAccumulating}
}

// Handlings lists every [Handling].
func Handlings() []Handling { return []Handling{HandlingPending, HandlingHandled} }

// RiskLevels lists every level, lowest first.
func RiskLevels() []RiskLevel { return []RiskLevel{RiskUnknown, RiskLow, RiskMedium, RiskHigh} }

// Permissions lists every permission of a shop.
func Permissions() []Permission {
	return []Permission{PermissionActive, PermissionSuspended, PermissionRevoked}
}

// TagOrders lists every sort order of tags.
func TagOrders() []TagOrder {
	return []TagOrder{TagsBySubmittedDesc, TagsBySubmittedAsc, TagsByStatusChangedDesc}
}

// CaseOrders lists every sort order of cases.
func CaseOrders() []CaseOrder {
	return []CaseOrder{CasesByPriorityDesc, CasesByDueAsc, CasesByOpenedDesc}
}

// CheckKnown returns BAD_USER_INPUT, with the field, unless all contains value.
func CheckKnown[T ~string](value T, all []T, field ...string) error {
	if slices.Contains(all, value) {
		return nil
	}
	name := field[len(field)-1]
	return Refuse(CodeBadInput, Text{
		ZH: fmt.Sprintf("%s 须为 %v 之一。", name, all), EN: fmt.Sprintf("%s must be one of %v.", name, all),
	}, field...)
}

// CheckKnownOrEmpty is [CheckKnown] for filters, where an empty value selects everything.
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
