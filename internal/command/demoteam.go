package command

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/demo"
)

// colleagues are how reviewers work on cases together.
type colleagues interface {
	Assign(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.CaseID, to string) ([]cloudtag.RulingResult, error)
	Snooze(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, until time.Time, reason string) (cloudtag.Case, error)
	Escalate(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, reason string) (cloudtag.Case, error)
	Note(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, text string) (cloudtag.Case, error)
}

// logCounter counts the log, and learns from it who reviews.
type logCounter interface {
	Carry(ctx context.Context) error
}

// snoozedBeforeDue is how long before its due time the snooze of a case ends.
const snoozedBeforeDue = 6 * time.Hour

// shareWork has a case snoozed, one left to a lead, one assigned, and one with a note, the last two for whoever signs in as a
// reviewer of the development server. The note comes last: where it stands, all of it was done before.
func (s DemoServices) shareWork(ctx context.Context, market demo.Market, live []cloudtag.PastTag) error {
	waiting, err := s.waiting(ctx, market, live, 4)
	if err != nil || len(waiting) < 4 || waiting[0].Notes.Count > 0 {
		return err
	}
	me := cloudtag.Caller{Roles: []cloudtag.Role{cloudtag.RoleReviewer}}
	me.Subject = developmentSubject(me)
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"snooze a case", func() error {
			_, err := s.Team.Snooze(ctx, me, waiting[3].ID, waiting[3].DueAt.Add(-snoozedBeforeDue), "等承运商给出退件称重记录")
			return err
		}},
		{"escalate a case", func() error {
			_, err := s.Team.Escalate(ctx, demoPerson("zhou.ming", cloudtag.RoleReviewer), waiting[2].ID, "两家店铺的说法互相矛盾，涉及金额较大，请组长定夺。")
			return err
		}},
		{"learn who reviews", func() error { return s.Log.Carry(ctx) }},
		{"assign a case", func() error {
			_, err := s.Team.Assign(ctx, demoPerson("chen.lan", cloudtag.RoleAdmin), []cloudtag.CaseID{waiting[1].ID}, me.Subject)
			return err
		}},
		{"leave a note", func() error {
			_, err := s.Team.Note(ctx, demoPerson("lin.yue", cloudtag.RoleReviewer), waiting[0].ID,
				"@"+me.Subject+" 这几家店铺的备注措辞很像，能帮忙看一眼是不是同一伙人吗？")
			return err
		}},
	} {
		if err := unlessRefused(step.what, step.do()); err != nil {
			return err
		}
	}
	return nil
}

// waiting returns the cases of live tags that wait for a reviewer, newest tag first, but for that of the last tag, which is
// not submitted yet; up to a number.
func (s DemoServices) waiting(ctx context.Context, market demo.Market, live []cloudtag.PastTag, most int) ([]cloudtag.Case, error) {
	var ids []cloudtag.CaseID
	for _, id := range slices.Backward(market.CasesOf(live[:len(live)-1])) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	found, err := s.Records.Cases(ctx, demoPerson("lin.yue", cloudtag.RoleReviewer), ids)
	if err != nil {
		return nil, fmt.Errorf("demo: find waiting cases: %w", err)
	}
	var waiting []cloudtag.Case
	for _, id := range ids {
		if c := found[id]; c.Handling == cloudtag.HandlingPending && len(waiting) < most {
			waiting = append(waiting, c)
		}
	}
	return waiting, nil
}
