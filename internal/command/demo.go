package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/demo"
)

// finder looks up what is stored already.
type finder interface {
	Cases(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error)
	Orders(ctx context.Context, caller cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error)
	Tags(ctx context.Context, caller cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error)
}

// Submitter takes the submissions of merchants.
type Submitter interface {
	Submit(ctx context.Context, caller cloudtag.Caller, in cloudtag.SubmitInput) (cloudtag.Submitted, error)
}

// Decider decides cases.
type Decider interface {
	Decide(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, ruling cloudtag.Ruling) (cloudtag.Case, error)
}

type appealer interface {
	File(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, statement string) (cloudtag.Appeal, error)
}

type restricter interface {
	Restrict(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo, modes []cloudtag.RestrictionMode, description string) (cloudtag.Restriction, error)
}

type proposer interface {
	Propose(ctx context.Context, caller cloudtag.Caller, proposal cloudtag.Proposal) (cloudtag.Revocation, error)
}

type voucher interface {
	Propose(ctx context.Context, caller cloudtag.Caller, shop cloudtag.MerchantID, vetted bool, reason string) (cloudtag.Vetting, error)
}

// secondReviewer draws confirmations and looks at them again.
type secondReviewer interface {
	Carry(ctx context.Context) error
	Page(ctx context.Context, caller cloudtag.Caller, query cloudtag.SecondReviewQuery, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.SecondReview], error)
	Decide(ctx context.Context, caller cloudtag.Caller, id string, agree bool, reason string) (cloudtag.SecondReview, error)
}

type policyFinder interface {
	Find(ctx context.Context, caller cloudtag.Caller, version int) (cloudtag.Policy, error)
}

type simulator interface {
	Run(ctx context.Context, caller cloudtag.Caller, request cloudtag.SimulationRequest, progress func(done, of int)) (cloudtag.SimulationReport, error)
}

type publisher interface {
	Publish(ctx context.Context, caller cloudtag.Caller, publication cloudtag.Publication) (cloudtag.Published, error)
}

// DemoServices are what loading the demo needs.
type DemoServices struct {
	Policies    policyFinder
	Simulations simulator
	Drafts      publisher
	Imports     importer
	Replay      replayer
	// Tagging gives the service that merchants' submissions go through, with a clock of its own.
	Tagging func(cloudtag.Clock) Submitter
	Records finder
	// Reviewing gives the service that reviewers decide by, with a clock of its own.
	Reviewing     func(cloudtag.Clock) Decider
	SecondReviews secondReviewer
	Appeals       appealer
	Restrictions  restricter
	Revocations   proposer
	Vettings      voucher
	Team          colleagues
	Log           logCounter
	Upkeep        sweeper
	Clock         cloudtag.Clock
}

// Demo loads the bundled data set the way a user's files go, but for its newest tags: those are submitted, one after
// the other, as if their shops had done so in the hours before the load, so that the reviewers' queue has work in it.
// What is stored decides how far the times are moved, so that a load that was cut off goes on, and a complete one changes
// nothing. With the original times everything is history.
func Demo(ctx context.Context, settings *config.Demo, services DemoServices, streams Streams) error {
	market, err := demo.Read()
	if err != nil {
		return err
	}
	shift, err := services.shift(ctx, market, settings.OriginalTimes)
	if err != nil {
		return err
	}
	market.Shift(shift)
	complete, err := services.complete(ctx, market)
	if err != nil {
		return err
	}
	newest := market.Risks[0].UpdatedAt.Format(time.DateOnly)
	if complete {
		_, err := fmt.Fprintf(streams.Err, "the demo is loaded already; its newest day is %s\n", newest)
		return err
	}
	var live []cloudtag.PastTag
	if !settings.OriginalTimes && shift != 0 {
		live = market.TakeLive(services.Clock.Now())
	}
	if err := services.takeOldOrders(ctx); err != nil {
		return err
	}
	if err := services.load(ctx, market, streams); err != nil {
		return err
	}
	if len(live) > 0 {
		if err := services.drawMore(ctx); err != nil {
			return err
		}
		// The last tag comes last: what stands before it is done when it is there.
		last := len(live) - 1
		if err := services.submit(ctx, market, live[:last], market.Decisions(live)); err != nil {
			return err
		}
		if err := services.leaveWork(ctx, market, live); err != nil {
			return err
		}
		if err := services.reviewAgain(ctx); err != nil {
			return err
		}
		if err := services.shareWork(ctx, market, live); err != nil {
			return err
		}
		if err := services.submit(ctx, market, live[last:], nil); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(streams.Err, "live tags: %d submitted\n", len(live)); err != nil {
			return err
		}
	}
	if _, err := services.Upkeep.Sweep(ctx, services.Clock.Now()); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	_, err = fmt.Fprintf(streams.Err, "the demo is loaded; its newest day is %s\n", newest)
	return err
}

// shift is how far to move the market's times.
func (s DemoServices) shift(ctx context.Context, market demo.Market, original bool) (time.Duration, error) {
	first := market.Orders[0]
	found, err := s.Records.Orders(ctx, cloudtag.SystemCaller("demo"), []cloudtag.OrderNo{first.OrderNo})
	if err != nil {
		return 0, err
	}
	stored, known := found[first.OrderNo]
	switch {
	case !known && original:
		return 0, nil
	case !known:
		return market.ShiftTo(s.Clock.Now()), nil
	case stored.MerchantID != first.MerchantID || stored.BuyerID != first.BuyerID:
		return 0, fmt.Errorf("the store has an order %s of its own; load the demo into another store, such as --db sqlite:data/demo.db", first.OrderNo)
	}
	shift := stored.PlacedAt.Sub(first.PlacedAt)
	if original && shift != 0 {
		return 0, errors.New("--original-times: the demo is loaded with times moved; load it into another store, such as --db sqlite:data/demo.db")
	}
	return shift, nil
}

// complete reports whether the last thing to be loaded is there: tags come last, and in order of time.
func (s DemoServices) complete(ctx context.Context, market demo.Market) (bool, error) {
	last := market.Tags[len(market.Tags)-1].OrderNo
	auditor := cloudtag.Caller{Subject: "system:demo", Roles: []cloudtag.Role{cloudtag.RoleAuditor}}
	found, err := s.Records.Tags(ctx, auditor, []cloudtag.OrderNo{last})
	if err != nil {
		return false, err
	}
	_, known := found[last]
	return known, nil
}

// takeOldOrders lets orders of any age be tagged: the demo's go back six years. A policy that people have made stays.
func (s DemoServices) takeOldOrders(ctx context.Context) error {
	return s.changePolicy(ctx, 1, func(policy *cloudtag.Policy) {
		policy.MaxOrderAgeDays, policy.Reason = 0, "the demo's orders go back six years"
	})
}

// drawMore lets half of what is confirmed from now on be reviewed a second time: few cases are, and the page should not be
// empty.
func (s DemoServices) drawMore(ctx context.Context) error {
	return s.changePolicy(ctx, 2, func(policy *cloudtag.Policy) {
		policy.SecondReviewPercent, policy.Reason = 50, "the demo's few new confirmations are to show second reviews"
	})
}

// changePolicy makes the version behind one; with a later one in force it was made before, or people have made theirs.
func (s DemoServices) changePolicy(ctx context.Context, version int, change func(*cloudtag.Policy)) error {
	caller := cloudtag.Caller{Subject: cloudtag.SystemCaller("demo").Subject, Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
	policy, err := s.Policies.Find(ctx, caller, 0)
	if err != nil {
		return fmt.Errorf("demo: find the policy: %w", err)
	}
	if policy.Version != version {
		return nil
	}
	change(&policy)
	request := cloudtag.SimulationRequest{BasedOn: policy.Version, Policy: policy}
	if _, err := s.Simulations.Run(ctx, caller, request, nil); err != nil {
		return fmt.Errorf("demo: try a policy: %w", err)
	}
	if _, err := s.Drafts.Publish(ctx, caller, cloudtag.Publication{BasedOn: policy.Version, Policy: policy}); err != nil {
		return fmt.Errorf("demo: change the policy: %w", err)
	}
	return nil
}

// load stores everything, each kind after those it refers to.
func (s DemoServices) load(ctx context.Context, market demo.Market, streams Streams) error {
	caller := cloudtag.SystemCaller("demo")
	if err := loadRows(ctx, "merchants", market.Merchants, as(caller, s.Imports.Merchants), s.Clock, streams); err != nil {
		return err
	}
	if err := loadRows(ctx, "orders", market.Orders, as(caller, s.Imports.Orders), s.Clock, streams); err != nil {
		return err
	}
	if err := loadRows(ctx, "risk", market.Risks, as(caller, s.Imports.Risk), s.Clock, streams); err != nil {
		return err
	}
	return loadRows(ctx, "tags", market.Tags, as(caller, func(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.PastTag) (cloudtag.ImportReport, error) {
		return s.Replay.Tags(ctx, caller, rows)
	}), s.Clock, streams)
}

// momentClock is the clock of a submission's time.
type momentClock time.Time

func (c momentClock) Now() time.Time { return time.Time(c) }

// submit lets the shops tag, each at its time, and reviewers decide in between. A tag that was submitted before keeps its
// first time, and what was decided stays.
func (s DemoServices) submit(ctx context.Context, market demo.Market, tags []cloudtag.PastTag, decisions []demo.Decided) error {
	shops := make(map[cloudtag.OrderNo]cloudtag.MerchantID, len(market.Orders))
	for _, order := range market.Orders {
		shops[order.OrderNo] = order.MerchantID
	}
	for i, tag := range tags {
		clock := momentClock(tag.SubmittedAt)
		if len(decisions) > 0 && decisions[0].After == i {
			if err := s.decide(ctx, clock, decisions[0]); err != nil {
				return err
			}
			decisions = decisions[1:]
		}
		_, err := s.Tagging(clock).Submit(ctx, demoShop(shops[tag.OrderNo]), cloudtag.SubmitInput{
			OrderNos: []cloudtag.OrderNo{tag.OrderNo}, Scenario: tag.Scenario, Note: tag.Note, IdempotencyKey: "demo-" + string(tag.OrderNo),
		})
		if err != nil {
			return fmt.Errorf("demo: tag order %s: %w", tag.OrderNo, err)
		}
	}
	return nil
}

func demoShop(shop cloudtag.MerchantID) cloudtag.Caller {
	return cloudtag.Caller{Subject: "demo@" + string(shop), Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: shop}
}

func demoPerson(subject string, role cloudtag.Role) cloudtag.Caller {
	return cloudtag.Caller{Subject: subject, Roles: []cloudtag.Role{role}}
}

// decide decides a case that waits; another is left alone.
func (s DemoServices) decide(ctx context.Context, clock cloudtag.Clock, decided demo.Decided) error {
	reviewer := demoPerson(decided.By, cloudtag.RoleReviewer)
	found, err := s.Records.Cases(ctx, reviewer, []cloudtag.CaseID{decided.Case})
	if err != nil {
		return fmt.Errorf("demo: find case %s: %w", decided.Case, err)
	}
	waiting, known := found[decided.Case]
	if !known || waiting.Handling != cloudtag.HandlingPending {
		return nil
	}
	_, err = s.Reviewing(clock).Decide(ctx, reviewer, decided.Case, cloudtag.Ruling{
		Decision: decided.Decision, Reason: decided.Reason, ExpectedVersion: waiting.Version,
	})
	return unlessRefused("decide case "+string(decided.Case), err)
}

// leaveWork leaves an appeal, a restriction, a revocation and a proposal to vouch for a shop for people to decide: none of these pages is empty.
func (s DemoServices) leaveWork(ctx context.Context, market demo.Market, live []cloudtag.PastTag) error {
	for _, decided := range market.Decisions(live) {
		if decided.Decision == cloudtag.DecisionConfirm {
			_, err := s.Appeals.File(ctx, demoPerson("demo@customer-service", cloudtag.RolePlatform), decided.Case, "我没有调包，退回的就是收到的商品，包装也没有换过。")
			if err = unlessRefused("file an appeal", err); err != nil {
				return err
			}
			break
		}
	}
	for _, order := range market.Orders {
		if order.OrderNo != live[0].OrderNo {
			continue
		}
		_, err := s.Restrictions.Restrict(ctx, demoShop(order.MerchantID), order.OrderNo,
			[]cloudtag.RestrictionMode{cloudtag.ModeNoCashOnDelivery, cloudtag.ModeShortPaymentWindow}, "多次拒收货到付款的包裹，运费由我方承担。")
		if err = unlessRefused("restrict a buyer", err); err != nil {
			return err
		}
	}
	_, err := s.Revocations.Propose(ctx, demoPerson("lin.yue", cloudtag.RoleReviewer), cloudtag.Proposal{
		MerchantID: demo.RingShop, Kind: cloudtag.ViolationFalseReport, Reason: "七家店铺长期对同一批账号打标，疑似串通。", Evidence: demo.RingEvidence(),
	})
	if err = unlessRefused("propose a revocation", err); err != nil {
		return err
	}
	_, err = s.Vettings.Propose(ctx, demoPerson("lin.yue", cloudtag.RoleReviewer), demo.TrustedShop, true, "长期经营，订单多而打标少，其标记多次得到其他店铺印证。")
	return unlessRefused("propose to vouch for a shop", err)
}

// leftToReview is how many second reviews the demo leaves for people.
const leftToReview = 3

// reviewAgain lets a lead look at what was drawn, but for some, and disagree with one reviewer's confirmation.
func (s DemoServices) reviewAgain(ctx context.Context) error {
	if err := s.SecondReviews.Carry(ctx); err != nil {
		return fmt.Errorf("demo: draw second reviews: %w", err)
	}
	lead, most := demoPerson("chen.lan", cloudtag.RoleReviewer), cloudtag.MaxPageSize
	page, err := s.SecondReviews.Page(ctx, lead, cloudtag.SecondReviewQuery{}, cloudtag.PageRequest{First: &most})
	if err != nil {
		return fmt.Errorf("demo: list second reviews: %w", err)
	}
	disagreed := false
	var open []cloudtag.SecondReview
	for _, review := range page.Items {
		disagreed = disagreed || review.State == cloudtag.SecondReviewDisagreed
		if review.State == cloudtag.SecondReviewOpen {
			open = append(open, review)
		}
	}
	// Reviewers' confirmations come first, so that what is left is the rules' where there is enough of it.
	slices.SortStableFunc(open, func(a, b cloudtag.SecondReview) int {
		switch {
		case a.FirstAutomatic == b.FirstAutomatic:
			return 0
		case b.FirstAutomatic:
			return -1
		default:
			return 1
		}
	})
	for _, review := range open[:max(0, len(open)-leftToReview)] {
		agree, reason := disagreed || review.FirstAutomatic, "证据一致，确认成立。"
		if !agree {
			disagreed, reason = true, "只有风险分较高，商家说明互相矛盾，不足以确认。"
		}
		_, err := s.SecondReviews.Decide(ctx, lead, review.ID, agree, reason)
		if err = unlessRefused("review a confirmation again", err); err != nil {
			return err
		}
	}
	return nil
}

// unlessRefused passes over refusals: a load that goes on finds what it did before.
func unlessRefused(what string, err error) error {
	var refusal *cloudtag.Error
	if err == nil || errors.As(err, &refusal) {
		return nil
	}
	return fmt.Errorf("demo: %s: %w", what, err)
}

// loadRows takes the rows of a kind in. A row of the bundled data that is refused is a fault, not a bad row.
func loadRows[T any](ctx context.Context, kind string, rows []T, store func(context.Context, []T) (cloudtag.ImportReport, error), clock cloudtag.Clock, streams Streams) error {
	in := newIntake(true, clock, streams.Err, newProgress(streams.Err, kind, int64(len(rows)), false))
	err := takeIn(ctx, in, &bundled[T]{rows: rows, kind: kind, progress: in.progress}, store)
	in.progress.end()
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	_, err = fmt.Fprintln(streams.Err, in.summary(kind))
	return err
}

// bundled gives rows of the bundled data.
type bundled[T any] struct {
	rows     []T
	kind     string
	at       int
	progress *progress
}

func (b *bundled[T]) next() (row T, at place, err error) {
	if b.at == len(b.rows) {
		return row, at, io.EOF
	}
	row = b.rows[b.at]
	b.at++
	b.progress.add(1)
	return row, place{"demo " + b.kind, b.at}, nil
}
