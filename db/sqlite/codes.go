package sqlite

import (
	"fmt"
	"slices"

	"cloudtag/internal/cloudtag"
)

// codebook numbers the values of an enumeration by their place. Stored rows refer to the numbers: a value may be
// added at the end, none may be moved or removed.
type codebook[T ~string] []T

func (b codebook[T]) number(value T) (int64, error) {
	place := slices.Index(b, value)
	if place < 0 {
		return 0, fmt.Errorf("%T has no value %q", value, value)
	}
	return int64(place), nil
}

func (b codebook[T]) value(number int64) T { return b[number] }

var (
	tagStatuses = codebook[cloudtag.TagStatus]{
		cloudtag.TagAccumulating, cloudtag.TagSucceeded, cloudtag.TagExpired,
		cloudtag.TagRejected, cloudtag.TagOverturned, cloudtag.TagVoided,
	}
	caseStates = codebook[cloudtag.CaseState]{
		cloudtag.CaseAccumulating, cloudtag.CaseConfirmed, cloudtag.CaseRejected,
		cloudtag.CaseLapsed, cloudtag.CaseExpired, cloudtag.CaseOverturned,
	}
	handlings   = codebook[cloudtag.Handling]{cloudtag.HandlingHandled, cloudtag.HandlingPending}
	riskLevels  = codebook[cloudtag.RiskLevel]{cloudtag.RiskUnknown, cloudtag.RiskLow, cloudtag.RiskMedium, cloudtag.RiskHigh}
	permissions = codebook[cloudtag.Permission]{
		cloudtag.PermissionActive, cloudtag.PermissionSuspended, cloudtag.PermissionRevoked,
	}
	documentKinds = codebook[cloudtag.DocumentKind]{
		cloudtag.KindComplaint, cloudtag.KindFreightInsurance, cloudtag.KindRestriction, cloudtag.KindRevocation,
		cloudtag.KindAppeal, cloudtag.KindPolicyRollout, cloudtag.KindCollusion, cloudtag.KindView,
		cloudtag.KindMetrics, cloudtag.KindTokenRevocation,
		cloudtag.KindWebhook, cloudtag.KindWebhookProgress, cloudtag.KindWebhookHistory, cloudtag.KindCursorSecret,
		cloudtag.KindWebhookPings, cloudtag.KindVetting,
	}
	reportOutcomes = codebook[cloudtag.ReportOutcome]{
		cloudtag.ReportNone, cloudtag.ReportPending, cloudtag.ReportApproved,
		cloudtag.ReportRejected, cloudtag.ReportInsufficientEvidence,
	}
)
