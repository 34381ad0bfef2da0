package importing_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/importing"
)

// expectProblem checks that an import reports its only row because of a field; with an empty field, that it stores the row.
func expectProblem(t *testing.T, name, field string, report importing.Report, err error) {
	t.Helper()
	switch {
	case err != nil:
		t.Errorf("%s: %v", name, err)
	case field == "" && (report.Stored != 1 || len(report.RowErrors) > 0):
		t.Errorf("%s: %+v, want it stored", name, report)
	case field != "" && (report.Stored != 0 || len(report.RowErrors) != 1):
		t.Errorf("%s: %+v, want it rejected", name, report)
	case field != "":
		message := report.RowErrors[0].Message
		if !strings.HasPrefix(message.EN, field+": ") || !strings.HasPrefix(message.ZH, field+"：") {
			t.Errorf("%s: %+v, want it about %s", name, message, field)
		}
	}
}

func TestMerchantRows(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Merchant)
		field  string
	}{
		"as it should be":           {func(*Merchant) {}, ""},
		"no identifier":             {func(m *Merchant) { m.ID = "" }, "id"},
		"a space in it":             {func(m *Merchant) { m.ID = "a b" }, "id"},
		"the longest":               {func(m *Merchant) { m.ID = MerchantID(strings.Repeat("x", 128)) }, ""},
		"one byte more":             {func(m *Merchant) { m.ID = MerchantID(strings.Repeat("x", 129)) }, "id"},
		"a bad entity":              {func(m *Merchant) { m.EntityID = "主体" }, "entity_id"},
		"the longest name":          {func(m *Merchant) { m.Name = strings.Repeat("店", 200) }, ""},
		"one character more":        {func(m *Merchant) { m.Name = strings.Repeat("店", 201) }, "name"},
		"a control character":       {func(m *Merchant) { m.Name = "a\x00" }, "name"},
		"no visible character":      {func(m *Merchant) { m.Name = " \n\u200b\u3000" }, "name"},
		"a permission is not taken": {func(m *Merchant) { m.Permission = PermissionRevoked }, ""},
	} {
		o := NewOffice(t)
		row := Merchant{ID: "m", EntityID: "e", Name: "店", CreatedAt: Start}
		test.change(&row)
		report, err := o.Imports.Merchants(t.Context(), Platform(), []Merchant{row})
		expectProblem(t, name, test.field, report, err)
		if stored := o.Store.Merchant(row.ID); test.field == "" && stored.Permission != PermissionActive {
			t.Errorf("%s: permission %s", name, stored.Permission)
		}
	}
}

// A shop without an entity is its own.
func TestMerchantRowsWithoutAnEntity(t *testing.T) {
	o := NewOffice(t)
	report, err := o.Imports.Merchants(t.Context(), Platform(), []Merchant{{ID: "m", Name: "店"}})
	expectProblem(t, "no entity", "", report, err)
	if stored := o.Store.Merchant("m"); stored.EntityID != "m" || !stored.CreatedAt.Equal(Start) {
		t.Errorf("%+v", stored)
	}
}

func TestOrderRows(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Order)
		field  string
	}{
		"as it should be":          {func(*Order) {}, ""},
		"no number":                {func(o *Order) { o.OrderNo = "" }, "order_no"},
		"a slash in it":            {func(o *Order) { o.OrderNo = "1/2" }, "order_no"},
		"an unknown shop":          {func(o *Order) { o.MerchantID = "nobody" }, "merchant_id"},
		"no account":               {func(o *Order) { o.BuyerID = "" }, "buyer_id"},
		"nothing paid":             {func(o *Order) { o.AmountCents = 0 }, ""},
		"less than nothing":        {func(o *Order) { o.AmountCents = -1 }, "amount_cents"},
		"a currency in lower case": {func(o *Order) { o.Currency = "cny" }, "currency"},
		"one of A to Z":            {func(o *Order) { o.Currency = "AZZ" }, ""},
		"one after Z":              {func(o *Order) { o.Currency = "CN[" }, "currency"},
		"one before A":             {func(o *Order) { o.Currency = "@NY" }, "currency"},
		"four letters":             {func(o *Order) { o.Currency = "CNYY" }, "currency"},
		"no outcome":               {func(o *Order) { o.ReportOutcome = "" }, ""},
		"an unknown outcome":       {func(o *Order) { o.ReportOutcome = "LOST" }, "report_outcome"},
	} {
		row := Order{OrderNo: "1", MerchantID: "A", BuyerID: "b", PlacedAt: Start, AmountCents: 1, Currency: "CNY", ReportOutcome: ReportRejected}
		test.change(&row)
		report, err := NewOffice(t).Imports.Orders(t.Context(), Platform(), []Order{row})
		expectProblem(t, name, test.field, report, err)
	}
}

func TestRiskRows(t *testing.T) {
	signal := RiskSignal{Code: "device", Value: 1, Weight: 0.5}
	with := func(change func(*RiskSignal)) []RiskSignal { s := signal; change(&s); return []RiskSignal{signal, s} }
	for name, test := range map[string]struct {
		change func(*RiskProfile)
		field  string
	}{
		"as it should be":   {func(*RiskProfile) {}, ""},
		"no account":        {func(p *RiskProfile) { p.BuyerID = "" }, "buyer_id"},
		"the lowest score":  {func(p *RiskProfile) { p.Score = 0 }, ""},
		"below it":          {func(p *RiskProfile) { p.Score = -1 }, "score"},
		"the highest score": {func(p *RiskProfile) { p.Score = 100 }, ""},
		"above it":          {func(p *RiskProfile) { p.Score = 101 }, "score"},
		"the most signals":  {func(p *RiskProfile) { p.Signals = slices.Repeat([]RiskSignal{signal}, 50) }, ""},
		"one more":          {func(p *RiskProfile) { p.Signals = slices.Repeat([]RiskSignal{signal}, 51) }, "signals"},
		"no code":           {func(p *RiskProfile) { p.Signals = with(func(s *RiskSignal) { s.Code = "" }) }, "signals"},
		"not a number":      {func(p *RiskProfile) { p.Signals = with(func(s *RiskSignal) { s.Value = math.NaN() }) }, "signals"},
		"infinite":          {func(p *RiskProfile) { p.Signals = with(func(s *RiskSignal) { s.Weight = math.Inf(-1) }) }, "signals"},
	} {
		row := RiskProfile{BuyerID: "b", Score: 50, UpdatedAt: Start, Signals: []RiskSignal{signal}}
		test.change(&row)
		report, err := NewOffice(t).Imports.Risk(t.Context(), Platform(), []RiskProfile{row})
		expectProblem(t, name, test.field, report, err)
	}
}
