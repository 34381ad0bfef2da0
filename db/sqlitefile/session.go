package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Session is one connection with the statements prepared on it. Statement texts are made from a fixed set of parts,
// so that all of them can be kept. It is used by one goroutine at a time.
//
// Statements run to their end: each one is short, and a context that can end would cost a goroutine per statement.
// Whoever waits for a session, or runs several statements, looks at the caller's context between them.
type Session struct {
	ctx      context.Context // never ends
	conn     *sql.Conn
	prepared map[string]kept
}

// kept is a prepared statement that lives as long as its session.
type kept struct {
	statement *sql.Stmt
}

func newSession(ctx context.Context, database *sql.DB) (*Session, error) {
	ctx = context.WithoutCancel(ctx)
	conn, err := database.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &Session{ctx: ctx, conn: conn, prepared: make(map[string]kept)}, nil
}

// prepare returns the prepared form of a text.
func (s *Session) prepare(text string) (kept, error) {
	if known, found := s.prepared[text]; found {
		return known, nil
	}
	statement, err := s.conn.PrepareContext(s.ctx, text)
	if err != nil {
		return kept{}, fmt.Errorf("prepare %q: %w", text, err)
	}
	s.prepared[text] = kept{statement: statement}
	return s.prepared[text], nil
}

// Run executes a statement for its effect.
func (s *Session) Run(text string, args ...any) error {
	prepared, err := s.prepare(text)
	if err != nil {
		return err
	}
	_, err = prepared.statement.ExecContext(s.ctx, args...)
	return err
}

// RunScript executes several statements, once.
func (s *Session) RunScript(script string) error {
	_, err := s.conn.ExecContext(s.ctx, script)
	return err
}

// ErrEnough is returned to [Session.Each] by who wants no more rows.
var ErrEnough = errors.New("enough")

// Each calls scan for every row of a query, until it returns an error.
func (s *Session) Each(text string, args []any, scan func(*sql.Rows) error) (err error) {
	prepared, err := s.prepare(text)
	if err != nil {
		return err
	}
	rows, err := prepared.statement.QueryContext(s.ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		switch err := scan(rows); {
		case errors.Is(err, ErrEnough):
			return nil
		case err != nil:
			return err
		}
	}
	return rows.Err()
}

// One reads the only row of a query; [sql.ErrNoRows] when there is none.
func (s *Session) One(text string, args []any, into ...any) error {
	prepared, err := s.prepare(text)
	if err != nil {
		return err
	}
	return prepared.statement.QueryRowContext(s.ctx, args...).Scan(into...)
}

// Transact runs a function in a transaction that has the write lock from its start, so that what it reads stays true. Its
// error, like a failed commit, takes the transaction back.
func (s *Session) Transact(do func() error) (err error) {
	if err := s.Run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Run("ROLLBACK"))
		}
	}()
	if err := do(); err != nil {
		return err
	}
	return s.Run("COMMIT")
}

// Snapshot runs a function that reads: all its statements see the same state.
func (s *Session) Snapshot(look func() error) (err error) {
	if err := s.Run("BEGIN"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Run("COMMIT")) }()
	return look()
}

// Version is the number of the schema in the file, 0 in a new one.
func (s *Session) Version() (version int, err error) {
	err = s.One("PRAGMA user_version", nil, &version)
	return version, err
}

// Use opens a file, or ":memory:", for as long as a call: for a schema to compare with, and for tests.
func Use(ctx context.Context, path string, use func(*Session) error) error {
	return withSession(ctx, dataSource(path, otherCacheKiB, false), use)
}

// withSession opens what the driver knows under a name, for as long as a call.
func withSession(ctx context.Context, source string, use func(*Session) error) (err error) {
	database, err := sql.Open("sqlite", source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	s, err := newSession(ctx, database)
	if err != nil {
		return err
	}
	return errors.Join(use(s), s.close())
}

// close gives up the statements and the connection.
func (s *Session) close() error {
	var failures []error
	for _, prepared := range s.prepared {
		failures = append(failures, prepared.statement.Close())
	}
	return errors.Join(append(failures, s.conn.Close())...)
}
