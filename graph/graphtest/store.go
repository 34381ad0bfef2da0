package graphtest

import (
	"context"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
)

// Store is a store in memory that counts its calls: "get tags", "list cases", "count tags", "update", "log".
type Store struct {
	*store.Store
	engine *countedEngine
}

// newStore returns a store with the default policy; appended is called after entries were appended to the log.
func newStore(now time.Time, appended func()) (*Store, error) {
	kinds := store.NewCatalogue()
	engine := &countedEngine{
		Engine: memory.Open(memory.NewData(), memory.Options{Appended: appended}),
		calls:  make(map[string]int), failures: make(map[string]error),
	}
	s := &Store{Store: store.New(engine, kinds), engine: engine}
	policy := cloudtag.DefaultPolicy(now)
	err := s.AddPolicy(context.Background(), policy, []cloudtag.Entry{{
		At: now, Actor: policy.CreatedBy, Action: cloudtag.ActionPolicyCreated,
		Subjects: []cloudtag.Subject{cloudtag.PolicySubject(policy.Version)},
	}})
	return s, err
}

// Calls returns how often each call was made since the last Calls.
func (s *Store) Calls() map[string]int {
	s.engine.mu.Lock()
	defer s.engine.mu.Unlock()
	calls := s.engine.calls
	s.engine.calls = make(map[string]int)
	return calls
}

// Fail makes a call fail until it is called with nil.
func (s *Store) Fail(call string, err error) {
	s.engine.mu.Lock()
	defer s.engine.mu.Unlock()
	s.engine.failures[call] = err
}

// Log returns all entries.
func (s *Store) Log() []cloudtag.Entry {
	entries, _, err := s.engine.Engine.Log(context.Background(), store.LogQuery{Limit: 1 << 30})
	if err != nil {
		panic(err) // only a store that is closed fails
	}
	return entries
}

// countedEngine counts the calls of an engine, and makes some fail.
type countedEngine struct {
	store.Engine
	mu       sync.Mutex
	calls    map[string]int
	failures map[string]error
}

func (e *countedEngine) count(call string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls[call]++
	return e.failures[call]
}

func (e *countedEngine) Update(ctx context.Context, name string, edit func(store.Tx) error) error {
	if err := e.count("update"); err != nil {
		return err
	}
	return e.Engine.Update(ctx, name, edit)
}

// Get counts as one call for each kind of record.
func (e *countedEngine) Get(ctx context.Context, refs []store.Ref) (map[store.Ref]any, error) {
	asked := make(map[*store.Kind]bool)
	for _, ref := range refs {
		if asked[ref.Kind] {
			continue
		}
		asked[ref.Kind] = true
		if err := e.count("get " + ref.Kind.Name); err != nil {
			return nil, err
		}
	}
	return e.Engine.Get(ctx, refs)
}

func (e *countedEngine) List(ctx context.Context, query store.Query) ([]any, bool, error) {
	if err := e.count("list " + query.Kind.Name); err != nil {
		return nil, false, err
	}
	return e.Engine.List(ctx, query)
}

func (e *countedEngine) Count(ctx context.Context, query store.Query) (int, error) {
	if err := e.count("count " + query.Kind.Name); err != nil {
		return 0, err
	}
	return e.Engine.Count(ctx, query)
}

func (e *countedEngine) Log(ctx context.Context, query store.LogQuery) ([]cloudtag.Entry, bool, error) {
	if err := e.count("log"); err != nil {
		return nil, false, err
	}
	return e.Engine.Log(ctx, query)
}

func (e *countedEngine) LastSeq(ctx context.Context) (int64, error) {
	if err := e.count("last"); err != nil {
		return 0, err
	}
	return e.Engine.LastSeq(ctx)
}
