package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
	"cloudtag/internal/policylab"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/secondreview"
	"cloudtag/internal/upkeep"
	"cloudtag/internal/vetting"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// fixedClock always returns the same time.
type fixedClock time.Time

func (c fixedClock) Now() time.Time { return time.Time(c) }

// captured are streams whose output tests read.
type captured struct {
	Streams
	out, err *bytes.Buffer
}

func capture(in string) captured {
	out, err := &bytes.Buffer{}, &bytes.Buffer{}
	return captured{Streams{In: strings.NewReader(in), Out: out, Err: err}, out, err}
}

// market stores imports in memory: rows by key, the size of each call, and tags in the order of replay.
type market struct {
	merchants map[cloudtag.MerchantID]cloudtag.Merchant
	orders    map[cloudtag.OrderNo]cloudtag.Order
	risks     map[cloudtag.BuyerID]cloudtag.RiskProfile
	tags      []importing.PastTag
	calls     []int
	callers   map[string]bool
	sweeps    []time.Time
	failAfter int // calls that succeed; 0: all

	live          map[string]bool // idempotency keys of submissions
	failAfterLive int             // submissions that succeed; 0: all
	decided       map[cloudtag.CaseID]time.Time
	seconds       []secondreview.Review
	shared        []string // what reviewers did, in order
	left          [4]int   // open appeals, restrictions, proposals to revoke and to vouch
	policies      []cloudtag.Policy
	simulated     bool // a policy without a limit on the age of orders was simulated
}

func newMarket() *market {
	return &market{
		merchants: map[cloudtag.MerchantID]cloudtag.Merchant{}, orders: map[cloudtag.OrderNo]cloudtag.Order{},
		risks: map[cloudtag.BuyerID]cloudtag.RiskProfile{}, callers: map[string]bool{}, live: map[string]bool{},
		decided: map[cloudtag.CaseID]time.Time{}, policies: []cloudtag.Policy{cloudtag.DefaultPolicy(now)},
	}
}

// policyService is a market's policies, drafts and simulations.
type policyService struct{ *market }

func (r policyService) Find(context.Context, cloudtag.Caller, int) (cloudtag.Policy, error) {
	return r.policies[len(r.policies)-1], nil
}

func (r policyService) Run(_ context.Context, _ cloudtag.Caller, request policylab.SimulationRequest, _ func(done, of int)) (policylab.SimulationReport, error) {
	r.simulated = request.Policy.MaxOrderAgeDays == 0
	return policylab.SimulationReport{}, nil
}

func (r policyService) Publish(_ context.Context, caller cloudtag.Caller, publication policylab.Publication) (policylab.Published, error) {
	next := publication.Policy
	if publication.BasedOn != len(r.policies) || !caller.Has(cloudtag.RoleAdmin) || next.Reason == "" || !r.simulated {
		return policylab.Published{}, fmt.Errorf("policy %+v of %+v, simulated: %t", publication, caller, r.simulated)
	}
	next.Version = publication.BasedOn + 1
	r.policies = append(r.policies, next)
	return policylab.Published{Policy: &next}, nil
}

var errStore = errors.New("the store is gone")

func (m *market) called(caller cloudtag.Caller, rows int) error {
	if !caller.MayImport() || rows > importing.MaxRows {
		return fmt.Errorf("a call by %+v with %d rows", caller, rows)
	}
	if m.failAfter > 0 && len(m.calls) == m.failAfter {
		return errStore
	}
	m.calls = append(m.calls, rows)
	m.callers[caller.Subject] = true
	return nil
}

// put stores rows; those whose key begins with "bad" are rejected.
func put[K ~string, V any](into map[K]V, rows []V, key func(V) K, same func(a, b V) bool) importing.Report {
	var report importing.Report
	for i, row := range rows {
		stored, known := into[key(row)]
		switch {
		case strings.HasPrefix(string(key(row)), "bad"):
			report.RowErrors = append(report.RowErrors, importing.RowError{Index: i, Message: cloudtag.Text{ZH: "不好", EN: "no good"}})
		case known && same(stored, row):
			report.Unchanged++
		default:
			into[key(row)] = row
			report.Stored++
		}
	}
	return report
}

func (m *market) Merchants(_ context.Context, caller cloudtag.Caller, rows []cloudtag.Merchant) (importing.Report, error) {
	if err := m.called(caller, len(rows)); err != nil {
		return importing.Report{}, err
	}
	return put(m.merchants, rows, func(r cloudtag.Merchant) cloudtag.MerchantID { return r.ID }, func(a, b cloudtag.Merchant) bool { return a == b }), nil
}

func (m *market) Orders(_ context.Context, caller cloudtag.Caller, rows []cloudtag.Order) (importing.Report, error) {
	if err := m.called(caller, len(rows)); err != nil {
		return importing.Report{}, err
	}
	return put(m.orders, rows, func(r cloudtag.Order) cloudtag.OrderNo { return r.OrderNo }, func(a, b cloudtag.Order) bool { return a == b }), nil
}

func (m *market) Risk(_ context.Context, caller cloudtag.Caller, rows []cloudtag.RiskProfile) (importing.Report, error) {
	if err := m.called(caller, len(rows)); err != nil {
		return importing.Report{}, err
	}
	return put(m.risks, rows, func(r cloudtag.RiskProfile) cloudtag.BuyerID { return r.BuyerID }, cloudtag.RiskProfile.Same), nil
}

func (m *market) Tags(_ context.Context, caller cloudtag.Caller, rows []importing.PastTag) (importing.Report, error) {
	var report importing.Report
	if err := m.called(caller, len(rows)); err != nil {
		return report, err
	}
	for i, row := range rows {
		switch {
		case strings.HasPrefix(string(row.OrderNo), "bad"):
			report.RowErrors = append(report.RowErrors, importing.RowError{Index: i, Message: cloudtag.Text{EN: "no good"}})
		case slices.ContainsFunc(m.tags, func(t importing.PastTag) bool { return t.OrderNo == row.OrderNo }):
			report.Unchanged++
		default:
			m.tags = append(m.tags, row)
			report.Stored++
		}
	}
	return report, nil
}

func (m *market) Sweep(_ context.Context, asOf time.Time) (upkeep.Report, error) {
	m.sweeps = append(m.sweeps, asOf)
	return upkeep.Report{Recovered: 2, Cases: 3}, nil
}

// taggingService accepts submissions at its clock's time.
type taggingService struct {
	*market
	clock cloudtag.Clock
}

func (f taggingService) Submit(_ context.Context, caller cloudtag.Caller, in cloudtag.SubmitInput) (cloudtag.Submitted, error) {
	if f.failAfterLive > 0 && len(f.live) == f.failAfterLive {
		return cloudtag.Submitted{}, errStore
	}
	if order := f.orders[in.OrderNos[0]]; !caller.ActsFor(order.MerchantID) {
		return cloudtag.Submitted{}, fmt.Errorf("%+v tagged an order of %s", caller, order.MerchantID)
	}
	if !f.live[in.IdempotencyKey] {
		f.live[in.IdempotencyKey] = true
		f.tags = append(f.tags, importing.PastTag{OrderNo: in.OrderNos[0], Scenario: in.Scenario, SubmittedAt: f.clock.Now()})
	}
	return cloudtag.Submitted{}, nil
}

// reviewService accepts decisions, appeals, restrictions and proposals at its clock's time, each once.
type reviewService struct {
	*market
	clock cloudtag.Clock
}

func (d reviewService) Decide(_ context.Context, caller cloudtag.Caller, id cloudtag.CaseID, ruling cloudtag.Ruling) (cloudtag.Case, error) {
	if _, done := d.decided[id]; done || !caller.Decides() || ruling.ExpectedVersion != 7 {
		return cloudtag.Case{}, fmt.Errorf("%+v decided %s again: %+v", caller, id, ruling)
	}
	d.decided[id] = d.clock.Now()
	return cloudtag.Case{}, nil
}

func (d reviewService) once(kind int) error {
	if d.left[kind]++; d.left[kind] > 1 {
		d.left[kind] = 1
		return &cloudtag.Error{Code: cloudtag.CodeConflict}
	}
	return nil
}

func (d reviewService) File(context.Context, cloudtag.Caller, cloudtag.CaseID, string) (appeals.Appeal, error) {
	return appeals.Appeal{}, d.once(0)
}

func (d reviewService) Restrict(_ context.Context, caller cloudtag.Caller, number cloudtag.OrderNo, _ []restrictions.Mode, _ string) (restrictions.Restriction, error) {
	if !caller.ActsFor(d.orders[number].MerchantID) {
		return restrictions.Restriction{}, fmt.Errorf("%+v restricted by order %s", caller, number)
	}
	return restrictions.Restriction{}, d.once(1)
}

func (d reviewService) Propose(context.Context, cloudtag.Caller, revocations.Proposal) (revocations.Revocation, error) {
	return revocations.Revocation{}, d.once(2)
}

// vettingService accepts proposals to vouch for a shop.
type vettingService struct{ reviewService }

func (s vettingService) Propose(context.Context, cloudtag.Caller, cloudtag.MerchantID, bool, string) (vetting.Proposal, error) {
	return vetting.Proposal{}, s.once(3)
}

// recordService looks up a market's records.
type recordService struct{ *market }

func (l recordService) Orders(_ context.Context, _ cloudtag.Caller, numbers []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	found := map[cloudtag.OrderNo]cloudtag.Order{}
	for _, number := range numbers {
		if order, known := l.orders[number]; known {
			found[number] = order
		}
	}
	return found, nil
}

func (l recordService) Tags(_ context.Context, _ cloudtag.Caller, numbers []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	found := map[cloudtag.OrderNo]cloudtag.Tag{}
	for _, tag := range l.tags {
		if slices.Contains(numbers, tag.OrderNo) {
			found[tag.OrderNo] = cloudtag.Tag{OrderNo: tag.OrderNo}
		}
	}
	return found, nil
}

// Cases returns every case as pending unless it was decided.
func (l recordService) Cases(_ context.Context, _ cloudtag.Caller, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	found := map[cloudtag.CaseID]cloudtag.Case{}
	for _, id := range ids {
		handling := cloudtag.HandlingPending
		if _, done := l.decided[id]; done {
			handling = cloudtag.HandlingHandled
		}
		found[id] = cloudtag.Case{ID: id, Handling: handling, Version: 7, DueAt: now.Add(40 * time.Hour)}
	}
	return found, nil
}

// secondReviewService is a market's second reviews.
type secondReviewService struct{ *market }

func (l secondReviewService) CatchUp(context.Context) error {
	if len(l.seconds) == 0 {
		for n := range 6 {
			l.seconds = append(l.seconds, secondreview.Review{ID: fmt.Sprint(n), State: cloudtag.SecondReviewOpen, FirstAutomatic: n < 4})
		}
	}
	return nil
}

func (l secondReviewService) Page(context.Context, cloudtag.Caller, secondreview.Query, cloudtag.PageRequest) (cloudtag.Page[secondreview.Review], error) {
	return cloudtag.Page[secondreview.Review]{Items: slices.Clone(l.seconds)}, nil
}

func (l secondReviewService) Decide(_ context.Context, caller cloudtag.Caller, id string, agree bool, _ string) (secondreview.Review, error) {
	place := slices.IndexFunc(l.seconds, func(r secondreview.Review) bool { return r.ID == id })
	if place < 0 || l.seconds[place].State != cloudtag.SecondReviewOpen || !caller.Decides() {
		return secondreview.Review{}, fmt.Errorf("%+v reviewed %s again", caller, id)
	}
	l.seconds[place].State = cloudtag.SecondReviewAgreed
	if !agree {
		l.seconds[place].State = cloudtag.SecondReviewDisagreed
	}
	return l.seconds[place], nil
}

// teamService records how reviewers share a market's cases.
type teamService struct{ *market }

func (o teamService) CatchUp(context.Context) error {
	o.shared = append(o.shared, "log processed")
	return nil
}

func (o teamService) Assign(_ context.Context, caller cloudtag.Caller, ids []cloudtag.CaseID, to string) ([]cloudtag.RulingResult, error) {
	if !caller.Leads() || len(ids) != 1 {
		return nil, fmt.Errorf("%+v assigned %v", caller, ids)
	}
	o.shared = append(o.shared, "assigned to "+to)
	return nil, nil
}

func (o teamService) Snooze(_ context.Context, _ cloudtag.Caller, _ cloudtag.CaseID, until time.Time, _ string) (cloudtag.Case, error) {
	o.shared = append(o.shared, "snoozed until "+until.Format("2006-01-02 15:04"))
	return cloudtag.Case{}, nil
}

func (o teamService) Escalate(context.Context, cloudtag.Caller, cloudtag.CaseID, string) (cloudtag.Case, error) {
	o.shared = append(o.shared, "escalated")
	return cloudtag.Case{}, nil
}

func (o teamService) Note(_ context.Context, _ cloudtag.Caller, _ cloudtag.CaseID, text string) (cloudtag.Case, error) {
	to, _, _ := strings.Cut(strings.TrimPrefix(text, "@"), " ")
	o.shared = append(o.shared, "noted for "+to)
	return cloudtag.Case{}, nil
}
