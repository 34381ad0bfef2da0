package sqlite

import (
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cloudtag/db/dbtest"
	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

// testdata/schema1.db.gz is a file that the last program with schema 1 made: the shops m0 to m3 and, under [scenario],
//   - "confirmed": tags of m0, m1, m2, at start and one and two hours later;
//   - "pending": tags of m0 at start and m1 an hour later, so that it is due at start + 49 hours;
//   - "soon": a tag of m0 180 days less 10 hours before dbtest.Start, and two at dbtest.Start, so that one expires at start + 10 hours;
//   - "single" and "many-0" to "many-29": 61 tags more.
const (
	oldTags    = 69
	oldEntries = 149
)

var errPowerCut = errors.New("power cut")

// oldFile unpacks the file of schema 1.
func oldFile(t *testing.T) string {
	t.Helper()
	packed, err := os.Open("testdata/schema1.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer closeIt(t, packed.Close)
	reader, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cloudtag.db")
	unpacked, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer closeIt(t, unpacked.Close)
	if _, err := io.Copy(unpacked, reader); err != nil {
		t.Fatal(err)
	}
	return file
}

// closeIt gives something up at the end of a test.
func closeIt(t *testing.T, end func() error) {
	t.Helper()
	if err := end(); err != nil {
		t.Error(err)
	}
}

// powerCut fails at the n-th step and from then on.
func powerCut(n int) (fault func(string) error, steps *int) {
	steps = new(int)
	return func(string) error {
		if *steps++; *steps >= n {
			return errPowerCut
		}
		return nil
	}, steps
}

// TestUpgradeFromSchema1 cuts the power at every few steps of the upgrade until it gets through.
func TestUpgradeFromSchema1(t *testing.T) {
	file := oldFile(t)
	for n := 1; ; n += 5 {
		fault, steps := powerCut(n)
		store, err := Open(context.Background(), sqlitefile.Scheme+file, Options{Fault: fault})
		if err == nil {
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			if n < oldEntries {
				t.Errorf("the upgrade took %d steps, want one for each of %d entries at least", *steps, oldEntries)
			}
			break
		}
		if !errors.Is(err, errPowerCut) || n > 10*oldEntries {
			t.Fatalf("at step %d: %v", n, err)
		}
	}
	store := openAt(t, file, Options{})
	checkUpgraded(t, store)
	sweepUpgraded(t, store)
}

func checkUpgraded(t *testing.T, store *Store) {
	t.Helper()
	ctx := context.Background()
	wantChain(t, store, oldEntries)
	tags, err := store.CountTags(ctx, cloudtag.TagFilter{}, 1000)
	if err != nil || tags != oldTags {
		t.Errorf("%d tags (%v), want %d", tags, err, oldTags)
	}
	submitted, err := store.CountActions(ctx, cloudtag.ActionTagSubmitted, dbtest.Start.Add(-1000*time.Hour*24))
	if err != nil || submitted != oldTags {
		t.Errorf("%d submissions (%v), want %d", submitted, err, oldTags)
	}
	cases, err := store.Cases(ctx, []cloudtag.CaseID{caseOf("confirmed"), caseOf("pending"), caseOf("soon"), caseOf("single")})
	if err != nil || len(cases) != 4 {
		t.Fatalf("%d cases (%v), want 4", len(cases), err)
	}
	for id, c := range cases {
		if c.Revision != c.Version || c.Claim != nil || c.Undo != nil || c.ReviewedVotes != 0 || c.Warnings != 0 {
			t.Errorf("case %s is %+v", id, c)
		}
	}
	pending := cases[caseOf("pending")]
	if due := dbtest.Start.Add(49 * time.Hour); !pending.DueAt.Equal(due) || pending.Version != 2 {
		t.Errorf("the pending case is due at %v in version %d, want %v in version 2", pending.DueAt, pending.Version, due)
	}
	ids, err := store.WakingCases(ctx, dbtest.Start.Add(10*time.Hour), 10) // when a tag leaves the window
	if err != nil || len(ids) != 1 || ids[0] != caseOf("soon") {
		t.Errorf("then wake %v (%v), want the one whose tag left", ids, err)
	}
}

// sweepUpgraded lets time go by: the pending case is warned, then missed.
func sweepUpgraded(t *testing.T, store *Store) {
	t.Helper()
	ctx := context.Background()
	upkeep := cloudtag.NewUpkeep(store, cloudtag.SystemClock{})
	for _, step := range []struct {
		at               time.Duration
		warnings, missed int
	}{{37*time.Hour - time.Millisecond, 0, 0}, {37 * time.Hour, 1, 0}, {45 * time.Hour, 2, 0}, {49 * time.Hour, 2, 1}} {
		if _, err := upkeep.Sweep(ctx, dbtest.Start.Add(step.at)); err != nil {
			t.Fatal(err)
		}
		for action, want := range map[cloudtag.Action]int{
			cloudtag.ActionCaseWarned: step.warnings, cloudtag.ActionCaseMissed: step.missed,
		} {
			filter := cloudtag.LogFilter{Subject: cloudtag.CaseSubject(caseOf("pending")), Action: action}
			got, err := store.CountLog(ctx, filter, 10)
			if err != nil || got != want {
				t.Errorf("after %v: %d of %s (%v), want %d", step.at, got, action, err, want)
			}
		}
	}
	last, err := store.LastSeq(ctx)
	if err != nil {
		t.Fatal(err)
	}
	wantChain(t, store, last)
}

func caseOf(buyer cloudtag.BuyerID) cloudtag.CaseID {
	return cloudtag.NewCaseID(dbtest.Scenario, buyer)
}

func wantChain(t *testing.T, store *Store, entries int64) {
	t.Helper()
	got, err := cloudtag.VerifyLog(context.Background(), store, nil)
	if err != nil || got.Break != nil || got.Entries != entries {
		t.Fatalf("verified %d entries, break %+v (%v), want %d", got.Entries, got.Break, err, entries)
	}
}

// TestChainGoesOnWhereItWasCutOff: after each power cut no more than one piece is done again.
func TestChainGoesOnWhereItWasCutOff(t *testing.T) {
	const piece, pieces = 10, (oldEntries + 9) / 10
	file := oldFile(t)
	err := sqlitefile.Use(t.Context(), file, func(s *sqlitefile.Session) error {
		ctx, never := context.Background(), func(string) error { return nil }
		if err := migrate(s, never); err != nil {
			t.Fatal(err)
		}
		total, cuts := 0, 0
		for {
			fault, steps := powerCut(2*piece + 5) // two pieces, each with its commit, and a part of the third
			err := completeChain(ctx, s, piece, fault)
			total += *steps
			if err == nil {
				break
			}
			if cuts++; !errors.Is(err, errPowerCut) || cuts > oldEntries {
				t.Fatalf("cut %d: %v", cuts, err)
			}
		}
		if most := oldEntries + pieces + cuts*(2*pieces+piece+1) + 2; cuts < 3 || total > most {
			t.Errorf("%d steps with %d cuts, want at most %d and several cuts", total, cuts, most)
		}
		var hashed int
		if err := s.One("SELECT count(hash) FROM log", nil, &hashed); err != nil || hashed != oldEntries {
			t.Errorf("%d entries have hashes (%v), want %d", hashed, err, oldEntries)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestUpgradeBySeveralAtOnce starts several programs on a file of schema 1.
func TestUpgradeBySeveralAtOnce(t *testing.T) {
	file := oldFile(t)
	stores := make([]*Store, 4)
	var starts sync.WaitGroup
	for i := range stores {
		starts.Go(func() {
			var err error
			if stores[i], err = Open(context.Background(), sqlitefile.Scheme+file, Options{}); err != nil {
				t.Error(err)
			}
		})
	}
	starts.Wait()
	for _, store := range stores {
		if store == nil {
			continue
		}
		wantChain(t, store, oldEntries)
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestChainBesideAnOlderProgram: what a program of schema 1, started before the upgrade, appends without a hash is
// hashed before anything else is appended.
func TestChainBesideAnOlderProgram(t *testing.T) {
	file := oldFile(t)
	store := openAt(t, file, Options{})
	older, err := sql.Open("sqlite", "file:"+file+"?_busy_timeout=10000")
	if err != nil {
		t.Fatal(err)
	}
	defer closeIt(t, older.Close)
	const insert = `INSERT INTO log (seq, at, actor_no, action_no, subjects, reason, before, after)
		SELECT max(seq) + 1, 1, 1, 1, x'', 'older', NULL, '{}' FROM log`
	for round := range 3 {
		for range 2 {
			if _, err := older.ExecContext(context.Background(), insert); err != nil {
				t.Fatal(err)
			}
		}
		entry := cloudtag.Entry{At: dbtest.Start, Actor: "test", Action: "merchant.test"}
		permission := []cloudtag.Permission{cloudtag.PermissionSuspended, cloudtag.PermissionActive}[round%2]
		if err := store.SetPermission(context.Background(), "m3", permission, entry); err != nil {
			t.Fatal(err)
		}
		wantChain(t, store, oldEntries+3*int64(round+1))
	}
}
