package sqlite

import (
	"cmp"
	"context"
	"database/sql"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

// Options are what a store is told beside the place.
type Options = sqlitefile.Options

// Store is the embedded store. It is safe for concurrent use.
type Store struct {
	*sqlitefile.File
	ledger *ledger // the writer's
}

// Open opens the store that a URI names (sqlite:PATH), creating folder and file and bringing the schema up to date.
// It fails with a sentence that names the file and what is wrong with it.
func Open(ctx context.Context, uri string, options Options) (*Store, error) {
	return open(ctx, uri, options, false)
}

// OpenToCopyInto is [Open] for a store that a copy goes into, or was begun in.
func OpenToCopyInto(ctx context.Context, uri string, options Options) (*Store, error) {
	return open(ctx, uri, options, true)
}

func open(ctx context.Context, uri string, options Options, copying bool) (*Store, error) {
	prepare := func(s *sqlitefile.Session, step func(string) error) error {
		if err := migrate(s, step); err != nil {
			return err
		}
		if begun, err := copyBegun(s); err != nil || begun && !copying {
			return cmp.Or(err, errCopyBegun)
		}
		return completeChain(ctx, s, chainPiece, step)
	}
	ledger := newLedger()
	file, err := sqlitefile.Open(ctx, uri, options, prepare, ledger)
	if err != nil {
		return nil, err
	}
	return &Store{File: file, ledger: ledger}, nil
}

// write runs a job in the writer's transaction.
func (s *Store) write(ctx context.Context, what string, job func(*work) error) error {
	return s.Write(ctx, what, func() error { return job(&work{ledger: s.ledger}) })
}

// querier reads: on a snapshot of its own, or inside of the writer's transaction.
type querier interface {
	One(text string, args []any, into ...any) error
	Each(text string, args []any, scan func(*sql.Rows) error) error
}

// reading is one call's view of the database: all its statements see the same state.
type reading struct {
	ctx     context.Context
	session *sqlitefile.Session
}

func (r *reading) One(text string, args []any, into ...any) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	return r.session.One(text, args, into...)
}

func (r *reading) Each(text string, args []any, scan func(*sql.Rows) error) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	return r.session.Each(text, args, scan)
}

// read runs a function on a snapshot. It waits for a free connection while the context lasts.
func (s *Store) read(ctx context.Context, what string, look func(*reading) error) error {
	return s.Read(ctx, what, func(session *sqlitefile.Session) error { return look(&reading{ctx: ctx, session: session}) })
}

// Recover has nothing to do here: every step of this store is one transaction, so that SQLite itself, when the file
// is opened after a crash, leaves all of it or nothing. It returns 0.
func (s *Store) Recover(ctx context.Context) (int, error) { return 0, ctx.Err() }

// The ports that the store implements.
var (
	_ cloudtag.Ledger        = (*Store)(nil)
	_ cloudtag.Recoverer     = (*Store)(nil)
	_ cloudtag.BatchReader   = (*Store)(nil)
	_ cloudtag.TagReader     = (*Store)(nil)
	_ cloudtag.CaseReader    = (*Store)(nil)
	_ cloudtag.MerchantStore = (*Store)(nil)
	_ cloudtag.OrderStore    = (*Store)(nil)
	_ cloudtag.RiskStore     = (*Store)(nil)
	_ cloudtag.PolicyStore   = (*Store)(nil)
	_ cloudtag.LogReader     = (*Store)(nil)
	_ cloudtag.DocumentStore = (*Store)(nil)
)
