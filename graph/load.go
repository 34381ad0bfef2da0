package graph

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/shed"
)

// retryJitter bounds the random delay of Retry-After, in seconds: clients that were refused together must not retry together.
const retryJitter = 3

// enter waits for a place among the queries and mutations that run at once, of all callers, each of which has its
// part; leave gives it back, and may be called again. Errors: UNAVAILABLE when there are more than can be answered in time.
func (s *server) enter(ctx context.Context) (leave func(), err error) {
	if s.config.Load == nil {
		return func() {}, nil
	}
	caller, _ := callerFrom(ctx)
	leave, err = s.config.Load.Acquire(ctx, caller)
	if errors.Is(err, shed.ErrOverloaded) {
		err = later(reasonLoad, cloudtag.CodeUnavailable, 1+rand.IntN(retryJitter),
			"服务繁忙，请 %d 秒后重试。", "The server is busy: try again in %d s.")
	}
	return leave, err
}

// longestCatchUp is how long a subscription holds a place for a few entries of what happened before. They are sent
// meanwhile, and no place may be held for a client that does not read.
const longestCatchUp = 500 * time.Millisecond

// catchUp waits for a place for a subscription that reads what happened before; done gives it back, and may be called
// again. Errors: the context's.
func (s *server) catchUp(ctx context.Context) (done func(), err error) {
	if s.config.Load == nil {
		return func() {}, nil
	}
	caller, _ := callerFrom(ctx)
	leave, err := s.config.Load.AcquireBackground(ctx, caller)
	if err != nil {
		return nil, err
	}
	timer := time.AfterFunc(longestCatchUp, leave)
	return func() {
		timer.Stop()
		leave()
	}, nil
}
