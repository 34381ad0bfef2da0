package resolvers_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
)

func TestAbilitiesOfCallers(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	for name, test := range map[string]struct{ caller, want string }{
		"a shop":   {c.owner(), "manageWebhooks restrictBuyers seeWebhooks submitTags"},
		"no shop":  {c.As(cloudtag.RoleMerchant, "unknown"), "manageWebhooks restrictBuyers seeWebhooks"},
		"REVIEWER": {c.As(cloudtag.RoleReviewer), "decide readLog seeBuyers seeCases shareViews"},
		"ADMIN":    {c.As(cloudtag.RoleAdmin), "administrate decide manageWebhooks readLog seeBuyers seeCases seeWebhooks shareViews"},
		"AUDITOR":  {c.As(cloudtag.RoleAuditor), "readLog seeBuyers seeCases seeWebhooks"},
		"PLATFORM": {c.As(cloudtag.RolePlatform), "importData manageWebhooks seeBuyers seeWebhooks serveClaims"},
	} {
		var data struct {
			Viewer struct{ Can map[string]bool }
		}
		c.Do(test.caller, `{ viewer { can { submitTags restrictBuyers seeCases seeBuyers readLog decide administrate shareViews importData serveClaims seeWebhooks manageWebhooks } } }`, nil).Into(t, &data)
		var can []string
		for _, ability := range slices.Sorted(maps.Keys(data.Viewer.Can)) {
			if data.Viewer.Can[ability] {
				can = append(can, ability)
			}
		}
		expect(t, name, strings.Join(can, " "), test.want)
	}
}

func TestUntaggedOrders(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	var list struct {
		UntaggedOrders struct {
			Nodes    []struct{ OrderNo, ReportOutcome string }
			Edges    []struct{ Cursor string }
			PageInfo struct {
				HasNextPage bool
				EndCursor   *string
			}
		}
	}
	ask := func(arguments string) {
		c.Do(c.owner(), `{ untaggedOrders`+arguments+` { nodes { orderNo reportOutcome } edges { cursor } pageInfo { hasNextPage endCursor } } }`, nil).Into(t, &list)
	}
	ask("")
	if page := list.UntaggedOrders; len(page.Nodes) != 1 || page.Nodes[0].OrderNo != "own-order-3" || page.PageInfo.HasNextPage || len(page.Edges) != 1 {
		t.Errorf("all: %+v", page)
	}
	ask(`(filter: {search: "order-2"})`)
	if page := list.UntaggedOrders; len(page.Nodes) != 0 || page.PageInfo.HasNextPage {
		t.Errorf("one that is tagged: %+v", page)
	}
	if codes := c.Do(c.owner(), `{ untaggedOrders(first: 101) { nodes { orderNo } } }`, nil).Codes(); !slices.Equal(codes, []string{"BAD_USER_INPUT"}) {
		t.Errorf("too many: %v", codes)
	}
	if codes := c.Do(c.reviewer("ann"), `{ untaggedOrders { nodes { orderNo } } }`, nil).Codes(); !slices.Equal(codes, []string{"FORBIDDEN"}) {
		t.Errorf("a reviewer: %v", codes)
	}
}

func TestQuotaAndFreightInsuranceOfAShop(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	quota := func(caller, id string) string {
		return string(c.Do(caller, `query ($id: ID!) { merchant(id: $id) { tagQuota { limit remaining } revokedFor } }`, map[string]any{"id": id}).Data)
	}
	expect(t, "its own", quota(c.owner(), "own-shop"), `{"merchant":{"tagQuota":{"limit":1000,"remaining":1000},"revokedFor":null}}`)
	expect(t, "a reviewer's look", quota(c.reviewer("ann"), "own-shop"), `{"merchant":{"tagQuota":null,"revokedFor":null}}`)
	answer := func() string {
		return string(c.Do(c.owner(), `{ order(orderNo: "own-order-1") { freightInsurance { answer complaint { state } tag { status } } } }`, nil).Data)
	}
	expect(t, "before the first request", answer(), `{"order":{"freightInsurance":null}}`)
	c.Do(c.As(cloudtag.RolePlatform), `{ freightInsuranceDecision(orderNo: "own-order-1") { answer } }`, nil)
	expect(t, "given", answer(), `{"order":{"freightInsurance":{"answer":"REFUSE","complaint":null,"tag":null}}}`)
}
