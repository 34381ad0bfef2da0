package cloudtag

import (
	"fmt"
	"strings"
	"time"
)

// Reasons of automatic changes. They are logged in English as they are here, since the log's hash covers them, and must not
// change; [ReasonText] translates them. A new one belongs in both.
const (
	reasonOneVoteMissing  = "one vote is missing"
	reasonHighRisk        = "the account's risk is high"
	reasonNoLiveTag       = "no live tag is left"
	reasonNothingToDecide = "no live tag is left to decide about"
	reasonLeftWindow      = "left the window uncounted"
	reasonNewTag          = "a new tag"
	ReasonEntityChanged   = "the shop's entity changed"
	ReasonTakenBack       = "the decision was taken back"
	reasonDefaultPolicy   = "default policy"
	reasonSnoozeOver      = "the snooze is over"

	reasonHeld          = "held: "
	reasonLostThreshold = "lost its threshold: "
	reasonRevoked       = "revoked: "
	reasonUndecided     = "no decision by "
	reasonDisputed      = "a second review disagreed: "
	reasonLinkedSince   = "rests on shops that turned out to be linked: "

	reasonHoursLeft = "%d hours until due"
	reasonEvaluated = "%d cases evaluated"
	reasonVotes     = "%d of %d votes, risk %s policy %d" // the risk level is followed by a comma
)

// ReasonEvaluated is the reason of an entry about a number of cases that were evaluated.
func ReasonEvaluated(count int) string { return fmt.Sprintf(reasonEvaluated, count) }

// ReasonRevoked is the reason of what the revocation of a shop's permission changes.
func ReasonRevoked(kind ViolationKind) string { return reasonRevoked + string(kind) }

// ReasonText translates a reason from the log or a decision. Reasons that people wrote are returned unchanged.
func ReasonText(reason string) Text {
	if text, known := plainReasons()[reason]; known {
		return text
	}
	if text, known := prefixedReason(reason); known {
		return text
	}
	if text, known := countedReason(reason); known {
		return text
	}
	return Text{ZH: reason, EN: reason}
}

func plainReasons() map[string]Text {
	return map[string]Text{
		reasonOneVoteMissing:  {ZH: "尚缺一票", EN: reasonOneVoteMissing},
		reasonHighRisk:        {ZH: "账号风险等级高", EN: reasonHighRisk},
		reasonNoLiveTag:       {ZH: "已没有有效标签", EN: reasonNoLiveTag},
		reasonNothingToDecide: {ZH: "已没有有效标签，无需决定", EN: reasonNothingToDecide},
		reasonLeftWindow:      {ZH: "未被计入即离开窗口", EN: reasonLeftWindow},
		reasonNewTag:          {ZH: "有新的标签", EN: reasonNewTag},
		ReasonEntityChanged:   {ZH: "店铺所属主体变更", EN: ReasonEntityChanged},
		ReasonTakenBack:       {ZH: "决定已撤回", EN: ReasonTakenBack},
		reasonDefaultPolicy:   {ZH: "默认策略", EN: reasonDefaultPolicy},
		reasonSnoozeOver:      {ZH: "推迟时间已到", EN: reasonSnoozeOver},
	}
}

// prefixedReason translates reasons that consist of a constant prefix and a parameter.
func prefixedReason(reason string) (Text, bool) {
	if hold, found := strings.CutPrefix(reason, reasonHeld); found {
		name := HoldText(hold)
		return Text{ZH: "暂缓确认：" + name.ZH, EN: reasonHeld + name.EN}, true
	}
	if why, found := strings.CutPrefix(reason, reasonLostThreshold); found {
		text := ReasonText(why)
		return Text{ZH: "票数低于门槛：" + text.ZH, EN: reasonLostThreshold + text.EN}, true
	}
	if kind, found := strings.CutPrefix(reason, reasonRevoked); found {
		name, known := violationNames()[ViolationKind(kind)]
		return Text{ZH: "店铺打标权限已取消：" + name.ZH, EN: reasonRevoked + name.EN}, known
	}
	if why, found := strings.CutPrefix(reason, reasonDisputed); found {
		return Text{ZH: "复核意见不一致：" + why, EN: reason}, true
	}
	if shops, found := strings.CutPrefix(reason, reasonLinkedSince); found {
		return Text{ZH: "所依据的店铺后被发现有关联：" + shops, EN: reason}, true
	}
	if moment, found := strings.CutPrefix(reason, reasonUndecided); found {
		at, err := time.Parse(time.RFC3339, moment)
		shown := clockTime(at, time.UTC)
		return Text{ZH: "截至 " + shown + " 无人决定", EN: reasonUndecided + shown}, err == nil
	}
	for _, decision := range []Decision{DecisionConfirm, DecisionReject, DecisionKeepAccumulating} {
		if words, found := strings.CutPrefix(reason, string(decision)+": "); found {
			name := decisionNames()[decision]
			return Text{ZH: name.ZH + "：" + words, EN: name.EN + ": " + words}, true
		}
	}
	return Text{}, false
}

// countedReason translates reasons that contain numbers. Only an exact match counts: a person may have written something
// that starts alike.
func countedReason(reason string) (Text, bool) {
	var count, threshold, version int
	var level string
	if scanned, _ := fmt.Sscanf(reason, reasonVotes, &count, &threshold, &level, &version); scanned == 4 {
		level = strings.TrimSuffix(level, ",")
		name := riskName(RiskLevel(level))
		return Text{
			ZH: fmt.Sprintf("%d/%d 票，风险等级%s，策略版本 %d", count, threshold, name.ZH, version),
			EN: fmt.Sprintf("%d of %d votes, %s risk, policy %d", count, threshold, name.EN, version),
		}, reason == voteReason(count, threshold, RiskLevel(level), version)
	}
	if _, err := fmt.Sscanf(reason, reasonHoursLeft, &count); err == nil {
		return Text{ZH: fmt.Sprintf("距截止还有 %d 小时", count), EN: reason}, reason == fmt.Sprintf(reasonHoursLeft, count)
	}
	if _, err := fmt.Sscanf(reason, reasonEvaluated, &count); err == nil {
		return Text{ZH: fmt.Sprintf("已重新评估 %d 个案件", count), EN: reason}, reason == ReasonEvaluated(count)
	}
	return Text{}, false
}

// voteReason is the votes and the threshold of a case as a reason for the log.
func voteReason(votes, threshold int, level RiskLevel, version int) string {
	return fmt.Sprintf(reasonVotes, votes, threshold, string(level)+",", version)
}

// HoldText describes why votes alone do not confirm a case.
func HoldText(hold string) Text {
	switch hold {
	case HoldLinkedPair:
		return Text{ZH: "投票店铺长期共同对相同账号打标", EN: "the voting shops keep tagging the same accounts"}
	case HoldBurst:
		return Text{ZH: "标签在短时间内集中出现", EN: "the tags came in a burst"}
	case HoldRecord:
		return Text{ZH: "投票店铺过往标签的记录不足以自动确认", EN: "the records of the voting shops are too weak for votes alone"}
	case HoldUnanchored:
		return Text{ZH: "投票店铺均未获得可信店铺的印证", EN: "none of the voting shops has been borne out by trusted ones"}
	default:
		return Text{ZH: hold, EN: hold}
	}
}

func decisionNames() map[Decision]Text {
	return map[Decision]Text{
		DecisionConfirm:          {ZH: "确认", EN: "confirmed"},
		DecisionReject:           {ZH: "不予确认", EN: "rejected"},
		DecisionKeepAccumulating: {ZH: "继续观察", EN: "kept accumulating"},
	}
}

// clockTime formats a time to the minute with its offset from UTC: without one it would be read as local time.
func clockTime(at time.Time, zone *time.Location) string {
	at = at.In(zone)
	if _, offset := at.Zone(); offset == 0 {
		return at.Format("2006-01-02 15:04 UTC")
	}
	return at.Format("2006-01-02 15:04 UTC-07:00")
}
