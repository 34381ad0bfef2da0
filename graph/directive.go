package graph

import (
	"context"
	"slices"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
)

// hasRole implements the directive of that name, a first check; the services authorize access to each record.
func hasRole(ctx context.Context, _ any, next graphql.Resolver, roles []cloudtag.Role) (any, error) {
	session, signedIn := auth.SessionFrom(ctx)
	switch {
	case !signedIn:
		return nil, errSignIn()
	case len(roles) == 0 || slices.ContainsFunc(roles, session.Caller.Has):
		return next(ctx)
	case nullable(ctx):
		return nil, nil
	default:
		return nil, cloudtag.Refuse(cloudtag.CodeForbidden, cloudtag.Text{
			ZH: "您的角色无权执行此操作。", EN: "Your role does not allow this.",
		})
	}
}

// nullable reports whether the field that is being resolved can be null.
func nullable(ctx context.Context) bool {
	field := graphql.GetFieldContext(ctx)
	return field != nil && field.Field.Definition != nil && !field.Field.Definition.Type.NonNull
}

func errSignIn() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeUnauthenticated, cloudtag.Text{
		ZH: "请先登录：缺少有效的访问令牌。", EN: "Sign in first: there is no valid access token.",
	})
}
