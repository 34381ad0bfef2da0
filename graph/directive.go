package graph

import (
	"context"
	"slices"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
)

// hasRole is the first gate (see the directive in the schema); the services decide about each record.
func hasRole(ctx context.Context, _ any, next graphql.Resolver, roles []cloudtag.Role) (any, error) {
	session, signedIn := auth.SessionFrom(ctx)
	if !signedIn {
		return nil, errSignIn()
	}
	if len(roles) > 0 && !slices.ContainsFunc(roles, session.Caller.Has) {
		return nil, cloudtag.Refuse(cloudtag.CodeForbidden, cloudtag.Text{
			ZH: "您的角色无权执行此操作。", EN: "Your role does not allow this.",
		})
	}
	return next(ctx)
}

func errSignIn() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeUnauthenticated, cloudtag.Text{
		ZH: "请先登录：缺少有效的访问令牌。", EN: "Sign in first: there is no valid access token.",
	})
}

func errExpired() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeUnauthenticated, cloudtag.Text{
		ZH: "登录已过期，请用新的令牌重新连接。", EN: "The session has expired; connect again with a new token.",
	})
}
