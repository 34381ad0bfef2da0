package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Replay imports historical tags: in time order, by the same rules, evaluated at the time of their submission. They count as
// handled. Permissions, order age and reports are not checked, since these tags were accepted in the past.
type Replay struct {
	store replayStore
	clock Clock
	ids   IDSource
}

type replayStore interface {
	CaseWriter
	Orders(ctx context.Context, orders []OrderNo) (map[OrderNo]Order, error)
	Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error)
	PolicyReader
}

// NewReplay returns the service over a store.
func NewReplay(store replayStore, clock Clock, ids IDSource) *Replay {
	return &Replay{store: store, clock: clock, ids: ids}
}

// PastTag is a historical tag.
type PastTag struct {
	OrderNo     OrderNo
	Scenario    ScenarioCode
	SubmittedAt time.Time
	Note        string
}

// Tags replays tags in time order; the sort is stable. Orders that are already tagged count as unchanged. Tags are stored in
// chunks of [MaxImportRows]. FORBIDDEN unless the caller may import.
func (r *Replay) Tags(ctx context.Context, caller Caller, rows []PastTag) (ImportReport, error) {
	if !caller.MayImport() {
		return ImportReport{}, Forbidden()
	}
	policy, err := PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return ImportReport{}, err
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rows[a].SubmittedAt.Compare(rows[b].SubmittedAt) })
	var report ImportReport
	batch := BatchID(r.ids.NewID())
	for chunk := range slices.Chunk(order, MaxImportRows) {
		if err := r.chunk(ctx, caller, batch, policy, rows, chunk, &report); err != nil {
			return report, err
		}
	}
	slices.SortFunc(report.RowErrors, func(a, b RowError) int { return a.Index - b.Index })
	return report, nil
}

// chunk stores the rows at the given indexes.
func (r *Replay) chunk(ctx context.Context, caller Caller, batch BatchID, policy Policy, rows []PastTag, indexes []int, report *ImportReport) error {
	numbers := make([]OrderNo, 0, len(indexes))
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
	submission := Submission{Batch: Batch{ID: batch, SubmittedAt: r.clock.Now()}}
	seen := make(map[OrderNo]bool, len(indexes))
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
		submission.Batch.Results = append(submission.Batch.Results, OrderResult{OrderNo: row.OrderNo})
	}
	stored, _, err := r.store.Record(ctx, submission, func(file *CaseFile, tags []Tag) {
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
func (row PastTag) problem(orderKnown bool, now time.Time) (text Text, bad bool) {
	if !row.OrderNo.Valid() {
		return orderResultText(CodeInvalidOrderNo), true
	}
	if _, known := FindScenario(row.Scenario); !known {
		return Text{ZH: "scenario：没有这个风险场景。", EN: "scenario: there is no such scenario."}, true
	}
	if !orderKnown {
		return Text{ZH: "order_no：没有这个订单，请先导入订单。", EN: "order_no: there is no such order; import orders first."}, true
	}
	if !validTime(row.SubmittedAt) || row.SubmittedAt.After(now) {
		return Text{ZH: "submitted_at：须为过去的时间。", EN: "submitted_at: must be a time in the past."}, true
	}
	if err := checkNote(row.Note); err != nil {
		return Text{
			ZH: fmt.Sprintf("note：须为最多 %d 个字且不含控制字符。", MaxNoteLength),
			EN: fmt.Sprintf("note: must be at most %d characters without control characters.", MaxNoteLength),
		}, true
	}
	return Text{}, false
}

func (row PastTag) tag(order Order, merchant Merchant, batch BatchID, policy Policy) Tag {
	at := normalTime(row.SubmittedAt)
	return Tag{
		OrderNo: order.OrderNo, Scenario: row.Scenario, MerchantID: merchant.ID, EntityID: merchant.EntityID,
		BuyerID: order.BuyerID, Note: row.Note, PlacedAt: order.PlacedAt, SubmittedAt: at, HandleBy: at.Add(policy.HandleWithin()),
		HandledAt: at, BatchID: batch,
	}
}

func merchantsOf(orders map[OrderNo]Order) []MerchantID {
	ids := make([]MerchantID, 0, len(orders))
	seen := make(map[MerchantID]bool, len(orders))
	for _, order := range orders {
		if !seen[order.MerchantID] {
			seen[order.MerchantID] = true
			ids = append(ids, order.MerchantID)
		}
	}
	return ids
}
