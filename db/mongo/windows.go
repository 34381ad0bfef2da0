package mongo

import (
	"context"
	"math"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// windows searches on servers that sort all matches instead of walking an index (DocumentDB), in intervals of the key that
// grow until enough documents are found. What it caches, the range of the keys and the density of lists, only saves work.
type windows struct {
	mu     sync.Mutex
	ends   map[string]interval // that contained all keys once, by collection and key
	widths map[string]int64    // of a first window, by collection, index and key
}

func newWindows() *windows {
	return &windows{ends: make(map[string]interval), widths: make(map[string]int64)}
}

const (
	firstWidth = 60_000 // milliseconds, or sequence numbers
	growth     = 8      // ratio of the widths of successive windows
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
	left := s.keys
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

// window returns the next interval to search; beyond the known end of the keys it is everything left.
func (s search) window(left, ends interval, width int64) interval {
	if s.descending {
		bottom := minus(min(left.hi, ends.hi), width)
		if bottom <= left.lo || bottom <= ends.lo {
			return left
		}
		return interval{bottom, left.hi}
	}
	top := plus(max(left.lo, ends.lo), width)
	if top >= left.hi || top >= ends.hi {
		return left
	}
	return interval{left.lo, top}
}

// minus, plus and grown saturate.
func minus(n, width int64) int64 {
	if n < math.MinInt64+width {
		return math.MinInt64
	}
	return n - width
}

func plus(n, width int64) int64 {
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

// learn caches the width of a page, and extends the known range of the keys.
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
	w.ends[name] = interval{min(ends.lo, lowest), max(ends.hi, plus(highest, 1))}
}

func (s search) keyOf(document bson.Raw) int64 {
	value := document.Lookup(s.key)
	if s.time {
		return value.DateTime()
	}
	return value.AsInt64()
}

// endsOf returns the approximate range of the keys of a collection, which is found once, by bisection; empty if there are none.
func (w *windows) endsOf(ctx context.Context, s search) (interval, error) {
	if s.key == fieldID {
		return s.keys, nil // of the log, which has no gaps
	}
	name := s.from.Name() + " " + s.key
	w.mu.Lock()
	ends, known := w.ends[name]
	w.mu.Unlock()
	if known {
		return ends, nil
	}
	all := search{from: s.from, key: s.key, number: true, time: s.time}
	whole := interval{-1 << 55, 1 << 55} // exceeds every time and every rank
	if found, err := all.any(ctx, whole); err != nil || !found {
		return interval{}, err
	}
	newest, err := bisect(whole, func(_, upper interval) (bool, error) { return all.any(ctx, upper) })
	if err != nil {
		return interval{}, err
	}
	oldest, err := bisect(interval{whole.lo, newest.hi}, func(lower, _ interval) (bool, error) {
		found, err := all.any(ctx, lower)
		return !found, err
	})
	if err != nil {
		return interval{}, err
	}
	ends = interval{oldest.lo, newest.hi}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ends[name] = ends
	return ends, nil
}

// bisect narrows an interval to the half that goUp chooses, until it is as narrow as a first window.
func bisect(keys interval, goUp func(lower, upper interval) (bool, error)) (interval, error) {
	for keys.hi-keys.lo > firstWidth {
		middle := keys.lo + (keys.hi-keys.lo)/2
		lower, upper := interval{keys.lo, middle}, interval{middle, keys.hi}
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

// any reports whether any document has a key in an interval.
func (s search) any(ctx context.Context, keys interval) (bool, error) {
	cursor, err := s.from.Find(ctx, s.conditions(keys), options.Find().SetProjection(byID(1)).SetLimit(1))
	if err != nil {
		return false, err
	}
	var documents []bson.Raw
	err = cursor.All(ctx, &documents)
	return len(documents) > 0, err
}
