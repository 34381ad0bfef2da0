package execution

import (
	"bytes"
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// Writer has the response so far, and the path of the value that is being written. It is used by one goroutine.
type Writer struct {
	Buf []byte // the JSON so far

	path   []step
	loaded bool // an earlier element of the same list has made the batches load
}

// step is an element of a path: a field or, where that is nil, an index of a list.
type step struct {
	field *Field
	index int
}

// maxKept is the largest buffer that is reused, in bytes.
const maxKept = 1 << 20

var writers = sync.Pool{New: func() any { return new(Writer) }}

func newWriter(path []step) *Writer {
	w, _ := writers.Get().(*Writer)
	w.Buf, w.path, w.loaded = w.Buf[:0], append(w.path[:0], path...), false
	return w
}

// release returns the writer to the pool.
func (w *Writer) release() {
	clear(w.path)
	if cap(w.Buf) <= maxKept {
		writers.Put(w)
	}
}

// Write implements [io.Writer] for gqlgen's marshalers. It never fails.
func (w *Writer) Write(text []byte) (int, error) {
	w.Buf = append(w.Buf, text...)
	return len(text), nil
}

// WriteString implements [io.StringWriter].
func (w *Writer) WriteString(text string) (int, error) {
	w.Buf = append(w.Buf, text...)
	return len(text), nil
}

// Null writes null unless nonNull, and reports whether it did; otherwise the enclosing value becomes null.
func (w *Writer) Null(nonNull bool) bool {
	if !nonNull {
		w.Buf = append(w.Buf, "null"...)
	}
	return !nonNull
}

// Missing writes null for a missing value, which is an error where the schema declares the value non-null.
func (w *Writer) Missing(ctx context.Context, nonNull bool, declared string) bool {
	if nonNull {
		graphql.AddInvalidNullError(w.Context(ctx), declared)
	}
	return w.Null(nonNull)
}

// Marshal writes a value by a gqlgen marshaler.
func (w *Writer) Marshal(ctx context.Context, nonNull bool, declared string, value graphql.Marshaler) bool {
	if value == graphql.Null {
		if nonNull {
			graphql.AddInvalidNullFromMarshaler(w.Context(ctx), declared)
		}
		return w.Null(nonNull)
	}
	value.MarshalGQL(w)
	return true
}

// Context returns a context with gqlgen's field context of the value that is being written. It is made for directives and errors
// only, which look for it.
func (w *Writer) Context(ctx context.Context) context.Context {
	for i := range w.path {
		at := &w.path[i]
		place := &graphql.FieldContext{}
		if at.field == nil {
			index := at.index
			place.Index = &index
		} else {
			place.Object, place.Field, place.Args = at.field.object, at.field.CollectedField, at.field.Args
			place.IsMethod, place.IsResolver = true, true
		}
		ctx = graphql.WithFieldContext(ctx, place)
	}
	return ctx
}

// failed reports an error of the field that is being written.
func (w *Writer) failed(ctx context.Context, err error) {
	at := w.Context(ctx)
	graphql.AddError(at, graphql.AddFieldLocationToError(at, err))
}

// recovered reports a panic of the field that is being written.
func (w *Writer) recovered(ctx context.Context, cause any) {
	at := w.Context(ctx)
	graphql.AddError(at, graphql.Recover(at, cause))
}

// response returns what was written as a response; null unless ok.
func (w *Writer) response(ok bool) *graphql.Response {
	if !ok {
		return &graphql.Response{Data: []byte("null")}
	}
	return &graphql.Response{Data: bytes.Clone(w.Buf)}
}
