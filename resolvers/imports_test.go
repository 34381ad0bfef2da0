package resolvers_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

type imported struct {
	Stored, Unchanged int
	RowErrors         []struct {
		Index   int
		Message string
	}
	UserErrors []userError
}

const payload = `{ stored unchanged rowErrors { index message } userErrors { code message field } }`

func orderRow(number, shop, buyer string) map[string]any {
	return map[string]any{
		"orderNo": number, "merchantId": shop, "buyerId": buyer, "placedAt": "2026-01-02T03:04:05+08:00",
		"amountCents": 2147483647, "currency": "CNY", "freightInsured": true,
	}
}

func TestImportOrders(t *testing.T) {
	s := graphtest.New(t)
	s.Import([]cloudtag.MerchantID{"a"})
	platform := s.As(cloudtag.RolePlatform)
	run := func(rows ...map[string]any) imported {
		var data struct{ ImportOrders imported }
		s.Do(platform, `mutation ($input: ImportOrdersInput!) { importOrders(input: $input) `+payload+` }`,
			graphtest.Variables{"input": map[string]any{"orders": rows}}).Into(t, &data)
		return data.ImportOrders
	}
	negative := orderRow("3", "a", "x")
	negative["amountCents"] = -1
	rows := []map[string]any{orderRow("1", "a", "x"), orderRow("2", "nowhere", "x"), negative, orderRow("4", "a", "y")}
	got := run(rows...)
	if got.Stored != 2 || got.Unchanged != 0 || len(got.RowErrors) != 2 || got.UserErrors == nil || len(got.UserErrors) != 0 {
		t.Fatalf("import: %+v", got)
	}
	for i, want := range []string{"merchantId: ", "amountCents: "} {
		if row := got.RowErrors[i]; row.Index != i+1 || !strings.HasPrefix(row.Message, want) {
			t.Errorf("row error %+v, want %d and the API's name %q", row, i+1, want)
		}
	}
	if got := run(rows...); got.Stored != 0 || got.Unchanged != 2 || len(got.RowErrors) != 2 {
		t.Errorf("the same again: %+v", got)
	}
	if got := run(orderRow("1", "a", "another")); len(got.RowErrors) != 1 || !strings.HasPrefix(got.RowErrors[0].Message, "orderNo: ") {
		t.Errorf("another buyer: %+v", got)
	}
	many := make([]map[string]any, 1001)
	for i := range many {
		many[i] = orderRow(fmt.Sprint("n", i), "a", "x")
	}
	if got := run(many...); got.Stored != 0 || len(got.UserErrors) != 1 || got.UserErrors[0].Code != "TOO_MANY_ROWS" {
		t.Errorf("1,001 rows: %+v", got)
	}
	var order struct {
		Order struct {
			PlacedAt      string
			AmountCents   int
			ReportOutcome string
		}
	}
	s.Do(platform, `{ order(orderNo: "1") { placedAt amountCents reportOutcome } }`, nil).Into(t, &order)
	if o := order.Order; o.PlacedAt != "2026-01-01T19:04:05.000Z" || o.AmountCents != 2147483647 || o.ReportOutcome != "NONE" {
		t.Errorf("order %+v", o)
	}
}

func TestImportRisk(t *testing.T) {
	s := graphtest.New(t)
	s.Import([]cloudtag.MerchantID{"a"}, s.Order("1", "a", "x"))
	platform := s.As(cloudtag.RolePlatform)
	row := func(buyer string, score int) map[string]any {
		return map[string]any{"buyerId": buyer, "score": score, "updatedAt": "2026-01-02T00:00:00Z",
			"signals": []any{map[string]any{"code": "NEW_ACCOUNT", "value": 1.5, "weight": 2}, map[string]any{"code": "X_RATE", "value": 0, "weight": -1}}}
	}
	var data struct{ ImportRisk imported }
	s.Do(platform, `mutation ($input: ImportRiskInput!) { importRisk(input: $input) `+payload+` }`,
		graphtest.Variables{"input": map[string]any{"profiles": []any{row("x", 80), row("y", 101), row("z", 10)}}}).Into(t, &data)
	if got := data.ImportRisk; got.Stored != 2 || len(got.RowErrors) != 1 || got.RowErrors[0].Index != 1 || !strings.HasPrefix(got.RowErrors[0].Message, "score: ") {
		t.Fatalf("import: %+v", got)
	}
	answer := s.Do(platform, `{ buyer(id: "x") { risk { score level updatedAt signals { code label value weight } } } }`, nil)
	want := `{"data":{"buyer":{"risk":{"score":80,"level":"HIGH","updatedAt":"2026-01-02T00:00:00.000Z","signals":[` +
		`{"code":"NEW_ACCOUNT","label":"New account","value":1.5,"weight":2},{"code":"X_RATE","label":"X rate","value":0,"weight":-1}]}}}}`
	if answer.Raw != want {
		t.Errorf("risk %s, want %s", answer.Raw, want)
	}
}

// Inputs of the wrong type are reported by their path, without internal names.
func TestMalformedInput(t *testing.T) {
	s := graphtest.New(t)
	s.Import([]cloudtag.MerchantID{"a"})
	platform := s.As(cloudtag.RolePlatform)
	query := `mutation ($input: ImportOrdersInput!) { importOrders(input: $input) ` + payload + ` }`
	for name, change := range map[string]struct {
		field string
		value any
	}{
		"amount above 32 bits": {"amountCents", 2147483648},
		"no time":              {"placedAt", "yesterday"},
	} {
		t.Run(name, func(t *testing.T) {
			row := orderRow("1", "a", "x")
			row[change.field] = change.value
			answer := s.Do(platform, query, graphtest.Variables{"input": map[string]any{"orders": []any{orderRow("0", "a", "x"), row}}})
			if len(answer.Errors) != 1 || answer.Errors[0].Code() != "BAD_USER_INPUT" {
				t.Fatalf("answer %s, want BAD_USER_INPUT", answer.Raw)
			}
			want := []any{"input", "orders", "1", change.field}
			if field := answer.Errors[0].Extensions["field"]; !reflect.DeepEqual(field, want) {
				t.Errorf("field %v, want %v: %s", field, want, answer.Raw)
			}
			if strings.Contains(answer.Raw, "strconv") || strings.Contains(answer.Raw, "parsing") {
				t.Errorf("the message is not meant for people: %s", answer.Raw)
			}
		})
	}
}
