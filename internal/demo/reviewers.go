package demo

import "cloudtag/internal/cloudtag"

// What two reviewers did in the two days before the load, and what waits for a third person: the file knows none of it.
const (
	decideEvery = 5  // after each so many live tags one case is decided
	decideBack  = 12 // … the case of the tag so many before: it has waited for some hours
)

// Decided is a reviewer's decision about a case of the live tags.
type Decided struct {
	After    int // how many live tags have been submitted by then
	Case     cloudtag.CaseID
	By       string
	Decision cloudtag.Decision
	Reason   string
}

// CasesOf are the cases of tags, each in the place of its tag.
func (m Market) CasesOf(tags []cloudtag.PastTag) []cloudtag.CaseID {
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

// Decisions are what reviewers decided while the live tags came in, in order. A case is decided after its last tag, so
// that none comes back; one that does not wait then is left alone by whoever carries the decisions out.
func (m Market) Decisions(live []cloudtag.PastTag) []Decided {
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

// TrustedShop is the shop of the data set with most orders, 763, of which it tagged 10.
const TrustedShop cloudtag.MerchantID = "m-35"

// RingShop is one of seven shops of the data set that tagged the same 28 accounts: a real pile-on.
const RingShop cloudtag.MerchantID = "m-3789"

// RingEvidence is what a reviewer who proposes its revocation gives.
func RingEvidence() []string {
	return []string{
		"与 m-3790 至 m-3795 六家店铺共同对 28 个账号打标，各店标签几乎全部重合。",
		"共同打标的账号数约为随机情况的 25 倍。",
	}
}
