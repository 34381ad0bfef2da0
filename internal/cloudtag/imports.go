package cloudtag

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// MaxImportRows is the maximum number of rows of one import call.
const MaxImportRows = 1000

// ImportReport is the outcome of an import.
type ImportReport struct {
	Stored    int
	Unchanged int
	RowErrors []RowError // by index
}

// RowError is the problem with one row.
type RowError struct {
	Index   int // from 0
	Message Text
}

func (r *ImportReport) reject(index int, message Text) {
	r.RowErrors = append(r.RowErrors, RowError{Index: index, Message: message})
}

// Imports imports the platform's data: shops, orders and risk profiles.
type Imports struct {
	store  importStore
	upkeep *Upkeep
	clock  Clock
}

type importStore interface {
	MerchantStore
	OrderStore
	RiskStore
}

// NewImports returns the service over a store; upkeep applies the changes to cases.
func NewImports(store importStore, upkeep *Upkeep, clock Clock) *Imports {
	return &Imports{store: store, upkeep: upkeep, clock: clock}
}

// check checks the preconditions of every import.
func (i *Imports) check(caller Caller, rows int) error {
	if !caller.MayImport() {
		return Forbidden()
	}
	if rows > MaxImportRows {
		return Refuse(CodeTooManyRows, Text{
			ZH: fmt.Sprintf("每次最多导入 %d 行，本次为 %d 行。", MaxImportRows, rows),
			EN: fmt.Sprintf("Import at most %d rows at a time; this call has %d.", MaxImportRows, rows),
		}, "input")
	}
	return nil
}

// Merchants stores shops: new ones may tag; of existing ones, name and entity are updated. If a shop's entity changes, every
// case that the shop has a vote in is recounted (rule 7). Errors: FORBIDDEN, TOO_MANY_ROWS.
func (i *Imports) Merchants(ctx context.Context, caller Caller, rows []Merchant) (ImportReport, error) {
	if err := i.check(caller, len(rows)); err != nil {
		return ImportReport{}, err
	}
	now := i.clock.Now()
	var report ImportReport
	valid, indexes := keepValid(rows, &report, func(row *Merchant) (Text, bool) {
		if row.EntityID == "" {
			row.EntityID = EntityID(row.ID)
		}
		if row.CreatedAt.IsZero() {
			row.CreatedAt = now
		}
		row.CreatedAt = normalTime(row.CreatedAt)
		row.Permission = PermissionActive
		return row.problem()
	})
	results, err := i.store.PutMerchants(ctx, valid, func(before *Merchant, after Merchant) Entry {
		return importEntry(caller, now, ActionMerchantImported, MerchantSubject(after.ID), before, after)
	})
	if err != nil {
		return ImportReport{}, fmt.Errorf("store merchants: %w", err)
	}
	report.count(results, indexes, Text{})
	if err := i.upkeep.RecountMarkedMerchants(ctx, now); err != nil {
		return report, err
	}
	return report, nil
}

// Orders stores orders. An order's shop must exist; an order's shop and buyer never change. Errors: FORBIDDEN,
// TOO_MANY_ROWS.
func (i *Imports) Orders(ctx context.Context, caller Caller, rows []Order) (ImportReport, error) {
	if err := i.check(caller, len(rows)); err != nil {
		return ImportReport{}, err
	}
	shops := make([]MerchantID, 0, len(rows))
	seen := make(map[MerchantID]bool)
	for _, row := range rows {
		if !seen[row.MerchantID] {
			seen[row.MerchantID] = true
			shops = append(shops, row.MerchantID)
		}
	}
	known, err := i.store.Merchants(ctx, shops)
	if err != nil {
		return ImportReport{}, fmt.Errorf("find merchants: %w", err)
	}
	var report ImportReport
	valid, indexes := keepValid(rows, &report, func(row *Order) (Text, bool) {
		if _, ok := known[row.MerchantID]; !ok {
			return Text{ZH: "merchant_id：没有这家店铺，请先导入店铺。", EN: "merchant_id: there is no such shop; import merchants first."}, true
		}
		if row.ReportOutcome == "" {
			row.ReportOutcome = ReportNone
		}
		row.PlacedAt = normalTime(row.PlacedAt)
		return row.problem()
	})
	now := i.clock.Now()
	results, err := i.store.PutOrders(ctx, valid,
		func(before, after Order) Entry {
			return importEntry(caller, now, ActionOrderChanged, OrderSubject(after.OrderNo), &before, after)
		},
		func(count int) Entry {
			return Entry{At: now, Actor: caller.Subject, Action: ActionOrdersImported, After: MustJSON(map[string]int{"orders": count})}
		})
	if err != nil {
		return ImportReport{}, fmt.Errorf("store orders: %w", err)
	}
	report.count(results, indexes, Text{
		ZH: "order_no：该订单的店铺或买家与已有记录不符，二者不可更改。",
		EN: "order_no: the order is stored with another shop or buyer, and these never change.",
	})
	return report, nil
}

// Risk stores risk profiles and evaluates the cases of their accounts. A profile that is older than the stored one is
// ignored. Errors: FORBIDDEN, TOO_MANY_ROWS.
func (i *Imports) Risk(ctx context.Context, caller Caller, rows []RiskProfile) (ImportReport, error) {
	if err := i.check(caller, len(rows)); err != nil {
		return ImportReport{}, err
	}
	var report ImportReport
	valid, indexes := keepValid(rows, &report, func(row *RiskProfile) (Text, bool) {
		row.UpdatedAt = normalTime(row.UpdatedAt)
		return row.problem()
	})
	now := i.clock.Now()
	results, err := i.store.PutRisks(ctx, valid, func(before *RiskProfile, after RiskProfile) Entry {
		return importEntry(caller, now, ActionRiskImported, BuyerSubject(after.BuyerID), before, after)
	})
	if err != nil {
		return ImportReport{}, fmt.Errorf("store risk profiles: %w", err)
	}
	report.count(results, indexes, Text{})
	if err := i.upkeep.EvaluateMarkedRisks(ctx, now); err != nil {
		return report, err
	}
	return report, nil
}

// keepValid returns the valid rows and their indexes, and reports the others. Rows with the same key are all kept: the
// store applies them in order.
func keepValid[T any](rows []T, report *ImportReport, problem func(*T) (Text, bool)) (valid []T, indexes []int) {
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
func (r *ImportReport) count(results []PutResult, indexes []int, conflict Text) {
	for n, result := range results {
		switch result {
		case PutStored:
			r.Stored++
		case PutConflict:
			r.reject(indexes[n], conflict)
		default:
			r.Unchanged++
		}
	}
	slices.SortFunc(r.RowErrors, func(a, b RowError) int { return a.Index - b.Index })
}

func importEntry[T any](caller Caller, at time.Time, action Action, subject Subject, before *T, after T) Entry {
	entry := Entry{At: at, Actor: caller.Subject, Action: action, Subjects: []Subject{subject}, After: MustJSON(after)}
	if before != nil {
		entry.Before = MustJSON(*before)
	}
	return entry
}

func problemText(field, zh, en string) (Text, bool) {
	return Text{ZH: field + "：" + zh, EN: field + ": " + en}, true
}

func idProblem(field, id string) (Text, bool) {
	if ValidToken(id, MaxIDLength) {
		return Text{}, false
	}
	return problemText(field, fmt.Sprintf("须为 1 至 %d 个可见 ASCII 字符。", MaxIDLength),
		fmt.Sprintf("must be 1 to %d visible ASCII characters.", MaxIDLength))
}

func timeProblem(field string) (Text, bool) {
	return problemText(field, fmt.Sprintf("须为 %d 至 %d 年（UTC）的时间。", minYear, maxYear),
		fmt.Sprintf("must be a time of the years %d to %d in UTC.", minYear, maxYear))
}

// problem returns why the shop is invalid, if it is.
func (m Merchant) problem() (Text, bool) {
	if text, bad := idProblem("id", string(m.ID)); bad {
		return text, bad
	}
	if text, bad := idProblem("entity_id", string(m.EntityID)); bad {
		return text, bad
	}
	if !validTime(m.CreatedAt) {
		return timeProblem("created_at")
	}
	if !HasVisibleText(m.Name, MaxNameLength) {
		return problemText("name", fmt.Sprintf("须为 1 至 %d 个字且不含控制字符。", MaxNameLength),
			fmt.Sprintf("must be 1 to %d characters without control characters.", MaxNameLength))
	}
	return Text{}, false
}

// problem returns why the order is invalid, if it is.
func (o Order) problem() (Text, bool) {
	if !o.OrderNo.Valid() {
		return problemText("order_no", fmt.Sprintf("须为 1 至 %d 个字母、数字、连字符、下划线或点。", MaxOrderNoLength),
			fmt.Sprintf("must be 1 to %d letters, digits, hyphens, underscores or dots.", MaxOrderNoLength))
	}
	if text, bad := idProblem("buyer_id", string(o.BuyerID)); bad {
		return text, bad
	}
	if !validTime(o.PlacedAt) {
		return timeProblem("placed_at")
	}
	if o.AmountCents < 0 {
		return problemText("amount_cents", "不能为负数。", "must not be negative.")
	}
	if !validCurrency(o.Currency) {
		return problemText("currency", "须为三个大写字母（ISO 4217）。", "must be three capital letters (ISO 4217).")
	}
	if !slices.Contains(ReportOutcomes(), o.ReportOutcome) {
		return problemText("report_outcome", "不是已知的上报结果。", "is not a known outcome.")
	}
	return Text{}, false
}

func validCurrency(code string) bool {
	if len(code) != 3 {
		return false
	}
	for i := range 3 {
		if code[i] < 'A' || code[i] > 'Z' {
			return false
		}
	}
	return true
}

// maxRiskSignals is the maximum number of signals of a profile.
const maxRiskSignals = 50

// problem returns why the profile is invalid, if it is.
func (p RiskProfile) problem() (Text, bool) {
	if text, bad := idProblem("buyer_id", string(p.BuyerID)); bad {
		return text, bad
	}
	if p.Score < 0 || p.Score > MaxRiskScore {
		return problemText("score", "须为 0 至 100。", "must be 0 to 100.")
	}
	if !validTime(p.UpdatedAt) {
		return timeProblem("updated_at")
	}
	if len(p.Signals) > maxRiskSignals {
		return problemText("signals", fmt.Sprintf("最多 %d 个。", maxRiskSignals), fmt.Sprintf("at most %d.", maxRiskSignals))
	}
	for _, signal := range p.Signals {
		if !ValidToken(signal.Code, MaxIDLength) || !finite(signal.Value) || !finite(signal.Weight) {
			return problemText("signals", "每个信号须有代码及有限的数值与权重。", "each needs a code, and a finite value and weight.")
		}
	}
	return Text{}, false
}

func finite(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }
