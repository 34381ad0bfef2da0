package restrictions

import (
	"context"

	"cloudtag/internal/cloudtag"
)

// Save stores a new restriction as it is.
func Save(ctx context.Context, store cloudtag.DocumentStore, restriction Restriction) error {
	return restrictionCodec().Save(ctx, store, nil, restriction, cloudtag.Entry{})
}
