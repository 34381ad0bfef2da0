package resolvers

import (
	"errors"
	"strconv"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// errMissing is returned when a record that another one refers to does not exist.
var errMissing = errors.New("a record that must be there is missing")

// refusal returns the refusal that an error holds, which is reported among userErrors. It returns false for errors that fail
// the whole request.
func refusal(err error) (*cloudtag.Error, bool) {
	var known *cloudtag.Error
	if !errors.As(err, &known) {
		return nil, false
	}
	switch known.Code {
	case cloudtag.CodeUnauthenticated, cloudtag.CodeForbidden, cloudtag.CodeBadInput, cloudtag.CodeResync,
		cloudtag.CodeUnavailable, cloudtag.CodeInternal, cloudtag.CodeRateLimited:
		return nil, false
	default:
		return known, true
	}
}

// userErrors converts a refusal, or several joined ones, to the payload's list. It returns every other error, which fails the
// request.
func (v *view) userErrors(err error) ([]*model.UserError, error) {
	if err == nil {
		return []*model.UserError{}, nil
	}
	causes := joined(err)
	refusals := make([]*model.UserError, len(causes))
	for i, cause := range causes {
		known, refused := refusal(cause)
		if !refused {
			return nil, err
		}
		refusals[i] = v.userError(known)
	}
	return refusals, nil
}

// joined returns the errors that err joins, recursively; err itself when it joins none.
func joined(err error) (causes []error) {
	several, isJoined := err.(interface{ Unwrap() []error })
	if !isJoined {
		return []error{err}
	}
	for _, cause := range several.Unwrap() {
		causes = append(causes, joined(cause)...)
	}
	return causes
}

// userError converts a refusal. at is appended to the path of its field, such as an index in a list.
func (v *view) userError(refusal *cloudtag.Error, at ...int) *model.UserError {
	converted := &model.UserError{Code: refusal.Code, Message: refusal.Message.In(v.Language)}
	if len(refusal.Field) == 0 {
		return converted
	}
	converted.Field = append(converted.Field, refusal.Field...)
	for _, place := range at {
		converted.Field = append(converted.Field, strconv.Itoa(place))
	}
	return converted
}
