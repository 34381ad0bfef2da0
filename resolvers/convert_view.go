package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/casework"
)

func (v *view) savedView(saved casework.SavedView) *model.SavedView {
	return &model.SavedView{SavedView: saved, CanEdit: saved.MayChange(v.caller)}
}
