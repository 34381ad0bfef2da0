package cloudtag

import "context"

// storedSecret is a secret that all instances on a store share.
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

// CursorSecret returns the secret that encrypts cursors if none is configured. It may be stored: whoever can read the store
// learns nothing from a cursor.
func CursorSecret(ctx context.Context, store DocumentStore, fresh func() []byte) ([]byte, error) {
	return StoredSecret(ctx, store, "cursors", fresh)
}

// StoredSecret returns a secret of the store, which fresh generates if it does not exist yet. It is the same on every
// instance, after a restart, and in a copy of the store.
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
