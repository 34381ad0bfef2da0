package mongo

import (
	"context"
	"math"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// windows search a server that sorts whatever a filter selects, instead of walking an index (DocumentDB): in windows of the
// key that grow until enough is found. What they learn on the way, where keys end and how dense lists are, only saves work.
type windows struct {
	mu     sync.Mutex
	ends   map[string]span  // by collection and key; within them all keys were, once
	widths map[string]int64 // of a first window, by collection, index and order
}

func newWindows() *windows {
	return &windows{ends: make(map[string]span), widths: make(map[string]int64)}
}

const (
	firstWidth = 60_000 // a minute, or so many numbers
	growth     = 8      // how much wider the next window is
)

func (w *windows) search(ctx context.Context, s search) (found []bson.Raw, err error) {
	ends, err := w.endsOf(ctx, s)
	if err != nil || ends.empty() {
		return nil, err
	}
	shape := s.from.Name() + " " + s.index + " " + s.key
	width, known := w.width(shape)
	if !known {
		width = firstWidth
	}
	left := s.stretch
	for len(found) < s.limit && !left.empty() {
		window := s.window(left, ends, width)
		documents, err := s.find(ctx, window, s.limit-len(found), false)
		if err != nil {
			return nil, err
		}
		found = append(found, documents...)
		if s.descending {
			left.hi = window.lo
		} else {
			left.lo = window.hi
		}
		width = grown(width)
	}
	w.learn(s, shape, found)
	return found, nil
}

// window is the next stretch to look at: beyond the end that is known it is all the rest.
func (s search) window(left, ends span, width int64) span {
	if s.descending {
		bottom := below(min(left.hi, ends.hi), width)
		if bottom <= left.lo || bottom <= ends.lo {
			return left
		}
		return span{bottom, left.hi}
	}
	top := above(max(left.lo, ends.lo), width)
	if top >= left.hi || top >= ends.hi {
		return left
	}
	return span{left.lo, top}
}

// below, above and grown stop at the least and the greatest number.
func below(n, width int64) int64 {
	if n < math.MinInt64+width {
		return math.MinInt64
	}
	return n - width
}

func above(n, width int64) int64 {
	if n > math.MaxInt64-width {
		return math.MaxInt64
	}
	return n + width
}

func grown(width int64) int64 {
	if width > math.MaxInt64/growth {
		return math.MaxInt64
	}
	return width * growth
}

func (w *windows) width(shape string) (int64, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	width, known := w.widths[shape]
	return width, known
}

// learn keeps how wide a page was, and that its keys are within the ends.
func (w *windows) learn(s search, shape string, found []bson.Raw) {
	if len(found) < 2 {
		return
	}
	first, last := s.keyOf(found[0]), s.keyOf(found[len(found)-1])
	lowest, highest := min(first, last), max(first, last)
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(found) == s.limit && highest-lowest >= 0 {
		w.widths[shape] = 2*min(highest-lowest, math.MaxInt64/4) + 1
	}
	name := s.from.Name() + " " + s.key
	ends := w.ends[name]
	w.ends[name] = span{min(ends.lo, lowest), max(ends.hi, above(highest, 1))}
}

func (s search) keyOf(document bson.Raw) int64 {
	value := document.Lookup(s.key)
	if s.time {
		return value.DateTime()
	}
	return value.AsInt64()
}

// endsOf returns about where the keys of a collection begin and end, found by halving once; empty where there are none.
func (w *windows) endsOf(ctx context.Context, s search) (span, error) {
	if s.key == fieldID {
		return s.stretch, nil // the log's, which has no gap
	}
	name := s.from.Name() + " " + s.key
	w.mu.Lock()
	ends, known := w.ends[name]
	w.mu.Unlock()
	if known {
		return ends, nil
	}
	all := search{from: s.from, key: s.key, number: true, time: s.time}
	whole := span{-1 << 55, 1 << 55} // beyond every time and every rank
	if found, err := all.any(ctx, whole); err != nil || !found {
		return span{}, err
	}
	newest, err := halve(whole, func(_, upper span) (bool, error) { return all.any(ctx, upper) })
	if err != nil {
		return span{}, err
	}
	oldest, err := halve(span{whole.lo, newest.hi}, func(lower, _ span) (bool, error) {
		found, err := all.any(ctx, lower)
		return !found, err
	})
	if err != nil {
		return span{}, err
	}
	ends = span{oldest.lo, newest.hi}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ends[name] = ends
	return ends, nil
}

// halve narrows a stretch to the half that goUp says, until it is as narrow as a first window.
func halve(keys span, goUp func(lower, upper span) (bool, error)) (span, error) {
	for keys.hi-keys.lo > firstWidth {
		middle := keys.lo + (keys.hi-keys.lo)/2
		lower, upper := span{keys.lo, middle}, span{middle, keys.hi}
		up, err := goUp(lower, upper)
		if err != nil {
			return keys, err
		}
		if keys = lower; up {
			keys = upper
		}
	}
	return keys, nil
}

// any reports whether any document has a key of the stretch.
func (s search) any(ctx context.Context, keys span) (bool, error) {
	cursor, err := s.from.Find(ctx, s.conditions(keys), options.Find().SetProjection(byID(1)).SetLimit(1))
	if err != nil {
		return false, err
	}
	var documents []bson.Raw
	err = cursor.All(ctx, &documents)
	return len(documents) > 0, err
}
