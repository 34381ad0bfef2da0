package demo

import (
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
)

// The data set has no decisions, so that these are made up: what two reviewers did in the two days before the load.
const (
	decideEvery = 5  // one case is decided after every decideEvery live tags:
	decideBack  = 12 // … that of the tag decideBack before, which has waited for some hours
)

// Decided is a reviewer's decision on a case of the live tags.
type Decided struct {
	After    int // how many live tags were submitted before it
	Case     cloudtag.CaseID
	By       string
	Decision cloudtag.Decision
	Reason   string
}

// CasesOf returns the case of each tag, in the order of the tags.
func (m Market) CasesOf(tags []importing.PastTag) []cloudtag.CaseID {
	buyers := make(map[cloudtag.OrderNo]cloudtag.BuyerID, len(m.Orders))
	for _, order := range m.Orders {
		buyers[order.OrderNo] = order.BuyerID
	}
	cases := make([]cloudtag.CaseID, len(tags))
	for i, tag := range tags {
		cases[i] = cloudtag.NewCaseID(tag.Scenario, buyers[tag.OrderNo])
	}
	return cases
}

// Decisions returns the reviewers' decisions between the submissions of the live tags, in order. A case is decided after
// its last tag, so that it does not return to the queue. Callers skip a decision if the case is not pending then.
func (m Market) Decisions(live []importing.PastTag) []Decided {
	scores := make(map[cloudtag.BuyerID]int, len(m.Risks))
	for _, risk := range m.Risks {
		scores[risk.BuyerID] = risk.Score
	}
	cases := m.CasesOf(live)
	last := make(map[cloudtag.CaseID]int)
	for i, id := range cases {
		last[id] = i
	}
	var decisions []Decided
	for after := decideEvery; after < len(live); after += decideEvery {
		place := after - decideBack
		if place < 0 {
			continue
		}
		id := cases[place]
		if last[id] != place {
			continue
		}
		decision := Decided{After: after, Case: id, By: []string{"lin.yue", "zhou.ming"}[len(decisions)%2]}
		_, buyer, _ := id.Parts()
		switch {
		case scores[buyer] >= 70:
			decision.Decision, decision.Reason = cloudtag.DecisionConfirm, "平台风险数据与商家标签一致。"
		case len(decisions)%3 == 0:
			decision.Decision, decision.Reason = cloudtag.DecisionReject, "属于正常的购物或售后行为。"
		default:
			decision.Decision, decision.Reason = cloudtag.DecisionKeepAccumulating, "现有证据不足，等待更多商家的标签。"
		}
		decisions = append(decisions, decision)
	}
	return decisions
}

// TrustedShop is the shop with the most orders, 763, of which it tagged 10.
const TrustedShop cloudtag.MerchantID = "m-35"

// RingShop is one of ten shops in the data set that tagged the same accounts: seven of them the same 28, three 24 or 25 of these.
const RingShop cloudtag.MerchantID = "m-3789"

// inRing reports whether a shop is one of the ten, m-3786 to m-3795.
func inRing(shop cloudtag.MerchantID) bool {
	return shop >= "m-3786" && shop <= "m-3795" && len(shop) == len(RingShop)
}

// RingEvidence is the evidence for the proposal to revoke RingShop's permission.
func RingEvidence() []string {
	return []string{
		"与 m-3790 至 m-3795 六家店铺共同对 28 个账号打标，各店标签几乎全部重合。",
		"共同打标的账号数约为随机情况的 39 倍。",
	}
}
