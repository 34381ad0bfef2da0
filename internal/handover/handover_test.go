package handover_test

import (
	"context"
	"testing"

	"cloudtag/internal/handover"
)

func TestARequestEndsWithTheLastOfItsHolders(t *testing.T) {
	for name, releaseFirst := range map[string]bool{"the handler returns last": true, "the socket ends last": false} {
		t.Run(name, func(t *testing.T) {
			stopping, stop := context.WithCancel(t.Context())
			began, ended := 0, 0
			ctx, returned := handover.With(t.Context(), stopping, func() { began++ }, func() { ended++ })
			if handover.Taken(ctx) || began != 0 {
				t.Error("taken by nobody")
			}
			handed, release, ok := handover.Take(ctx)
			if !ok {
				t.Fatal("there is no handover")
			}
			if _, again, _ := handover.Take(ctx); !handover.Taken(ctx) || began != 1 {
				t.Errorf("began %d times, want once", began)
			} else {
				again()
			}
			first, second := returned, release
			if releaseFirst {
				first, second = release, returned
			}
			first()
			first()
			if ended != 0 {
				t.Error("ended while somebody holds it")
			}
			second()
			second()
			if ended != 1 {
				t.Errorf("ended %d times, want once", ended)
			}
			stop()
			if handed.Err() == nil {
				t.Error("the server's end does not cancel the context")
			}
		})
	}
}

func TestWithoutHandover(t *testing.T) {
	if _, _, ok := handover.Take(t.Context()); ok || handover.Taken(t.Context()) {
		t.Error("a handover out of nothing")
	}
}
