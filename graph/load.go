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

// enter waits for a slot of the load limiter, which shares them among callers. leave releases it and may be called more than
// once. Errors: UNAVAILABLE when the server is overloaded.
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

// longestCatchUp is how long a subscription may hold a slot for one batch of past entries. It sends them meanwhile, and a
// client that does not read must not block the slot.
const longestCatchUp = 500 * time.Millisecond

// catchUp waits for a slot for a subscription that reads past entries; done releases it and may be called more than once.
// Errors: the context's.
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
