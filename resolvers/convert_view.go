package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/casework"
)

func (v *view) savedView(saved casework.SavedView) *model.SavedView {
	return &model.SavedView{
		ID: saved.ID, Page: saved.Page, Name: saved.Name, Search: saved.Search, Shared: saved.Shared, CreatedBy: saved.Owner,
		UpdatedAt: saved.UpdatedAt, CanEdit: saved.MayChange(v.caller),
	}
}
