package cloudtag_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// start is the start time of the tests.
var start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

const (
	testScenario = ScenarioCode("RETURN_SWAPPED")
	testBuyer    = BuyerID("b-1")
	day          = 24 * time.Hour
	window       = 180 * day
)

// caseScript changes one case step by step, as a store would: every step opens a file on the result of the step before.
type caseScript struct {
	t       *testing.T
	policy  Policy
	risk    *RiskProfile
	stored  *Case
	tags    map[OrderNo]Tag
	entries []Entry
	orders  int
	records map[MerchantID]TrackRecord // of the shops
}

func newCaseScript(t *testing.T) *caseScript {
	return &caseScript{t: t, policy: DefaultPolicy(start), tags: map[OrderNo]Tag{}}
}

func (s *caseScript) file() *CaseFile {
	var live []Tag
	for _, tag := range s.tags {
		if tag.Live {
			live = append(live, tag)
		}
	}
	policy := s.policy
	file := OpenCaseFile(NewCaseID(testScenario, testBuyer), s.stored, live, policy.Always(), s.risk)
	if file.WantsRecords() {
		file.SetRecords(s.records)
	}
	return file
}

// apply stores an edit of the file.
func (s *caseScript) apply(edit func(*CaseFile)) {
	s.t.Helper()
	file := s.file()
	edit(file)
	change, ok := file.Change()
	if !ok {
		return
	}
	s.check(file, change)
	for _, tag := range change.Added {
		if _, taken := s.tags[tag.OrderNo]; taken {
			s.t.Fatalf("tag %s added twice", tag.OrderNo)
		}
		s.tags[tag.OrderNo] = tag
	}
	for _, tag := range change.Changed {
		s.tags[tag.OrderNo] = tag
	}
	s.stored = &change.Case
	s.entries = append(s.entries, change.Entries...)
	expectChineseReasons(s.t, change.Entries)
}

// check checks what holds for every change: the revision counts writes, a tag's version counts its entries, an order has one
// tag, every entry says what has become of its subject, and one about the case what it was before, unless it opens the case.
func (s *caseScript) check(file *CaseFile, change CaseChange) {
	s.t.Helper()
	revision := 1
	if s.stored != nil {
		revision = s.stored.Revision + 1
	}
	if change.Case.Revision != revision {
		s.t.Errorf("revision %d, want %d", change.Case.Revision, revision)
	}
	logged := map[OrderNo]int{}
	for _, entry := range change.Entries {
		if entry.After == nil {
			s.t.Errorf("%s does not say what has become of its subject", entry.Action)
		}
		if order := OrderNo(entry.Subject("tag")); order != "" {
			logged[order]++
		} else if (entry.Before == nil) != (entry.Action == ActionCaseOpened) {
			s.t.Errorf("%s: the case before is %s", entry.Action, entry.Before)
		}
	}
	for _, tag := range slices.Concat(change.Added, change.Changed) {
		if want := s.tags[tag.OrderNo].Version + logged[tag.OrderNo]; tag.Version != want {
			s.t.Errorf("tag %s has version %d with %d entries, want %d", tag.OrderNo, tag.Version, logged[tag.OrderNo], want)
		}
		if tag == s.tags[tag.OrderNo] {
			s.t.Errorf("tag %s is stored without a change", tag.OrderNo)
		}
	}
	live := map[OrderNo]bool{}
	for _, tag := range file.LiveTags() {
		if live[tag.OrderNo] {
			s.t.Errorf("order %s has two live tags", tag.OrderNo)
		}
		live[tag.OrderNo] = true
	}
}

// tag submits an order of a shop that is its own entity, and returns the order number.
func (s *caseScript) tag(merchant MerchantID, at time.Time) OrderNo {
	return s.tagAs(merchant, EntityID(merchant), at)
}

func (s *caseScript) tagAs(merchant MerchantID, entity EntityID, at time.Time) OrderNo {
	s.t.Helper()
	s.orders++
	order := OrderNo(fmt.Sprintf("o-%04d", s.orders))
	s.apply(func(file *CaseFile) {
		file.Add(Tag{
			OrderNo: order, Scenario: testScenario, MerchantID: merchant, EntityID: entity, BuyerID: testBuyer,
			SubmittedAt: at, HandleBy: at.Add(s.policy.HandleWithin()), BatchID: "batch",
		}, string(merchant))
	})
	return order
}

func (s *caseScript) evaluate(at time.Time) {
	s.t.Helper()
	s.apply(func(file *CaseFile) { file.Evaluate(at) })
}

// statuses returns the status of each order, in order of submission.
func (s *caseScript) statuses(orders ...OrderNo) []TagStatus {
	statuses := make([]TagStatus, len(orders))
	for i, order := range orders {
		statuses[i] = s.tags[order].Status
	}
	return statuses
}

// count returns the number of entries with an action.
func (s *caseScript) count(action Action) int {
	count := 0
	for _, entry := range s.entries {
		if entry.Action == action {
			count++
		}
	}
	return count
}

func repeated[T any](value T, times int) []T {
	values := make([]T, times)
	for i := range values {
		values[i] = value
	}
	return values
}

// evaluateIfOpen evaluates the case if it exists, like a sweep.
func (s *caseScript) evaluateIfOpen(at time.Time) {
	s.t.Helper()
	if s.stored != nil {
		s.evaluate(at)
	}
}

// linkedShops returns the records of two shops that are linked as of a time.
func linkedShops(a, b MerchantID, at time.Time) map[MerchantID]TrackRecord {
	return map[MerchantID]TrackRecord{
		a: {MerchantID: a, Links: []Link{{With: b, At: at}}}, b: {MerchantID: b, Links: []Link{{With: a, At: at}}},
	}
}

func person(name string, role Role) Caller { return Caller{Subject: name, Roles: []Role{role}} }

func shopCaller(shop MerchantID) Caller {
	return Caller{Subject: "someone@" + string(shop), Roles: []Role{RoleMerchant}, MerchantID: shop}
}

// fieldOf returns the field that an error names.
func fieldOf(err error) string {
	var known *Error
	if !errors.As(err, &known) || len(known.Field) == 0 {
		return ""
	}
	return known.Field[len(known.Field)-1]
}
