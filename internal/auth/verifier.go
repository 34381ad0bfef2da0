package auth

import (
	"context"

	"cloudtag/internal/cloudtag"
)

// Verifier turns a bearer token into a session. Its errors are [*cloudtag.Error]: UNAUTHENTICATED when the token is invalid
// or has expired, with the details as the cause, and UNAVAILABLE when that can't be decided now.
type Verifier interface {
	Verify(ctx context.Context, bearerToken string) (Session, error)
}

func errInvalidToken(cause error) *cloudtag.Error {
	return &cloudtag.Error{
		Code: cloudtag.CodeUnauthenticated,
		Message: cloudtag.Text{
			ZH: "访问令牌无效，请重新登录。",
			EN: "The bearer token is not valid; sign in again.",
		},
		Cause: cause,
	}
}

func errExpiredToken(cause error) *cloudtag.Error {
	return &cloudtag.Error{
		Code: cloudtag.CodeUnauthenticated,
		Message: cloudtag.Text{
			ZH: "访问令牌已过期，请重新登录。",
			EN: "The bearer token has expired; sign in again.",
		},
		Cause: cause,
	}
}

func errRevokedToken() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeUnauthenticated, cloudtag.Text{
		ZH: "访问令牌已被撤销，请重新登录。",
		EN: "The bearer token has been revoked; sign in again.",
	})
}
