package importing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Replay imports historical tags: in time order, by the same rules, evaluated at the time of their submission. They count as
// handled. Permissions, order age and reports are not checked, since these tags were accepted in the past.
type Replay struct {
	store replayStore
	clock cloudtag.Clock
	ids   cloudtag.IDSource
}

type replayStore interface {
	cloudtag.CaseWriter
	Orders(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error)
	Merchants(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error)
	cloudtag.PolicyReader
}

// NewReplay returns the service over a store.
func NewReplay(store replayStore, clock cloudtag.Clock, ids cloudtag.IDSource) *Replay {
	return &Replay{store: store, clock: clock, ids: ids}
}

// PastTag is a historical tag.
type PastTag struct {
	OrderNo     cloudtag.OrderNo
	Scenario    cloudtag.ScenarioCode
	SubmittedAt time.Time
	Note        string
}

// Tags replays tags in time order; the sort is stable. Orders that are already tagged count as unchanged. Tags are stored in
// chunks of [MaxRows]. FORBIDDEN unless the caller may import.
func (r *Replay) Tags(ctx context.Context, caller cloudtag.Caller, rows []PastTag) (Report, error) {
	if !caller.MayImport() {
		return Report{}, cloudtag.Forbidden()
	}
	policy, err := cloudtag.PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return Report{}, err
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rows[a].SubmittedAt.Compare(rows[b].SubmittedAt) })
	var report Report
	batch := cloudtag.BatchID(r.ids.NewID())
	for chunk := range slices.Chunk(order, MaxRows) {
		if err := r.chunk(ctx, caller, batch, policy, rows, chunk, &report); err != nil {
			return report, err
		}
	}
	slices.SortFunc(report.RowErrors, func(a, b RowError) int { return a.Index - b.Index })
	return report, nil
}

// chunk stores the rows at the given indexes.
func (r *Replay) chunk(ctx context.Context, caller cloudtag.Caller, batch cloudtag.BatchID, policy cloudtag.Policy, rows []PastTag, indexes []int, report *Report) error {
	numbers := make([]cloudtag.OrderNo, 0, len(indexes))
	for _, i := range indexes {
		if rows[i].OrderNo.Valid() {
			numbers = append(numbers, rows[i].OrderNo)
		}
	}
	orders, err := r.store.Orders(ctx, numbers)
	if err != nil {
		return fmt.Errorf("find orders: %w", err)
	}
	merchants, err := r.store.Merchants(ctx, merchantsOf(orders))
	if err != nil {
		return fmt.Errorf("find merchants: %w", err)
	}
	submission := cloudtag.Submission{Batch: cloudtag.Batch{ID: batch, SubmittedAt: r.clock.Now()}}
	seen := make(map[cloudtag.OrderNo]bool, len(indexes))
	for _, i := range indexes {
		row := rows[i]
		order, known := orders[row.OrderNo]
		if text, bad := row.problem(known, r.clock.Now()); bad {
			report.reject(i, text)
			continue
		}
		if seen[row.OrderNo] {
			report.Unchanged++
			continue
		}
		seen[row.OrderNo] = true
		submission.Tags = append(submission.Tags, row.tag(order, merchants[order.MerchantID], batch, policy))
		submission.Batch.Results = append(submission.Batch.Results, cloudtag.OrderResult{OrderNo: row.OrderNo})
	}
	stored, _, err := r.store.Record(ctx, submission, func(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
		for _, tag := range tags {
			file.Add(tag, caller.Subject)
		}
	})
	if err != nil {
		return fmt.Errorf("record tags: %w", err)
	}
	accepted := stored.AcceptedCount()
	report.Stored += accepted
	report.Unchanged += len(stored.Results) - accepted
	return nil
}

// problem returns why the row is invalid, if it is.
func (row PastTag) problem(orderKnown bool, now time.Time) (text cloudtag.Text, bad bool) {
	if !row.OrderNo.Valid() {
		return cloudtag.OrderResultText(cloudtag.CodeInvalidOrderNo), true
	}
	if _, known := cloudtag.FindScenario(row.Scenario); !known {
		return cloudtag.Text{ZH: "scenario：没有这个风险场景。", EN: "scenario: there is no such scenario."}, true
	}
	if !orderKnown {
		return cloudtag.Text{ZH: "order_no：没有这个订单，请先导入订单。", EN: "order_no: there is no such order; import orders first."}, true
	}
	if !cloudtag.ValidTime(row.SubmittedAt) || row.SubmittedAt.After(now) {
		return cloudtag.Text{ZH: "submitted_at：须为过去的时间。", EN: "submitted_at: must be a time in the past."}, true
	}
	if err := cloudtag.CheckNote(row.Note); err != nil {
		return cloudtag.Text{
			ZH: fmt.Sprintf("note：须为最多 %d 个字且不含控制字符。", cloudtag.MaxNoteLength),
			EN: fmt.Sprintf("note: must be at most %d characters without control characters.", cloudtag.MaxNoteLength),
		}, true
	}
	return cloudtag.Text{}, false
}

func (row PastTag) tag(order cloudtag.Order, merchant cloudtag.Merchant, batch cloudtag.BatchID, policy cloudtag.Policy) cloudtag.Tag {
	at := cloudtag.NormalTime(row.SubmittedAt)
	return cloudtag.Tag{
		OrderNo: order.OrderNo, Scenario: row.Scenario, MerchantID: merchant.ID, EntityID: merchant.EntityID,
		BuyerID: order.BuyerID, Note: row.Note, PlacedAt: order.PlacedAt, SubmittedAt: at, HandleBy: at.Add(policy.HandleWithin()),
		HandledAt: at, BatchID: batch,
	}
}

func merchantsOf(orders map[cloudtag.OrderNo]cloudtag.Order) []cloudtag.MerchantID {
	ids := make([]cloudtag.MerchantID, 0, len(orders))
	seen := make(map[cloudtag.MerchantID]bool, len(orders))
	for _, order := range orders {
		if !seen[order.MerchantID] {
			seen[order.MerchantID] = true
			ids = append(ids, order.MerchantID)
		}
	}
	return ids
}
