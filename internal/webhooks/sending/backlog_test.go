package sending

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

type fixedWaiter struct {
	endpoints int
	since     time.Time
}

func (w fixedWaiter) Waiting() (int, time.Time) { return w.endpoints, w.since }

type stillClock time.Time

func (c stillClock) Now() time.Time { return time.Time(c) }

func TestBacklog(t *testing.T) {
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		waiter           fixedWaiter
		endpoints, since string
	}{
		"nothing waits":       {fixedWaiter{}, "0", "0"},
		"two wait":            {fixedWaiter{2, now.Add(-90 * time.Minute)}, "2", "5400"},
		"the clock went back": {fixedWaiter{1, now.Add(time.Minute)}, "1", "0"},
	} {
		backlog := NewBacklog(test.waiter, stillClock(now))
		want := `
# HELP cloudtag_webhook_oldest_waiting_seconds How long ago the oldest event happened that is not delivered to an active endpoint; 0 when none waits.
# TYPE cloudtag_webhook_oldest_waiting_seconds gauge
cloudtag_webhook_oldest_waiting_seconds ` + test.since + `
# HELP cloudtag_webhook_waiting_endpoints Active endpoints that have events that are not delivered yet, or that could not be checked.
# TYPE cloudtag_webhook_waiting_endpoints gauge
cloudtag_webhook_waiting_endpoints ` + test.endpoints + "\n"
		if err := testutil.CollectAndCompare(backlog, strings.NewReader(want)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if problems, err := testutil.CollectAndLint(backlog); err != nil || len(problems) > 0 {
			t.Errorf("%s: %v, %v", name, problems, err)
		}
	}
}
