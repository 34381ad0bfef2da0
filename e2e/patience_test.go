//go:build e2e

package e2e

import (
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// patience returns how long a test waits for an expected event before it fails. It is generous, for busy machines: a test that
// passes waits no longer than it has to. TEST_PATIENCE sets it in seconds, for the browser tests as well.
var patience = sync.OnceValue(func() time.Duration {
	seconds, err := strconv.Atoi(os.Getenv("TEST_PATIENCE"))
	if err != nil || seconds < 1 {
		return 2 * time.Minute
	}
	return time.Duration(seconds) * time.Second
})

// until waits until a condition holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	untilOr(t, func() string { return what }, holds)
}

// untilOr is [until] with a function that describes the state on failure.
func untilOr(t *testing.T, what func() string, holds func() bool) {
	t.Helper()
	for deadline := time.After(patience()); !holds(); {
		select {
		case <-deadline:
			t.Fatalf("%s: not within %s (TEST_PATIENCE)", what(), patience())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// waitEnd waits until the server has exited by itself.
func (s *server) waitEnd() {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience()):
		s.t.Fatalf("the server did not end within %s:\n%s", patience(), s.output)
	}
}
