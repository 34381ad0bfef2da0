package sqliteengine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// session is one connection with the statements prepared on it. Statement texts are made from a fixed set of parts,
// so that all of them can be kept. It is used by one goroutine at a time.
//
// Statements run to their end: each one is short, and a context that can end would cost a goroutine per statement.
// Whoever waits for a session, or runs several statements, looks at the caller's context between them.
type session struct {
	ctx      context.Context // never ends
	conn     *sql.Conn
	prepared map[string]kept
}

// kept is a prepared statement that lives as long as its session.
type kept struct {
	statement *sql.Stmt
}

func newSession(ctx context.Context, database *sql.DB) (*session, error) {
	ctx = context.WithoutCancel(ctx)
	conn, err := database.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{ctx: ctx, conn: conn, prepared: make(map[string]kept)}, nil
}

// prepare returns the prepared form of a text.
func (s *session) prepare(text string) (kept, error) {
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

// run executes a statement for its effect.
func (s *session) run(text string, args ...any) error {
	prepared, err := s.prepare(text)
	if err != nil {
		return err
	}
	_, err = prepared.statement.ExecContext(s.ctx, args...)
	return err
}

// runScript executes several statements, once.
func (s *session) runScript(script string) error {
	_, err := s.conn.ExecContext(s.ctx, script)
	return err
}

// each calls scan for every row of a query.
func (s *session) each(text string, args []any, scan func(*sql.Rows) error) (err error) {
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
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// one reads the only row of a query; [sql.ErrNoRows] when there is none.
func (s *session) one(text string, args []any, into ...any) error {
	prepared, err := s.prepare(text)
	if err != nil {
		return err
	}
	return prepared.statement.QueryRowContext(s.ctx, args...).Scan(into...)
}

// close gives up the statements and the connection.
func (s *session) close() error {
	var failures []error
	for _, prepared := range s.prepared {
		failures = append(failures, prepared.statement.Close())
	}
	return errors.Join(append(failures, s.conn.Close())...)
}
