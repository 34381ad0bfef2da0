package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"cloudtag/graph/model"
	"cloudtag/internal/accesslog"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/locale"
	"cloudtag/internal/reqid"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// variablePath is the first element of the paths that gqlparser gives errors about variables.
const variablePath = ast.PathName("variable")

// introspectionDisabled is the generated executor's error where operationGate has disabled introspection.
const introspectionDisabled = "introspection disabled"

// suggestion introduces the names that gqlparser suggests for one that the schema does not have.
const suggestion = " Did you mean "

// maxMessage bounds messages that quote the document, in bytes.
const maxMessage = 500

// presenter converts errors to what clients see. Nothing else may.
type presenter struct {
	log    *slog.Logger
	limits Limits
	meter  Meter

	development bool // everybody may read the schema
}

// present returns a new error each time: an error value that a package keeps is shared between requests.
func (p *presenter) present(ctx context.Context, err error) *gqlerror.Error {
	presented := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	var located *gqlerror.Error
	if errors.As(err, &located) {
		presented.Locations = located.Locations
		if located.Path != nil {
			presented.Path = located.Path
		}
	}
	refusal, reason := p.refusalOf(ctx, err, located)
	presented.Message = refusal.Message.In(locale.From(ctx))
	presented.Extensions = extensionsOf(ctx, refusal, presented.Path)
	p.report(ctx, err, refusal, presented.Path)
	p.meter.Failed(operationOf(ctx), string(refusal.Code))
	accesslog.From(ctx).SetCode(string(refusal.Code))
	if reason != "" {
		p.meter.Refused(reason)
	}
	if len(presented.Path) > 0 && presented.Path[0] == variablePath {
		presented.Path = nil // not a path into the response
	}
	return presented
}

// refusalOf returns the product's error that err wraps or amounts to, and the limit that was exceeded, if any.
func (p *presenter) refusalOf(ctx context.Context, err error, located *gqlerror.Error) (refusal *cloudtag.Error, reason string) {
	if located != nil && located.Err == nil {
		if said := p.documentRefusal(ctx, located); said != nil {
			err = said
		}
	}
	var over *limitError
	if errors.As(err, &over) {
		reason = over.reason
	}
	switch {
	case errors.As(err, &refusal):
		return refusal, reason
	case ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return cloudtag.Refuse(cloudtag.CodeUnavailable, cloudtag.Text{
			ZH: "请求已取消或超时。", EN: "The request was cancelled or took too long.",
		}), ""
	case located != nil && located.Err != nil && located.Err.Error() == introspectionDisabled:
		return errSignIn(), ""
	default:
		return errInternal(), ""
	}
}

// documentRefusal converts gqlgen's errors about a document or its variables into errors of the product; nil when the client
// did not cause the error.
func (p *presenter) documentRefusal(ctx context.Context, err *gqlerror.Error) error {
	code, _ := err.Extensions["code"].(string)
	switch {
	case strings.HasPrefix(err.Message, "exceeded token limit"):
		return limited(reasonTokens, fmt.Sprintf("查询文本最多 %d 个记号。", p.limits.Tokens), fmt.Sprintf("A document may have at most %d tokens.", p.limits.Tokens))
	case err.Rule == "MaxIntrospectionDepth":
		return limited(reasonIntrospectionDepth, "内省查询嵌套过深。", err.Message+".")
	case code == errcode.ParseFailed || code == errcode.ValidationFailed:
		message := err.Message
		if !mayIntrospect(ctx, p.development) {
			message, _, _ = strings.Cut(message, suggestion) // it would disclose the schema to anyone who guesses names
		}
		message = shortened(message)
		return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: message, EN: message})
	default:
		return nil
	}
}

func errInternal() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeInternal, cloudtag.Text{
		ZH: "服务器内部错误，请稍后重试；如需帮助请提供请求编号。",
		EN: "Something went wrong on the server; try again later, and give the request id when you ask for help.",
	})
}

// extensionsOf returns the machine-readable part of an error. An invalid input is identified as in userErrors: by the path from
// the argument inward, with list indices as strings. gqlgen's path of it starts with the field that has the argument.
func extensionsOf(ctx context.Context, refusal *cloudtag.Error, path ast.Path) map[string]any {
	extensions := map[string]any{"code": string(refusal.Code)}
	if id := reqid.From(ctx); id != "" {
		extensions["requestId"] = id
	}
	if refusal.RetryAfter > 0 {
		extensions["retryAfter"] = int(refusal.RetryAfter / time.Second)
	}
	if len(refusal.Field) > 0 {
		extensions["field"] = refusal.Field
	} else if refusal.Code == cloudtag.CodeBadInput && len(path) > 1 {
		extensions["field"] = textsOf(path[1:])
	}
	return extensions
}

func textsOf(path ast.Path) []string {
	texts := make([]string, len(path))
	for i, element := range path {
		texts[i] = fmt.Sprint(element)
	}
	return texts
}

// report logs what clients are not shown: internal failures, and the causes of refusals. A failure that many fields share is
// logged once.
func (p *presenter) report(ctx context.Context, err error, refusal *cloudtag.Error, path ast.Path) {
	if refusal.Code != cloudtag.CodeInternal && refusal.Cause == nil {
		return
	}
	var shared *model.BatchError
	if errors.As(err, &shared) && !shared.First() {
		return
	}
	var panicked *panicError
	if errors.As(err, &panicked) {
		return // logged with its stack where it was caught
	}
	level := slog.LevelError
	if refusal.Code != cloudtag.CodeInternal && refusal.Code != cloudtag.CodeUnavailable {
		level = slog.LevelInfo
	}
	p.log.Log(ctx, level, "graphql: request failed", "request_id", reqid.From(ctx), "path", path.String(), "error", err)
}

// panicError marks a panic that has been logged.
type panicError struct{}

func (*panicError) Error() string { return "panic" }

// recovered logs and counts a panic, and returns an internal error without details.
func (p *presenter) recovered(ctx context.Context, cause any) error {
	p.meter.Panicked()
	p.log.ErrorContext(ctx, "graphql: panic", "request_id", reqid.From(ctx), "path", graphql.GetPath(ctx).String(),
		"panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
	failure := errInternal()
	failure.Cause = &panicError{}
	return failure
}

// shortened truncates a message at a character boundary.
func shortened(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage], "") + "…"
}
