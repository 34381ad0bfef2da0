//go:build e2e

package e2e

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"cloudtag/db/mongo/mongotest"
)

// TestCopyThroughMongoDB copies the demo into MongoDB, killed a few times on the way, and from there into another file:
// what each store exports is the same, byte by byte, its log ends with the same hash, and it can be served.
func TestCopyThroughMongoDB(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute: make test-long")
	}
	from, through, to := newDatabase(t), mongotest.FreshURI(t), newDatabase(t)
	mustCloudtag(t, "demo", "--db", from)
	killCopies(t, from, through)
	mustCloudtag(t, "copy", "--from", from, "--to", through)
	back := mustCloudtag(t, "copy", "--from", through, "--to", to)
	stores := []string{from, through, to}
	for _, what := range [][]string{{"export", "tags"}, {"export", "cases"}, {"export", "log"}, {"verify-log"}} {
		want := mustCloudtag(t, append(what, "--db", from)...).stdout
		for _, uri := range stores[1:] {
			if got := mustCloudtag(t, append(what, "--db", uri)...).stdout; got != want {
				t.Errorf("%v differs from the source's, of %d bytes and %d", what, len(got), len(want))
			}
		}
	}
	if count(strings.Fields(back.stdout), "35592") != 1 {
		t.Errorf("the copy does not report 35592 orders:\n%s", back.stdout)
	}
	serve(t, to)
	if again := cloudtag(t, "copy", "--from", from, "--to", to); again.code != 1 {
		t.Errorf("copied into a store that is not empty: %s", again.stdout)
	}
}

// killCopies begins the copy several times and kills each, a little later than the one before.
func killCopies(t *testing.T, from, to string) {
	t.Helper()
	for n := range 4 {
		command := exec.CommandContext(t.Context(), binaryPath, "copy", "--from", from, "--to", to)
		command.Env = environment("CLOUDTAG_JWT_SECRET=" + secret)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(1+n)*700*time.Millisecond, func() { _ = command.Process.Kill() })
		err := command.Wait()
		if timer.Stop() || err == nil {
			t.Fatalf("copy %d ended before it was killed: %v", n, err)
		}
	}
}
