package datafile

import (
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"

	"github.com/go-json-experiment/json"
)

// Kind describes one kind of file: its columns, and how a row is parsed into a type of the domain.
type Kind[T any] struct {
	columns layout
	parse   func(*values) T
}

// Merchants is the kind of file with shops.
func Merchants() Kind[cloudtag.Merchant] {
	return Kind[cloudtag.Merchant]{
		columns: layout{required: []string{"id", "name"}, optional: []string{"entity_id", "created_at"}, text: []string{"name"}},
		parse: func(v *values) cloudtag.Merchant {
			return cloudtag.Merchant{
				ID:        cloudtag.MerchantID(v.text("id")),
				Name:      v.text("name"),
				EntityID:  cloudtag.EntityID(v.text("entity_id")),
				CreatedAt: v.time("created_at", true),
			}
		},
	}
}

// Orders is the kind of file with orders.
func Orders() Kind[cloudtag.Order] {
	return Kind[cloudtag.Order]{
		columns: layout{
			required: []string{"order_no", "merchant_id", "buyer_id", "placed_at", "amount_cents", "currency", "freight_insured"},
			optional: []string{"report_outcome"},
		},
		parse: func(v *values) cloudtag.Order {
			return cloudtag.Order{
				OrderNo:        cloudtag.OrderNo(v.text("order_no")),
				MerchantID:     cloudtag.MerchantID(v.text("merchant_id")),
				BuyerID:        cloudtag.BuyerID(v.text("buyer_id")),
				PlacedAt:       v.time("placed_at", false),
				AmountCents:    v.integer("amount_cents"),
				Currency:       v.text("currency"),
				FreightInsured: v.boolean("freight_insured"),
				ReportOutcome:  cloudtag.ReportOutcome(v.text("report_outcome")),
			}
		},
	}
}

// Risks is the kind of file with risk profiles.
func Risks() Kind[cloudtag.RiskProfile] {
	return Kind[cloudtag.RiskProfile]{
		columns: layout{required: []string{"buyer_id", "score", "updated_at"}, optional: []string{"signals"}, text: []string{"signals"}},
		parse: func(v *values) cloudtag.RiskProfile {
			return cloudtag.RiskProfile{
				BuyerID:   cloudtag.BuyerID(v.text("buyer_id")),
				Score:     v.score("score"),
				Signals:   v.signals("signals"),
				UpdatedAt: v.time("updated_at", false),
			}
		},
	}
}

// PastTags is the kind of file with historical tags.
func PastTags() Kind[importing.PastTag] {
	return Kind[importing.PastTag]{
		columns: layout{required: []string{"order_no", "scenario", "submitted_at"}, optional: []string{"note"}, text: []string{"note"}},
		parse: func(v *values) importing.PastTag {
			return importing.PastTag{
				OrderNo:     cloudtag.OrderNo(v.text("order_no")),
				Scenario:    cloudtag.ScenarioCode(v.text("scenario")),
				SubmittedAt: v.time("submitted_at", false),
				Note:        v.text("note"),
			}
		},
	}
}

// score parses a risk score. Its range is checked here so that the conversion to int can't overflow.
func (v *values) score(column string) int {
	score := v.integer(column)
	if v.err == nil && (score < 0 || score > cloudtag.MaxRiskScore) {
		v.fail(column, "0 to 100")
	}
	return int(score)
}

// signals parses a JSON array of {code, value, weight}; an empty column has none.
func (v *values) signals(column string) []cloudtag.RiskSignal {
	text := v.text(column)
	if text == "" {
		return nil
	}
	var signals []cloudtag.RiskSignal
	if err := json.Unmarshal([]byte(text), &signals, json.RejectUnknownMembers(true)); err != nil {
		v.fail(column, `a JSON array such as [{"code":"NEW_ACCOUNT","value":3,"weight":0.5}]`)
	}
	return signals
}
