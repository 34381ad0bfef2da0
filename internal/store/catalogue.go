package store

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// Catalogue defines every kind of record, with its fields and indexes.
type Catalogue struct {
	Batches, Tags, Cases, Merchants, Orders, Risks, Policies, Documents, Reservations, ShopCounts *Kind

	Copies *Kind // not copied itself
}

// NewCatalogue returns the catalogue. Refs contain its pointers, so an engine and the [Store] over it must share one.
func NewCatalogue() *Catalogue {
	return &Catalogue{
		Batches: batchKind(), Tags: tagKind(), Cases: caseKind(), Merchants: merchantKind(), Orders: orderKind(),
		Risks: riskKind(), Policies: policyKind(), Documents: documentKind(), Reservations: reservationKind(), ShopCounts: shopCountsKind(),
		Copies: copyKind(),
	}
}

// Kinds returns all kinds, in the order in which copies and checks process them.
func (c *Catalogue) Kinds() []*Kind {
	return []*Kind{
		c.Batches, c.Tags, c.Cases, c.Merchants, c.Orders, c.Risks, c.Policies, c.Documents, c.Reservations, c.ShopCounts,
		c.Copies,
	}
}

// batchKey returns the identifier of a batch. Neither part contains a space.
func batchKey(merchant cloudtag.MerchantID, key string) string { return string(merchant) + " " + key }

func batchKind() *Kind {
	return define("batches", func(b *cloudtag.Batch) string { return batchKey(b.MerchantID, b.Key) },
		[]field[cloudtag.Batch]{text("batchId", func(b *cloudtag.Batch) cloudtag.BatchID { return b.ID }).derived()},
		Index{Name: byBatch, Fields: []string{"batchId"}},
	)
}

// The names of indexes.
const (
	byBatch           = "batch"
	bySubmitted       = "submitted"
	byChanged         = "changed"
	bySettled         = "settled"
	bySettledChanged  = "settled_changed"
	byMerchant        = "merchant"
	byMerchantChanged = "merchant_changed"
	byBuyer           = "buyer"
	byLive            = "live"
	byOpened          = "opened"
	byRank            = "rank"
	byQueue           = "queue"
	byState           = "state"
	byRisk            = "risk"
	byVotes           = "votes"
	byAssignee        = "assignee"
	byAttention       = "attention"
	byWake            = "wake"
	byMark            = "mark"
	byOrder           = "order"
	byCase            = "case"
	byOwner           = "owner"
	byTopic           = "topic"
)

func tagKind() *Kind {
	selects := []string{"scenario"} // never changes; a field that does is expensive in many indexes
	ofShop := []string{"scenario", "placedAt"}
	return define("tags", func(t *cloudtag.Tag) string { return string(t.OrderNo) },
		[]field[cloudtag.Tag]{
			text("merchantId", func(t *cloudtag.Tag) cloudtag.MerchantID { return t.MerchantID }),
			text("scenario", func(t *cloudtag.Tag) cloudtag.ScenarioCode { return t.Scenario }),
			text("status", func(t *cloudtag.Tag) cloudtag.TagStatus { return t.Status }),
			moment("placedAt", func(t *cloudtag.Tag) time.Time { return t.PlacedAt }).optional(),
			moment("submittedAt", func(t *cloudtag.Tag) time.Time { return t.SubmittedAt }),
			moment("statusChangedAt", func(t *cloudtag.Tag) time.Time { return t.StatusChangedAt }),
			text("settled", settled).derived().optional(),
			text("liveCase", liveCase).derived().optional(),
		},
		Index{Name: bySubmitted, Fields: []string{"submittedAt"}, Also: selects},
		Index{Name: byChanged, Fields: []string{"statusChangedAt"}, Also: selects},
		Index{Name: bySettled, Fields: []string{"settled", "submittedAt"}},
		Index{Name: bySettledChanged, Fields: []string{"settled", "statusChangedAt"}},
		Index{Name: byMerchant, Fields: []string{"merchantId", "submittedAt"}, Also: ofShop},
		Index{Name: byMerchantChanged, Fields: []string{"merchantId", "statusChangedAt"}, Also: selects},
		Index{Name: byLive, Fields: []string{"merchantId", "liveCase"}},
	)
}

// settled returns the status of a tag that no longer accumulates. Accumulating ones are found by time; otherwise a tag would
// move within the index as soon as it succeeds.
func settled(t *cloudtag.Tag) cloudtag.TagStatus {
	if t.Status == cloudtag.TagAccumulating {
		return ""
	}
	return t.Status
}

// liveCase returns the case of a live tag.
func liveCase(t *cloudtag.Tag) cloudtag.CaseID {
	if !t.Live {
		return ""
	}
	return t.CaseID()
}

// caseRecord is a case as it is stored. It lists its tags, so that they are read by key, and all tags of an account through
// its cases: an index by account would have to be written at another page for each tag.
type caseRecord struct {
	cloudtag.Case `json:",inline"`
	LiveTags      []cloudtag.OrderNo `json:"liveTags,omitempty"`
	PastTags      []cloudtag.OrderNo `json:"pastTags,omitempty"` // no longer live
}

// listTags lists the live tags as such and those listed before, changed or added as past ones.
func (c *caseRecord) listTags(before *caseRecord, live, touched []cloudtag.Tag) {
	listed := make(map[cloudtag.OrderNo]bool, len(live))
	for _, tag := range live {
		listed[tag.OrderNo] = true
		c.LiveTags = append(c.LiveTags, tag.OrderNo)
	}
	past := func(order cloudtag.OrderNo) {
		if !listed[order] {
			listed[order] = true
			c.PastTags = append(c.PastTags, order)
		}
	}
	if before != nil {
		for _, order := range before.PastTags {
			past(order)
		}
	}
	for _, tag := range touched {
		past(tag.OrderNo)
	}
}

func caseKind() *Kind {
	selects := []string{"scenario"}
	pending := []string{"scenario", "snoozedUntil"} // in the indexes of pending cases, which are few
	kind := define("cases", func(c *caseRecord) string { return string(c.ID) },
		[]field[caseRecord]{
			text("scenario", func(c *caseRecord) cloudtag.ScenarioCode { return c.Scenario }),
			text("state", func(c *caseRecord) cloudtag.CaseState { return c.State }),
			text("handling", func(c *caseRecord) cloudtag.Handling { return c.Handling }),
			text("riskLevel", func(c *caseRecord) cloudtag.RiskLevel { return c.RiskLevel }),
			text("assessedRisk", assessedRisk).derived().optional(),
			number("votes", func(c *caseRecord) int { return c.Votes }),
			number("severalVotes", severalVotes).derived().optional(),
			moment("openedAt", func(c *caseRecord) time.Time { return c.OpenedAt }),
			number("rank", queueRank).derived().optional(),
			number("dueKey", func(c *caseRecord) int64 { return c.DueKey() }).derived(),
			moment("waitsUntil", waitsUntil).derived().optional(),
			text("claimedBy", claimedBy).derived().optional(),
			moment("claimedUntil", claimedUntil).derived().optional(),
			text("assignedTo", func(c *caseRecord) string { return c.AssignedTo() }).derived().optional(),
			text("attention", attention).derived().optional(),
			number("snoozedUntil", snoozedUntil).derived(),
			moment("wakeAt", func(c *caseRecord) time.Time { return c.WakeAt() }).derived().optional(),
		},
		Index{Name: byOpened, Fields: []string{"openedAt"}, Also: selects},
		Index{Name: byRank, Fields: []string{"rank"}, Also: pending},
		Index{Name: byState, Fields: []string{"state", "openedAt"}},
		Index{Name: byRisk, Fields: []string{"assessedRisk", "openedAt"}},
		Index{Name: byVotes, Fields: []string{"severalVotes", "openedAt"}},
		Index{Name: byQueue, Fields: []string{"waitsUntil"}, Also: pending},
		Index{Name: byWake, Fields: []string{"wakeAt"}},
		Index{Name: byAssignee, Fields: []string{"assignedTo", "rank"}},
		Index{Name: byAttention, Fields: []string{"attention", "rank"}},
	)
	kind.Logged = true
	return kind
}

// States of pending cases beside their handling: no case has both, and few have one.
const (
	snoozedCase   = "SNOOZED" // also after the snooze has expired, until the case is next evaluated
	escalatedCase = "ESCALATED"
)

// attention returns the state by which a case is kept out of the reviewers' common queue.
func attention(c *caseRecord) string {
	switch {
	case c.Work.Escalation != nil:
		return escalatedCase
	case c.Work.Snooze != nil:
		return snoozedCase
	default:
		return ""
	}
}

// snoozedUntil returns milliseconds since 1970, and 0 for a case that is not snoozed.
func snoozedUntil(c *caseRecord) int64 {
	if c.Work.Snooze == nil {
		return 0
	}
	return millis(c.Work.Snooze.Until)
}

// assessedRisk returns the risk level of a case whose account has risk data. Most have none, which keeps the index small.
func assessedRisk(c *caseRecord) cloudtag.RiskLevel {
	if c.RiskLevel == cloudtag.RiskUnknown {
		return ""
	}
	return c.RiskLevel
}

// maxCountedVotes is the largest number of votes distinguished by the index.
const maxCountedVotes = 10

// severalVotes returns the votes of a case that has more than one, which most have not.
func severalVotes(c *caseRecord) int64 {
	if c.Votes < 2 {
		return 0
	}
	return int64(min(c.Votes, maxCountedVotes))
}

// queueRank returns the rank of a pending case. Handled cases have none, so that they are not in the index: lists show them
// after the pending ones, by opening time.
func queueRank(c *caseRecord) int64 {
	if c.Handling != cloudtag.HandlingPending {
		return 0
	}
	return c.PriorityKey()
}

// waitsUntil returns the due time of a pending case.
func waitsUntil(c *caseRecord) time.Time {
	if c.Handling != cloudtag.HandlingPending {
		return time.Time{}
	}
	return c.DueAt
}

func claimedBy(c *caseRecord) string {
	if c.Claim == nil {
		return ""
	}
	return c.Claim.By
}

func claimedUntil(c *caseRecord) time.Time {
	if c.Claim == nil {
		return time.Time{}
	}
	return c.Claim.Until
}

// merchantRecord is a shop as it is stored. Recount marks that its votes are to be counted for another entity.
type merchantRecord struct {
	cloudtag.Merchant `json:",inline"`
	Recount           bool `json:"recount,omitempty"`
}

func merchantKind() *Kind {
	kind := define("merchants", func(m *merchantRecord) string { return string(m.ID) },
		[]field[merchantRecord]{
			text("permission", func(m *merchantRecord) cloudtag.Permission { return m.Permission }),
			number("marked", func(m *merchantRecord) int64 { return flag(m.Recount) }).derived().optional(),
		},
		Index{Name: byMark, Fields: []string{"marked"}},
	)
	kind.Cached = true
	return kind
}

func orderKind() *Kind {
	return define("orders", func(o *cloudtag.Order) string { return string(o.OrderNo) },
		[]field[cloudtag.Order]{
			text("merchantId", func(o *cloudtag.Order) cloudtag.MerchantID { return o.MerchantID }),
			text("buyerId", func(o *cloudtag.Order) cloudtag.BuyerID { return o.BuyerID }),
			moment("placedAt", func(o *cloudtag.Order) time.Time { return o.PlacedAt }),
		},
		Index{Name: byMerchant, Fields: []string{"merchantId", "placedAt"}},
		Index{Name: byBuyer, Fields: []string{"buyerId", "placedAt"}},
	)
}

// riskRecord is a risk profile as it is stored. Evaluate marks that the account's cases are to be evaluated.
type riskRecord struct {
	cloudtag.RiskProfile `json:",inline"`
	Evaluate             bool `json:"evaluate,omitempty"`
}

func riskKind() *Kind {
	return define("risks", func(r *riskRecord) string { return string(r.BuyerID) },
		[]field[riskRecord]{
			number("marked", func(r *riskRecord) int64 { return flag(r.Evaluate) }).derived().optional(),
		},
		Index{Name: byMark, Fields: []string{"marked"}},
	)
}

func flag(set bool) int64 {
	if set {
		return 1
	}
	return 0
}

// policyRecord is a version of the policy as it is stored, named by its number. The one named currentPolicy is the timeline:
// the version in force, and the scheduled one that replaces it.
type policyRecord struct {
	Name            string `json:"name"`
	cloudtag.Policy `json:",inline"`
	Scheduled       *cloudtag.Policy `json:"scheduled,omitempty"`
}

func timelineRecord(timeline cloudtag.PolicyTimeline) *policyRecord {
	return &policyRecord{Name: currentPolicy, Policy: timeline.Holds, Scheduled: timeline.Scheduled}
}

func (p *policyRecord) timeline() cloudtag.PolicyTimeline {
	return cloudtag.PolicyTimeline{Holds: p.Policy, Scheduled: p.Scheduled}
}

const currentPolicy = "current"

func policyKind() *Kind {
	kind := define("policies", func(p *policyRecord) string { return p.Name }, []field[policyRecord]{})
	kind.Cached = true
	return kind
}

func documentID(kind cloudtag.DocumentKind, id string) string { return string(kind) + "/" + id }

func documentKind() *Kind {
	return define("documents", func(d *cloudtag.Document) string { return documentID(d.Kind, d.ID) },
		[]field[cloudtag.Document]{
			text("kind", func(d *cloudtag.Document) cloudtag.DocumentKind { return d.Kind }),
			text("state", func(d *cloudtag.Document) string { return d.State }),
			text("merchantId", func(d *cloudtag.Document) cloudtag.MerchantID { return d.MerchantID }).optional(),
			text("buyerId", func(d *cloudtag.Document) cloudtag.BuyerID { return d.BuyerID }).optional(),
			text("orderNo", func(d *cloudtag.Document) cloudtag.OrderNo { return d.OrderNo }).optional(),
			text("caseId", func(d *cloudtag.Document) cloudtag.CaseID { return d.CaseID }).optional(),
			text("owner", func(d *cloudtag.Document) string { return d.Owner }).optional(),
			text("topic", func(d *cloudtag.Document) string { return d.Topic }).optional(),
			number("rank", func(d *cloudtag.Document) int64 { return d.Rank }),
			moment("wakeAt", func(d *cloudtag.Document) time.Time { return d.WakeAt }).optional(),
		},
		Index{Name: byRank, Fields: []string{"kind", "rank"}},
		Index{Name: byState, Fields: []string{"kind", "state", "rank"}},
		Index{Name: byMerchant, Fields: []string{"kind", "merchantId", "rank"}},
		Index{Name: byBuyer, Fields: []string{"kind", "buyerId", "rank"}},
		Index{Name: byOrder, Fields: []string{"kind", "orderNo", "rank"}},
		Index{Name: byCase, Fields: []string{"kind", "caseId", "rank"}},
		Index{Name: byOwner, Fields: []string{"kind", "owner", "rank"}},
		Index{Name: byTopic, Fields: []string{"kind", "topic", "rank"}},
		Index{Name: byWake, Fields: []string{"kind", "wakeAt"}},
	)
}

// reservationRecord names the document that holds a unique value; Holder is empty while none does.
type reservationRecord struct {
	Value  string `json:"value"`
	Holder string `json:"holder,omitempty"`
}

func reservationKind() *Kind {
	return define("claims", func(r *reservationRecord) string { return r.Value }, []field[reservationRecord]{})
}

// shopCountsRecord counts a shop's tags by outcome.
type shopCountsRecord struct {
	MerchantID cloudtag.MerchantID `json:"merchantId"`
	cloudtag.MerchantCounts
}

func shopCountsKind() *Kind {
	return define("shopCounts", func(s *shopCountsRecord) string { return string(s.MerchantID) }, []field[shopCountsRecord]{})
}
