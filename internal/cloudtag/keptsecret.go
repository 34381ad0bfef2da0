package cloudtag

import "context"

// kept is a secret of the store.
type kept struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Secret  []byte `json:"secret"`
}

func keptCodec() codec[kept] {
	return codec[kept]{KindSecret, func(s kept) Document {
		return Document{ID: s.ID, Version: s.Version, State: "KEPT"}
	}}
}

// CursorSecret returns the secret that seals cursors where nobody has configured one. Who can read the store needs no cursor
// to learn what it tells.
func CursorSecret(ctx context.Context, store DocumentStore, fresh func() []byte) ([]byte, error) {
	return keptSecret(ctx, store, "cursors", fresh)
}

// keptSecret returns a secret that is made once for a store and kept there: every instance on the store has the same, after a
// restart and in a copy of the store too.
func keptSecret(ctx context.Context, store DocumentStore, id string, fresh func() []byte) ([]byte, error) {
	codec := keptCodec()
	found, err := codec.find(ctx, store, id)
	if CodeOf(err) != CodeNotFound {
		return found.Secret, err
	}
	made := kept{ID: id, Version: 1, Secret: fresh()}
	if err = store.SaveDocument(ctx, codec.document(made), nil); CodeOf(err) == CodeConflict {
		made, err = codec.find(ctx, store, id) // another instance was first
	}
	return made.Secret, err
}
