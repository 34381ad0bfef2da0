package execution

import (
	"bytes"
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// Writer is where an answer is written, and how deep in it the execution is. It belongs to one goroutine.
type Writer struct {
	Buf []byte // the JSON so far

	path   []step
	loaded bool // what batches load is loaded: an earlier row of the same list has asked for it
}

// step is a field or, where that is nil, an element of a list.
type step struct {
	field *Field
	index int
}

// maxKept bounds the buffers that are used again, in bytes.
const maxKept = 1 << 20

var writers = sync.Pool{New: func() any { return new(Writer) }}

func newWriter(path []step) *Writer {
	w, _ := writers.Get().(*Writer)
	w.Buf, w.path, w.loaded = w.Buf[:0], append(w.path[:0], path...), false
	return w
}

// release gives the writer's memory to others.
func (w *Writer) release() {
	clear(w.path)
	if cap(w.Buf) <= maxKept {
		writers.Put(w)
	}
}

// Write takes what marshalers of gqlgen's form write. It never fails.
func (w *Writer) Write(text []byte) (int, error) {
	w.Buf = append(w.Buf, text...)
	return len(text), nil
}

// WriteString is Write for text.
func (w *Writer) WriteString(text string) (int, error) {
	w.Buf = append(w.Buf, text...)
	return len(text), nil
}

// Null writes null where that is allowed, and reports whether it is. Where it is not, what is around becomes null.
func (w *Writer) Null(nonNull bool) bool {
	if !nonNull {
		w.Buf = append(w.Buf, "null"...)
	}
	return !nonNull
}

// Missing writes null for a value that is not there; where the schema promises one, that is an error.
func (w *Writer) Missing(ctx context.Context, nonNull bool, declared string) bool {
	if nonNull {
		graphql.AddInvalidNullError(w.Context(ctx), declared)
	}
	return w.Null(nonNull)
}

// Marshal writes a value by a marshaler of gqlgen's form.
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

// Context returns the context with the place that is being written, as directives and errors look for it. It is made
// only for them.
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

// response makes the answer of what was written; ok: there is something.
func (w *Writer) response(ok bool) *graphql.Response {
	if !ok {
		return &graphql.Response{Data: []byte("null")}
	}
	return &graphql.Response{Data: bytes.Clone(w.Buf)}
}
