package cloudtag_test

import (
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestOrderPutOver(t *testing.T) {
	placed := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	order := Order{OrderNo: "7", MerchantID: "m1", BuyerID: "b1", AmountCents: 1290, PlacedAt: placed}
	with := func(change func(*Order)) *Order {
		stored := order
		change(&stored)
		return &stored
	}
	cases := map[string]struct {
		stored *Order
		want   PutResult
	}{
		"none":                     {nil, PutStored},
		"the same":                 {with(func(*Order) {}), PutUnchanged},
		"the same in another zone": {with(func(o *Order) { o.PlacedAt = placed.In(time.FixedZone("", 8*3600)) }), PutUnchanged},
		"another amount":           {with(func(o *Order) { o.AmountCents = 1 }), PutStored},
		"another time":             {with(func(o *Order) { o.PlacedAt = placed.Add(time.Second) }), PutStored},
		"another shop's":           {with(func(o *Order) { o.MerchantID = "m2" }), PutConflict},
		"another account's":        {with(func(o *Order) { o.BuyerID = "b2" }), PutConflict},
	}
	for name, c := range cases {
		if got := order.PutOver(c.stored); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestRiskProfilePutOver(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	risk := RiskProfile{BuyerID: "b1", Score: 70, UpdatedAt: at}
	cases := map[string]struct {
		stored *RiskProfile
		want   PutResult
	}{
		"none":                           {nil, PutStored},
		"the same":                       {&risk, PutUnchanged},
		"an older one":                   {&RiskProfile{BuyerID: "b1", Score: 20, UpdatedAt: at.Add(-time.Second)}, PutStored},
		"another of the same time":       {&RiskProfile{BuyerID: "b1", Score: 20, UpdatedAt: at}, PutStored},
		"a later one, which has to stay": {&RiskProfile{BuyerID: "b1", Score: 20, UpdatedAt: at.Add(time.Second)}, PutStale},
	}
	for name, c := range cases {
		if got := risk.PutOver(c.stored); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
