package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/demo"
)

// finder looks up what is stored already.
type finder interface {
	Orders(ctx context.Context, caller cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error)
	Tags(ctx context.Context, caller cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error)
}

// Submitter takes the submissions of merchants.
type Submitter interface {
	Submit(ctx context.Context, caller cloudtag.Caller, in cloudtag.SubmitInput) (cloudtag.Submitted, error)
}

// DemoServices are what loading the demo needs.
type DemoServices struct {
	Imports importer
	Replay  replayer
	// Tagging gives the service that merchants' submissions go through, with a clock of its own.
	Tagging func(cloudtag.Clock) Submitter
	Records finder
	Upkeep  sweeper
	Clock   cloudtag.Clock
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
	if err := services.load(ctx, market, streams); err != nil {
		return err
	}
	if err := services.submit(ctx, market, live, streams); err != nil {
		return err
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
		return s.Replay.Tags(ctx, caller, rows, nil)
	}), s.Clock, streams)
}

// momentClock is the clock of a submission's time.
type momentClock time.Time

func (c momentClock) Now() time.Time { return time.Time(c) }

// submit lets the shops tag, each at its time. A tag that was submitted before keeps its first time.
func (s DemoServices) submit(ctx context.Context, market demo.Market, tags []cloudtag.PastTag, streams Streams) error {
	if len(tags) == 0 {
		return nil
	}
	shops := make(map[cloudtag.OrderNo]cloudtag.MerchantID, len(market.Orders))
	for _, order := range market.Orders {
		shops[order.OrderNo] = order.MerchantID
	}
	for _, tag := range tags {
		shop := shops[tag.OrderNo]
		caller := cloudtag.Caller{Subject: "demo@" + string(shop), Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: shop}
		_, err := s.Tagging(momentClock(tag.SubmittedAt)).Submit(ctx, caller, cloudtag.SubmitInput{
			OrderNos: []cloudtag.OrderNo{tag.OrderNo}, Scenario: tag.Scenario, IdempotencyKey: "demo-" + string(tag.OrderNo),
		})
		if err != nil {
			return fmt.Errorf("demo: tag order %s: %w", tag.OrderNo, err)
		}
	}
	_, err := fmt.Fprintf(streams.Err, "live tags: %d submitted\n", len(tags))
	return err
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
