package mongo

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// Pages are read along the sort key, from a position (keyset), in windows of the key that grow until the page is
// full. MongoDB serves each window from an index in order. A server that sorts what an index selects (DocumentDB)
// then sorts a few times what a page holds, instead of everything.

// span is a stretch of keys: from lo on, below hi.
type span struct{ lo, hi int64 }

func (s span) empty() bool { return s.lo >= s.hi }

func (s span) and(other span) span { return span{max(s.lo, other.lo), min(s.hi, other.hi)} }

// timeSpan holds every time in milliseconds since 1970 that has a year of four digits.
func timeSpan() span { return span{-(1 << 46), 1 << 48} }

// growth is how much wider the next window is.
const growth = 8

// The width of a first window when nothing is known yet, and how precisely the ends of a list are looked for.
const (
	firstWidth   = int64(time.Minute / time.Millisecond)
	endPrecision = int64(time.Minute / time.Millisecond)
)

// sortKey is a field that lists are sorted by, the _id breaking ties.
type sortKey struct {
	from       *driver.Collection
	field      string
	isTime     bool
	everything bson.D // selects every item, in a form that lets an index with the field be used
	// segments are where keys are found, with nothing in between.
	segments []span
}

// value is a key as it is stored.
func (k sortKey) value(key int64) any {
	if k.isTime {
		return time.UnixMilli(key).UTC()
	}
	return key
}

// within selects keys of a span.
func (k sortKey) within(keys span) bson.E {
	return bson.E{Key: k.field, Value: bson.D{{Key: "$gte", Value: k.value(keys.lo)}, {Key: "$lt", Value: k.value(keys.hi)}}}
}

// listQuery is a list: what it holds, and its order.
type listQuery struct {
	sortKey
	shape  string // queries of one shape are about equally dense
	filter bson.D
	keys   span // the keys that the filter selects
	desc   bool
}

// part is a stretch of a list that one kind of query reads: the keys of a span, or, where ids is set, the items of
// one key.
type part struct {
	keys span
	ids  bson.D // conditions on _id
	tie  bool
}

// parts cuts the slice of the list into its parts, in ascending order.
func (q listQuery) parts(slice cloudtag.Slice) []part {
	lower, upper := slice.After, slice.Before
	if q.desc {
		lower, upper = upper, lower
	}
	inner := q.keys
	var parts []part
	tie := func(key int64, ids bson.D) {
		if key >= q.keys.lo && key < q.keys.hi {
			parts = append(parts, part{keys: span{key, key + 1}, ids: ids, tie: true})
		}
	}
	if lower != nil && upper != nil && lower.Key == upper.Key {
		tie(lower.Key, bson.D{{Key: "$gt", Value: lower.ID}, {Key: "$lt", Value: upper.ID}})
		return parts
	}
	if lower != nil {
		inner.lo = max(inner.lo, lower.Key+1)
		if upper == nil || lower.Key < upper.Key {
			tie(lower.Key, bson.D{{Key: "$gt", Value: lower.ID}})
		}
	}
	if upper != nil {
		inner.hi = min(inner.hi, upper.Key)
	}
	for _, segment := range q.segments {
		if keys := segment.and(inner); !keys.empty() {
			parts = append(parts, part{keys: keys})
		}
	}
	if upper != nil && (lower == nil || lower.Key < upper.Key) {
		tie(upper.Key, bson.D{{Key: "$lt", Value: upper.ID}})
	}
	return parts
}

// listWalk is the reading of one page.
type listWalk[D any] struct {
	store    *Store
	query    listQuery
	down     bool // against the keys
	limit    int
	position func(D) cloudtag.Position
	found    []D
}

// readPage returns a page of a list, in the list's order.
func readPage[D any](
	ctx context.Context, s *Store, query listQuery, slice cloudtag.Slice, position func(D) cloudtag.Position,
) (docs []D, more bool, err error) {
	if err := s.usable(ctx); err != nil {
		return nil, false, err
	}
	w := &listWalk[D]{
		store: s, query: query, down: query.desc != slice.Backward, limit: slice.Limit + 1, position: position,
	}
	parts := query.parts(slice)
	if w.down {
		slices.Reverse(parts)
	}
	for _, p := range parts {
		if w.full() {
			break
		}
		if err := w.read(ctx, p); err != nil {
			return nil, false, err
		}
	}
	if more = w.full(); more {
		w.found = w.found[:slice.Limit]
	}
	if slice.Backward {
		slices.Reverse(w.found)
	}
	return w.found, more, nil
}

func (w *listWalk[D]) full() bool { return len(w.found) >= w.limit }

func (w *listWalk[D]) read(ctx context.Context, p part) error {
	if p.tie || p.keys.hi-p.keys.lo == 1 {
		return w.fetch(ctx, p)
	}
	ends, known, err := w.store.endsOf(ctx, w.query.sortKey, p.keys)
	if err != nil || !known {
		return err
	}
	before, width := len(w.found), w.store.pages.width(w.query.shape)
	if w.down {
		err = w.readDown(ctx, p.keys, ends, width)
	} else {
		err = w.readUp(ctx, p.keys, ends, width)
	}
	if len(w.found)-before > 1 && w.full() {
		first, last := w.position(w.found[before]).Key, w.position(w.found[len(w.found)-1]).Key
		w.store.pages.learn(w.query.shape, max(first-last, last-first))
	}
	return err
}

// readDown reads windows from the greatest key on. Beyond the least known one it reads all the rest.
func (w *listWalk[D]) readDown(ctx context.Context, keys, ends span, width int64) error {
	top := keys.hi
	next := min(keys.hi, ends.hi) - width
	for {
		bottom := max(next, keys.lo)
		if next <= ends.lo {
			bottom = keys.lo
		}
		if err := w.fetch(ctx, part{keys: span{bottom, top}}); err != nil || w.full() || bottom == keys.lo {
			return err
		}
		width *= growth
		top, next = bottom, bottom-width
	}
}

func (w *listWalk[D]) readUp(ctx context.Context, keys, ends span, width int64) error {
	bottom := keys.lo
	next := max(keys.lo, ends.lo) + width
	for {
		top := min(next, keys.hi)
		if next >= ends.hi {
			top = keys.hi
		}
		if err := w.fetch(ctx, part{keys: span{bottom, top}}); err != nil || w.full() || top == keys.hi {
			return err
		}
		width *= growth
		bottom, next = top, top+width
	}
}

// fetch reads one window.
func (w *listWalk[D]) fetch(ctx context.Context, p part) error {
	filter := append(slices.Clone(w.query.filter), w.query.within(p.keys))
	if p.keys.hi-p.keys.lo == 1 {
		filter[len(filter)-1] = bson.E{Key: w.query.field, Value: w.query.value(p.keys.lo)}
	}
	if p.ids != nil {
		filter = append(filter, bson.E{Key: "_id", Value: p.ids})
	}
	direction := 1
	if w.down {
		direction = -1
	}
	docs, err := findAll[D](ctx, w.store, w.query.from, filter,
		options.Find().SetSort(sorting(direction, w.query.field, "_id")).SetLimit(int64(w.limit-len(w.found))))
	w.found = append(w.found, docs...)
	if len(docs) > 0 {
		w.store.pages.widen(w.query.sortKey, w.position(docs[0]).Key)
	}
	return err
}

// pageHints is what reading pages taught about the lists: where they end, and how dense they are. It only saves
// work; a hint that is out of date makes a window hold more or less than it should.
type pageHints struct {
	mu     sync.Mutex
	ends   map[string][]span // by field, for each segment; empty: not known
	widths map[string]int64  // by shape
}

func (h *pageHints) width(shape string) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if width, known := h.widths[shape]; known {
		return width
	}
	return firstWidth
}

// learn keeps twice the width of the last full page.
func (h *pageHints) learn(shape string, width int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.widths == nil {
		h.widths = make(map[string]int64)
	}
	h.widths[shape] = 2*width + 1
}

// widen moves the ends that are known so that they hold a key.
func (h *pageHints) widen(key sortKey, value int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, ends := range h.ends[key.name()] {
		if s := key.segments[i]; !ends.empty() && value >= s.lo && value < s.hi {
			h.ends[key.name()][i] = span{min(ends.lo, value), max(ends.hi, value+1)}
		}
	}
}

func (h *pageHints) known(key sortKey, segment int) (span, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ends := h.ends[key.name()]
	if ends == nil || ends[segment].empty() {
		return span{}, false
	}
	return ends[segment], true
}

func (h *pageHints) keep(key sortKey, segment int, ends span) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ends == nil {
		h.ends = make(map[string][]span)
	}
	if h.ends[key.name()] == nil {
		h.ends[key.name()] = make([]span, len(key.segments))
	}
	h.ends[key.name()][segment] = ends
}

func (k sortKey) name() string { return k.from.Name() + "." + k.field }

// endsOf returns about where the keys of the segment that holds a span begin and end; known is false when there are
// none at all.
func (s *Store) endsOf(ctx context.Context, key sortKey, keys span) (ends span, known bool, err error) {
	segment := slices.IndexFunc(key.segments, func(other span) bool { return keys.lo >= other.lo && keys.hi <= other.hi })
	if ends, known := s.pages.known(key, segment); known {
		return ends, true, nil
	}
	whole := key.segments[segment]
	if any, err := s.anyWithin(ctx, key, whole); err != nil || !any {
		return span{}, false, err
	}
	newest := whole
	for newest.hi-newest.lo > endPrecision {
		middle := newest.lo + (newest.hi-newest.lo)/2
		above, err := s.anyWithin(ctx, key, span{middle, newest.hi})
		if err != nil {
			return span{}, false, err
		}
		if above {
			newest.lo = middle
		} else {
			newest.hi = middle
		}
	}
	oldest := span{whole.lo, newest.hi}
	for oldest.hi-oldest.lo > endPrecision {
		middle := oldest.lo + (oldest.hi-oldest.lo)/2
		below, err := s.anyWithin(ctx, key, span{oldest.lo, middle})
		if err != nil {
			return span{}, false, err
		}
		if below {
			oldest.hi = middle
		} else {
			oldest.lo = middle
		}
	}
	ends = span{oldest.lo, newest.hi}
	s.pages.keep(key, segment, ends)
	return ends, true, nil
}

// anyWithin reports whether any item has a key of the span.
func (s *Store) anyWithin(ctx context.Context, key sortKey, keys span) (bool, error) {
	filter := append(slices.Clone(key.everything), key.within(keys))
	err := key.from.FindOne(ctx, filter, options.FindOne().SetProjection(byID(1))).Err()
	if errors.Is(err, driver.ErrNoDocuments) {
		return false, nil
	}
	return err == nil, err
}
