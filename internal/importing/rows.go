package importing

import (
	"fmt"
	"math"
	"slices"

	"cloudtag/internal/cloudtag"
)

func problemText(field, zh, en string) (cloudtag.Text, bool) {
	return cloudtag.Text{ZH: field + "：" + zh, EN: field + ": " + en}, true
}

func idProblem(field, id string) (cloudtag.Text, bool) {
	if cloudtag.ValidToken(id, cloudtag.MaxIDLength) {
		return cloudtag.Text{}, false
	}
	return problemText(field, fmt.Sprintf("须为 1 至 %d 个可见 ASCII 字符。", cloudtag.MaxIDLength),
		fmt.Sprintf("must be 1 to %d visible ASCII characters.", cloudtag.MaxIDLength))
}

func timeProblem(field string) (cloudtag.Text, bool) {
	return problemText(field, fmt.Sprintf("须为 %d 至 %d 年（UTC）的时间。", cloudtag.MinYear, cloudtag.MaxYear),
		fmt.Sprintf("must be a time of the years %d to %d in UTC.", cloudtag.MinYear, cloudtag.MaxYear))
}

// merchantProblem returns why the shop is invalid, if it is.
func merchantProblem(m cloudtag.Merchant) (cloudtag.Text, bool) {
	if text, bad := idProblem("id", string(m.ID)); bad {
		return text, bad
	}
	if text, bad := idProblem("entity_id", string(m.EntityID)); bad {
		return text, bad
	}
	if !cloudtag.ValidTime(m.CreatedAt) {
		return timeProblem("created_at")
	}
	if !cloudtag.HasVisibleText(m.Name, cloudtag.MaxNameLength) {
		return problemText("name", fmt.Sprintf("须为 1 至 %d 个字且不含控制字符。", cloudtag.MaxNameLength),
			fmt.Sprintf("must be 1 to %d characters without control characters.", cloudtag.MaxNameLength))
	}
	return cloudtag.Text{}, false
}

// orderProblem returns why the order is invalid, if it is.
func orderProblem(o cloudtag.Order) (cloudtag.Text, bool) {
	if !o.OrderNo.Valid() {
		return problemText("order_no", fmt.Sprintf("须为 1 至 %d 个字母、数字、连字符、下划线或点。", cloudtag.MaxOrderNoLength),
			fmt.Sprintf("must be 1 to %d letters, digits, hyphens, underscores or dots.", cloudtag.MaxOrderNoLength))
	}
	if text, bad := idProblem("buyer_id", string(o.BuyerID)); bad {
		return text, bad
	}
	if !cloudtag.ValidTime(o.PlacedAt) {
		return timeProblem("placed_at")
	}
	if o.AmountCents < 0 {
		return problemText("amount_cents", "不能为负数。", "must not be negative.")
	}
	if !validCurrency(o.Currency) {
		return problemText("currency", "须为三个大写字母（ISO 4217）。", "must be three capital letters (ISO 4217).")
	}
	if !slices.Contains(cloudtag.ReportOutcomes(), o.ReportOutcome) {
		return problemText("report_outcome", "不是已知的上报结果。", "is not a known outcome.")
	}
	return cloudtag.Text{}, false
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

// riskProblem returns why the profile is invalid, if it is.
func riskProblem(p cloudtag.RiskProfile) (cloudtag.Text, bool) {
	if text, bad := idProblem("buyer_id", string(p.BuyerID)); bad {
		return text, bad
	}
	if p.Score < 0 || p.Score > cloudtag.MaxRiskScore {
		return problemText("score", "须为 0 至 100。", "must be 0 to 100.")
	}
	if !cloudtag.ValidTime(p.UpdatedAt) {
		return timeProblem("updated_at")
	}
	if len(p.Signals) > maxRiskSignals {
		return problemText("signals", fmt.Sprintf("最多 %d 个。", maxRiskSignals), fmt.Sprintf("at most %d.", maxRiskSignals))
	}
	for _, signal := range p.Signals {
		if !cloudtag.ValidToken(signal.Code, cloudtag.MaxIDLength) || !finite(signal.Value) || !finite(signal.Weight) {
			return problemText("signals", "每个信号须有代码及有限的数值与权重。", "each needs a code, and a finite value and weight.")
		}
	}
	return cloudtag.Text{}, false
}

func finite(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }
