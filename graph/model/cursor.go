package model

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"strconv"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
)

// CursorSealer encrypts cursors for an audience, see [sealing.Sealer].
type CursorSealer interface {
	Seal(text, audience string) string
	Open(sealed, audience string) (text string, ok bool)
}

type cursorSealerKey struct{}

// WithCursors returns a context in which cursors are encrypted and decrypted by the sealer, for the audience of the caller:
// all who see what the caller sees.
func WithCursors(ctx context.Context, sealer CursorSealer) context.Context {
	return context.WithValue(ctx, cursorSealerKey{}, sealer)
}

var errNoSealer = errors.New("a cursor outside of a context made by WithCursors")

// MarshalCursor writes an encrypted cursor.
func MarshalCursor(cursor cloudtag.Cursor) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		sealed, err := SealCursor(ctx, cursor)
		if err == nil {
			_, err = io.WriteString(w, strconv.Quote(sealed))
		}
		return err
	})
}

// SealCursor encrypts a cursor for the caller of the context. The result has letters, digits, hyphens and underscores only.
func SealCursor(ctx context.Context, cursor cloudtag.Cursor) (string, error) {
	sealer, ok := ctx.Value(cursorSealerKey{}).(CursorSealer)
	if !ok {
		return "", errNoSealer
	}
	return sealer.Seal(string(cursor), auth.CallerFrom(ctx).Audience()), nil
}

// UnmarshalCursor decrypts what [MarshalCursor] wrote for the caller. Any other text becomes [cloudtag.ForeignCursor], which
// every list refuses, so that all invalid cursors get the same error. The empty text is no cursor.
func UnmarshalCursor(ctx context.Context, v any) (cloudtag.Cursor, error) {
	sealed, ok := v.(string)
	if !ok {
		return "", badScalar("须为游标文本。", "must be a cursor, as text.")
	}
	if sealed == "" {
		return "", nil
	}
	sealer, ok := ctx.Value(cursorSealerKey{}).(CursorSealer)
	if !ok {
		return "", errNoSealer
	}
	text, ok := sealer.Open(sealed, auth.CallerFrom(ctx).Audience())
	if !ok || text == "" {
		return cloudtag.ForeignCursor, nil
	}
	return cloudtag.Cursor(text), nil
}

// UnlinkableCursor returns a cursor of the same place with a random suffix: equal cursors of the log's end would reveal that
// nothing was appended in between.
func UnlinkableCursor(cursor cloudtag.Cursor) cloudtag.Cursor {
	return cursor + "\x00" + cloudtag.Cursor(rand.Text())
}
