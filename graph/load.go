package graph

import (
	"context"
	"errors"
	"math/rand/v2"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/shed"
)

// Clients are told to try again after between one and so many seconds, so that they do not come back all at once.
const retrySpread = 3

// enter waits for a place among the queries and mutations that run at once, of all callers, each of which has its
// part; leave gives it back, and may be called again. Errors: UNAVAILABLE when there are more than can be answered in time.
func (s *server) enter(ctx context.Context) (leave func(), err error) {
	if s.config.Load == nil {
		return func() {}, nil
	}
	caller, _ := callerFrom(ctx)
	leave, err = s.config.Load.Acquire(ctx, caller)
	if errors.Is(err, shed.ErrOverloaded) {
		err = later(reasonLoad, cloudtag.CodeUnavailable, 1+rand.IntN(retrySpread),
			"服务繁忙，请 %d 秒后重试。", "The server is busy: try again in %d s.")
	}
	return leave, err
}
