package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/locale"
	"cloudtag/internal/reqid"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// variablePath begins the paths that gqlparser gives errors about variables.
const variablePath = ast.PathName("variable")

// introspectionDisabled is what the generated executor says to callers that operationGate keeps from the schema.
const introspectionDisabled = "introspection disabled"

// maxMessage bounds messages that quote the document, in bytes.
const maxMessage = 500

// presenter makes what clients see of errors. It is the only place that does.
type presenter struct {
	log    *slog.Logger
	limits Limits
	meter  Meter
}

// present makes a fresh error each time: gqlgen's are shared between requests when a package keeps one.
func (p *presenter) present(ctx context.Context, err error) *gqlerror.Error {
	presented := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	var located *gqlerror.Error
	if errors.As(err, &located) {
		presented.Locations = located.Locations
		if located.Path != nil {
			presented.Path = located.Path
		}
	}
	refusal := p.refusalOf(ctx, err, located)
	presented.Message = refusal.Message.In(locale.From(ctx))
	presented.Extensions = extensionsOf(ctx, refusal, presented.Path)
	p.report(ctx, err, refusal, presented.Path)
	p.meter.Failed(operationOf(ctx), string(refusal.Code))
	if len(presented.Path) > 0 && presented.Path[0] == variablePath {
		presented.Path = nil // it is no place in the answer
	}
	return presented
}

// refusalOf finds the error of the product that an error is, or makes one.
func (p *presenter) refusalOf(ctx context.Context, err error, located *gqlerror.Error) *cloudtag.Error {
	var known *cloudtag.Error
	switch {
	case errors.As(err, &known):
		return known
	case ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return cloudtag.Refuse(cloudtag.CodeUnavailable, cloudtag.Text{
			ZH: "请求已取消或超时。", EN: "The request was cancelled or took too long.",
		})
	case located != nil && located.Err != nil && located.Err.Error() == introspectionDisabled:
		return errSignIn()
	case located != nil && located.Err == nil:
		if refusal := p.documentRefusal(ctx, located); refusal != nil {
			return refusal
		}
	}
	return errInternal()
}

// documentRefusal turns what gqlgen says about a document or its variables into an error of the product; nil when the
// error is none of the client's making.
func (p *presenter) documentRefusal(ctx context.Context, err *gqlerror.Error) *cloudtag.Error {
	code, _ := err.Extensions["code"].(string)
	switch {
	case strings.HasPrefix(err.Message, "exceeded token limit"):
		return limited(fmt.Sprintf("查询文本最多 %d 个记号。", p.limits.Tokens), fmt.Sprintf("A document may have at most %d tokens.", p.limits.Tokens))
	case err.Rule == "MaxIntrospectionDepth":
		return limited("内省查询嵌套过深。", err.Message+".")
	case code == complexityCode:
		return p.tooComplex(ctx)
	case code == errcode.ParseFailed || code == errcode.ValidationFailed:
		message := shortened(err.Message)
		return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: message, EN: message})
	default:
		return nil
	}
}

// complexityCode is what gqlgen's extension gives documents that are too complex.
const complexityCode = "COMPLEXITY_LIMIT_EXCEEDED"

func (p *presenter) tooComplex(ctx context.Context) *cloudtag.Error {
	cost := 0
	if stats := extension.GetComplexityStats(ctx); stats != nil {
		cost = stats.Complexity
	}
	return limited(
		fmt.Sprintf("查询的复杂度为 %d，上限为 %d：请减小 first 或少选字段。", cost, p.limits.Complexity),
		fmt.Sprintf("The document's complexity is %d, the limit is %d: ask for smaller pages or fewer fields.", cost, p.limits.Complexity))
}

func limited(zh, en string) *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeLimitExceeded, cloudtag.Text{ZH: zh, EN: en})
}

func errInternal() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeInternal, cloudtag.Text{
		ZH: "服务器内部错误，请稍后重试；如需帮助请提供请求编号。",
		EN: "Something went wrong on the server; try again later, and give the request id when you ask for help.",
	})
}

// extensionsOf tells programs what happened. An input that has the wrong form is named by its path, which begins
// with the field it was given to.
func extensionsOf(ctx context.Context, refusal *cloudtag.Error, path ast.Path) map[string]any {
	extensions := map[string]any{"code": string(refusal.Code)}
	if id := reqid.From(ctx); id != "" {
		extensions["requestId"] = id
	}
	if len(refusal.Field) > 0 {
		extensions["field"] = refusal.Field
	} else if refusal.Code == cloudtag.CodeBadInput && len(path) > 1 {
		extensions["field"] = path[1:]
	}
	return extensions
}

// report logs what clients are not told: failures, and the causes of refusals. A failure that many fields share is
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

// panicError is a panic that was logged.
type panicError struct{}

func (*panicError) Error() string { return "panic" }

// recovered logs a panic and makes a fresh error of it that says nothing about it.
func (p *presenter) recovered(ctx context.Context, cause any) error {
	p.log.ErrorContext(ctx, "graphql: panic", "request_id", reqid.From(ctx), "path", graphql.GetPath(ctx).String(),
		"panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
	failure := errInternal()
	failure.Cause = &panicError{}
	return failure
}

// shortened bounds a message at a character's boundary.
func shortened(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage], "") + "…"
}
