package graph

import (
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// Reasons of refused requests, as recorded by [Meter]: each is a limit of docs/limits.md.
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

// limitError is a refusal with the limit that was exceeded.
type limitError struct {
	refusal *cloudtag.Error
	reason  string
}

// Error returns the refusal's message.
func (o *limitError) Error() string { return o.refusal.Error() }

// Unwrap returns the refusal.
func (o *limitError) Unwrap() error { return o.refusal }

// limited refuses what exceeds a limit of size or number.
func limited(reason, zh, en string) error {
	return &limitError{refusal: cloudtag.Refuse(cloudtag.CodeLimitExceeded, cloudtag.Text{ZH: zh, EN: en}), reason: reason}
}

// later refuses what may be retried after some seconds; zh and en have a %d for them.
func later(reason string, code cloudtag.Code, seconds int, zh, en string) error {
	refusal := cloudtag.Refuse(code, cloudtag.Text{ZH: fmt.Sprintf(zh, seconds), EN: fmt.Sprintf(en, seconds)})
	refusal.RetryAfter = time.Duration(seconds) * time.Second
	return &limitError{refusal: refusal, reason: reason}
}
