package command

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
)

func loadDemo(t *testing.T, m *market, at time.Time, original bool) (string, error) {
	t.Helper()
	streams := capture("")
	err := Demo(t.Context(), &config.Demo{OriginalTimes: original}, DemoServices{
		Policies: ruleBook{m}, Simulations: ruleBook{m}, Drafts: ruleBook{m}, Imports: m, Replay: m, Records: lookup{m}, Upkeep: m, Clock: fixedClock(at),
		Tagging:       func(clock cloudtag.Clock) Submitter { return shopFront{m, clock} },
		Reviewing:     func(clock cloudtag.Clock) Decider { return desk{m, clock} },
		SecondReviews: lead{m}, Team: office{m}, Log: office{m},
		Appeals: desk{m, fixedClock(at)}, Restrictions: desk{m, fixedClock(at)}, Revocations: desk{m, fixedClock(at)},
		Vettings: sponsor{desk{m, fixedClock(at)}},
	}, streams.Streams)
	return streams.err.String(), err
}

func TestDemoLoadsOnce(t *testing.T) {
	m := newMarket()
	said, err := loadDemo(t, m, now, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.merchants) != 4814 || len(m.orders) != 35_592 || len(m.risks) != 5858 || len(m.tags) != 3563 || len(m.sweeps) != 1 {
		t.Fatalf("%d shops, %d orders, %d profiles, %d tags, %d sweeps", len(m.merchants), len(m.orders), len(m.risks), len(m.tags), len(m.sweeps))
	}
	if !strings.Contains(said, "newest day is 2026-02-28") || !strings.Contains(said, "orders: 35592 stored") {
		t.Errorf("said\n%s", said)
	}
	if len(m.live) != 400 || !strings.Contains(said, "live tags: 400 submitted") {
		t.Fatalf("%d live tags\n%s", len(m.live), said)
	}
	oldest, newest := m.tags[len(m.tags)-400], m.tags[len(m.tags)-1]
	if !newest.SubmittedAt.Equal(now) || !oldest.SubmittedAt.Equal(now.Add(-46*time.Hour)) || m.tags[0].SubmittedAt.After(oldest.SubmittedAt) {
		t.Errorf("live tags from %s to %s", oldest.SubmittedAt, newest.SubmittedAt)
	}
	if len(m.decided) == 0 || m.left != [4]int{1, 1, 1, 1} {
		t.Errorf("%d cases decided; %v appeals, restrictions and proposals left to decide", len(m.decided), m.left)
	}
	for id, at := range m.decided {
		if at.Before(now.Add(-46*time.Hour)) || at.After(now) {
			t.Errorf("case %s was decided at %s", id, at)
		}
	}
	if len(m.policies) != 3 || m.policies[2].MaxOrderAgeDays != 0 || m.policies[1].SecondReviewPercent != 2 || m.policies[2].SecondReviewPercent != 50 {
		t.Errorf("policies %+v", m.policies)
	}
	states := map[cloudtag.SecondReviewState]int{}
	for _, review := range m.seconds {
		if states[review.State]++; review.State == cloudtag.SecondReviewDisagreed && review.FirstAutomatic {
			t.Errorf("the lead disagrees with the rules: %+v", review)
		}
	}
	if states[cloudtag.SecondReviewOpen] != 3 || states[cloudtag.SecondReviewDisagreed] != 1 || states[cloudtag.SecondReviewAgreed] != 2 {
		t.Errorf("second reviews %v", states)
	}
	if want := []string{"snoozed until 2026-03-02 22:00", "escalated", "known", "assigned to dev-reviewer", "noted for dev-reviewer"}; !slices.Equal(m.shared, want) {
		t.Errorf("shared work: %q, want %q", m.shared, want)
	}
	before := len(m.calls)
	said, err = loadDemo(t, m, now.AddDate(0, 0, 30), false)
	if err != nil || len(m.calls) != before || !strings.Contains(said, "loaded already; its newest day is 2026-02-28") {
		t.Errorf("the second time: %v, %d calls more\n%s", err, len(m.calls)-before, said)
	}
}

// A load that was cut off among the live tags submits the others, and those that were before by their first key.
func TestDemoGoesOnAmongLiveTags(t *testing.T) {
	m := newMarket()
	m.failAfterLive = 150
	if _, err := loadDemo(t, m, now, false); !errors.Is(err, errStore) {
		t.Fatal(err)
	}
	last := m.tags[len(m.tags)-1]
	m.failAfterLive = 0
	if _, err := loadDemo(t, m, now.Add(time.Hour), false); err != nil {
		t.Fatal(err)
	}
	if len(m.tags) != 3563 || len(m.live) != 400 || m.tags[3163+149] != last {
		t.Errorf("%d tags, %d of them live", len(m.tags), len(m.live))
	}
}

// A load that was cut off goes on another day, with the times of the first.
func TestDemoGoesOn(t *testing.T) {
	m := newMarket()
	m.failAfter = 45
	if _, err := loadDemo(t, m, now, false); !errors.Is(err, errStore) {
		t.Fatal(err)
	}
	half := len(m.risks)
	first := m.orders["1000000001"]
	m.failAfter = 0
	if said, err := loadDemo(t, m, now.AddDate(0, 0, 3), false); err != nil || !strings.Contains(said, "merchants: 0 stored, 4814 unchanged") {
		t.Fatalf("%v\n%s", err, said)
	}
	if half == 0 || half == 5858 || len(m.risks) != 5858 || len(m.tags) != 3563 || m.orders["1000000001"] != first {
		t.Errorf("%d profiles, then %d, %d tags", half, len(m.risks), len(m.tags))
	}
}

func TestDemoKeepsOriginalTimes(t *testing.T) {
	m := newMarket()
	if _, err := loadDemo(t, m, now, true); err != nil {
		t.Fatal(err)
	}
	if len(m.tags) != 3563 || len(m.live) != 0 {
		t.Errorf("%d tags, %d of them live", len(m.tags), len(m.live))
	}
	if at := m.orders["1000000001"].PlacedAt; !at.Equal(time.Unix(1289241912, 0).Add(-72 * time.Hour)) {
		t.Errorf("first order at %s", at)
	}
	if said, err := loadDemo(t, m, now, false); err != nil || !strings.Contains(said, "newest day is 2016-01-25") {
		t.Errorf("%v\n%s", err, said)
	}
	moved := newMarket()
	moved.orders["1000000001"] = cloudtag.Order{OrderNo: "1000000001", MerchantID: "m-6", BuyerID: "b-2", PlacedAt: now}
	if _, err := loadDemo(t, moved, now, true); err == nil || !strings.Contains(err.Error(), "--original-times") {
		t.Errorf("over moved times: %v", err)
	}
}

func TestDemoLeavesOthersDataAlone(t *testing.T) {
	m := newMarket()
	m.orders["1000000001"] = cloudtag.Order{OrderNo: "1000000001", MerchantID: "real-shop", BuyerID: "b-2"}
	if _, err := loadDemo(t, m, now, false); err == nil || len(m.calls) > 0 {
		t.Errorf("%v, %d calls", err, len(m.calls))
	}
}

// The age that an administrator has set stays.
func TestDemoKeepsAPolicyOfPeople(t *testing.T) {
	m := newMarket()
	theirs := m.policies[0]
	theirs.Version = 2
	m.policies = append(m.policies, theirs)
	if _, err := loadDemo(t, m, now, true); err != nil {
		t.Fatal(err)
	}
	if len(m.policies) != 2 || m.policies[1].MaxOrderAgeDays != 90 {
		t.Errorf("policies %+v", m.policies)
	}
}
