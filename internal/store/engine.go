package store

import (
	"context"
	"slices"

	"cloudtag/internal/cloudtag"
)

// Engine keeps records and the log. It is safe for concurrent use. Every method honours its context and returns wrapped
// errors; where the data can't be reached for the moment, the error has the code UNAVAILABLE.
type Engine interface {
	// Update runs edit and makes everything that it put and appended durable, as one, or nothing. When edit fails, nothing
	// is stored and its error is returned. Edit sees a state that nobody else changes until it is stored; it may run
	// several times, so that it must do nothing but use the Tx and set variables of its caller. Concurrent callers share
	// commits. The name says what is done, for logs and errors.
	Update(ctx context.Context, name string, edit func(Tx) error) error
	// Get returns those of the records that there are.
	Get(ctx context.Context, refs []Ref) (map[Ref]any, error)
	// List returns up to query.Limit records in the order asked for, and whether others follow.
	List(ctx context.Context, query Query) (records []any, more bool, err error)
	// Count counts the records that a query selects, up to query.Limit.
	Count(ctx context.Context, query Query) (int, error)
	// Log returns up to query.Limit entries in the direction of reading, and whether others follow.
	Log(ctx context.Context, query LogQuery) (entries []cloudtag.Entry, more bool, err error)
	// CountLog counts the entries that a query selects, up to query.Limit.
	CountLog(ctx context.Context, query LogQuery) (int, error)
	// LastSeq is the sequence number of the newest entry, 0 for an empty log. All entries up to it can be read.
	LastSeq(ctx context.Context) (int64, error)
	// DropLog deletes the entries below a number, of which one follows that is kept. It begins with the oldest and may end half
	// way: what is left follows on what is kept.
	DropLog(ctx context.Context, below int64) error
	// Recover completes what a crash left half done, and returns how many commits it completed.
	Recover(ctx context.Context) (int, error)
	// Ping reports whether the data can be reached.
	Ping(ctx context.Context) error
	// Close ends the engine and everything that it runs.
	Close() error
}

// Tx is what an edit reads and writes with.
type Tx interface {
	// Get returns those of the records that there are, as the edits before left them. An error of it must be returned by
	// the edit: it may only say that the edit is to run again. Ask for much at once: each call may be a round trip.
	// The values are shared: whoever changes one puts a copy.
	Get(refs ...Ref) (map[Ref]any, error)
	// Put stores a record: a pointer to the kind's type, which nobody changes any more.
	Put(kind *Kind, value any)
	// Append appends entries to the log, which gives them their numbers and hashes.
	Append(entries ...cloudtag.Entry)
}

// Ref names a record.
type Ref struct {
	Kind *Kind
	ID   string
}

// Query selects records of a kind, in the order of a field and, where it is equal, of the identifiers.
type Query struct {
	Kind *Kind
	// Index is where to look; empty: at the identifiers.
	Index string
	Equal []any // values of the index's first fields
	AnyOf []any // values that the field after those may have; none: any
	Sort  string
	// Above and Below bound the stretch, both exclusive, in ascending order.
	Above, Below *Place
	Descending   bool
	Where        []Condition // checked while reading
	Limit        int
}

// Place is a place in the order of a query: the value of the field that it is sorted by, and the identifier. Key is nil in
// the order of identifiers.
type Place struct {
	Key any
	ID  string
}

// Condition selects by a field: its value is one of AnyOf if there are any, not below From, and below To, if given.
type Condition struct {
	Field    string
	AnyOf    []any
	From, To any
}

// LogQuery selects entries of the log, in the order of their numbers.
type LogQuery struct {
	cloudtag.LogFilter
	// Key is a subject under which entries are found (see [LogKeys]): the one of the filter, or one that all entries about
	// it carry too. Empty: entries are found by action, by actor, or by their numbers.
	Key          cloudtag.Subject
	Above, Below int64 // numbers, both exclusive; Below 0: no bound
	Descending   bool
	Limit        int
}

// Selects reports whether an entry is selected, and found where the query looks for it.
func (q LogQuery) Selects(entry cloudtag.Entry) bool {
	return entry.Seq > q.Above && (q.Below == 0 || entry.Seq < q.Below) && q.Matches(entry) &&
		(q.Key == "" || slices.Contains(LogKeys(entry), q.Key))
}
