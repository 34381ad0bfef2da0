package cloudtag_test

import (
	"strings"
	"testing"
	"unicode"

	. "cloudtag/internal/cloudtag"
)

func TestReasonText(t *testing.T) {
	for reason, want := range map[string]Text{
		"one vote is missing":                                   {"尚缺一票", "one vote is missing"},
		"the account's risk is high":                            {"账号风险等级高", "the account's risk is high"},
		"held: LINKED_PAIR":                                     {"暂缓确认：投票店铺长期共同对相同账号打标", "held: the voting shops keep tagging the same accounts"},
		"lost its threshold: revoked: FALSE_REPORT":             {"票数低于门槛：店铺打标权限已取消：虚假打标", "lost its threshold: revoked: it reported what did not happen"},
		"held: UNANCHORED":                                      {"暂缓确认：投票店铺均未获得可信店铺的印证", "held: none of the voting shops has been borne out by trusted ones"},
		"held: RECORD":                                          {"暂缓确认：投票店铺过往标签的记录不足以自动确认", "held: the records of the voting shops are too weak for votes alone"},
		"rests on shops that turned out to be linked: m-1, m-2": {"所依据的店铺后被发现有关联：m-1, m-2", "rests on shops that turned out to be linked: m-1, m-2"},
		"2 of 3 votes, risk HIGH, policy 4":                     {"2/3 票，风险等级高，策略版本 4", "2 of 3 votes, high risk, policy 4"},
		"12 hours until due":                                    {"距截止还有 12 小时", "12 hours until due"},
		"7 cases evaluated":                                     {"已重新评估 7 个案件", "7 cases evaluated"},
		"no decision by 2026-05-01T10:30:00Z":                   {"截至 2026-05-01 10:30 UTC 无人决定", "no decision by 2026-05-01 10:30 UTC"},
		"CONFIRM: three parcels":                                {"确认：three parcels", "confirmed: three parcels"},
		"KEEP_ACCUMULATING: 再等等":                                {"继续观察：再等等", "kept accumulating: 再等等"},
		// What people wrote is unchanged, however close to an automatic reason.
		"":                                    {},
		"one vote is missing, I think":        {"one vote is missing, I think", "one vote is missing, I think"},
		"12 hours until due to the customer":  {"12 hours until due to the customer", "12 hours until due to the customer"},
		"2 of 3 votes, risk HIGH, policy 4 !": {"2 of 3 votes, risk HIGH, policy 4 !", "2 of 3 votes, risk HIGH, policy 4 !"},
		"no decision by noon":                 {"no decision by noon", "no decision by noon"},
		"revoked: BECAUSE":                    {"revoked: BECAUSE", "revoked: BECAUSE"},
	} {
		if got := ReasonText(reason); got != want {
			t.Errorf("%q: got %+v, want %+v", reason, got, want)
		}
	}
}

// expectChineseReasons fails for an entry with an automatic reason that has no Chinese translation.
func expectChineseReasons(t *testing.T, entries []Entry) {
	t.Helper()
	for _, entry := range entries {
		if entry.Reason == "" || entry.Actor != EngineActor {
			continue
		}
		text := ReasonText(entry.Reason)
		// The part after the prefix is what the caller passed.
		given := strings.HasPrefix(entry.Reason, ReasonLostThreshold)
		if text.ZH == entry.Reason || !given && strings.ContainsFunc(text.ZH, isLowerLatin) {
			t.Errorf("%s: %q is %q in Chinese", entry.Action, entry.Reason, text.ZH)
		}
	}
}

func isLowerLatin(letter rune) bool { return letter < unicode.MaxASCII && unicode.IsLower(letter) }
