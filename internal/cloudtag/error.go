package cloudtag

import (
	"errors"
	"fmt"
	"time"
)

// Code is a machine-readable error code.
type Code string

// Codes of refusals, which clients find in userErrors and in the results of a batch.
const (
	CodeEmptyBatch            Code = "EMPTY_BATCH"
	CodeTooManyOrders         Code = "TOO_MANY_ORDERS"
	CodeUnknownScenario       Code = "UNKNOWN_SCENARIO"
	CodeScenarioDisabled      Code = "SCENARIO_DISABLED"
	CodePermissionRevoked     Code = "PERMISSION_REVOKED"
	CodePermissionSuspended   Code = "PERMISSION_SUSPENDED"
	CodeNoteTooLong           Code = "NOTE_TOO_LONG"
	CodeInvalidNote           Code = "INVALID_NOTE"
	CodeInvalidIdempotencyKey Code = "INVALID_IDEMPOTENCY_KEY"
	CodeInvalidOrderNo        Code = "INVALID_ORDER_NO"
	CodeOrderNotFound         Code = "ORDER_NOT_FOUND"
	CodeAlreadyTagged         Code = "ALREADY_TAGGED"
	CodeDuplicateInBatch      Code = "DUPLICATE_IN_BATCH"
	CodeOrderTooOld           Code = "ORDER_TOO_OLD"
	CodeReportRequired        Code = "REPORT_REQUIRED"
	CodeIdempotencyConflict   Code = "IDEMPOTENCY_CONFLICT"
	CodeConflict              Code = "CONFLICT"
	CodeNotFound              Code = "NOT_FOUND"
	CodeClaimedByOther        Code = "CLAIMED_BY_OTHER"
	CodeSamePerson            Code = "SAME_PERSON"
	CodeReasonRequired        Code = "REASON_REQUIRED"
	CodeInvalidState          Code = "INVALID_STATE"
	CodeInvalidPolicy         Code = "INVALID_POLICY"
	CodeSimulationRequired    Code = "SIMULATION_REQUIRED"
	CodeTooManyRows           Code = "TOO_MANY_ROWS"
	CodeInvalidWebhook        Code = "INVALID_WEBHOOK"
	CodeTooManyWebhooks       Code = "TOO_MANY_WEBHOOKS"
	CodeTooManyViews          Code = "TOO_MANY_VIEWS"
)

// Codes of errors of a whole request.
const (
	CodeUnauthenticated Code = "UNAUTHENTICATED"
	CodeForbidden       Code = "FORBIDDEN"
	CodeBadInput        Code = "BAD_USER_INPUT"
	CodeLimitExceeded   Code = "LIMIT_EXCEEDED"
	CodeRateLimited     Code = "RATE_LIMITED"
	CodeResync          Code = "RESYNC"
	CodeUnavailable     Code = "UNAVAILABLE"
	CodeInternal        Code = "INTERNAL"

	// Of GraphQL documents that are not executed.
	CodeUntrustedDocument          Code = "UNTRUSTED_DOCUMENT"
	CodePersistedQueryNotSupported Code = "PERSISTED_QUERY_NOT_SUPPORTED"
)

// Error is the domain's only error type: a code, a message that is safe to show to the caller, the input field that it is
// about, and the cause, which is only logged.
type Error struct {
	Code    Code
	Message Text
	Field   []string // path of the input field, outermost first; empty if no field is wrong
	Cause   error

	// RetryAfter is when a retry may succeed, in whole seconds; 0 if unknown.
	RetryAfter time.Duration
}

// Error describes the error for logs, including its cause.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message.EN, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message.EN)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Refuse returns an error with a code and a message that is safe to show.
func Refuse(code Code, message Text, field ...string) *Error {
	return &Error{Code: code, Message: message, Field: field}
}

// CodeOf returns the code of the first [Error] in err's chain, "" for nil, and [CodeInternal] for any other error.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var known *Error
	if errors.As(err, &known) {
		return known.Code
	}
	return CodeInternal
}

// NotFound is the error for a record that does not exist or that the caller may not see: the same for both (rule 15).
func NotFound() *Error {
	return Refuse(CodeNotFound, Text{ZH: "没有这条记录，或您无权查看。", EN: "There is no such record, or you may not see it."})
}

// Unavailable is the error of a store that is temporarily unavailable. The cause is only logged.
func Unavailable(cause error) *Error {
	unavailable := Refuse(CodeUnavailable, Text{
		ZH: "数据存储暂时不可用，请稍后重试。",
		EN: "The data store is unavailable for the moment. Please try again later.",
	})
	unavailable.Cause = cause
	return unavailable
}

// Forbidden is the error for an operation that the caller's role does not allow.
func Forbidden() *Error {
	return Refuse(CodeForbidden, Text{ZH: "您的角色无权执行此操作。", EN: "Your role does not allow this."})
}

// InvalidState is the error for a change that the record's state does not allow. field is the input that names the record.
func InvalidState(field string) *Error {
	return Refuse(CodeInvalidState, Text{
		ZH: "当前状态不允许此操作。", EN: "The current state does not allow this.",
	}, "input", field)
}

// SamePerson is the error for a second decision by the person who made the first.
func SamePerson(field string) *Error {
	return Refuse(CodeSamePerson, Text{
		ZH: "须由另一人决定。", EN: "Another person has to decide this.",
	}, "input", field)
}

// OwnShop is the error for a decision about tags of a shop that the caller acts for.
func OwnShop(field string) *Error {
	return Refuse(CodeSamePerson, Text{
		ZH: "您所代表的店铺在此案件中打了标，须由他人决定。", EN: "A shop that you act for tagged in this case; another person has to decide it.",
	}, "input", field)
}

// IgnoreConflict returns nil for CONFLICT, for steps that are the same on every instance: another one was faster.
func IgnoreConflict(err error) error {
	if CodeOf(err) == CodeConflict {
		return nil
	}
	return err
}
