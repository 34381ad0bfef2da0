package cloudtag_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// untagged reads all pages of a shop's untagged orders.
func (o *office) untagged(query UntaggedQuery, size int) (numbers []OrderNo, pages int) {
	o.t.Helper()
	request := PageRequest{First: &size}
	for {
		page, err := NewRecords(o.store, o.clock).UntaggedOrders(o.t.Context(), shopCaller("A"), query, request)
		if err != nil {
			o.t.Fatal(err)
		}
		pages++
		for _, order := range page.Items {
			numbers = append(numbers, order.OrderNo)
		}
		if len(page.Items) > size || len(page.Cursors) != len(page.Items) {
			o.t.Fatalf("a page of %d with %d cursors", len(page.Items), len(page.Cursors))
		}
		if !page.HasNextPage {
			return numbers, pages
		}
		request.After = page.End
	}
}

func (o *office) place(orders ...Order) {
	for _, order := range orders {
		o.store.put(o.store.kinds.Orders, order)
	}
}

func (o *office) tagAll(orders ...OrderNo) {
	o.t.Helper()
	for chunk := range slices.Chunk(orders, MaxBatchOrders) {
		submitted, err := o.tagging.Submit(o.t.Context(), shopCaller("A"), SubmitInput{
			OrderNos: chunk, Scenario: testScenario, IdempotencyKey: string(chunk[0]),
		})
		if err != nil || submitted.Batch.AcceptedCount() != len(chunk) {
			o.t.Fatalf("%+v, %v", submitted, err)
		}
	}
}

func TestUntaggedOrders(t *testing.T) {
	o := newOffice(t)
	var all []OrderNo // the latest ahead
	for i := range 12 {
		order := Order{
			OrderNo: OrderNo(fmt.Sprintf("29100000%02d", 12-i)), MerchantID: "A", BuyerID: BuyerID(fmt.Sprintf("u-%d", i)),
			PlacedAt: o.clock.now.Add(-time.Duration(i/2) * time.Hour), Currency: "CNY", ReportOutcome: ReportRejected,
		}
		if i%3 == 0 {
			order.ReportOutcome = ReportNone
		}
		o.place(order)
		all = append(all, order.OrderNo)
	}
	o.place(Order{OrderNo: "3900000001", MerchantID: "B", BuyerID: "u-1", PlacedAt: o.clock.now, Currency: "CNY", ReportOutcome: ReportRejected})
	o.tagAll(all[1], all[4], all[11])
	left := slices.Concat(all[:1], all[2:4], all[5:11])
	for name, test := range map[string]struct {
		query UntaggedQuery
		want  []OrderNo
	}{
		"all":     {UntaggedQuery{}, left},
		"number":  {UntaggedQuery{Search: "00001"}, []OrderNo{all[0], all[2]}},
		"part":    {UntaggedQuery{Search: "000006"}, []OrderNo{all[6]}},
		"outcome": {UntaggedQuery{Outcomes: []ReportOutcome{ReportNone}}, []OrderNo{all[0], all[3], all[6], all[9]}},
		"time":    {UntaggedQuery{PlacedAfter: o.clock.now.Add(-3 * time.Hour), PlacedBefore: o.clock.now}, []OrderNo{all[2], all[3], all[5]}},
	} {
		for _, size := range []int{1, 2, 5, 100} {
			if got, _ := o.untagged(test.query, size); !slices.Equal(got, test.want) {
				t.Errorf("%s by %d: %v, want %v", name, size, got, test.want)
			}
		}
	}
}

// A shop that has tagged nearly everything gets short pages instead of slow ones.
func TestUntaggedOrdersReadsALimitedNumberPerPage(t *testing.T) {
	o := newOffice(t)
	const orders = 2500
	placed := make([]Order, orders)
	var tagged []OrderNo
	for i := range placed {
		placed[i] = Order{
			OrderNo: OrderNo(fmt.Sprintf("29100%05d", i)), MerchantID: "A", BuyerID: BuyerID(fmt.Sprintf("u-%d", i)),
			PlacedAt: o.clock.now.Add(time.Duration(i-orders) * time.Minute), Currency: "CNY", ReportOutcome: ReportRejected,
		}
		if i > 0 {
			tagged = append(tagged, placed[i].OrderNo)
		}
	}
	o.place(placed...)
	o.tagAll(tagged...)
	numbers, pages := o.untagged(UntaggedQuery{}, 50)
	if !slices.Equal(numbers, []OrderNo{placed[0].OrderNo}) || pages != 3 {
		t.Errorf("%v in %d pages, want the oldest in 3", numbers, pages)
	}
}

func TestUntaggedOrdersAreTheCallersOwn(t *testing.T) {
	o := newOffice(t)
	for name, test := range map[string]struct {
		caller  Caller
		query   UntaggedQuery
		request PageRequest
		want    Code
	}{
		"a reviewer":         {person("ann", RoleReviewer), UntaggedQuery{}, PageRequest{}, CodeForbidden},
		"a service":          {platform(), UntaggedQuery{}, PageRequest{}, CodeForbidden},
		"an unknown outcome": {shopCaller("A"), UntaggedQuery{Outcomes: []ReportOutcome{"LOST"}}, PageRequest{}, CodeBadInput},
		"a foreign cursor":   {shopCaller("A"), UntaggedQuery{}, PageRequest{After: "nonsense"}, CodeBadInput},
	} {
		if _, err := NewRecords(o.store, o.clock).UntaggedOrders(t.Context(), test.caller, test.query, test.request); CodeOf(err) != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}
