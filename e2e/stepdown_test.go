//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"time"

	"cloudtag/db/mongo/mongotest"
)

// openReplicaSet connects to the replica set whose primary shall step down (FAULT_STEP_DOWN). Without a replica
// set the test fails; on SQLite it is skipped.
func (f *faultRun) openReplicaSet() {
	f.t.Helper()
	if f.embedded() {
		f.t.Skip("FAULT_STEP_DOWN: SQLite has no replica set")
	}
	set, err := mongotest.OpenReplicaSet(f.t.Context(), f.uri)
	if err != nil {
		f.t.Fatalf("FAULT_STEP_DOWN needs a replica set, see CONTRIBUTING.md: %v", err)
	}
	f.replicas = set
	f.t.Cleanup(func() {
		if err := set.Close(context.Background()); err != nil {
			f.t.Error(err)
		}
	})
}

// stepDown makes the primary step down at a random moment under load. In half of the runs the server continues with the new
// primary before it is killed.
func (f *faultRun) stepDown(s *server) {
	f.t.Helper()
	<-time.After(time.Duration(f.random.Int64N(int64(shortestLife))))
	done, err := f.replicas.StepDown(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	if !done {
		return
	}
	f.stepDowns++
	if f.random.IntN(2) == 0 {
		return
	}
	before := f.made.total()
	until(f.t, fmt.Sprintf("something is acknowledged after step-down %d", f.stepDowns), func() bool {
		select {
		case <-s.ended: // which the caller reports
			return true
		default:
			return f.made.total() > before || f.t.Failed()
		}
	})
}
