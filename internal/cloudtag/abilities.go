package cloudtag

import (
	"context"
	"fmt"
)

// Abilities are the operations that a caller may perform; a record may still not allow them.
type Abilities struct {
	SubmitTags     bool // the caller's shop may tag now
	RestrictBuyers bool // for its own shop
	SeeCases       bool // and appeals, restrictions, revocations and the policy
	Decide         bool // cases, restrictions and appeals
	Administrate   bool // the policy and revocations
	Lead           bool // assign cases, take claims over, decide what was escalated
	SeeBuyers      bool
	ImportData     bool
	ReadLog        bool
	ShareViews     bool // save views that others see
	ServeClaims    bool // query freight insurance, file complaints and appeals
	SeeWebhooks    bool // the caller's own, or all
	ManageWebhooks bool // the caller's own
}

// Abilities returns what the caller may do.
func (r *Records) Abilities(ctx context.Context, caller Caller) (Abilities, error) {
	abilities := Abilities{
		SeeCases: caller.MaySeeCases(), Decide: caller.Decides(), Administrate: caller.Has(RoleAdmin), Lead: caller.Leads(),
		SeeBuyers: caller.MaySeeBuyers(), ImportData: caller.MayImport(), ReadLog: caller.Reviews(),
		ShareViews: caller.Decides(), ServeClaims: caller.Serves(),
		SeeWebhooks: caller.SeesWebhooks(), ManageWebhooks: caller.ManagesWebhooks(),
	}
	if !caller.ActsFor(caller.MerchantID) {
		return abilities, nil
	}
	found, err := r.store.Merchants(ctx, []MerchantID{caller.MerchantID})
	if err != nil {
		return abilities, fmt.Errorf("find merchant: %w", err)
	}
	abilities.SubmitTags = found[caller.MerchantID].Permission == PermissionActive
	abilities.RestrictBuyers = true
	return abilities, nil
}
