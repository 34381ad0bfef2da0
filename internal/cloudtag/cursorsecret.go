package cloudtag

import "context"

// cursorSecret is what seals cursors where nobody has configured a secret.
type cursorSecret struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Secret  []byte `json:"secret"`
}

func cursorSecretCodec() codec[cursorSecret] {
	return codec[cursorSecret]{KindCursorSecret, func(s cursorSecret) Document {
		return Document{ID: s.ID, Version: s.Version, State: "KEPT"}
	}}
}

// CursorSecret returns the secret that seals cursors, which is made once for a store and kept there: every instance on
// the store has the same, after a restart too. Who can read the store needs no cursor to learn what it tells.
func CursorSecret(ctx context.Context, store DocumentStore, fresh func() []byte) ([]byte, error) {
	const id = "cursors"
	codec := cursorSecretCodec()
	kept, err := codec.find(ctx, store, id)
	if CodeOf(err) != CodeNotFound {
		return kept.Secret, err
	}
	made := cursorSecret{ID: id, Version: 1, Secret: fresh()}
	if err = store.SaveDocument(ctx, codec.document(made), nil); CodeOf(err) == CodeConflict {
		made, err = codec.find(ctx, store, id) // another instance was first
	}
	return made.Secret, err
}
