package cloudtag

import (
	"context"
	"fmt"
	"time"
)

// FreightInsuranceScenario is the scenario whose successful tags cause payouts to be refused (rule 11).
const FreightInsuranceScenario = ScenarioCode("FREIGHT_INSURANCE_ARBITRAGE")

// FreightInsuranceAnswer is the answer to the insurer's service about an order.
type FreightInsuranceAnswer string

// The answers.
const (
	AnswerPay            FreightInsuranceAnswer = "PAY"
	AnswerRefuse         FreightInsuranceAnswer = "REFUSE"
	AnswerAwaitComplaint FreightInsuranceAnswer = "AWAIT_COMPLAINT"
)

// Ground is the reason for an answer.
type Ground string

// The grounds.
const (
	GroundNoTag           Ground = "NO_TAG"            // no reason to refuse the payout
	GroundNotConfirmed    Ground = "NOT_CONFIRMED"     // tagged, but not confirmed
	GroundConfirmed       Ground = "CONFIRMED"         // the tag succeeded
	GroundComplaintOpen   Ground = "COMPLAINT_OPEN"    // the consumer complained about the refusal
	GroundConsumerUpheld  Ground = "CONSUMER_UPHELD"   // the complaint's outcome prevails
	GroundMerchantUpheld  Ground = "MERCHANT_UPHELD"   // the complaint's outcome prevails
	GroundComplaintClosed Ground = "COMPLAINT_CLOSED"  // withdrawn: the tag stands
	GroundOverturned      Ground = "APPEAL_OVERTURNED" // the confirmation was overturned
)

// FreightInsuranceDecision is an answer with its ground. A later answer for the same order is a new version; the log keeps
// the earlier ones.
type FreightInsuranceDecision struct {
	OrderNo       OrderNo                `json:"orderNo"`
	Version       int                    `json:"version"`
	Answer        FreightInsuranceAnswer `json:"answer"`
	Ground        Ground                 `json:"ground"`
	DecidedAt     time.Time              `json:"decidedAt"`
	TagVersion    int                    `json:"tagVersion,omitempty"`
	ComplaintID   string                 `json:"complaintId,omitempty"`
	PolicyVersion int                    `json:"policyVersion"`
}

// AnswerFreightInsurance implements rule 11: a succeeded tag of the freight insurance scenario refuses the payout; while a
// complaint about the refusal is open the answer is to wait, and its outcome prevails. complaint is the latest one; tag and
// complaint may be nil.
func AnswerFreightInsurance(tag *Tag, complaint *Complaint) (FreightInsuranceAnswer, Ground) {
	if tag == nil || tag.Scenario != FreightInsuranceScenario {
		return AnswerPay, GroundNoTag
	}
	switch tag.Status {
	case TagSucceeded:
	case TagOverturned:
		return AnswerPay, GroundOverturned
	default:
		return AnswerPay, GroundNotConfirmed
	}
	if complaint == nil {
		return AnswerRefuse, GroundConfirmed
	}
	switch complaint.State {
	case ComplaintOpen:
		return AnswerAwaitComplaint, GroundComplaintOpen
	case ComplaintConsumerUpheld:
		return AnswerPay, GroundConsumerUpheld
	case ComplaintMerchantUpheld:
		return AnswerRefuse, GroundMerchantUpheld
	case ComplaintWithdrawn:
		return AnswerRefuse, GroundComplaintClosed
	default:
		return AnswerAwaitComplaint, GroundComplaintOpen // an unknown outcome decides nothing
	}
}

// Text is the ground as a sentence for the platform's services and staff.
func (g Ground) Text() Text {
	switch g {
	case GroundNotConfirmed:
		return Text{ZH: "该订单的运费险套利标签未被确认，无拒付依据。", EN: "The order's tag is not confirmed; nothing speaks against the payout."}
	case GroundConfirmed:
		return Text{ZH: "该订单的运费险套利标签已确认，拒绝赔付。", EN: "The order's freight insurance tag is confirmed; the payout is refused."}
	case GroundComplaintOpen:
		return Text{ZH: "消费者已就拒付投诉，等待投诉结果。", EN: "The consumer has complained about the refusal; its outcome is awaited."}
	case GroundConsumerUpheld:
		return Text{ZH: "投诉支持消费者，以投诉结果为准，予以赔付。", EN: "The complaint upheld the consumer, and its outcome prevails: the payout is made."}
	case GroundMerchantUpheld:
		return Text{ZH: "投诉支持商家，以投诉结果为准，拒绝赔付。", EN: "The complaint upheld the merchant, and its outcome prevails: the payout is refused."}
	case GroundComplaintClosed:
		return Text{ZH: "投诉已撤回，标签仍然有效，拒绝赔付。", EN: "The complaint was withdrawn and the tag stands; the payout is refused."}
	case GroundOverturned:
		return Text{ZH: "原确认经申诉撤销，无拒付依据。", EN: "The confirmation was withdrawn after an appeal; nothing speaks against the payout."}
	default:
		return Text{ZH: "该订单没有运费险套利标签，无拒付依据。", EN: "The order has no freight insurance tag; nothing speaks against the payout."}
	}
}

// ComplaintState is the state of a consumer's complaint.
type ComplaintState string

// The states of a complaint; all but OPEN are final.
const (
	ComplaintOpen           ComplaintState = "OPEN"
	ComplaintConsumerUpheld ComplaintState = "CONSUMER_UPHELD"
	ComplaintMerchantUpheld ComplaintState = "MERCHANT_UPHELD"
	ComplaintWithdrawn      ComplaintState = "WITHDRAWN"
)

// Complaint is a consumer's complaint about a refused payout.
type Complaint struct {
	ID         string         `json:"id"`
	Version    int            `json:"version"`
	OrderNo    OrderNo        `json:"orderNo"`
	BuyerID    BuyerID        `json:"buyerId"`
	MerchantID MerchantID     `json:"merchantId"`
	State      ComplaintState `json:"state"`
	OpenedAt   time.Time      `json:"openedAt"`
	DecidedAt  time.Time      `json:"decidedAt,omitzero"` // zero while open
}

func complaintCodec() Codec[Complaint] {
	return Codec[Complaint]{KindComplaint, func(c Complaint) Document {
		document := Document{
			ID: c.ID, Version: c.Version, State: string(c.State), OrderNo: c.OrderNo, BuyerID: c.BuyerID,
			MerchantID: c.MerchantID, Rank: LatestFirst(c.OpenedAt),
		}
		if c.State == ComplaintOpen {
			document.Unique = string(c.OrderNo)
		}
		return document
	}}
}

func freightCodec() Codec[FreightInsuranceDecision] {
	return Codec[FreightInsuranceDecision]{KindFreightInsurance, func(d FreightInsuranceDecision) Document {
		return Document{
			ID: string(d.OrderNo), Version: d.Version, State: string(d.Answer), OrderNo: d.OrderNo, Rank: LatestFirst(d.DecidedAt),
		}
	}}
}

// FreightInsurance answers the insurer's services and records consumers' complaints (rule 11).
type FreightInsurance struct {
	store freightStore
	clock Clock
	ids   IDSource
}

type freightStore interface {
	DocumentStore
	TagsByOrder(ctx context.Context, orders []OrderNo) (map[OrderNo]Tag, error)
	Orders(ctx context.Context, orders []OrderNo) (map[OrderNo]Order, error)
	OrdersOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Order, error)
	PolicyReader
}

// NewFreightInsurance returns the service over a store.
func NewFreightInsurance(store freightStore, clock Clock, ids IDSource) *FreightInsurance {
	return &FreightInsurance{store: store, clock: clock, ids: ids}
}

// Decide returns the answer for an order, and stores it with its ground if it differs from the stored one. Errors: FORBIDDEN
// unless the caller is a service or reviews, NOT_FOUND for an unknown order.
func (f *FreightInsurance) Decide(ctx context.Context, caller Caller, number OrderNo) (FreightInsuranceDecision, error) {
	if !caller.Serves() && !caller.Reviews() {
		return FreightInsuranceDecision{}, Forbidden()
	}
	for {
		decision, err := f.decide(ctx, caller, number)
		if CodeOf(err) != CodeConflict {
			return decision, err
		}
		// An answer was stored concurrently: try again.
	}
}

func (f *FreightInsurance) decide(ctx context.Context, caller Caller, number OrderNo) (FreightInsuranceDecision, error) {
	fresh, err := f.evaluate(ctx, number)
	if err != nil {
		return FreightInsuranceDecision{}, err
	}
	codec := freightCodec()
	stored, err := codec.Find(ctx, f.store, string(number))
	var before *FreightInsuranceDecision
	switch {
	case err == nil:
		if stored.sameAnswer(fresh) {
			return stored, nil
		}
		before, fresh.Version = &stored, stored.Version+1
	case CodeOf(err) != CodeNotFound:
		return FreightInsuranceDecision{}, err
	}
	return fresh, codec.Save(ctx, f.store, before, fresh, Entry{
		At: fresh.DecidedAt, Actor: caller.Subject, Action: ActionFreightAnswered, Reason: string(fresh.Ground),
		Subjects: []Subject{OrderSubject(number)},
	})
}

// sameAnswer reports whether both have the same answer on the same ground.
func (d FreightInsuranceDecision) sameAnswer(other FreightInsuranceDecision) bool {
	return d.Answer == other.Answer && d.Ground == other.Ground && d.TagVersion == other.TagVersion && d.ComplaintID == other.ComplaintID
}

// evaluate computes the answer for an order from the current state.
func (f *FreightInsurance) evaluate(ctx context.Context, number OrderNo) (FreightInsuranceDecision, error) {
	orders, err := f.store.Orders(ctx, []OrderNo{number})
	if err != nil {
		return FreightInsuranceDecision{}, fmt.Errorf("find order: %w", err)
	}
	if _, known := orders[number]; !known {
		return FreightInsuranceDecision{}, NotFound()
	}
	policy, err := PolicyAt(ctx, f.store, f.clock.Now())
	if err != nil {
		return FreightInsuranceDecision{}, err
	}
	tags, err := f.store.TagsByOrder(ctx, []OrderNo{number})
	if err != nil {
		return FreightInsuranceDecision{}, fmt.Errorf("find tag: %w", err)
	}
	complaint, err := f.latestComplaint(ctx, number)
	if err != nil {
		return FreightInsuranceDecision{}, err
	}
	decision := FreightInsuranceDecision{OrderNo: number, Version: 1, DecidedAt: f.clock.Now(), PolicyVersion: policy.Version}
	var tag *Tag
	if found, known := tags[number]; known {
		tag, decision.TagVersion = &found, found.Version
	}
	if complaint != nil {
		decision.ComplaintID = complaint.ID
	}
	decision.Answer, decision.Ground = AnswerFreightInsurance(tag, complaint)
	return decision, nil
}

// Given returns the latest stored answers about orders, without computing new ones: for its own orders to a shop, for all to
// reviewers and services.
func (f *FreightInsurance) Given(ctx context.Context, caller Caller, numbers []OrderNo) (map[OrderNo]FreightInsuranceDecision, error) {
	orders, err := findAllowed("orders", caller, caller.Reviews() || caller.Serves(), func(shop MerchantID) (map[OrderNo]Order, error) {
		return f.store.OrdersOf(ctx, shop, numbers)
	}, func() (map[OrderNo]Order, error) { return f.store.Orders(ctx, numbers) })
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(orders))
	for number := range orders {
		ids = append(ids, string(number))
	}
	documents, err := f.store.Documents(ctx, KindFreightInsurance, ids)
	if err != nil {
		return nil, fmt.Errorf("find answers: %w", err)
	}
	given := make(map[OrderNo]FreightInsuranceDecision, len(documents))
	for id, document := range documents {
		if given[OrderNo(id)], err = freightCodec().Record(document); err != nil {
			return nil, err
		}
	}
	return given, nil
}

// latestComplaint returns the latest complaint about an order, or nil.
func (f *FreightInsurance) latestComplaint(ctx context.Context, number OrderNo) (*Complaint, error) {
	complaints, err := complaintCodec().List(ctx, f.store, DocumentFilter{OrderNo: number}, 1)
	if err != nil || len(complaints) == 0 {
		return nil, err
	}
	return &complaints[0], nil
}

// ComplaintsOf returns each account's complaints, latest first. FORBIDDEN unless the caller is a service or reviews.
func (f *FreightInsurance) ComplaintsOf(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID][]Complaint, error) {
	if !caller.MaySeeBuyers() {
		return nil, Forbidden()
	}
	return complaintCodec().OfBuyers(ctx, f.store, buyers)
}

// ComplaintOf returns the latest complaint about an order, or nil. FORBIDDEN unless the caller is a service or reviews.
func (f *FreightInsurance) ComplaintOf(ctx context.Context, caller Caller, number OrderNo) (*Complaint, error) {
	if !caller.MaySeeBuyers() {
		return nil, Forbidden()
	}
	return f.latestComplaint(ctx, number)
}

// OpenComplaint records a consumer's complaint about the refused payout of an order. Errors: FORBIDDEN unless the caller is a
// service, NOT_FOUND for an unknown order, INVALID_STATE unless the answer is REFUSE.
func (f *FreightInsurance) OpenComplaint(ctx context.Context, caller Caller, number OrderNo) (Complaint, error) {
	if !caller.Serves() {
		return Complaint{}, Forbidden()
	}
	decision, err := f.Decide(ctx, caller, number)
	if err != nil {
		return Complaint{}, err
	}
	if decision.Answer != AnswerRefuse {
		return Complaint{}, InvalidState("orderNo")
	}
	orders, err := f.store.Orders(ctx, []OrderNo{number})
	if err != nil {
		return Complaint{}, fmt.Errorf("find order: %w", err)
	}
	order := orders[number]
	now := f.clock.Now()
	complaint := Complaint{
		ID: f.ids.NewID(), Version: 1, OrderNo: number, BuyerID: order.BuyerID, MerchantID: order.MerchantID,
		State: ComplaintOpen, OpenedAt: now,
	}
	err = complaintCodec().Save(ctx, f.store, nil, complaint, complaint.entry(caller, ActionComplaintOpened, now))
	if CodeOf(err) == CodeConflict {
		return Complaint{}, InvalidState("orderNo")
	}
	if err != nil {
		return Complaint{}, err
	}
	_, err = f.Decide(ctx, caller, number)
	return complaint, err
}

// DecideComplaint closes an open complaint; its outcome prevails over the tag. Errors: FORBIDDEN unless the caller is a
// service, NOT_FOUND, INVALID_STATE unless the complaint is open and the new state is final.
func (f *FreightInsurance) DecideComplaint(ctx context.Context, caller Caller, id string, state ComplaintState) (Complaint, error) {
	if !caller.Serves() {
		return Complaint{}, Forbidden()
	}
	if err := CheckKnown(state, ComplaintStates(), "input", "state"); err != nil {
		return Complaint{}, err
	}
	codec := complaintCodec()
	before, err := codec.Find(ctx, f.store, id)
	if err != nil {
		return Complaint{}, err
	}
	if before.State != ComplaintOpen || state == ComplaintOpen {
		return Complaint{}, InvalidState("state")
	}
	after := before
	after.State, after.DecidedAt = state, f.clock.Now()
	after.Version++
	err = codec.Save(ctx, f.store, &before, after, after.entry(caller, ActionComplaintDecided, after.DecidedAt))
	if CodeOf(err) == CodeConflict {
		return Complaint{}, InvalidState("state")
	}
	if err != nil {
		return Complaint{}, err
	}
	_, err = f.Decide(ctx, caller, after.OrderNo)
	return after, err
}

func (c Complaint) entry(caller Caller, action Action, at time.Time) Entry {
	return Entry{
		At: at, Actor: caller.Subject, Action: action,
		Subjects: []Subject{"complaint:" + Subject(c.ID), OrderSubject(c.OrderNo), BuyerSubject(c.BuyerID)},
	}
}
