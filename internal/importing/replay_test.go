package importing_test

import (
	"strings"
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

func TestReplayRows(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*importing.PastTag)
		field  string // empty: it is stored
	}{
		"now":                 {func(*importing.PastTag) {}, ""},
		"a moment later":      {func(p *importing.PastTag) { p.SubmittedAt = Start.Add(time.Millisecond) }, "submitted_at: "},
		"no time":             {func(p *importing.PastTag) { p.SubmittedAt = time.Time{} }, "submitted_at: "},
		"an unknown order":    {func(p *importing.PastTag) { p.OrderNo = "404" }, "order_no: "},
		"not an order":        {func(p *importing.PastTag) { p.OrderNo = "1/2" }, "An order number is "},
		"an unknown scenario": {func(p *importing.PastTag) { p.Scenario = "NONE" }, "scenario: "},
		"the longest note":    {func(p *importing.PastTag) { p.Note = strings.Repeat("长", MaxNoteLength) }, ""},
		"one character more":  {func(p *importing.PastTag) { p.Note = strings.Repeat("长", MaxNoteLength+1) }, "note: "},
		"a control character": {func(p *importing.PastTag) { p.Note = "a\x00" }, "note: "},
	} {
		o := NewOffice(t)
		row := importing.PastTag{OrderNo: o.PlaceOrder("A", "b-1"), Scenario: TestScenario, SubmittedAt: Start}
		test.change(&row)
		report, err := newReplay(o).Tags(t.Context(), SystemCaller("import"), []importing.PastTag{row})
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case test.field == "" && (report.Stored != 1 || o.Store.Tag(row.OrderNo).Note != row.Note):
			t.Errorf("%s: %+v, want it stored", name, report)
		case test.field != "" && (report.Stored != 0 || len(report.RowErrors) != 1 || !strings.HasPrefix(report.RowErrors[0].Message.EN, test.field)):
			t.Errorf("%s: %+v, want it rejected for %q", name, report, test.field)
		}
	}
}

// An order that occurs twice is tagged by its earliest row.
func TestReplayTagsAnOrderOnce(t *testing.T) {
	o := NewOffice(t)
	row := importing.PastTag{OrderNo: o.PlaceOrder("A", "b-1"), Scenario: TestScenario, SubmittedAt: Start}
	earlier := row
	earlier.SubmittedAt = Start.Add(-Day)
	report, err := newReplay(o).Tags(t.Context(), SystemCaller("import"), []importing.PastTag{row, earlier})
	if err != nil || report.Stored != 1 || report.Unchanged != 1 || !o.Store.Tag(row.OrderNo).SubmittedAt.Equal(earlier.SubmittedAt) {
		t.Errorf("%+v, %v", report, err)
	}
	if _, err := newReplay(o).Tags(t.Context(), ShopCaller("A"), nil); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop: %v", err)
	}
}
