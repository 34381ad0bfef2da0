package resolvers

import (
	"time"

	"cloudtag/graph/model"
	"cloudtag/internal/auth"
)

func convertTokenRevocation(r auth.TokenRevocation) *model.TokenRevocation {
	converted := &model.TokenRevocation{
		ID: r.ID, Subject: nonEmpty(r.Subject), TokenID: nonEmpty(r.TokenID), Reason: r.Reason,
		RevokedBy: r.RevokedBy, RevokedAt: r.RevokedAt,
	}
	if !r.NotBefore.IsZero() {
		converted.NotBefore = new(time.Time)
		*converted.NotBefore = r.NotBefore
	}
	return converted
}
