package main

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/sealing"
)

// newCursors returns the sealer of cursors, under the configured secret or else one that the store keeps.
func newCursors(ctx context.Context, settings config.Cursors, store cloudtag.DocumentStore) (*sealing.Sealer, error) {
	if settings.Secret == "" {
		kept, err := cloudtag.CursorSecret(ctx, store, newKey)
		if err != nil {
			return nil, fmt.Errorf("the secret of cursors: %w", err)
		}
		return sealing.New(kept)
	}
	secrets := [][]byte{[]byte(settings.Secret)}
	if settings.Previous != "" {
		secrets = append(secrets, []byte(settings.Previous))
	}
	return sealing.New(secrets...)
}
