package auditlog_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cloudtag/internal/auditlog"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
)

// changedBeside is a store whose records were changed directly.
type changedBeside struct {
	*Store
	tag      func(Tag) (Tag, bool) // false: it is gone
	cases    func(Case) Case
	hidden   OrderNo // an order whose tag is not in the log
	deciding func()  // runs once before a case is read, like a concurrent server
}

func (s *changedBeside) TagsByOrder(ctx context.Context, orders []OrderNo) (map[OrderNo]Tag, error) {
	found, err := s.Store.TagsByOrder(ctx, orders)
	for order, tag := range found {
		if changed, there := s.tag(tag); there {
			found[order] = changed
		} else {
			delete(found, order)
		}
	}
	return found, err
}

func (s *changedBeside) TagPage(ctx context.Context, filter TagFilter, order TagOrder, slice Slice) ([]Tag, bool, error) {
	tags, more, err := s.Store.TagPage(ctx, filter, order, slice)
	var left []Tag
	for _, tag := range tags {
		if changed, there := s.tag(tag); there {
			left = append(left, changed)
		}
	}
	return left, more, err
}

func (s *changedBeside) Cases(ctx context.Context, ids []CaseID) (map[CaseID]Case, error) {
	if run := s.deciding; run != nil {
		s.deciding = nil
		run()
	}
	found, err := s.Store.Cases(ctx, ids)
	for id, c := range found {
		found[id] = s.cases(c)
	}
	return found, err
}

func (s *changedBeside) LogPage(ctx context.Context, filter LogFilter, slice Slice) ([]Entry, bool, error) {
	entries, more, err := s.Store.LogPage(ctx, filter, slice)
	return slices.DeleteFunc(entries, func(entry Entry) bool {
		return s.hidden != "" && entry.Subject("tag") == string(s.hidden)
	}), more, err
}

// Records agree with the log after everything the services do; direct changes are found.
func TestReconcile(t *testing.T) {
	o := NewOffice(t)
	confirmed := o.Confirmed("b-1")
	for _, shop := range []MerchantID{"A", "B"} { // a case that waits
		o.SubmitOne(shop, "b-1")
	}
	waiting := NewCaseID(TestScenario, "b-1")
	untouched := func() *changedBeside {
		return &changedBeside{
			Store: o.Store, tag: func(tag Tag) (Tag, bool) { return tag, true }, cases: func(c Case) Case { return c },
		}
	}
	for name, test := range map[string]struct {
		change func(*changedBeside)
		want   Subject
		says   []string // the logged and the stored state
	}{
		"untouched": {func(*changedBeside) {}, "", nil},
		"a label": {func(s *changedBeside) {
			s.tag = func(tag Tag) (Tag, bool) {
				if tag.OrderNo == confirmed[1] {
					tag.Status = TagAccumulating
				}
				return tag, true
			}
		}, TagSubject(confirmed[1]), []string{"SUCCEEDED", "ACCUMULATING"}},
		"a vote": {func(s *changedBeside) {
			s.tag = func(tag Tag) (Tag, bool) {
				if tag.OrderNo == confirmed[0] {
					tag.EntityID = "another"
				}
				return tag, true
			}
		}, TagSubject(confirmed[0]), []string{"of A", "of another"}},
		"a tag removed": {func(s *changedBeside) {
			s.tag = func(tag Tag) (Tag, bool) { return tag, tag.OrderNo != confirmed[2] }
		}, TagSubject(confirmed[2]), []string{"SUCCEEDED", ""}},
		"a tag added": {func(s *changedBeside) { s.hidden = confirmed[0] }, TagSubject(confirmed[0]), []string{"", "SUCCEEDED"}},
		"a case": {func(s *changedBeside) {
			s.cases = func(c Case) Case {
				if c.ID == waiting {
					c.Handling = HandlingHandled
				}
				return c
			}
		}, CaseSubject(waiting), []string{"PENDING", "HANDLED"}},
	} {
		t.Run(name, func(t *testing.T) {
			store := untouched()
			test.change(store)
			result, err := auditlog.Reconcile(t.Context(), store)
			if err != nil {
				t.Fatal(err)
			}
			if test.want == "" {
				if result.Tags != 5 || result.Cases != 2 || len(result.Discrepancies) != 0 {
					t.Errorf("%+v", result)
				}
				return
			}
			if len(result.Discrepancies) != 1 {
				t.Fatalf("%+v, want one", result.Discrepancies)
			}
			found := result.Discrepancies[0]
			for i, text := range []string{found.Logged, found.Stored} {
				if !strings.Contains(text, test.says[i]) || (text == "") != (test.says[i] == "") {
					t.Errorf("%+v, want %q", found, test.says)
				}
			}
			if found.Subject != test.want {
				t.Errorf("%s, want %s", found.Subject, test.want)
			}
		})
	}
	// A concurrent change is not a discrepancy.
	store := untouched()
	store.deciding = func() {
		c := o.Store.Case(waiting)
		ruling := Ruling{Decision: DecisionReject, Reason: "no", ExpectedVersion: c.Version}
		if _, err := o.Reviews.Decide(t.Context(), Person("rita", RoleReviewer), waiting, ruling); err != nil {
			t.Fatal(err)
		}
	}
	if result, err := auditlog.Reconcile(t.Context(), store); err != nil || len(result.Discrepancies) != 0 {
		t.Errorf("beside a decision: %+v, %v", result, err)
	}
}
