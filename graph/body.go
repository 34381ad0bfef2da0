package graph

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"cloudtag/internal/cloudtag"
)

// bodies reads request bodies and messages within a budget of memory for all that are being read. Memory is reserved as
// bytes arrive, not by the announced length.
type bodies struct{ memory quota }

// firstBodyBytes is the initial size of a body's buffer.
const firstBodyBytes = 512

func (l Limits) bodies() bodies {
	return bodies{quota{total: l.BodiesBytes, each: unlimited, spare: true}}
}

// read reads a caller's body to its end. release returns the reserved memory and is never nil.
// Errors: the reader's; UNAVAILABLE when the budget is exhausted, RATE_LIMITED when the caller's share of it is.
func (b *bodies) read(from io.Reader, caller string, longest int64) (body []byte, release func(), err error) {
	var reserved int64
	release = func() { b.memory.give(caller, reserved); reserved = 0 }
	for {
		if len(body) == cap(body) {
			// Room beyond the limit, so that reading detects a longer body.
			grown := min(max(firstBodyBytes, 2*int64(cap(body))), longest+firstBodyBytes)
			if full := b.memory.take(caller, grown-reserved); full != notExhausted {
				return nil, release, errBodies(full)
			}
			reserved = grown
			body = append(make([]byte, 0, grown), body...)
		}
		n, err := from.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			return body, release, nil
		}
		if err != nil {
			return nil, release, err
		}
	}
}

// bodyRetrySeconds is the Retry-After of a body that was refused for lack of memory.
const bodyRetrySeconds = 2

func errBodies(full exhausted) error {
	if full == callerExhausted {
		return later(reasonBodies, cloudtag.CodeRateLimited, bodyRetrySeconds,
			"同时发送的数据过多，请 %d 秒后重试。", "Too much is being sent at once: try again in %d s.")
	}
	return later(reasonBodies, cloudtag.CodeUnavailable, bodyRetrySeconds,
		"服务繁忙，请 %d 秒后重试。", "The server is busy: try again in %d s.")
}

// errBodyTooLong refuses a body that exceeds the limit.
func errBodyTooLong(limit int64) error {
	return limited(reasonBody, fmt.Sprintf("请求体最多 %d 字节。", limit), fmt.Sprintf("A request's body has at most %d bytes.", limit))
}

// statusOfBody is the HTTP status for a body that could not be read.
func statusOfBody(refusal error) int {
	if errors.Is(refusal, errUnknownCoding) {
		return http.StatusUnsupportedMediaType
	}
	switch cloudtag.CodeOf(refusal) { //nolint:exhaustive // all others are the body's own fault
	case cloudtag.CodeRateLimited:
		return http.StatusTooManyRequests
	case cloudtag.CodeUnavailable:
		return http.StatusServiceUnavailable
	case cloudtag.CodeLimitExceeded:
		return http.StatusRequestEntityTooLarge
	default:
		return http.StatusBadRequest
	}
}
