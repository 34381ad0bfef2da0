package memory

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
	"cloudtag/internal/store/failpoint"
)

// Data is the content of a store. It outlives the engine, as a file would.
type Data struct {
	mu    sync.RWMutex
	kinds map[*store.Kind]map[string]record
	log   []cloudtag.Entry // without the dropped ones
	chain store.Chain
}

// record is a stored record with the values of its kind's fields.
type record struct {
	id      string
	encoded []byte
	values  []any
}

// NewData returns empty data.
func NewData() *Data { return &Data{kinds: make(map[*store.Kind]map[string]record)} }

// Options configure an engine.
type Options struct {
	// Appended is called after log entries became durable. May be nil.
	Appended func()
	// Fault is for tests: it is called before every commit. An error simulates the death of the process at that point: the
	// step is not executed, and every later call fails too. May be nil.
	Fault func(step string) error
}

// Engine implements [store.Engine].
type Engine struct {
	data      *Data
	appended  func()
	failpoint *failpoint.Failpoint
}

var errClosed = errors.New("memory: the store is closed")

// Open returns an engine over data.
func Open(data *Data, options Options) *Engine {
	if options.Appended == nil {
		options.Appended = func() {}
	}
	return &Engine{data: data, appended: options.Appended, failpoint: failpoint.New(options.Fault)}
}

// usable returns why a call fails before it begins.
func (e *Engine) usable(ctx context.Context) error { return cmp.Or(ctx.Err(), e.failpoint.Err()) }

// Close makes every later call fail.
func (e *Engine) Close() error {
	e.failpoint.Fail(errClosed)
	return nil
}

// Ping reports whether the engine is open.
func (e *Engine) Ping(ctx context.Context) error { return e.usable(ctx) }

// Recover has nothing to do: no commit is ever incomplete.
func (e *Engine) Recover(ctx context.Context) (int, error) { return 0, e.usable(ctx) }

// Update runs edit and stores its changes.
func (e *Engine) Update(ctx context.Context, name string, edit func(store.Tx) error) error {
	appended, err := e.update(ctx, name, edit)
	if appended {
		e.appended()
	}
	return err
}

func (e *Engine) update(ctx context.Context, name string, edit func(store.Tx) error) (appended bool, err error) {
	e.data.mu.Lock()
	defer e.data.mu.Unlock()
	if err := e.usable(ctx); err != nil {
		return false, err
	}
	tx := &tx{data: e.data}
	if err := edit(tx); err != nil {
		return false, err
	}
	records := make(map[store.Ref]record, len(tx.Records))
	for ref, value := range tx.Records {
		encoded, err := json.Marshal(value)
		if err != nil {
			return false, fmt.Errorf("%s: encode %s %s: %w", name, ref.Kind.Name, ref.ID, err)
		}
		records[ref] = record{id: ref.ID, encoded: encoded, values: ref.Kind.Values(value)}
	}
	if len(records) == 0 && len(tx.Entries) == 0 {
		return false, nil
	}
	for range len(records) + len(tx.Entries) + 1 { // as many steps as on disk
		if err := e.failpoint.Step("commit"); err != nil {
			return false, fmt.Errorf("memory: %w", err)
		}
	}
	for ref, put := range records {
		if e.data.kinds[ref.Kind] == nil {
			e.data.kinds[ref.Kind] = make(map[string]record)
		}
		e.data.kinds[ref.Kind][ref.ID] = put
	}
	e.data.log = append(e.data.log, e.data.chain.Seal(tx.Entries)...)
	return len(tx.Entries) > 0, nil
}

// tx implements [store.Tx].
type tx struct {
	store.Draft
	data *Data
}

func (t *tx) Get(refs ...store.Ref) (map[store.Ref]any, error) {
	found, err := t.data.get(refs)
	if err != nil {
		return nil, err
	}
	t.Overlay(found, refs)
	return found, nil
}

func (d *Data) get(refs []store.Ref) (map[store.Ref]any, error) {
	found := make(map[store.Ref]any, len(refs))
	for _, ref := range refs {
		if record, known := d.kinds[ref.Kind][ref.ID]; known {
			value, err := record.decode(ref.Kind)
			if err != nil {
				return nil, err
			}
			found[ref] = value
		}
	}
	return found, nil
}

func (r record) decode(kind *store.Kind) (any, error) {
	value := kind.New()
	if err := json.Unmarshal(r.encoded, value); err != nil {
		return nil, fmt.Errorf("memory: decode %s %s: %w", kind.Name, r.id, err)
	}
	return value, nil
}

// Get returns the existing ones of the records.
func (e *Engine) Get(ctx context.Context, refs []store.Ref) (map[store.Ref]any, error) {
	if err := e.usable(ctx); err != nil {
		return nil, err
	}
	e.data.mu.RLock()
	defer e.data.mu.RUnlock()
	return e.data.get(refs)
}

// List returns the records that a query selects.
func (e *Engine) List(ctx context.Context, query store.Query) ([]any, bool, error) {
	if err := e.usable(ctx); err != nil {
		return nil, false, err
	}
	e.data.mu.RLock()
	defer e.data.mu.RUnlock()
	selected := e.data.selected(query)
	more := len(selected) > query.Limit
	values := make([]any, min(len(selected), query.Limit))
	for i := range values {
		var err error
		if values[i], err = selected[i].decode(query.Kind); err != nil {
			return nil, false, err
		}
	}
	return values, more, nil
}

// Count returns the number of records that a query selects.
func (e *Engine) Count(ctx context.Context, query store.Query) (int, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	e.data.mu.RLock()
	defer e.data.mu.RUnlock()
	return min(query.Limit, len(e.data.selected(query))), nil
}

// selected returns the records that a query selects, in its order, regardless of its limit.
func (d *Data) selected(query store.Query) []record {
	s := newSelector(query)
	var selected []record
	for _, record := range d.kinds[query.Kind] {
		if s.matches(record) {
			selected = append(selected, record)
		}
	}
	slices.SortFunc(selected, func(a, b record) int {
		order := s.position(a).Compare(s.position(b))
		if query.Descending {
			return -order
		}
		return order
	})
	return selected
}

// Log returns the entries that a query selects.
func (e *Engine) Log(ctx context.Context, query store.LogQuery) ([]cloudtag.Entry, bool, error) {
	if err := e.usable(ctx); err != nil {
		return nil, false, err
	}
	e.data.mu.RLock()
	defer e.data.mu.RUnlock()
	var found []cloudtag.Entry
	before := e.data.chain.Seq - int64(len(e.data.log)) // dropped entries
	end := int64(len(e.data.log))
	if query.Below > 0 {
		end = min(end, max(0, query.Below-1-before))
	}
	inRange := e.data.log[min(max(0, query.Above-before), end):end]
	for i := range inRange {
		entry := inRange[i]
		if query.Descending {
			entry = inRange[len(inRange)-1-i]
		}
		if !query.Selects(entry) {
			continue
		}
		if len(found) == query.Limit {
			return found, true, nil
		}
		found = append(found, entry)
	}
	return found, false, nil
}

// CountLog returns the number of entries that a query selects.
func (e *Engine) CountLog(ctx context.Context, query store.LogQuery) (int, error) {
	entries, _, err := e.Log(ctx, query)
	return len(entries), err
}

// DropLog deletes the entries below a sequence number.
func (e *Engine) DropLog(ctx context.Context, below int64) error {
	e.data.mu.Lock()
	defer e.data.mu.Unlock()
	if err := e.usable(ctx); err != nil {
		return err
	}
	for len(e.data.log) > 1 && e.data.log[0].Seq < below {
		if err := e.failpoint.Step("drop an entry"); err != nil {
			return fmt.Errorf("memory: %w", err)
		}
		e.data.log = e.data.log[1:]
	}
	return nil
}

// LastSeq returns the sequence number of the newest entry.
func (e *Engine) LastSeq(ctx context.Context) (int64, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	e.data.mu.RLock()
	defer e.data.mu.RUnlock()
	return e.data.chain.Seq, nil
}
