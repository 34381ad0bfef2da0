package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/casework"
	"cloudtag/internal/cloudtag"
)

func (v *view) savedView(saved casework.SavedView) *model.SavedView {
	return &model.SavedView{
		ID: saved.ID, Page: saved.Page, Name: saved.Name, Search: saved.Search, Shared: saved.Shared, CreatedBy: saved.Owner,
		UpdatedAt: saved.UpdatedAt, CanEdit: saved.MayChange(v.caller),
	}
}

func convertAbilities(a cloudtag.Abilities) *model.Abilities {
	return &model.Abilities{
		SubmitTags: a.SubmitTags, RestrictBuyers: a.RestrictBuyers, SeeCases: a.SeeCases, SeeBuyers: a.SeeBuyers,
		ReadLog: a.ReadLog, Decide: a.Decide, Administrate: a.Administrate, Lead: a.Lead, ShareViews: a.ShareViews,
		ImportData: a.ImportData, ServeClaims: a.ServeClaims,
		SeeWebhooks: a.SeeWebhooks, ManageWebhooks: a.ManageWebhooks,
	}
}
