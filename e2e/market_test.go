//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// market writes the files of some shops and orders and imports them. Every shop m-1 … m-<shops> has the given number
// of orders, the n-th of every shop placed by buyer b-<n>.
func importMarket(t *testing.T, uri string, shops, orders int) {
	t.Helper()
	placed := time.Now().Add(-72 * time.Hour).UTC().Format(time.RFC3339)
	var merchantRows, orderRows strings.Builder
	merchantRows.WriteString("id,name,entity_id,created_at\n")
	orderRows.WriteString("order_no,merchant_id,buyer_id,placed_at,amount_cents,currency,freight_insured,report_outcome\n")
	for shop := 1; shop <= shops; shop++ {
		fmt.Fprintf(&merchantRows, "m-%d,店铺 %d,,%s\n", shop, shop, placed)
		for n := 1; n <= orders; n++ {
			fmt.Fprintf(&orderRows, "%s,m-%d,b-%d,%s,9900,CNY,true,REJECTED\n", orderNo(shop, n), shop, n, placed)
		}
	}
	mustCloudtag(t, "import", "merchants", writeFile(t, "merchants.csv", merchantRows.String()), "--db", uri)
	mustCloudtag(t, "import", "orders", writeFile(t, "orders.csv", orderRows.String()), "--db", uri)
}

// orderNo is the number of the n-th order of a shop.
func orderNo(shop, n int) string { return fmt.Sprintf("%04d%06d", 1000+shop, n) }

// importCases makes a store with many cases: every order has a buyer of its own and is tagged, in the past.
func importCases(t *testing.T, uri string, cases int) {
	t.Helper()
	placed := time.Now().Add(-240 * time.Hour).UTC()
	var merchantRows, orderRows, tagRows strings.Builder
	merchantRows.WriteString("id,name,entity_id,created_at\n")
	fmt.Fprintf(&merchantRows, "m-1,店铺 1,,%s\n", placed.Format(time.RFC3339))
	orderRows.WriteString("order_no,merchant_id,buyer_id,placed_at,amount_cents,currency,freight_insured,report_outcome\n")
	tagRows.WriteString("order_no,scenario,submitted_at,note\n")
	for n := range cases {
		fmt.Fprintf(&orderRows, "%s,m-1,b-%d,%s,9900,CNY,true,REJECTED\n", orderNo(1, n), n, placed.Format(time.RFC3339))
		submitted := placed.Add(time.Hour + time.Duration(n)*time.Second)
		fmt.Fprintf(&tagRows, "%s,RETURN_SWAPPED,%s,\n", orderNo(1, n), submitted.Format(time.RFC3339))
	}
	mustCloudtag(t, "import", "merchants", writeFile(t, "merchants.csv", merchantRows.String()), "--db", uri)
	mustCloudtag(t, "import", "orders", writeFile(t, "orders.csv", orderRows.String()), "--db", uri)
	mustCloudtag(t, "import", "tags", writeFile(t, "tags.csv", tagRows.String()), "--db", uri)
}
