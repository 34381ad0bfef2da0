package resolvers_test

import (
	"testing"
	"time"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// TestVettingNeedsTwoPeople vets a shop through the API, up to its track record.
func TestVettingNeedsTwoPeople(t *testing.T) {
	c := newCity(t, fullPlan())
	var proposed struct {
		ProposeVetting struct {
			Vetting struct {
				ID        string
				CanDecide bool
				Merchant  struct{ ID string }
			}
			UserErrors []struct{ Code string }
		}
	}
	boss := c.As(cloudtag.RoleAdmin)
	c.Do(boss, `mutation { proposeVetting(input: {merchantId: "own-shop", vetted: true, reason: "known for years"}) {
		vetting { id canDecide merchant { id } } userErrors { code } } }`, nil).Into(t, &proposed)
	vetting := proposed.ProposeVetting.Vetting
	if vetting.Merchant.ID != "own-shop" || vetting.CanDecide || len(proposed.ProposeVetting.UserErrors) > 0 {
		t.Fatalf("%+v", proposed)
	}
	decide := func(caller string) (codes []string) {
		var decided struct {
			DecideVetting struct{ UserErrors []struct{ Code string } }
		}
		c.Do(caller, `mutation ($id: ID!) { decideVetting(input: {id: $id, approve: true, reason: "so it is"}) { userErrors { code } } }`,
			graphtest.Variables{"id": vetting.ID}).Into(t, &decided)
		for _, refused := range decided.DecideVetting.UserErrors {
			codes = append(codes, refused.Code)
		}
		return codes
	}
	if got := decide(boss); len(got) != 1 || got[0] != "SAME_PERSON" {
		t.Errorf("the proposer: %v", got)
	}
	if got := decide(c.Token(cloudtag.Caller{Subject: "another administrator", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}, time.Hour)); len(got) > 0 {
		t.Errorf("another person: %v", got)
	}
	c.Clock.Advance(time.Second) // a later instant, after which the view folds the entries before it
	c.must(c.Store.SaveDocument(t.Context(), cloudtag.Document{Kind: cloudtag.KindView, ID: "later", Version: 1, Body: []byte("{}")},
		[]cloudtag.Entry{{At: c.Clock.Now(), Actor: "test", Action: cloudtag.ActionViewSaved}}))
	if err := c.Deps.Collusion.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	var found struct {
		Merchant struct{ Record struct{ Vetted bool } }
		Vettings []struct{ State string }
	}
	c.Do(boss, `{ merchant(id: "own-shop") { record { vetted trust weight overturnedShare } } vettings(merchantId: "own-shop") { state } }`, nil).Into(t, &found)
	if !found.Merchant.Record.Vetted || len(found.Vettings) != 1 || found.Vettings[0].State != "APPROVED" {
		t.Errorf("%+v", found)
	}
}
