package graph

import (
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// Why a request is refused before its time, as [Meter] is told: each is a limit of docs/limits.md.
const (
	reasonBody               = "body"
	reasonBodies             = "bodies"
	reasonQueryString        = "query_string"
	reasonBatch              = "batch"
	reasonTokens             = "tokens"
	reasonOperations         = "operations"
	reasonFragments          = "fragments"
	reasonFields             = "fields"
	reasonDepth              = "depth"
	reasonAliases            = "aliases"
	reasonComplexity         = "complexity"
	reasonIntrospectionDepth = "introspection_depth"
	reasonDocument           = "untrusted_document"
	reasonRequests           = "requests"
	reasonAnonymous          = "anonymous_requests"
	reasonComplexityRate     = "complexity_rate"
	reasonTags               = "tags"
	reasonLoad               = "load"
	reasonSockets            = "sockets"
	reasonSigningIn          = "signing_in_sockets"
	reasonEventStreams       = "event_streams"
	reasonSubscriptions      = "subscriptions"
	reasonSocketOperations   = "socket_operations"
)

// limitError is a refusal with the limit that it is about.
type limitError struct {
	refusal *cloudtag.Error
	reason  string
}

// Error is the refusal's.
func (o *limitError) Error() string { return o.refusal.Error() }

// Unwrap returns the refusal.
func (o *limitError) Unwrap() error { return o.refusal }

// limited says that something is larger than it may be.
func limited(reason, zh, en string) error {
	return &limitError{refusal: cloudtag.Refuse(cloudtag.CodeLimitExceeded, cloudtag.Text{ZH: zh, EN: en}), reason: reason}
}

// later says that something is possible again after some seconds.
func later(reason string, code cloudtag.Code, seconds int, zh, en string) error {
	refusal := cloudtag.Refuse(code, cloudtag.Text{ZH: fmt.Sprintf(zh, seconds), EN: fmt.Sprintf(en, seconds)})
	refusal.RetryAfter = time.Duration(seconds) * time.Second
	return &limitError{refusal: refusal, reason: reason}
}
