package graph

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"cloudtag/internal/cloudtag"
)

// bodies reads what clients send, within the memory that there is for all that is being read. What it takes grows with
// what has arrived, whatever length was announced.
type bodies struct{ memory quota }

// firstBodyBytes is the room that is made for a body before anything has arrived.
const firstBodyBytes = 512

func (l Limits) bodies() bodies {
	return bodies{quota{total: l.BodiesBytes, each: unlimited, spare: true}}
}

// read reads a body of a caller to its end. release gives its memory back, once it is no longer needed; it is never nil.
// Errors: the reader's; UNAVAILABLE when there is no memory left, RATE_LIMITED when the caller's part of it is used up.
func (b *bodies) read(from io.Reader, caller string, longest int64) (body []byte, release func(), err error) {
	var reserved int64
	release = func() { b.memory.give(caller, reserved); reserved = 0 }
	for {
		if len(body) == cap(body) {
			// One byte more than the longest shows that a body is longer.
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

// bodyRetrySeconds is when to send a body again for which there was no memory.
const bodyRetrySeconds = 2

func errBodies(full exhausted) error {
	if full == callerExhausted {
		return later(reasonBodies, cloudtag.CodeRateLimited, bodyRetrySeconds,
			"同时发送的数据过多，请 %d 秒后重试。", "Too much is being sent at once: try again in %d s.")
	}
	return later(reasonBodies, cloudtag.CodeUnavailable, bodyRetrySeconds,
		"服务繁忙，请 %d 秒后重试。", "The server is busy: try again in %d s.")
}

// errBodyTooLong says how long a body may be.
func errBodyTooLong(limit int64) error {
	return limited(reasonBody, fmt.Sprintf("请求体最多 %d 字节。", limit), fmt.Sprintf("A request's body has at most %d bytes.", limit))
}

// statusOfBody is the status of a body that was not read.
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
