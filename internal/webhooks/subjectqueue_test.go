package webhooks

import (
	"testing"
	"time"
)

func TestRetryDelaysDoubleWithinBounds(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 12: 10240 * time.Second, 13: 4 * time.Hour, 400: 4 * time.Hour} {
		for _, random := range []float64{0, 0.5, 1} {
			got := retryDelay(failures, random)
			if jittered := time.Duration(float64(want) * (0.8 + 0.4*random)); got != jittered.Truncate(time.Millisecond) {
				t.Errorf("after %d refusals, at %v: %v, want %v", failures, random, got, jittered)
			}
		}
	}
}
