package auth

import (
	"errors"
	"strings"
)

// maxTokenLength is the longest token that is looked at, in bytes; real ones are a tenth of it.
const maxTokenLength = 8 << 10

// BearerToken returns the token of an Authorization header of the form "Bearer TOKEN". Errors: [*cloudtag.Error] with
// UNAUTHENTICATED for every other form.
func BearerToken(authorization string) (string, error) {
	scheme, token, found := strings.Cut(authorization, " ")
	token = strings.TrimSpace(token)
	if !found || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", errInvalidToken(errors.New("authorization: expected Bearer TOKEN"))
	}
	if len(token) > maxTokenLength {
		return "", errInvalidToken(errors.New("authorization: the token is too long"))
	}
	return token, nil
}
