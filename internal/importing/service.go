package importing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// MaxRows is the maximum number of rows of one import call.
const MaxRows = 1000

// Report is the outcome of an import.
type Report struct {
	Stored    int
	Unchanged int
	RowErrors []RowError // by index
}

// RowError is the problem with one row.
type RowError struct {
	Index   int // from 0
	Message cloudtag.Text
}

func (r *Report) reject(index int, message cloudtag.Text) {
	r.RowErrors = append(r.RowErrors, RowError{Index: index, Message: message})
}

// Service imports the platform's data: shops, orders and risk profiles.
type Service struct {
	store importStore
	cases recounter
	clock cloudtag.Clock
}

type importStore interface {
	cloudtag.MerchantStore
	cloudtag.OrderStore
	cloudtag.RiskStore
}

// recounter applies stored changes of shops and risk profiles to their cases.
type recounter interface {
	RecountMarkedMerchants(ctx context.Context, at time.Time) error
	EvaluateMarkedRisks(ctx context.Context, at time.Time) error
}

// New returns the service over a store; cases applies the changes to cases.
func New(store importStore, cases recounter, clock cloudtag.Clock) *Service {
	return &Service{store: store, cases: cases, clock: clock}
}

// check checks the preconditions of every import.
func (s *Service) check(caller cloudtag.Caller, rows int) error {
	if !caller.MayImport() {
		return cloudtag.Forbidden()
	}
	if rows > MaxRows {
		return cloudtag.Refuse(cloudtag.CodeTooManyRows, cloudtag.Text{
			ZH: fmt.Sprintf("每次最多导入 %d 行，本次为 %d 行。", MaxRows, rows),
			EN: fmt.Sprintf("Import at most %d rows at a time; this call has %d.", MaxRows, rows),
		}, "input")
	}
	return nil
}

// Merchants stores shops: new ones may tag; of existing ones, name and entity are updated. If a shop's entity changes, every
// case that the shop has a vote in is recounted (rule 7). Errors: FORBIDDEN, TOO_MANY_ROWS.
func (s *Service) Merchants(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.Merchant) (Report, error) {
	if err := s.check(caller, len(rows)); err != nil {
		return Report{}, err
	}
	now := s.clock.Now()
	var report Report
	valid, indexes := keepValid(rows, &report, func(row *cloudtag.Merchant) (cloudtag.Text, bool) {
		if row.EntityID == "" {
			row.EntityID = cloudtag.EntityID(row.ID)
		}
		if row.CreatedAt.IsZero() {
			row.CreatedAt = now
		}
		row.CreatedAt = cloudtag.NormalTime(row.CreatedAt)
		row.Permission = cloudtag.PermissionActive
		return merchantProblem(*row)
	})
	results, err := s.store.PutMerchants(ctx, valid, func(before *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry {
		return importEntry(caller, now, cloudtag.ActionMerchantImported, cloudtag.MerchantSubject(after.ID), before, after)
	})
	if err != nil {
		return Report{}, fmt.Errorf("store merchants: %w", err)
	}
	report.count(results, indexes, cloudtag.Text{})
	if err := s.cases.RecountMarkedMerchants(ctx, now); err != nil {
		return report, err
	}
	return report, nil
}

// Orders stores orders. An order's shop must exist; an order's shop and buyer never change. Errors: FORBIDDEN,
// TOO_MANY_ROWS.
func (s *Service) Orders(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.Order) (Report, error) {
	if err := s.check(caller, len(rows)); err != nil {
		return Report{}, err
	}
	shops := make([]cloudtag.MerchantID, 0, len(rows))
	seen := make(map[cloudtag.MerchantID]bool)
	for _, row := range rows {
		if !seen[row.MerchantID] {
			seen[row.MerchantID] = true
			shops = append(shops, row.MerchantID)
		}
	}
	known, err := s.store.Merchants(ctx, shops)
	if err != nil {
		return Report{}, fmt.Errorf("find merchants: %w", err)
	}
	var report Report
	valid, indexes := keepValid(rows, &report, func(row *cloudtag.Order) (cloudtag.Text, bool) {
		if _, ok := known[row.MerchantID]; !ok {
			return cloudtag.Text{ZH: "merchant_id：没有这家店铺，请先导入店铺。", EN: "merchant_id: there is no such shop; import merchants first."}, true
		}
		if row.ReportOutcome == "" {
			row.ReportOutcome = cloudtag.ReportNone
		}
		row.PlacedAt = cloudtag.NormalTime(row.PlacedAt)
		return orderProblem(*row)
	})
	now := s.clock.Now()
	results, err := s.store.PutOrders(ctx, valid,
		func(before, after cloudtag.Order) cloudtag.Entry {
			return importEntry(caller, now, cloudtag.ActionOrderChanged, cloudtag.OrderSubject(after.OrderNo), &before, after)
		},
		func(count int) cloudtag.Entry {
			return cloudtag.Entry{At: now, Actor: caller.Subject, Action: cloudtag.ActionOrdersImported, After: cloudtag.MustJSON(map[string]int{"orders": count})}
		})
	if err != nil {
		return Report{}, fmt.Errorf("store orders: %w", err)
	}
	report.count(results, indexes, cloudtag.Text{
		ZH: "order_no：该订单的店铺或买家与已有记录不符，二者不可更改。",
		EN: "order_no: the order is stored with another shop or buyer, and these never change.",
	})
	return report, nil
}

// Risk stores risk profiles and evaluates the cases of their accounts. A profile that is older than the stored one is
// ignored. Errors: FORBIDDEN, TOO_MANY_ROWS.
func (s *Service) Risk(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.RiskProfile) (Report, error) {
	if err := s.check(caller, len(rows)); err != nil {
		return Report{}, err
	}
	var report Report
	valid, indexes := keepValid(rows, &report, func(row *cloudtag.RiskProfile) (cloudtag.Text, bool) {
		row.UpdatedAt = cloudtag.NormalTime(row.UpdatedAt)
		return riskProblem(*row)
	})
	now := s.clock.Now()
	results, err := s.store.PutRisks(ctx, valid, func(before *cloudtag.RiskProfile, after cloudtag.RiskProfile) cloudtag.Entry {
		return importEntry(caller, now, cloudtag.ActionRiskImported, cloudtag.BuyerSubject(after.BuyerID), before, after)
	})
	if err != nil {
		return Report{}, fmt.Errorf("store risk profiles: %w", err)
	}
	report.count(results, indexes, cloudtag.Text{})
	if err := s.cases.EvaluateMarkedRisks(ctx, now); err != nil {
		return report, err
	}
	return report, nil
}

// keepValid returns the valid rows and their indexes, and reports the others. Rows with the same key are all kept: the
// store applies them in order.
func keepValid[T any](rows []T, report *Report, problem func(*T) (cloudtag.Text, bool)) (valid []T, indexes []int) {
	valid, indexes = make([]T, 0, len(rows)), make([]int, 0, len(rows))
	for i, row := range rows {
		if text, bad := problem(&row); bad {
			report.reject(i, text)
			continue
		}
		valid, indexes = append(valid, row), append(indexes, i)
	}
	return valid, indexes
}

// count adds the store's results to the report.
func (r *Report) count(results []cloudtag.PutResult, indexes []int, conflict cloudtag.Text) {
	for n, result := range results {
		switch result {
		case cloudtag.PutStored:
			r.Stored++
		case cloudtag.PutConflict:
			r.reject(indexes[n], conflict)
		default:
			r.Unchanged++
		}
	}
	slices.SortFunc(r.RowErrors, func(a, b RowError) int { return a.Index - b.Index })
}

func importEntry[T any](caller cloudtag.Caller, at time.Time, action cloudtag.Action, subject cloudtag.Subject, before *T, after T) cloudtag.Entry {
	entry := cloudtag.Entry{At: at, Actor: caller.Subject, Action: action, Subjects: []cloudtag.Subject{subject}, After: cloudtag.MustJSON(after)}
	if before != nil {
		entry.Before = cloudtag.MustJSON(*before)
	}
	return entry
}
