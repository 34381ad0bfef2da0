package cloudtag_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// publishedPolicy is a version with the log positions of its publication and of its withdrawal, 0 for none.
type publishedPolicy struct {
	policy          Policy
	from, withdrawn int
}

// decides returns the version in force for an entry at a log position, by the log alone: the newest one before it if
// it was not withdrawn before and had started by the entry's time, else the one that was in force when that was published.
func decides(published []publishedPolicy, place int, at time.Time) int {
	for i := len(published) - 1; i > 0; i-- {
		newest := published[i]
		if newest.from > place {
			continue
		}
		if (newest.withdrawn == 0 || newest.withdrawn > place) && !at.Before(newest.policy.StartsAt) {
			return newest.policy.Version
		}
		return decides(published[:i], newest.from-1, newest.policy.CreatedAt)
	}
	return 1
}

// Versions are published, scheduled and withdrawn at random. At each log position, for each instant, the timeline must agree
// with the log.
func TestTimelineAgreesWithTheLog(t *testing.T) {
	refusals := map[Code]int{}
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 7))
		now, place := start, 0
		timeline, err := PolicyTimeline{}.Add(DefaultPolicy(now))
		if err != nil {
			t.Fatal(err)
		}
		published := []publishedPolicy{{policy: DefaultPolicy(now)}}
		for range 30 {
			now = now.Add(time.Duration(random.IntN(5)) * time.Hour)
			place++
			switch random.IntN(4) {
			case 0, 1:
				next := DefaultPolicy(now)
				next.Version = timeline.Latest() + 1
				if random.IntN(2) == 0 {
					next.StartsAt = now.Add(time.Duration(1+random.IntN(8)) * time.Hour)
				}
				changed, err := timeline.Add(next)
				refusals[CodeOf(err)]++
				if waits := timeline.Waiting(now) != nil; waits != (CodeOf(err) == CodeInvalidState) || !waits && err != nil {
					t.Fatalf("seed %d: a version waits: %t, %v", seed, waits, err)
				}
				if err == nil {
					timeline = changed
					published = append(published, publishedPolicy{policy: next, from: place})
				}
			case 2:
				newest := &published[len(published)-1]
				can := newest.withdrawn == 0 && now.Before(newest.policy.StartsAt)
				changed, err := timeline.Withdraw(newest.policy.Version, PolicyWithdrawal{By: "x", At: now})
				if can != (err == nil) {
					t.Fatalf("seed %d: can be withdrawn: %t, %v", seed, can, err)
				}
				if err == nil {
					timeline, newest.withdrawn = changed, place
				}
			}
			// Later entries may be of instants around now: the clocks of instances differ.
			for hours := -3; hours <= 10; hours++ {
				at := now.Add(time.Duration(hours) * time.Hour)
				if got, want := timeline.At(at).Version, decides(published, place, at); got != want {
					t.Fatalf("seed %d, place %d: version %d decides %d hours from now, the log says %d", seed, place, got, hours, want)
				}
			}
		}
	}
	if refusals[CodeInvalidState] == 0 || refusals[""] == 0 {
		t.Errorf("not everything happened: %v", refusals)
	}
}

func TestTimelineRejectsVersionsOutOfOrder(t *testing.T) {
	timeline := PolicyTimeline{Holds: DefaultPolicy(start)}
	for version, code := range map[int]Code{1: CodeConflict, 2: "", 3: CodeConflict} {
		next := DefaultPolicy(start)
		next.Version = version
		if _, err := timeline.Add(next); CodeOf(err) != code {
			t.Errorf("version %d: %v, want %q", version, err, code)
		}
	}
	next := DefaultPolicy(start)
	next.Version, next.StartsAt = 2, start.Add(time.Hour)
	timeline, err := timeline.Add(next)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		version int
		at      time.Time
		code    Code
	}{
		"another version": {1, start, CodeInvalidState},
		"at its start":    {2, start.Add(time.Hour), CodeInvalidState},
		"before":          {2, start.Add(time.Hour - time.Millisecond), ""},
	} {
		if _, err := timeline.Withdraw(test.version, PolicyWithdrawal{At: test.at}); CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %q", name, err, test.code)
		}
	}
}

// Two shops tag before, at and after the start of a version with a threshold of two votes. The time of each tag determines
// its version, whenever the case is evaluated.
func TestAScheduledVersionIsInForceFromItsStart(t *testing.T) {
	begins := start.Add(time.Hour)
	fewer := DefaultPolicy(start)
	fewer.Version, fewer.StartsAt = 2, begins
	for i := range fewer.Rules {
		fewer.Rules[i].Threshold = 2
	}
	timeline, err := PolicyTimeline{Holds: DefaultPolicy(start)}.Add(fewer)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		second  time.Time
		version int
		state   CaseState
	}{
		"a millisecond before": {begins.Add(-time.Millisecond), 1, CaseAccumulating},
		"at its start":         {begins, 2, CaseConfirmed},
		"long after":           {begins.Add(24 * time.Hour), 2, CaseConfirmed},
	} {
		t.Run(name, func(t *testing.T) {
			file := OpenCaseFile(NewCaseID(testScenario, "b"), nil, nil, &timeline, nil)
			for i, at := range []time.Time{start, test.second} {
				file.Add(Tag{
					OrderNo: OrderNo(fmt.Sprint("o", i)), Scenario: testScenario, MerchantID: MerchantID(fmt.Sprint("m", i)),
					EntityID: EntityID(fmt.Sprint("e", i)), BuyerID: "b", SubmittedAt: at, HandleBy: at.Add(48 * time.Hour),
				}, "x")
			}
			if file.Case.PolicyVersion != test.version || file.Case.State != test.state {
				t.Errorf("version %d, %s; want %d, %s", file.Case.PolicyVersion, file.Case.State, test.version, test.state)
			}
			// The case is closed, stored and opened again, as by a process that was down at the start.
			change, _ := file.Change()
			again := OpenCaseFile(change.Case.ID, &change.Case, file.LiveTags(), &timeline, nil)
			again.Evaluate(test.second)
			if again.Case.PolicyVersion != test.version {
				t.Errorf("evaluated again at the same time by version %d, want %d", again.Case.PolicyVersion, test.version)
			}
			again.Evaluate(begins.Add(48 * time.Hour))
			if again.Case.PolicyVersion != 2 || again.Case.State != CaseConfirmed {
				t.Errorf("after the start: version %d, %s", again.Case.PolicyVersion, again.Case.State)
			}
		})
	}
}

// Records are read for every version that is or may come into force while the file is edited.
func TestScheduledVersionsWantRecordsToo(t *testing.T) {
	plain, weighing := DefaultPolicy(start), DefaultPolicy(start)
	weighing.Version, weighing.WeighVotesByRecord, weighing.StartsAt = 2, true, start.Add(day)
	withdrawn := weighing
	withdrawn.Withdrawn = &PolicyWithdrawal{By: "admin", At: start}
	tests := []struct {
		name     string
		timeline PolicyTimeline
		want     bool
	}{
		{"none", PolicyTimeline{Holds: plain}, false},
		{"in force", PolicyTimeline{Holds: weighing}, true},
		{"scheduled", PolicyTimeline{Holds: plain, Scheduled: &weighing}, true},
		{"withdrawn", PolicyTimeline{Holds: plain, Scheduled: &withdrawn}, false},
		{"scheduled to end", PolicyTimeline{Holds: plain, Scheduled: &plain}, false},
	}
	for _, test := range tests {
		file := OpenCaseFile(NewCaseID(testScenario, testBuyer), nil, nil, &test.timeline, nil)
		if got := file.WantsRecords(); got != test.want {
			t.Errorf("%s: %t, want %t", test.name, got, test.want)
		}
	}
}
