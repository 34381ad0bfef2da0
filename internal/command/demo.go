package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/demo"
	"cloudtag/internal/importing"
	"cloudtag/internal/policylab"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/secondreview"
	"cloudtag/internal/vetting"
)

// recordFinder looks up stored records.
type recordFinder interface {
	Cases(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error)
	Orders(ctx context.Context, caller cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error)
	Tags(ctx context.Context, caller cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error)
}

// Submitter submits tags on behalf of merchants.
type Submitter interface {
	Submit(ctx context.Context, caller cloudtag.Caller, in cloudtag.SubmitInput) (cloudtag.Submitted, error)
}

// Decider decides cases.
type Decider interface {
	Decide(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, ruling cloudtag.Ruling) (cloudtag.Case, error)
}

type appealer interface {
	File(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, statement string) (appeals.Appeal, error)
}

type restricter interface {
	Restrict(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo, modes []restrictions.Mode, description string) (restrictions.Restriction, error)
}

type revocationProposer interface {
	Propose(ctx context.Context, caller cloudtag.Caller, proposal revocations.Proposal) (revocations.Revocation, error)
}

type vettingProposer interface {
	Propose(ctx context.Context, caller cloudtag.Caller, shop cloudtag.MerchantID, vetted bool, reason string) (vetting.Proposal, error)
}

// secondReviewer samples confirmations and reviews them a second time.
type secondReviewer interface {
	CatchUp(ctx context.Context) error
	Page(ctx context.Context, caller cloudtag.Caller, query secondreview.Query, request cloudtag.PageRequest) (cloudtag.Page[secondreview.Review], error)
	Decide(ctx context.Context, caller cloudtag.Caller, id string, agree bool, reason string) (secondreview.Review, error)
}

type policyFinder interface {
	Find(ctx context.Context, caller cloudtag.Caller, version int) (cloudtag.Policy, error)
}

type simulator interface {
	Run(ctx context.Context, caller cloudtag.Caller, request policylab.SimulationRequest, progress func(done, of int)) (policylab.SimulationReport, error)
}

type publisher interface {
	Publish(ctx context.Context, caller cloudtag.Caller, publication policylab.Publication) (policylab.Published, error)
}

// DemoServices are the dependencies of [Demo].
type DemoServices struct {
	Policies    policyFinder
	Simulations simulator
	Drafts      publisher
	Imports     importer
	Replay      replayer
	// Tagging returns the service that merchants submit tags to, on a given clock.
	Tagging func(cloudtag.Clock) Submitter
	Records recordFinder
	// Reviewing returns the service that reviewers decide cases with, on a given clock.
	Reviewing     func(cloudtag.Clock) Decider
	SecondReviews secondReviewer
	Appeals       appealer
	Restrictions  restricter
	Revocations   revocationProposer
	Vettings      vettingProposer
	Team          teamwork
	Log           logProcessor
	Upkeep        sweeper
	Clock         cloudtag.Clock
}

// Demo imports the bundled data set through the same services as a user's files, except for its newest tags: those are
// submitted one by one, as if their shops had done so in the hours before the load, so that the reviewers' queue is not
// empty. The stored orders determine how far the times are shifted, so that an interrupted load resumes and a complete
// one changes nothing. With the original times all tags are imported as history.
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
		_, err := fmt.Fprintf(streams.Err, "the demo is already loaded; its newest day is %s\n", newest)
		return err
	}
	var live []importing.PastTag
	if !settings.OriginalTimes && shift != 0 {
		live = market.TakeLive(services.Clock.Now())
		market.MoveRing()
	}
	if err := services.allowOldOrders(ctx); err != nil {
		return err
	}
	if err := services.load(ctx, market, streams); err != nil {
		return err
	}
	if len(live) > 0 {
		if err := services.loadLive(ctx, market, live); err != nil {
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

// shift is how far to shift the market's times: as far as those of a stored order were, if there is one.
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
		return 0, errors.New("--original-times: the demo is loaded with shifted times; load it into another store, such as --db sqlite:data/demo.db")
	}
	return shift, nil
}

// complete reports whether the newest tag is stored: tags are loaded last, in order of time.
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

// allowOldOrders lets orders of any age be tagged: the demo's go back six years.
func (s DemoServices) allowOldOrders(ctx context.Context) error {
	return s.changePolicy(ctx, 1, func(policy *cloudtag.Policy) {
		policy.MaxOrderAgeDays, policy.Reason = 0, "演示订单最早在六年前，因此不限订单年龄。"
	})
}

// sampleMore has half of all further confirmations reviewed a second time. The demo has few, and that page should not be
// empty.
func (s DemoServices) sampleMore(ctx context.Context) error {
	return s.changePolicy(ctx, 2, func(policy *cloudtag.Policy) {
		policy.SecondReviewPercent, policy.Reason = 50, "演示中确认的案件不多，抽取一半复核。"
	})
}

// changePolicy publishes a change of a policy version. If another version is in force, the change was made by an earlier
// load, or people have published a policy of their own, which stays.
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
	request := policylab.SimulationRequest{BasedOn: policy.Version, Policy: policy}
	if _, err := s.Simulations.Run(ctx, caller, request, nil); err != nil {
		return fmt.Errorf("demo: simulate a policy: %w", err)
	}
	if _, err := s.Drafts.Publish(ctx, caller, policylab.Publication{BasedOn: policy.Version, Policy: policy}); err != nil {
		return fmt.Errorf("demo: publish a policy: %w", err)
	}
	return nil
}

// load imports everything except the live tags, each kind after those it refers to.
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
	return loadRows(ctx, "tags", market.Tags, as(caller, func(ctx context.Context, caller cloudtag.Caller, rows []importing.PastTag) (importing.Report, error) {
		return s.Replay.Tags(ctx, caller, rows)
	}), s.Clock, streams)
}

// loadRows imports the rows of a kind. A rejected row is an error: the bundled data must be valid.
func loadRows[T any](ctx context.Context, kind string, rows []T, store func(context.Context, []T) (importing.Report, error), clock cloudtag.Clock, streams Streams) error {
	in := newIntake(true, clock, streams.Err, newProgress(streams.Err, kind, int64(len(rows)), false))
	err := storeRows(ctx, in, &bundled[T]{rows: rows, kind: kind, progress: in.progress}, store)
	in.progress.end()
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	_, err = fmt.Fprintln(streams.Err, in.summary(kind))
	return err
}

// bundled is a [source] of the bundled data.
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
