package dbtest

import (
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// scene is a call during which the process crashes, on data prepared for it.
type scene struct {
	name    string
	prepare func(w *world)
	// call makes the call; the attempt is part of the batch identifier, since each repetition of a request gets a new one.
	call  func(w *world, attempt int) error
	again cloudtag.Code // of the repeated call; "" if it succeeds
	byRow bool          // each row may be stored separately
}

func scenes() []scene {
	return []scene{
		{name: "Record", prepare: preparedCases, call: recordSeveralCases},
		{name: "RecordHistory", prepare: preparedCases, call: recordHistoryAgain},
		{name: "AmendVoid", prepare: preparedCases, call: amendVoid, again: cloudtag.CodeNotFound},
		{name: "AmendDiscount", prepare: preparedConfirmed, call: amendDiscount},
		{name: "AmendExpiry", prepare: preparedConfirmed, call: amendExpiry},
		{name: "PutMerchants", prepare: preparedCases, call: putChangedMerchants, byRow: true},
		{name: "MerchantRecounted", prepare: preparedMarks, call: unmarkMerchant},
		{name: "PutOrders", prepare: preparedOrders, call: putChangedOrders, byRow: true},
		{name: "PutRisks", prepare: preparedCases, call: putChangedRisks, byRow: true},
		{name: "RiskEvaluated", prepare: preparedMarks, call: unmarkRisk},
		{name: "AddPolicy", prepare: preparedPolicy, call: addPolicy, again: cloudtag.CodeConflict},
		{name: "PublishDraft", prepare: preparedDraft, call: publishDraft, again: cloudtag.CodeConflict},
		{name: "WithdrawPolicy", prepare: preparedSchedule, call: withdrawPolicy, again: cloudtag.CodeInvalidState},
		{name: "SetPermission", prepare: preparedCases, call: revokePermission, again: cloudtag.CodeInvalidState},
	}
}

// preparedCases: one vote of three in "cool", two in "warm"; an order of "cool" is tagged, "new" has no case.
func preparedCases(w *world) {
	w.Helper()
	w.openShops(4)
	w.putRisks(w.risk("cool", 50), w.risk("unrelated", 50))
	w.from(1, "one").tag("cool", "c1").tag("warm", "w1").record()
	w.from(2, "two").tag("warm", "w2", "w3").record()
}

// preparedConfirmed: "hot" is confirmed by exactly three votes; its first shop also has a later tag in it.
func preparedConfirmed(w *world) {
	w.Helper()
	preparedCases(w)
	for shop := 1; shop <= 3; shop++ {
		w.from(shop, "hot").at(day0.Add(time.Duration(shop)*time.Hour)).tag("hot", fmt.Sprint("h", shop)).record()
	}
	w.from(1, "hot later").at(day0.Add(5*time.Hour)).tag("hot", "h4").record()
}

func recordSeveralCases(w *world, attempt int) error {
	_, _, err := w.from(3, "the call").as(fmt.Sprint("the-call-", attempt)).at(day0.Add(time.Hour)).noting("空包").
		tag("warm", "w9").tag("new", "n1").refused("unknown", cloudtag.CodeOrderNotFound).
		tag("cool", "c8", "c1", "c9").tag("warm", "w8").refused("w8", cloudtag.CodeDuplicateInBatch).try(w.ctx)
	return err
}

func recordHistoryAgain(w *world, _ int) error {
	_, _, err := w.fromHistory().by(1).at(day0.Add(-time.Hour)).tag("new", "n1").
		by(3).at(day0.Add(time.Hour)).tag("warm", "w9").tag("cool", "c1", "c9").
		by(4).under(swapped).at(day0.Add(2*time.Hour)).tag("cool", "c7").by(2).under(freight).tag("new", "n2").try(w.ctx)
	return err
}

func amendVoid(w *world, _ int) error { return voidTag(w, "warm", "w2") }

func amendDiscount(w *world, _ int) error {
	_, err := w.store.Amend(w.ctx, w.caseOf("hot"), func(file *cloudtag.CaseFile) error {
		file.Discount(w.shop(1), tester, "滥用", day0.Add(6*time.Hour))
		return nil
	})
	return err
}

func amendExpiry(w *world, _ int) error {
	_, err := w.store.Amend(w.ctx, w.caseOf("warm"), func(file *cloudtag.CaseFile) error {
		file.Evaluate(day0.Add(window))
		return nil
	})
	return err
}

func putChangedMerchants(w *world, _ int) error {
	renamed := w.merchant(2)
	renamed.Name = "新名"
	rows := []cloudtag.Merchant{w.moved(1, "holding"), renamed, w.merchant(3), w.merchant(5), w.moved(4, "holding")}
	for _, row := range rows {
		w.known.shop(row.ID)
	}
	_, err := w.store.PutMerchants(w.ctx, rows, merchantEntry)
	return err
}

func preparedMarks(w *world) {
	w.Helper()
	preparedCases(w)
	w.putMerchants(w.moved(1, "holding"))
}

func unmarkMerchant(w *world, _ int) error {
	return w.store.MerchantRecounted(w.ctx, w.shop(1), "holding")
}

func unmarkRisk(w *world, _ int) error { return w.store.RiskEvaluated(w.ctx, w.risk("cool", 50)) }

func preparedOrders(w *world) {
	w.Helper()
	w.openShops(2)
	w.putOrders(w.purchase("1", 1, "x"), w.purchase("2", 1, "y"))
}

func putChangedOrders(w *world, _ int) error {
	changed, foreign := w.purchase("1", 1, "x"), w.purchase("2", 1, "someone else")
	changed.ReportOutcome = cloudtag.ReportRejected
	rows := []cloudtag.Order{w.purchase("3", 2, "z"), changed, foreign, w.purchase("4", 1, "x"), w.purchase("2", 1, "y")}
	for _, row := range rows {
		w.known.order(row.OrderNo)
	}
	_, err := w.store.PutOrders(w.ctx, rows, orderEntry, w.newOrdersEntry)
	return err
}

func putChangedRisks(w *world, _ int) error {
	rescored, older := w.risk("cool", 90), w.risk("unrelated", 10)
	rescored.UpdatedAt, older.UpdatedAt = day0.Add(time.Hour), day0.Add(-time.Hour)
	rows := []cloudtag.RiskProfile{rescored, older, w.risk("new", 10)}
	w.known.buyer(w.buyer("new"))
	_, err := w.store.PutRisks(w.ctx, rows, riskEntry)
	return err
}

// preparedPolicy does nothing: earlier rounds have stored earlier versions.
func preparedPolicy(*world) {}

func addPolicy(w *world, _ int) error {
	next := w.policy
	next.Version = w.round.policies + 1
	next.WindowDays, next.Reason = 90, w.prefix
	return w.store.AddPolicy(w.ctx, next, []cloudtag.Entry{policyEntry(next)})
}

// preparedDraft: a draft is proposed.
func preparedDraft(w *world) {
	w.Helper()
	draft := w.document(cloudtag.KindPolicyDraft, "draft")
	w.known.document(documentKey{draft.Kind, draft.ID})
	w.noError(w.store.SaveDocument(w.ctx, draft, nil), "save a draft")
}

// publishDraft approves the draft: the decision, the version, its draft and its rollout are one commit.
func publishDraft(w *world, _ int) error {
	next := w.policy
	next.Version = w.round.policies + 1
	next.WindowDays, next.Reason = 90, w.prefix
	draft, rollout := w.document(cloudtag.KindPolicyDraft, "draft"), w.document(cloudtag.KindPolicyRollout, "rollout")
	draft.Version++
	w.known.document(documentKey{rollout.Kind, rollout.ID})
	return w.store.AddPolicy(w.ctx, next, []cloudtag.Entry{documentEntry(draft, cloudtag.ActionPolicyDecided), policyEntry(next)}, draft, rollout)
}

// preparedSchedule: a version is scheduled.
func preparedSchedule(w *world) {
	w.Helper()
	next := w.policy
	next.Version = w.round.policies + 1
	next.StartsAt, next.Reason = day0.Add(time.Hour), w.prefix
	w.noError(w.store.AddPolicy(w.ctx, next, []cloudtag.Entry{policyEntry(next)}), "schedule a version")
}

func withdrawPolicy(w *world, _ int) error {
	withdrawal := cloudtag.PolicyWithdrawal{By: tester, At: day0, Reason: "不再需要"}
	return w.store.WithdrawPolicy(w.ctx, w.round.policies+1, withdrawal, cloudtag.Entry{At: day0, Actor: tester, Action: cloudtag.ActionPolicyWithdrawn})
}

func revokePermission(w *world, _ int) error {
	return w.store.SetPermission(w.ctx, w.shop(1), cloudtag.PermissionRevoked, permissionEntry(w.shop(1), "滥用"))
}
