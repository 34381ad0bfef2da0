package importing_test

import (
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/importing"
)

// newReplay returns a service that replays into the store of an office.
func newReplay(o *Office) *importing.Replay {
	return importing.NewReplay(o.Store, o.Clock, IDFunc(func() string { return "replayed" }))
}

func TestReplaySortsTagsByTime(t *testing.T) {
	o := NewOffice(t)
	o.Clock.Time = Start.Add(1000 * Day)
	var rows []importing.PastTag
	for i, shop := range []MerchantID{"A", "B", "C"} {
		rows = append(rows, importing.PastTag{OrderNo: o.PlaceOrder(shop, "b-1"), Scenario: TestScenario, SubmittedAt: Start.Add(time.Duration(i) * 100 * Day)})
	}
	shuffled := []importing.PastTag{rows[2], rows[0], {OrderNo: "unknown", Scenario: TestScenario, SubmittedAt: Start}, rows[1]}
	report, err := newReplay(o).Tags(t.Context(), SystemCaller("import"), shuffled)
	if err != nil || report.Stored != 3 || len(report.RowErrors) != 1 || report.RowErrors[0].Index != 2 {
		t.Fatalf("%+v, %v", report, err)
	}
	want := []TagStatus{TagExpired, TagAccumulating, TagAccumulating} // no three within 180 days
	for i, row := range rows {
		tag := o.Store.Tag(row.OrderNo)
		if tag.Status != want[i] || !tag.SubmittedAt.Equal(row.SubmittedAt) || !tag.HandledAt.Equal(row.SubmittedAt) {
			t.Errorf("tag %d: %+v", i, tag)
		}
	}
	again, err := newReplay(o).Tags(t.Context(), SystemCaller("import"), shuffled)
	if err != nil || again.Stored != 0 || again.Unchanged != 3 {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestReplayRejectsFutureTags(t *testing.T) {
	o := NewOffice(t)
	row := importing.PastTag{OrderNo: o.PlaceOrder("A", "b-1"), Scenario: TestScenario, SubmittedAt: Start.Add(time.Millisecond)}
	report, err := newReplay(o).Tags(t.Context(), SystemCaller("import"), []importing.PastTag{row})
	if err != nil || len(report.RowErrors) != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}
