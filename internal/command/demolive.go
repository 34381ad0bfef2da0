package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/demo"
	"cloudtag/internal/importing"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/secondreview"
)

// stoppedClock stands at the time of a live tag's submission.
type stoppedClock time.Time

func (c stoppedClock) Now() time.Time { return time.Time(c) }

// loadLive submits the live tags, and does what people did with their cases. The newest tag is submitted last, since
// [DemoServices.complete] takes it for the end of the load.
func (s DemoServices) loadLive(ctx context.Context, market demo.Market, live []importing.PastTag) error {
	if err := s.sampleMore(ctx); err != nil {
		return err
	}
	last := len(live) - 1
	if err := s.submit(ctx, market, live[:last], market.Decisions(live)); err != nil {
		return err
	}
	if err := s.leaveWork(ctx, market, live); err != nil {
		return err
	}
	if err := s.reviewAgain(ctx); err != nil {
		return err
	}
	if err := s.shareWork(ctx, market, live); err != nil {
		return err
	}
	return s.submit(ctx, market, live[last:], nil)
}

// submit submits tags as their shops, each at its own time, and decides cases in between. A tag that an earlier load
// submitted keeps its time, and its decisions stay.
func (s DemoServices) submit(ctx context.Context, market demo.Market, tags []importing.PastTag, decisions []demo.Decided) error {
	shops := make(map[cloudtag.OrderNo]cloudtag.MerchantID, len(market.Orders))
	for _, order := range market.Orders {
		shops[order.OrderNo] = order.MerchantID
	}
	for i, tag := range tags {
		clock := stoppedClock(tag.SubmittedAt)
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

// decide decides a case if it is waiting for a reviewer.
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

// leaveWork files an appeal, a restriction, and proposals to revoke one shop's permission and to vouch for another, so that
// each of these pages has something to decide.
func (s DemoServices) leaveWork(ctx context.Context, market demo.Market, live []importing.PastTag) error {
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
			[]restrictions.Mode{restrictions.ModeNoCashOnDelivery, restrictions.ModeShortPaymentWindow}, "多次拒收货到付款的包裹，运费由我方承担。")
		if err = unlessRefused("restrict a buyer", err); err != nil {
			return err
		}
	}
	_, err := s.Revocations.Propose(ctx, demoPerson("lin.yue", cloudtag.RoleReviewer), revocations.Proposal{
		MerchantID: demo.RingShop, Kind: cloudtag.ViolationFalseReport, Reason: "七家店铺在两天内先后对同一批 28 个账号打标，疑似串通。", Evidence: demo.RingEvidence(),
	})
	if err = unlessRefused("propose a revocation", err); err != nil {
		return err
	}
	_, err = s.Vettings.Propose(ctx, demoPerson("lin.yue", cloudtag.RoleReviewer), demo.TrustedShop, true, "长期经营，订单多而打标少，其标记多次得到其他店铺印证。")
	return unlessRefused("propose to vouch for a shop", err)
}

// leftToReview is how many second reviews the demo leaves open.
const leftToReview = 3

// reviewAgain has a lead review all sampled confirmations but leftToReview, and disagree with one reviewer's.
func (s DemoServices) reviewAgain(ctx context.Context) error {
	if err := s.SecondReviews.CatchUp(ctx); err != nil {
		return fmt.Errorf("demo: sample second reviews: %w", err)
	}
	lead, most := demoPerson("chen.lan", cloudtag.RoleReviewer), cloudtag.MaxPageSize
	page, err := s.SecondReviews.Page(ctx, lead, secondreview.Query{}, cloudtag.PageRequest{First: &most})
	if err != nil {
		return fmt.Errorf("demo: list second reviews: %w", err)
	}
	disagreed := false
	var open []secondreview.Review
	for _, review := range page.Items {
		disagreed = disagreed || review.State == cloudtag.SecondReviewDisagreed
		if review.State == cloudtag.SecondReviewOpen {
			open = append(open, review)
		}
	}
	// Reviewers' confirmations come first, so that those left open are automatic ones where there are enough.
	slices.SortStableFunc(open, func(a, b secondreview.Review) int {
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

// unlessRefused ignores refusals: a load that resumes repeats steps that were done before.
func unlessRefused(what string, err error) error {
	var refusal *cloudtag.Error
	if err == nil || errors.As(err, &refusal) {
		return nil
	}
	return fmt.Errorf("demo: %s: %w", what, err)
}
