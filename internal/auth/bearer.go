package auth

import (
	"context"
	"errors"
	"strings"
)

// maxTokenLength is the longest token that is parsed, in bytes; real ones are a tenth of it.
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

// SignIn returns a function that takes an Authorization header and returns a context with its session. Errors
// are those of [BearerToken] and of the verifier.
func SignIn(verifier Verifier) func(ctx context.Context, authorization string) (context.Context, error) {
	return func(ctx context.Context, authorization string) (context.Context, error) {
		token, err := BearerToken(authorization)
		if err != nil {
			return nil, err
		}
		session, err := verifier.Verify(ctx, token)
		if err != nil {
			return nil, err
		}
		return WithSession(ctx, session), nil
	}
}
