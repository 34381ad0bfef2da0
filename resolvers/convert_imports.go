package resolvers

import (
	"strings"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
)

func convertOrderRows(rows []*model.OrderInput) []cloudtag.Order {
	orders := make([]cloudtag.Order, len(rows))
	for i, row := range rows {
		orders[i] = cloudtag.Order{
			OrderNo: cloudtag.OrderNo(row.OrderNo), MerchantID: cloudtag.MerchantID(row.MerchantID),
			BuyerID: cloudtag.BuyerID(row.BuyerID), PlacedAt: row.PlacedAt, AmountCents: int64(row.AmountCents),
			Currency: row.Currency, FreightInsured: row.FreightInsured, ReportOutcome: orZero(row.ReportOutcome.Value()),
		}
	}
	return orders
}

func convertRiskRows(rows []*model.RiskInput) []cloudtag.RiskProfile {
	profiles := make([]cloudtag.RiskProfile, len(rows))
	for i, row := range rows {
		profile := cloudtag.RiskProfile{
			BuyerID: cloudtag.BuyerID(row.BuyerID), Score: row.Score, UpdatedAt: row.UpdatedAt,
			Signals: make([]cloudtag.RiskSignal, len(row.Signals)),
		}
		for j, signal := range row.Signals {
			profile.Signals[j] = cloudtag.RiskSignal{Code: signal.Code, Value: signal.Value, Weight: signal.Weight}
		}
		profiles[i] = profile
	}
	return profiles
}

// importPayload converts the report of an import, or its refusal.
func (v *view) importPayload(report importing.Report, failure error) (*model.ImportPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.ImportPayload{
		Stored: report.Stored, Unchanged: report.Unchanged, UserErrors: userErrors,
		RowErrors: make([]*model.RowError, len(report.RowErrors)),
	}
	for i, row := range report.RowErrors {
		payload.RowErrors[i] = &model.RowError{Index: row.Index, Message: fieldNamed(row.Message.In(v.Language))}
	}
	return payload, nil
}

// fieldNamed replaces the column at the start of a message by the field of the API: order_no of a file is orderNo in the API.
func fieldNamed(message string) string {
	end := strings.IndexAny(message, ":：")
	if end < 0 || strings.ContainsAny(message[:end], " \t") {
		return message
	}
	var name strings.Builder
	for i, word := range strings.Split(message[:end], "_") {
		if i > 0 && word != "" {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		name.WriteString(word)
	}
	return name.String() + message[end:]
}
