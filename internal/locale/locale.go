// Package locale passes the caller's language through a request. The texts are the domain's.
package locale

import (
	"context"

	"cloudtag/internal/cloudtag"

	"golang.org/x/text/language"
)

type languageKey struct{}

// With returns a context whose messages are in the language.
func With(ctx context.Context, l cloudtag.Language) context.Context {
	return context.WithValue(ctx, languageKey{}, l)
}

// From returns the context's language; Chinese when none was set.
func From(ctx context.Context) cloudtag.Language {
	if l, ok := ctx.Value(languageKey{}).(cloudtag.Language); ok {
		return l
	}
	return cloudtag.Chinese
}

// maxHeader is how much of an Accept-Language header is parsed, in bytes; real ones are far shorter.
const maxHeader = 512

// Parse returns the supported language that an Accept-Language header prefers; Chinese for a header that is empty, malformed
// or names neither.
func Parse(acceptLanguage string) cloudtag.Language {
	if acceptLanguage == "" || len(acceptLanguage) > maxHeader {
		return cloudtag.Chinese
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return cloudtag.Chinese
	}
	supported := language.NewMatcher([]language.Tag{language.Chinese, language.English})
	if _, index, confidence := supported.Match(wanted...); index == 1 && confidence > language.No {
		return cloudtag.English
	}
	return cloudtag.Chinese
}
