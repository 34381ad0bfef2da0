package cloudtag_test

import (
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestAbilities(t *testing.T) {
	o := newOffice(t)
	records := NewRecords(o.store, o.clock)
	revoked := o.store.merchants()["B"]
	revoked.Permission = PermissionRevoked
	o.store.put(o.store.kinds.Merchants, revoked)
	tests := map[string]struct {
		caller Caller
		want   Abilities
	}{
		"a shop":         {shopCaller("A"), Abilities{SubmitTags: true, RestrictBuyers: true, SeeWebhooks: true, ManageWebhooks: true}},
		"a revoked shop": {shopCaller("B"), Abilities{RestrictBuyers: true, SeeWebhooks: true, ManageWebhooks: true}},
		"a reviewer":     {person("r", RoleReviewer), Abilities{SeeCases: true, Decide: true, SeeBuyers: true, ReadLog: true, ShareViews: true}},
		"an administrator": {person("a", RoleAdmin), Abilities{
			SeeCases: true, Decide: true, Administrate: true, Lead: true, SeeBuyers: true, ReadLog: true, ShareViews: true, SeeWebhooks: true, ManageWebhooks: true,
		}},
		"an auditor": {person("u", RoleAuditor), Abilities{SeeCases: true, SeeBuyers: true, ReadLog: true, SeeWebhooks: true}},
		"a service":  {platform(), Abilities{SeeBuyers: true, ImportData: true, ServeClaims: true, SeeWebhooks: true, ManageWebhooks: true}},
		"nobody":     {Caller{}, Abilities{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got, err := records.Abilities(t.Context(), test.caller); err != nil || got != test.want {
				t.Errorf("%+v, want %+v: %v", got, test.want, err)
			}
		})
	}
}
