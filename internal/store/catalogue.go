package store

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// Catalogue is every kind of record there is. A new kind, field or index is added here and nowhere else.
type Catalogue struct {
	Batches, Tags, Cases, Merchants, Orders, Risks, Policies, Documents, Claims, ShopCounts *Kind

	Copies *Kind // no part of a copy
}

// NewCatalogue returns the catalogue. Refs hold its pointers, so that an engine and the [Store] over it share one.
func NewCatalogue() *Catalogue {
	return &Catalogue{
		Batches: batchKind(), Tags: tagKind(), Cases: caseKind(), Merchants: merchantKind(), Orders: orderKind(),
		Risks: riskKind(), Policies: policyKind(), Documents: documentKind(), Claims: claimKind(), ShopCounts: shopCountsKind(),
		Copies: copyKind(),
	}
}

// Kinds are all kinds, in the order in which copies and checks go through them.
func (c *Catalogue) Kinds() []*Kind {
	return []*Kind{
		c.Batches, c.Tags, c.Cases, c.Merchants, c.Orders, c.Risks, c.Policies, c.Documents, c.Claims, c.ShopCounts,
		c.Copies,
	}
}

// batchKey is the identifier of a batch: a space occurs in neither part.
func batchKey(merchant cloudtag.MerchantID, key string) string { return string(merchant) + " " + key }

func batchKind() *Kind {
	return define("batches", func(b *cloudtag.Batch) string { return batchKey(b.MerchantID, b.Key) },
		[]field[cloudtag.Batch]{text("batchId", func(b *cloudtag.Batch) cloudtag.BatchID { return b.ID }).derived()},
		Index{Name: byBatch, Fields: []string{"batchId"}},
	)
}

// The names of indexes that queries choose between.
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
	selects := []string{"scenario"} // which never changes: what does is costly to keep in many indexes
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

// settled is the status of a tag that does not accumulate any more. Those that accumulate are found by time: a tag would
// else move from one place of an index to another as soon as it succeeds.
func settled(t *cloudtag.Tag) cloudtag.TagStatus {
	if t.Status == cloudtag.TagAccumulating {
		return ""
	}
	return t.Status
}

// liveCase is the case that a live tag counts in.
func liveCase(t *cloudtag.Tag) cloudtag.CaseID {
	if !t.Live {
		return ""
	}
	return t.CaseID()
}

// caseRecord is a case as it is stored. It names its tags, so that whoever changes the case finds the live ones by key, and
// all tags of an account are found through its cases: an index of them would be touched at another place for each tag.
type caseRecord struct {
	cloudtag.Case `json:",inline"`
	LiveTags      []cloudtag.OrderNo `json:"liveTags,omitempty"`
	PastTags      []cloudtag.OrderNo `json:"pastTags,omitempty"` // which are not live any more
}

// name takes note of what became of the case's tags: those that live, and those that changed or are new.
func (c *caseRecord) name(before *caseRecord, live, touched []cloudtag.Tag) {
	named := make(map[cloudtag.OrderNo]bool, len(live))
	for _, tag := range live {
		named[tag.OrderNo] = true
		c.LiveTags = append(c.LiveTags, tag.OrderNo)
	}
	past := func(order cloudtag.OrderNo) {
		if !named[order] {
			named[order] = true
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
	waiting := []string{"scenario", "snoozedUntil"} // of the cases that wait, which are few
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
		Index{Name: byRank, Fields: []string{"rank"}, Also: waiting},
		Index{Name: byState, Fields: []string{"state", "openedAt"}},
		Index{Name: byRisk, Fields: []string{"assessedRisk", "openedAt"}},
		Index{Name: byVotes, Fields: []string{"severalVotes", "openedAt"}},
		Index{Name: byQueue, Fields: []string{"waitsUntil"}, Also: waiting},
		Index{Name: byWake, Fields: []string{"wakeAt"}},
		Index{Name: byAssignee, Fields: []string{"assignedTo", "rank"}},
		Index{Name: byAttention, Fields: []string{"attention", "rank"}},
	)
	kind.Logged = true
	return kind
}

// What a case that waits may be beside: no case is both, and few are one.
const (
	snoozedCase   = "SNOOZED" // or was: until somebody looks at a case, a snooze that is over stands in it
	escalatedCase = "ESCALATED"
)

// attention is what keeps a case from being every reviewer's next.
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

// snoozedUntil is in milliseconds since 1970; 0, before every time, for a case that is not snoozed.
func snoozedUntil(c *caseRecord) int64 {
	if c.Work.Snooze == nil {
		return 0
	}
	return millis(c.Work.Snooze.Until)
}

// assessedRisk is the risk level of a case whose account has risk data: of most accounts there are none, so that the index by
// it is small.
func assessedRisk(c *caseRecord) cloudtag.RiskLevel {
	if c.RiskLevel == cloudtag.RiskUnknown {
		return ""
	}
	return c.RiskLevel
}

// maxCountedVotes is up to where cases are told apart by their votes.
const maxCountedVotes = 10

// severalVotes are the votes of a case that has more than the first, of which most have no second.
func severalVotes(c *caseRecord) int64 {
	if c.Votes < 2 {
		return 0
	}
	return int64(min(c.Votes, maxCountedVotes))
}

// queueRank is the rank of a case that waits for a reviewer. The others have none: lists have them behind those that wait, in
// an order that the case has anyway, so that no index needs to keep every case for it.
func queueRank(c *caseRecord) int64 {
	if c.Handling != cloudtag.HandlingPending {
		return 0
	}
	return c.PriorityKey()
}

// waitsUntil is when a case that waits for a reviewer is due.
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

// merchantRecord is a shop as it is stored. Its mark says that its votes are to be counted for another entity.
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
	kind.Steady = true
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

// riskRecord is a risk profile as it is stored. Its mark says that the account's cases are to be evaluated.
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

// policyRecord is a version of the policy as it is stored, under its number. Under currentPolicy is the timeline: the version
// that holds, and the one that takes over from it at an instant.
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
	kind.Steady = true
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

// claimRecord says which document holds a value that only one may hold at a time; none when Holder is empty.
type claimRecord struct {
	Value  string `json:"value"`
	Holder string `json:"holder,omitempty"`
}

func claimKind() *Kind {
	return define("claims", func(c *claimRecord) string { return c.Value }, []field[claimRecord]{})
}

// shopCountsRecord counts a shop's tags by what became of them.
type shopCountsRecord struct {
	MerchantID cloudtag.MerchantID `json:"merchantId"`
	cloudtag.MerchantCounts
}

func shopCountsKind() *Kind {
	return define("shopCounts", func(s *shopCountsRecord) string { return string(s.MerchantID) }, []field[shopCountsRecord]{})
}
