package cloudtag

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Vote is the vote of one entity in a case.
type Vote struct {
	EntityID  EntityID
	Merchants []MerchantID // the entity's shops with live tags, by identifier
	Tags      int
	LastTagAt time.Time
}

// Explanation is the facts behind the state of a case (rule 8). Its numbers are those that the latest evaluation stored in
// the case; nothing is recounted, so that the two never differ.
type Explanation struct {
	Votes             []Vote // see [VotesOf]; more than Count if linked shops count once
	Count             int
	Threshold         int
	ScenarioThreshold int
	RiskLevel         RiskLevel
	RiskAdjustment    int // effective adjustment for the risk level, after the lower bound of the threshold
	WindowDays        int
	WindowStart       time.Time // exclusive: a tag of exactly this time is outside
	NextExpiryAt      time.Time // zero without votes
	Holds             []string
	PolicyVersion     int
	State             CaseState
	Handling          Handling
	DueAt             time.Time
	Weighing          *Weighing // nil unless the policy weighs votes by the shops' records
}

// Explain returns what is stored in the case itself.
func Explain(c Case) Explanation {
	return Explanation{
		Count: c.Votes, Threshold: c.Threshold, RiskLevel: c.RiskLevel, NextExpiryAt: c.NextExpiryAt, Holds: c.Holds,
		PolicyVersion: c.PolicyVersion, State: c.State, Handling: c.Handling, DueAt: c.DueAt,
	}
}

// ExplainBy is [Explain] with the numbers of the policy that the latest evaluation used; the window is the current one.
func ExplainBy(c Case, policy Policy, now time.Time) Explanation {
	explanation := Explain(c)
	explanation.ScenarioThreshold = policy.Rule(c.Scenario).Threshold
	explanation.RiskAdjustment = c.Threshold - explanation.ScenarioThreshold
	explanation.WindowDays, explanation.WindowStart = policy.WindowDays, now.Add(-policy.Window())
	return explanation
}

// VotesOf groups the live tags of a case by entity, latest first.
func VotesOf(live []Tag) []Vote {
	var votes []Vote
	for _, tag := range live {
		i := slices.IndexFunc(votes, func(vote Vote) bool { return vote.EntityID == tag.EntityID })
		if i < 0 {
			i = len(votes)
			votes = append(votes, Vote{EntityID: tag.EntityID})
		}
		votes[i].add(tag)
	}
	slices.SortFunc(votes, func(a, b Vote) int {
		return cmp.Or(b.LastTagAt.Compare(a.LastTagAt), cmp.Compare(a.EntityID, b.EntityID))
	})
	return votes
}

// add adds a live tag of the entity.
func (v *Vote) add(tag Tag) {
	v.Tags++
	if tag.SubmittedAt.After(v.LastTagAt) {
		v.LastTagAt = tag.SubmittedAt
	}
	if i, known := slices.BinarySearch(v.Merchants, tag.MerchantID); !known {
		v.Merchants = slices.Insert(v.Merchants, i, tag.MerchantID)
	}
}

// Text formats the explanation as one paragraph, with times in a zone.
func (e Explanation) Text(zone *time.Location) Text {
	zh := fmt.Sprintf("过去 %d 天内有 %d 个独立主体对该账号打标；确认需要 %d 个（场景门槛 %d，风险等级%s调整 %+d）。",
		e.WindowDays, e.Count, e.Threshold, e.ScenarioThreshold, riskName(e.RiskLevel).ZH, e.RiskAdjustment)
	en := fmt.Sprintf("%s tagged this account within the past %d days; %d are needed (scenario threshold %d, %+d for %s risk). ",
		plural(e.Count, "independent party", "independent parties"), e.WindowDays, e.Threshold, e.ScenarioThreshold,
		e.RiskAdjustment, riskName(e.RiskLevel).EN)
	if parties := len(e.Votes); parties > e.Count {
		zh += fmt.Sprintf("其中有关联店铺：%d 个主体计为 %d 票。", parties, e.Count)
		en += fmt.Sprintf("Linked shops are among them: %d parties count as %s. ", parties, plural(e.Count, "vote", "votes"))
	}
	state := e.stateText()
	zh += state.ZH
	en += state.EN
	weights := e.weightText()
	zh += weights.ZH
	en += weights.EN
	if !e.NextExpiryAt.IsZero() {
		zh += fmt.Sprintf("最早一票将于 %s 过期。", clockTime(e.NextExpiryAt, zone))
		en += fmt.Sprintf(" The oldest vote expires at %s.", clockTime(e.NextExpiryAt, zone))
	}
	if e.Handling == HandlingPending {
		zh += fmt.Sprintf("案件在审核队列中，须在 %s 前处理。", clockTime(e.DueAt, zone))
		en += fmt.Sprintf(" The case waits for a reviewer until %s.", clockTime(e.DueAt, zone))
	}
	zh += fmt.Sprintf("依据策略版本 %d。", e.PolicyVersion)
	en += fmt.Sprintf(" By policy version %d.", e.PolicyVersion)
	return Text{ZH: zh, EN: en}
}

// stateText is the sentence about the state.
func (e Explanation) stateText() Text {
	switch e.State {
	case CaseConfirmed:
		return Text{ZH: "案件已确认。", EN: "The case is confirmed."}
	case CaseRejected:
		return Text{ZH: "审核员未予确认。", EN: "A reviewer did not confirm it."}
	case CaseLapsed:
		return Text{ZH: "案件曾获确认，此后票数已低于门槛。", EN: "It was confirmed, and the count has dropped since."}
	case CaseExpired:
		return Text{ZH: "没有仍计入的标签，案件已过期。", EN: "No tag counts any more; the case has expired."}
	case CaseOverturned:
		return Text{ZH: "原确认结果经申诉已撤销。", EN: "An earlier confirmation was withdrawn after an appeal."}
	}
	if len(e.Holds) > 0 {
		return Text{ZH: "票数之外尚有暂缓确认的原因。", EN: "It is held for reasons other than the count."}
	}
	missing := max(0, e.Threshold-e.Count)
	return Text{ZH: fmt.Sprintf("尚缺 %d 票。", missing), EN: fmt.Sprintf("%s missing.", plural(missing, "vote is", "votes are"))}
}

// weightText says which shops count less than a full vote and why, and whether their records leave the decision to a
// reviewer.
func (e Explanation) weightText() Text {
	var text Text
	if e.Weighing == nil {
		return text
	}
	for _, shop := range e.Weighing.Shops {
		if shop.Weight == Whole {
			continue
		}
		text.ZH += fmt.Sprintf("店铺 %s 计为 %s：", shop.MerchantID, shop.Weight.ShareText())
		text.EN += fmt.Sprintf(" %s counts %s: ", shop.MerchantID, shop.Weight.ShareText())
		switch {
		case shop.Weight == 0:
			text.ZH += "其打标权限已被取消。"
			text.EN += "its permission was revoked."
		case shop.Overturned > 0 && shop.Rejected > 0:
			text.ZH += fmt.Sprintf("其标记在 %d 个账号上经申诉被撤销，在 %d 个账号上被审核员否决。", shop.Overturned, shop.Rejected)
			text.EN += fmt.Sprintf("its reports were overturned on appeal for %s and rejected for %d.",
				plural(shop.Overturned, "account", "accounts"), shop.Rejected)
		case shop.Overturned > 0:
			text.ZH += fmt.Sprintf("其标记在 %d 个账号上经申诉被撤销。", shop.Overturned)
			text.EN += fmt.Sprintf("its reports were overturned on appeal for %s.", plural(shop.Overturned, "account", "accounts"))
		default:
			text.ZH += fmt.Sprintf("其标记在 %d 个账号上被审核员否决。", shop.Rejected)
			text.EN += fmt.Sprintf("its reports were rejected for %s.", plural(shop.Rejected, "account", "accounts"))
		}
	}
	if slices.Contains(e.Holds, HoldRecord) {
		text.ZH += fmt.Sprintf("这些票合计 %s，低于自动确认的要求，故由审核员决定。", e.Weighing.Sum.ShareText())
		text.EN += fmt.Sprintf(" Together they count %s, too little for votes alone, so a reviewer decides.", e.Weighing.Sum.ShareText())
	}
	if slices.Contains(e.Holds, HoldUnanchored) {
		text.ZH += fmt.Sprintf("上述 %d 家店铺过往的标记均未获可信店铺充分印证，故由审核员决定。", len(e.Weighing.Shops))
		text.EN += fmt.Sprintf(" None of the %d shops has been borne out enough by trusted shops yet, so a reviewer decides.", len(e.Weighing.Shops))
	}
	return text
}

func plural(count int, one, many string) string {
	if count == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", count, many)
}

func riskName(level RiskLevel) Text {
	switch level {
	case RiskHigh:
		return Text{ZH: "高", EN: "high"}
	case RiskMedium:
		return Text{ZH: "中", EN: "medium"}
	case RiskLow:
		return Text{ZH: "低", EN: "low"}
	default:
		return Text{ZH: "未知", EN: "unknown"}
	}
}
