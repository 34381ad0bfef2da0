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

// CursorSealer seals cursors for those who may use them, see [sealing.Sealer].
type CursorSealer interface {
	Seal(text, audience string) string
	Open(sealed, audience string) (text string, ok bool)
}

type cursorSealerKey struct{}

// WithCursors returns a context in which cursors are written and read: sealed, and bound to those who see what the
// caller sees.
func WithCursors(ctx context.Context, sealer CursorSealer) context.Context {
	return context.WithValue(ctx, cursorSealerKey{}, sealer)
}

var errNoSealer = errors.New("a cursor outside of a context made by WithCursors")

// MarshalCursor writes a cursor sealed.
func MarshalCursor(cursor cloudtag.Cursor) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		sealed, err := SealCursor(ctx, cursor)
		if err == nil {
			_, err = io.WriteString(w, strconv.Quote(sealed))
		}
		return err
	})
}

// SealCursor returns a cursor as the caller of the context gets it: letters, digits, hyphens and underscores.
func SealCursor(ctx context.Context, cursor cloudtag.Cursor) (string, error) {
	sealer, ok := ctx.Value(cursorSealerKey{}).(CursorSealer)
	if !ok {
		return "", errNoSealer
	}
	return sealer.Seal(string(cursor), auth.CallerFrom(ctx).Audience()), nil
}

// UnmarshalCursor takes a text that [MarshalCursor] wrote for the caller. Any other text becomes one that every list
// refuses, so that there is one answer for all that are no cursors of the list, whatever they are. The empty text is no
// cursor at all.
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

// UnlinkableCursor returns a cursor of the same place that is written another way each time: equal cursors of the log's
// end would tell that nobody has done anything in between.
func UnlinkableCursor(cursor cloudtag.Cursor) cloudtag.Cursor {
	return cursor + "\x00" + cloudtag.Cursor(rand.Text())
}
