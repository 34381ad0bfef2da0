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
		Policies: policyService{m}, Simulations: policyService{m}, Drafts: policyService{m}, Imports: m, Replay: m, Records: recordService{m}, Upkeep: m, Clock: fixedClock(at),
		Tagging:       func(clock cloudtag.Clock) Submitter { return taggingService{m, clock} },
		Reviewing:     func(clock cloudtag.Clock) Decider { return reviewService{m, clock} },
		SecondReviews: secondReviewService{m}, Team: teamService{m}, Log: teamService{m},
		Appeals: reviewService{m, fixedClock(at)}, Restrictions: reviewService{m, fixedClock(at)}, Revocations: reviewService{m, fixedClock(at)},
		Vettings: vettingService{reviewService{m, fixedClock(at)}},
	}, streams.Streams)
	return streams.err.String(), err
}

func TestDemoLoadsOnce(t *testing.T) {
	m := newMarket()
	output, err := loadDemo(t, m, now, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.merchants) != 4814 || len(m.orders) != 35_592 || len(m.risks) != 5858 || len(m.tags) != 3563 || len(m.sweeps) != 1 {
		t.Fatalf("%d shops, %d orders, %d profiles, %d tags, %d sweeps", len(m.merchants), len(m.orders), len(m.risks), len(m.tags), len(m.sweeps))
	}
	if !strings.Contains(output, "newest day is 2026-02-28") || !strings.Contains(output, "orders: 35592 stored") {
		t.Errorf("printed\n%s", output)
	}
	if len(m.live) != 400 || !strings.Contains(output, "live tags: 400 submitted") {
		t.Fatalf("%d live tags\n%s", len(m.live), output)
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
			t.Errorf("the lead disagrees with an automatic confirmation: %+v", review)
		}
	}
	if states[cloudtag.SecondReviewOpen] != 3 || states[cloudtag.SecondReviewDisagreed] != 1 || states[cloudtag.SecondReviewAgreed] != 2 {
		t.Errorf("second reviews %v", states)
	}
	if want := []string{"snoozed until 2026-03-02 22:00", "escalated", "log processed", "assigned to dev-reviewer", "noted for dev-reviewer"}; !slices.Equal(m.shared, want) {
		t.Errorf("shared work: %q, want %q", m.shared, want)
	}
	before := len(m.calls)
	output, err = loadDemo(t, m, now.AddDate(0, 0, 30), false)
	if err != nil || len(m.calls) != before || !strings.Contains(output, "already loaded; its newest day is 2026-02-28") {
		t.Errorf("the second time: %v, %d more calls\n%s", err, len(m.calls)-before, output)
	}
}

// A load that was interrupted among the live tags submits the rest; tags that were submitted before keep their idempotency
// keys and times.
func TestDemoResumesAmongLiveTags(t *testing.T) {
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

// An interrupted load resumes on another day, with the times of the first.
func TestDemoResumes(t *testing.T) {
	m := newMarket()
	m.failAfter = 45
	if _, err := loadDemo(t, m, now, false); !errors.Is(err, errStore) {
		t.Fatal(err)
	}
	half := len(m.risks)
	first := m.orders["1000000001"]
	m.failAfter = 0
	if output, err := loadDemo(t, m, now.AddDate(0, 0, 3), false); err != nil || !strings.Contains(output, "merchants: 0 stored, 4814 unchanged") {
		t.Fatalf("%v\n%s", err, output)
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
	if output, err := loadDemo(t, m, now, false); err != nil || !strings.Contains(output, "newest day is 2016-01-25") {
		t.Errorf("%v\n%s", err, output)
	}
	shifted := newMarket()
	shifted.orders["1000000001"] = cloudtag.Order{OrderNo: "1000000001", MerchantID: "m-6", BuyerID: "b-2", PlacedAt: now}
	if _, err := loadDemo(t, shifted, now, true); err == nil || !strings.Contains(err.Error(), "--original-times") {
		t.Errorf("over shifted times: %v", err)
	}
}

func TestDemoRejectsAStoreWithOtherOrders(t *testing.T) {
	m := newMarket()
	m.orders["1000000001"] = cloudtag.Order{OrderNo: "1000000001", MerchantID: "real-shop", BuyerID: "b-2"}
	if _, err := loadDemo(t, m, now, false); err == nil || len(m.calls) > 0 {
		t.Errorf("%v, %d calls", err, len(m.calls))
	}
}

func TestDemoKeepsAPublishedPolicy(t *testing.T) {
	m := newMarket()
	published := m.policies[0]
	published.Version = 2
	m.policies = append(m.policies, published)
	if _, err := loadDemo(t, m, now, true); err != nil {
		t.Fatal(err)
	}
	if len(m.policies) != 2 || m.policies[1].MaxOrderAgeDays != 90 {
		t.Errorf("policies %+v", m.policies)
	}
}
