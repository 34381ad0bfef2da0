package command

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/demo"
	"cloudtag/internal/importing"
)

// teamwork is how reviewers share cases.
type teamwork interface {
	Assign(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.CaseID, to string) ([]cloudtag.RulingResult, error)
	Snooze(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, until time.Time, reason string) (cloudtag.Case, error)
	Escalate(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, reason string) (cloudtag.Case, error)
	Note(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, text string) (cloudtag.Case, error)
}

// logProcessor processes the log, which makes the reviewers known.
type logProcessor interface {
	CatchUp(ctx context.Context) error
}

// snoozedBeforeDue is how long before a case's due time its snooze ends.
const snoozedBeforeDue = 6 * time.Hour

// shareWork snoozes a case, escalates one, assigns one and leaves a note on one; the last two are for the development
// server's reviewer. The note comes last: where it is stored, an earlier load did all of it.
func (s DemoServices) shareWork(ctx context.Context, market demo.Market, live []importing.PastTag) error {
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
		{"process the log", func() error { return s.Log.CatchUp(ctx) }},
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

// waiting returns up to limit cases of live tags that wait for a reviewer, newest tag first. It leaves out that of the last
// tag, which is not submitted yet.
func (s DemoServices) waiting(ctx context.Context, market demo.Market, live []importing.PastTag, limit int) ([]cloudtag.Case, error) {
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
		if c := found[id]; c.Handling == cloudtag.HandlingPending && len(waiting) < limit {
			waiting = append(waiting, c)
		}
	}
	return waiting, nil
}
