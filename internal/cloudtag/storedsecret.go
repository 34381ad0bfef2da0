package cloudtag

import "context"

// storedSecret is a secret of the store.
type storedSecret struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Secret  []byte `json:"secret"`
}

func storedSecretCodec() Codec[storedSecret] {
	return Codec[storedSecret]{KindSecret, func(s storedSecret) Document {
		return Document{ID: s.ID, Version: s.Version, State: "KEPT"}
	}}
}

// CursorSecret returns the secret that seals cursors where nobody has configured one. Who can read the store needs no cursor
// to learn what it tells.
func CursorSecret(ctx context.Context, store DocumentStore, fresh func() []byte) ([]byte, error) {
	return StoredSecret(ctx, store, "cursors", fresh)
}

// StoredSecret returns the store's secret of a name, which fresh makes where there is none yet. Every instance on the store
// gets the same, after a restart and in a copy of the store too.
func StoredSecret(ctx context.Context, store DocumentStore, id string, fresh func() []byte) ([]byte, error) {
	codec := storedSecretCodec()
	found, err := codec.Find(ctx, store, id)
	if CodeOf(err) != CodeNotFound {
		return found.Secret, err
	}
	made := storedSecret{ID: id, Version: 1, Secret: fresh()}
	if err = store.SaveDocument(ctx, codec.Document(made), nil); CodeOf(err) == CodeConflict {
		made, err = codec.Find(ctx, store, id) // another instance was first
	}
	return made.Secret, err
}
