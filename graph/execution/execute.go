package execution

import (
	"context"
	"fmt"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// WriteField writes one field of an object; false: a non-null field is null, so that the object becomes null.
type WriteField[E, T any] func(ec E, ctx context.Context, w *Writer, f *Field, obj T) bool

// WriteValue writes a value of a field, or an element of its list; false: as for WriteField.
type WriteValue[E, T any] func(ec E, ctx context.Context, w *Writer, f *Field, v T) bool

// Object writes an object. Every field is resolved, even if another one makes the object null, so that all errors are reported.
func Object[E, T any](ctx context.Context, ec E, w *Writer, set *Selection, obj T, write WriteField[E, T]) bool {
	var ahead []piece
	if set.waiting != nil && !w.loaded {
		ahead = concurrently(w, len(set.waiting), func(w *Writer, i int) bool {
			f := &set.Fields[set.waiting[i]]
			w.path = append(w.path, step{field: f})
			return guarded(ctx, w, f.NonNull(), func() bool { return write(ec, ctx, w, f, obj) })
		})
	}
	start, ok := len(w.Buf), true
	w.Buf = append(w.Buf, '{')
	for i := range set.Fields {
		f := &set.Fields[i]
		if i > 0 {
			w.Buf = append(w.Buf, ',')
		}
		w.Buf = append(w.Buf, f.key...)
		var valid bool
		if len(ahead) > 0 && ahead[0].of(set, i) {
			valid = w.take(&ahead[0])
			ahead = ahead[1:]
		} else {
			w.path = append(w.path, step{field: f})
			valid = write(ec, ctx, w, f, obj)
			w.path = w.path[:len(w.path)-1]
		}
		ok = ok && valid
	}
	if !ok {
		w.Buf = w.Buf[:start]
		return false
	}
	w.Buf = append(w.Buf, '}')
	return true
}

// List writes a list; nonNull: its elements must not be null.
func List[E, T any](ctx context.Context, ec E, w *Writer, f *Field, values []T, nonNull bool, write WriteValue[E, T]) bool {
	var ahead []piece
	if f.Of != nil && f.Of.perRow && len(values) > 1 {
		ahead = concurrently(w, len(values), func(w *Writer, i int) bool {
			w.path = append(w.path, step{index: i})
			return guarded(ctx, w, nonNull, func() bool { return write(ec, ctx, w, f, values[i]) })
		})
	}
	start, ok, loaded := len(w.Buf), true, w.loaded
	w.Buf = append(w.Buf, '[')
	for i := range values {
		if i > 0 {
			w.Buf = append(w.Buf, ',')
		}
		var valid bool
		if ahead != nil {
			valid = w.take(&ahead[i])
		} else {
			w.path = append(w.path, step{index: i})
			valid = write(ec, ctx, w, f, values[i])
			w.path = w.path[:len(w.path)-1]
			w.loaded = true
		}
		ok = ok && valid
	}
	w.loaded = loaded
	if !ok {
		w.Buf = w.Buf[:start]
		return false
	}
	w.Buf = append(w.Buf, ']')
	return true
}

// piece is a part of the response that was written concurrently.
type piece struct {
	w     *Writer
	valid bool
	i     int
}

// of reports whether the piece belongs to a selection's field.
func (p *piece) of(set *Selection, field int) bool { return set.waiting[p.i] == field }

// take appends a piece.
func (w *Writer) take(p *piece) bool {
	w.Buf = append(w.Buf, p.w.Buf...)
	p.w.release()
	return p.valid
}

// concurrently writes n pieces, the first on this goroutine, and returns when all are written.
func concurrently(w *Writer, n int, write func(w *Writer, i int) bool) []piece {
	pieces := make([]piece, n)
	run := func(i int) { pieces[i].valid = write(pieces[i].w, i) }
	for i := range pieces {
		pieces[i] = piece{w: newWriter(w.path), i: i}
	}
	var others sync.WaitGroup
	for i := 1; i < n; i++ {
		others.Go(func() { run(i) })
	}
	run(0)
	others.Wait()
	return pieces
}

// guarded recovers a panic while a part of the response is written: the part becomes null, the panic an error.
func guarded(ctx context.Context, w *Writer, nonNull bool, write func() bool) (valid bool) {
	start, depth := len(w.Buf), len(w.path)
	defer func() {
		if cause := recover(); cause != nil {
			w.Buf, w.path = w.Buf[:start], w.path[:depth]
			w.recovered(ctx, cause)
			valid = w.Null(nonNull)
		}
	}()
	return write()
}

// Resolve calls a resolver, which may block, fail or panic. ok is false if it failed, which has been reported then.
func Resolve[T any](ctx context.Context, w *Writer, resolve func(ctx context.Context) (T, error)) (v T, ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			w.recovered(ctx, cause)
			ok = false
		}
	}()
	v, err := resolve(ctx)
	if err != nil {
		w.failed(ctx, err)
		return v, false
	}
	return v, true
}

// Guarded is Resolve for a field with directives, which may return a value, or null, instead of the resolver.
func Guarded[T any](ctx context.Context, w *Writer, f *Field, resolve graphql.Resolver) (v T, ok bool) {
	answer, ok := Resolve(ctx, w, func(ctx context.Context) (any, error) { return resolve(w.Context(ctx)) })
	switch answer := answer.(type) {
	case T:
		return answer, ok
	case nil:
		if ok && f.NonNull() {
			graphql.AddInvalidNullError(w.Context(ctx), "")
		}
	default:
		w.failed(ctx, fmt.Errorf("unexpected type %T from a directive", answer))
	}
	return v, false
}

// Arguments returns the field, which has its arguments; ok is false if they are invalid, which has been reported then.
func Arguments[E any](ctx context.Context, ec E, w *Writer, f *Field, variables map[string]any, read func(E, context.Context, map[string]any) (map[string]any, error)) (_ *Field, ok bool) {
	if !f.badArgs {
		return f, true
	}
	at := w.Context(ctx)
	if _, err := read(ec, at, f.ArgumentMap(variables)); err != nil {
		graphql.AddError(at, err)
	}
	return f, false
}

// Answer executes a query or mutation; write writes the fields of its root type.
func Answer[E any](ctx context.Context, ec E, operation *graphql.OperationContext, types []Type[E], root int, write WriteField[E, struct{}]) *graphql.Response {
	w := newWriter(nil)
	defer w.release()
	set := Plan(ctx, ec, operation, types, root)
	return w.response(Object(ctx, ec, w, set, struct{}{}, func(ec E, ctx context.Context, w *Writer, f *Field, obj struct{}) bool {
		if f.Index == Typename {
			return write(ec, ctx, w, f, obj)
		}
		valid := false
		ctx = graphql.WithRootFieldContext(ctx, &graphql.RootFieldContext{Object: f.Name, Field: f.CollectedField})
		operation.RootResolverMiddleware(ctx, func(ctx context.Context) graphql.Marshaler {
			valid = guarded(ctx, w, f.NonNull(), func() bool { return write(ec, ctx, w, f, obj) })
			return graphql.Null
		})
		return valid
	}))
}

// Once returns a handler that calls answer once, and returns nil after that.
func Once(answer func(ctx context.Context) *graphql.Response) graphql.ResponseHandler {
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		return answer(ctx)
	}
}

// Subscribe starts a subscription; open opens the stream of its only field.
func Subscribe[E any](ctx context.Context, ec E, operation *graphql.OperationContext, types []Type[E], root int, open func(ec E, ctx context.Context, w *Writer, f *Field) graphql.ResponseHandler) graphql.ResponseHandler {
	set := Plan(ctx, ec, operation, types, root)
	if len(set.Fields) != 1 {
		graphql.AddErrorf(ctx, "must subscribe to exactly one stream")
		return nil
	}
	w := newWriter([]step{{field: &set.Fields[0]}})
	defer w.release()
	return open(ec, ctx, w, &set.Fields[0])
}

// Events returns a response for each event of a channel, until that is closed or the context ends.
func Events[E, T any](ec E, f *Field, events <-chan T, write WriteValue[E, T]) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response {
		select {
		case event, more := <-events:
			if !more {
				return nil
			}
			return eventResponse(ctx, ec, f, event, write)
		case <-ctx.Done():
			return nil
		}
	}
}

func eventResponse[E, T any](ctx context.Context, ec E, f *Field, event T, write WriteValue[E, T]) *graphql.Response {
	w := newWriter([]step{{field: f}})
	defer w.release()
	w.Buf = append(append(w.Buf, '{'), f.key...)
	valid := guarded(ctx, w, f.NonNull(), func() bool { return write(ec, ctx, w, f, event) })
	w.Buf = append(w.Buf, '}')
	return w.response(valid)
}
