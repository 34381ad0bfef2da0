package store

import (
	"context"
	"slices"

	"cloudtag/internal/cloudtag"
)

// Engine stores records and the log. It is safe for concurrent use. Every method honours its context and returns wrapped
// errors; while the data can't be reached, they have the code UNAVAILABLE.
type Engine interface {
	// Update runs edit and makes its changes durable, atomically: if edit fails, nothing is stored and its error is returned.
	// Edits are serializable: what edit reads is not changed by others before its own changes are stored. Edit may run
	// several times, so it must have no effects other than through the Tx and on variables of its caller. Concurrent calls
	// share commits. The name describes the change, for logs and errors.
	Update(ctx context.Context, name string, edit func(Tx) error) error
	// Get returns the existing ones of the records.
	Get(ctx context.Context, refs []Ref) (map[Ref]any, error)
	// List returns up to query.Limit records in the query's order, and whether others follow.
	List(ctx context.Context, query Query) (records []any, more bool, err error)
	// Count returns the number of records that a query selects, at most query.Limit.
	Count(ctx context.Context, query Query) (int, error)
	// Log returns up to query.Limit entries in the query's direction, and whether others follow.
	Log(ctx context.Context, query LogQuery) (entries []cloudtag.Entry, more bool, err error)
	// CountLog returns the number of entries that a query selects, at most query.Limit.
	CountLog(ctx context.Context, query LogQuery) (int, error)
	// LastSeq returns the sequence number of the newest entry, 0 for an empty log. All entries up to it can be read.
	LastSeq(ctx context.Context) (int64, error)
	// DropLog deletes the entries below a sequence number, which at least one entry must have or exceed. It begins with the
	// oldest, so that an interrupted call leaves no gap.
	DropLog(ctx context.Context, below int64) error
	// Recover completes the commits that a crash interrupted, and returns their number.
	Recover(ctx context.Context) (int, error)
	// Ping reports whether the data can be reached.
	Ping(ctx context.Context) error
	// Close stops the engine and its goroutines.
	Close() error
}

// Tx is what an edit reads and writes through.
type Tx interface {
	// Get returns the existing ones of the records, as earlier edits left them. The edit must return its error, which may
	// merely ask for the edit to be run again. Each call may be a round trip, so ask for many records at once. The records
	// are shared: to change one, put a copy.
	Get(refs ...Ref) (map[Ref]any, error)
	// Put stores a record: a pointer to the kind's type, which must not be modified afterwards.
	Put(kind *Kind, value any)
	// Append appends entries to the log, which assigns their sequence numbers and hashes.
	Append(entries ...cloudtag.Entry)
}

// Ref identifies a record.
type Ref struct {
	Kind *Kind
	ID   string
}

// Query selects records of a kind, in the order of a field and then of the identifiers.
type Query struct {
	Kind *Kind
	// Index is the index to use; empty: that of the identifiers.
	Index string
	Equal []any // values of the index's first fields
	AnyOf []any // allowed values of the field after those; empty: any
	Sort  string
	// Above and Below are the bounds of the range, both exclusive, in ascending order.
	Above, Below *Position
	Descending   bool
	Where        []Condition // checked while reading
	Limit        int
}

// Position is a position in the order of a query: the value of the field that it is sorted by, and the identifier. Key is
// nil in the order of identifiers.
type Position struct {
	Key any
	ID  string
}

// Condition selects by a field: its value must be one of AnyOf unless that is empty, at least From, and below To, if set.
type Condition struct {
	Field    string
	AnyOf    []any
	From, To any
}

// LogQuery selects entries of the log, in the order of their sequence numbers.
type LogQuery struct {
	cloudtag.LogFilter
	// Key is the subject whose index is used (see [LogKeys]): that of the filter, or one that all entries about it have too.
	// Empty: entries are found by action, actor or sequence number.
	Key          cloudtag.Subject
	Above, Below int64 // sequence numbers, both exclusive; Below 0: no bound
	Descending   bool
	Limit        int
}

// Selects reports whether an entry matches and has the query's key.
func (q LogQuery) Selects(entry cloudtag.Entry) bool {
	return entry.Seq > q.Above && (q.Below == 0 || entry.Seq < q.Below) && q.Matches(entry) &&
		(q.Key == "" || slices.Contains(LogKeys(entry), q.Key))
}
