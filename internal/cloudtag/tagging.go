package cloudtag

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
	"unicode/utf8"
)

// Tagging accepts merchants' submissions (rules 1 to 5).
type Tagging struct {
	store taggingStore
	clock Clock
	ids   IDSource

	allowance Allowance // nil: no limit
}

// Allowance limits the number of orders that shops submit.
type Allowance interface {
	// Take deducts the number of orders of a new batch. RATE_LIMITED if fewer are left.
	Take(ctx context.Context, merchant MerchantID, orders int) error
}

type taggingStore interface {
	CaseWriter
	BatchReader
	shopTagReader
	OrdersOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Order, error)
	Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error)
	PolicyReader
}

// NewTagging returns the service over a store.
func NewTagging(store taggingStore, clock Clock, ids IDSource) *Tagging {
	return &Tagging{store: store, clock: clock, ids: ids}
}

// Within returns the service with an allowance. A retry of a stored batch costs nothing. Every order of a new batch counts,
// including those that are not accepted.
func (t *Tagging) Within(allowance Allowance) *Tagging {
	limited := *t
	limited.allowance = allowance
	return &limited
}

// SubmitInput is one submission of a merchant.
type SubmitInput struct {
	OrderNos       []OrderNo
	Scenario       ScenarioCode
	Note           string
	IdempotencyKey string
}

// Submitted is the outcome of a submission: the stored batch, and the current tags of its orders, including those that were
// tagged before.
type Submitted struct {
	Batch Batch
	Tags  map[OrderNo]Tag
}

// Submit tags orders of the caller's shop. Each order gets its own result, independent of the others. The same key with the
// same input returns the stored results and changes nothing.
//
// Errors, with which nothing is stored: FORBIDDEN (the caller is not a merchant), PERMISSION_REVOKED,
// PERMISSION_SUSPENDED, EMPTY_BATCH, TOO_MANY_ORDERS, UNKNOWN_SCENARIO, SCENARIO_DISABLED, NOTE_TOO_LONG,
// INVALID_NOTE, INVALID_IDEMPOTENCY_KEY, IDEMPOTENCY_CONFLICT, RATE_LIMITED.
func (t *Tagging) Submit(ctx context.Context, caller Caller, in SubmitInput) (Submitted, error) {
	merchant, err := t.merchantOf(ctx, caller)
	if err != nil {
		return Submitted{}, err
	}
	if err := in.check(); err != nil {
		return Submitted{}, err
	}
	hash := in.hash()
	stored, err := t.store.Batch(ctx, merchant.ID, in.IdempotencyKey)
	switch {
	case err == nil:
		return t.answer(ctx, stored, hash)
	case CodeOf(err) != CodeNotFound:
		return Submitted{}, fmt.Errorf("find batch: %w", err)
	}
	if t.allowance != nil {
		if err := t.allowance.Take(ctx, merchant.ID, len(in.OrderNos)); err != nil {
			return Submitted{}, err
		}
	}
	submission, err := t.prepare(ctx, merchant, in)
	if err != nil {
		return Submitted{}, err
	}
	submission.Batch.InputHash = hash
	recorded := make(map[OrderNo]Tag, len(submission.Tags))
	stored, repeated, err := t.store.Record(ctx, submission, func(file *CaseFile, tags []Tag) {
		for _, tag := range tags {
			file.Add(tag, caller.Subject)
		}
		change, _ := file.Change()
		for _, tag := range change.Added {
			recorded[tag.OrderNo] = tag
		}
	})
	switch {
	case err != nil:
		return Submitted{}, fmt.Errorf("record submission: %w", err)
	case repeated || len(tagged(stored)) > stored.AcceptedCount():
		return t.answer(ctx, stored, hash)
	default: // all tags were just stored and need not be read
		return Submitted{Batch: stored, Tags: recorded}, nil
	}
}

// merchantOf returns the caller's shop, and an error if it may not tag.
func (t *Tagging) merchantOf(ctx context.Context, caller Caller) (Merchant, error) {
	if !caller.ActsFor(caller.MerchantID) {
		return Merchant{}, Forbidden()
	}
	found, err := t.store.Merchants(ctx, []MerchantID{caller.MerchantID})
	if err != nil {
		return Merchant{}, fmt.Errorf("find merchant: %w", err)
	}
	merchant, known := found[caller.MerchantID]
	if !known {
		return Merchant{}, Forbidden()
	}
	return merchant, merchant.Permission.Refusal()
}

// Refusal returns why a shop with this permission may not tag, or nil.
func (p Permission) Refusal() error {
	switch p {
	case PermissionActive:
		return nil
	case PermissionRevoked:
		return Refuse(CodePermissionRevoked, Text{
			ZH: "本店的云标签权限已被永久取消。",
			EN: "This shop's permission to tag has been revoked for good.",
		})
	default:
		return Refuse(CodePermissionSuspended, Text{
			ZH: "本店的云标签权限已暂停，等待平台处理。",
			EN: "This shop's permission to tag is suspended while the platform looks into it.",
		})
	}
}

// check validates the input on its own.
func (in SubmitInput) check() error {
	if len(in.OrderNos) == 0 {
		return Refuse(CodeEmptyBatch, Text{
			ZH: "请至少提交 1 个订单号。", EN: "Submit at least 1 order number.",
		}, "input", "orderNos")
	}
	if count := len(in.OrderNos); count > MaxBatchOrders {
		return Refuse(CodeTooManyOrders, Text{
			ZH: fmt.Sprintf("每次最多提交 %d 个订单号，本次为 %d 个。", MaxBatchOrders, count),
			EN: fmt.Sprintf("Submit at most %d order numbers at a time; this batch has %d.", MaxBatchOrders, count),
		}, "input", "orderNos")
	}
	if _, known := FindScenario(in.Scenario); !known {
		return Refuse(CodeUnknownScenario, Text{
			ZH: "没有这个风险场景，请从场景目录中选择。", EN: "There is no such scenario; choose one of the catalogue.",
		}, "input", "scenario")
	}
	if err := CheckNote(in.Note); err != nil {
		return err
	}
	if !ValidToken(in.IdempotencyKey, MaxIdempotencyKeyLength) {
		return Refuse(CodeInvalidIdempotencyKey, Text{
			ZH: fmt.Sprintf("幂等键须为 1 至 %d 个可见 ASCII 字符。", MaxIdempotencyKeyLength),
			EN: fmt.Sprintf("The idempotency key must be 1 to %d visible ASCII characters.", MaxIdempotencyKeyLength),
		}, "input", "idempotencyKey")
	}
	return nil
}

// CheckNote returns NOTE_TOO_LONG or INVALID_NOTE, with the field, unless a tag can have the note, which may be empty.
func CheckNote(note string) error {
	if count := utf8.RuneCountInString(note); count > MaxNoteLength {
		return Refuse(CodeNoteTooLong, Text{
			ZH: fmt.Sprintf("备注最多 %d 个字，本次为 %d 个。", MaxNoteLength, count),
			EN: fmt.Sprintf("A note has at most %d characters; this one has %d.", MaxNoteLength, count),
		}, "input", "note")
	}
	if !ValidText(note, MaxNoteLength) {
		return Refuse(CodeInvalidNote, Text{
			ZH: "备注含有控制字符或无效字符。", EN: "The note holds control characters or invalid characters.",
		}, "input", "note")
	}
	return nil
}

// hash identifies the input. The order of the order numbers matters, since results are in input order.
func (in SubmitInput) hash() string {
	sum := sha256.Sum256(MustJSON([]any{in.OrderNos, in.Scenario, in.Note}))
	return hex.EncodeToString(sum[:])
}

// prepare checks each order by rules 1 to 3 and creates the tags of those that pass.
func (t *Tagging) prepare(ctx context.Context, merchant Merchant, in SubmitInput) (Submission, error) {
	policy, err := PolicyAt(ctx, t.store, t.clock.Now())
	if err != nil {
		return Submission{}, err
	}
	if !policy.Rule(in.Scenario).Enabled {
		return Submission{}, Refuse(CodeScenarioDisabled, Text{
			ZH: "该风险场景已停用。", EN: "This scenario is disabled.",
		}, "input", "scenario")
	}
	orders, err := t.store.OrdersOf(ctx, merchant.ID, validOrderNos(in.OrderNos))
	if err != nil {
		return Submission{}, fmt.Errorf("find orders: %w", err)
	}
	now := t.clock.Now()
	submission := Submission{Batch: Batch{
		ID: BatchID(t.ids.NewID()), MerchantID: merchant.ID, Key: in.IdempotencyKey, Scenario: in.Scenario,
		SubmittedAt: now, Results: make([]OrderResult, len(in.OrderNos)),
	}}
	seen := make(map[OrderNo]bool, len(in.OrderNos))
	for i, number := range in.OrderNos {
		order, known := orders[number]
		code := checkOrder(number, order, known, seen[number], policy, now)
		submission.Batch.Results[i] = OrderResult{OrderNo: number, Code: code}
		seen[number] = true
		if code == "" {
			submission.Tags = append(submission.Tags, newTag(order, merchant, in, submission.Batch.ID, policy, now))
		}
	}
	return submission, nil
}

func validOrderNos(numbers []OrderNo) []OrderNo {
	valid := make([]OrderNo, 0, len(numbers))
	for _, number := range numbers {
		if number.Valid() {
			valid = append(valid, number)
		}
	}
	return valid
}

// checkOrder returns why an order can't be tagged, or "". An unknown order and another shop's give the same result (rule 2);
// no other property of an order that is not the shop's is checked.
func checkOrder(number OrderNo, order Order, own, seen bool, policy Policy, now time.Time) Code {
	switch {
	case !number.Valid():
		return CodeInvalidOrderNo
	case seen:
		return CodeDuplicateInBatch
	case !own:
		return CodeOrderNotFound
	case policy.MaxOrderAgeDays > 0 && !order.PlacedAt.After(now.AddDate(0, 0, -policy.MaxOrderAgeDays)):
		return CodeOrderTooOld
	case policy.RequireRejectedReport && !order.reportFailed():
		return CodeReportRequired
	default:
		return ""
	}
}

func newTag(order Order, merchant Merchant, in SubmitInput, batch BatchID, policy Policy, now time.Time) Tag {
	return Tag{
		OrderNo: order.OrderNo, Scenario: in.Scenario, MerchantID: merchant.ID, EntityID: merchant.EntityID,
		BuyerID: order.BuyerID, Note: in.Note, PlacedAt: order.PlacedAt, SubmittedAt: now, HandleBy: now.Add(policy.HandleWithin()), BatchID: batch,
	}
}

// answer returns a stored batch with its tags. IDEMPOTENCY_CONFLICT if it was stored for another input.
func (t *Tagging) answer(ctx context.Context, stored Batch, hash string) (Submitted, error) {
	if stored.InputHash != hash {
		return Submitted{}, Refuse(CodeIdempotencyConflict, Text{
			ZH: "该幂等键已用于另一份提交，请使用新的幂等键。",
			EN: "This idempotency key was used for another submission; use a new one.",
		}, "input", "idempotencyKey")
	}
	return withTags(ctx, t.store, stored)
}

// shopTagReader reads a shop's tags by order.
type shopTagReader interface {
	TagsOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Tag, error)
}

// withTags returns a batch with the shop's tags of its orders.
func withTags(ctx context.Context, store shopTagReader, batch Batch) (Submitted, error) {
	tags, err := store.TagsOf(ctx, batch.MerchantID, tagged(batch))
	if err != nil {
		return Submitted{}, fmt.Errorf("find tags: %w", err)
	}
	return Submitted{Batch: batch, Tags: tags}, nil
}

// tagged returns a batch's orders that have a tag, from this batch or an earlier one.
func tagged(batch Batch) []OrderNo {
	orders := make([]OrderNo, 0, len(batch.Results))
	for _, result := range batch.Results {
		if result.Accepted() || result.Code == CodeAlreadyTagged {
			orders = append(orders, result.OrderNo)
		}
	}
	return orders
}

// ResultError is the error for an order that was not accepted; nil for an accepted one.
func (r OrderResult) ResultError() *Error {
	if r.Accepted() {
		return nil
	}
	return Refuse(r.Code, OrderResultText(r.Code), "input", "orderNos")
}

// OrderResultText says why an order was not accepted.
func OrderResultText(code Code) Text {
	switch code {
	case CodeInvalidOrderNo:
		return Text{
			ZH: fmt.Sprintf("订单号须为 1 至 %d 个字母、数字、连字符、下划线或点。", MaxOrderNoLength),
			EN: fmt.Sprintf("An order number is 1 to %d letters, digits, hyphens, underscores or dots.", MaxOrderNoLength),
		}
	case CodeDuplicateInBatch:
		return Text{ZH: "该订单号在本次提交中重复。", EN: "This order number occurs before in the same batch."}
	case CodeOrderNotFound:
		return Text{ZH: "未找到本店的该订单。", EN: "Your shop has no such order."}
	case CodeAlreadyTagged:
		return Text{ZH: "该订单已打标，每个订单只能打标一次。", EN: "This order is tagged already; each order can be tagged once."}
	case CodeOrderTooOld:
		return Text{ZH: "该订单已超过可打标的期限。", EN: "This order is too old to be tagged."}
	case CodeReportRequired:
		return Text{
			ZH: "请先通过普通上报；上报被驳回或证据不足时才能使用云标签。",
			EN: "Report this order first; it can be tagged once the report was rejected or lacked evidence.",
		}
	default:
		return Text{ZH: "该订单未被接受。", EN: "This order was not accepted."}
	}
}
