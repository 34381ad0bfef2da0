package auth

import (
	"context"

	"cloudtag/internal/cloudtag"
)

// Verifier makes a session of a bearer token. Its errors are [*cloudtag.Error] with UNAUTHENTICATED: they tell the
// caller that the token is no good, or that it has expired, and keep the details as their cause. UNAVAILABLE when that
// can't be found out now.
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
