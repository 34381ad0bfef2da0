package cloudtagtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/freightinsurance"
	"cloudtag/internal/importing"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/upkeep"
	"cloudtag/internal/vetting"
)

// Start is the instant the tests count from.
var Start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// Constants that tests share.
const (
	TestScenario = cloudtag.ScenarioCode("RETURN_SWAPPED")
	Day          = 24 * time.Hour
)

// TestClock is a clock that shows the time a test sets.
type TestClock struct{ Time time.Time }

// Now implements [cloudtag.Clock].
func (c *TestClock) Now() time.Time { return c.Time }

// Office has four shops, A to D, each with its own entity, and services over one store.
type Office struct {
	T            testing.TB
	Store        *Store
	Clock        *TestClock
	Tagging      *cloudtag.Tagging
	Upkeep       *upkeep.Service
	Imports      *importing.Service
	Restrictions *restrictions.Service
	Revocations  *revocations.Service
	Appeals      *appeals.Service
	Reviews      *cloudtag.Reviews
	Vettings     *vetting.Service

	FreightInsurance *freightinsurance.Service

	placed, ids int
}

// NewOffice returns an office at [Start].
func NewOffice(t testing.TB) *Office {
	o := &Office{T: t, Store: NewStore(t), Clock: &TestClock{Start}}
	ids := cloudtag.IDFunc(func() string { o.ids++; return fmt.Sprintf("id-%d", o.ids) })
	o.Tagging = cloudtag.NewTagging(o.Store, o.Clock, ids)
	o.Upkeep = upkeep.New(o.Store, o.Clock)
	o.Imports = importing.New(o.Store, o.Upkeep, o.Clock)
	o.Restrictions = restrictions.New(o.Store, o.Clock, ids)
	o.Revocations = revocations.New(o.Store, o.Upkeep, o.Clock, ids)
	o.Appeals = appeals.New(o.Store, o.Clock, ids)
	o.Reviews = cloudtag.NewReviews(o.Store, o.Clock, ids)
	o.Vettings = vetting.New(o.Store, o.Clock, ids)
	o.FreightInsurance = freightinsurance.New(o.Store, cloudtag.NewRecords(o.Store, o.Clock), o.Clock, ids)
	for _, shop := range []cloudtag.MerchantID{"A", "B", "C", "D"} {
		o.Store.put(o.Store.kinds.Merchants, cloudtag.Merchant{
			ID: shop, Name: "shop " + string(shop), EntityID: cloudtag.EntityID(shop), Permission: cloudtag.PermissionActive,
		})
	}
	return o
}

// Person returns a caller with one role.
func Person(name string, role cloudtag.Role) cloudtag.Caller {
	return cloudtag.Caller{Subject: name, Roles: []cloudtag.Role{role}}
}

// Platform returns a caller that is a service of the platform.
func Platform() cloudtag.Caller { return Person("importer", cloudtag.RolePlatform) }

// ShopCaller returns a caller that acts for a shop.
func ShopCaller(shop cloudtag.MerchantID) cloudtag.Caller {
	return cloudtag.Caller{Subject: "someone@" + string(shop), Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: shop}
}

// PlaceOrder stores a new order of a shop by a buyer, and returns its number.
func (o *Office) PlaceOrder(shop cloudtag.MerchantID, buyer cloudtag.BuyerID) cloudtag.OrderNo {
	o.T.Helper()
	number := cloudtag.OrderNo(fmt.Sprintf("%010d", 1000000001+o.placed))
	o.placed++
	o.Store.PutOrder(cloudtag.Order{
		OrderNo: number, MerchantID: shop, BuyerID: buyer, PlacedAt: Start.Add(-72 * time.Hour), AmountCents: 100, Currency: "CNY",
		ReportOutcome: cloudtag.ReportNone,
	})
	return number
}

// submit tags a new order of a shop by a buyer, and returns its number.
func (o *Office) submit(shop cloudtag.MerchantID, buyer cloudtag.BuyerID, scenario cloudtag.ScenarioCode, note string) cloudtag.OrderNo {
	o.T.Helper()
	number := o.PlaceOrder(shop, buyer)
	_, err := o.Tagging.Submit(context.Background(), ShopCaller(shop), cloudtag.SubmitInput{
		OrderNos: []cloudtag.OrderNo{number}, Scenario: scenario, Note: note, IdempotencyKey: "key-" + string(number),
	})
	if err != nil {
		o.T.Fatal(err)
	}
	return number
}

// SubmitOne tags a new order of a shop by a buyer with [TestScenario], and returns its number.
func (o *Office) SubmitOne(shop cloudtag.MerchantID, buyer cloudtag.BuyerID) cloudtag.OrderNo {
	o.T.Helper()
	return o.submit(shop, buyer, TestScenario, "空包裹")
}

// Confirmed creates a case of freight insurance arbitrage that three shops' votes confirm, and returns its orders.
func (o *Office) Confirmed(buyer cloudtag.BuyerID) []cloudtag.OrderNo {
	o.T.Helper()
	var orders []cloudtag.OrderNo
	for _, shop := range []cloudtag.MerchantID{"A", "B", "C"} {
		orders = append(orders, o.submit(shop, buyer, cloudtag.FreightInsuranceScenario, ""))
	}
	return orders
}

// DrawSecondReviews sets the percentage of confirmations that the policy draws for a second review.
func (o *Office) DrawSecondReviews(percent int) {
	policy := cloudtag.DefaultPolicy(Start)
	policy.SecondReviewPercent = percent
	o.Store.SetPolicy(policy)
}

// ConfirmedBy lets a reviewer confirm a case that two shops tagged.
func (o *Office) ConfirmedBy(buyer cloudtag.BuyerID, by string) cloudtag.CaseID {
	o.T.Helper()
	o.SubmitOne("A", buyer)
	o.SubmitOne("B", buyer)
	id := cloudtag.NewCaseID(TestScenario, buyer)
	ruling := cloudtag.Ruling{Decision: cloudtag.DecisionConfirm, Reason: "seen by " + by, ExpectedVersion: o.Store.Case(id).Version}
	if _, err := o.Reviews.Decide(context.Background(), Person(by, cloudtag.RoleReviewer), id, ruling); err != nil {
		o.T.Fatal(err)
	}
	return id
}

// CalendarOf returns the calendar of a time zone.
func CalendarOf(t testing.TB, zone string) cloudtag.Calendar {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return cloudtag.NewCalendar(location)
}
