package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// session is one connection with the statements prepared on it. Statement texts are made from a fixed set of parts,
// so that all of them can be kept. It is used by one goroutine at a time.
type session struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

func newSession(ctx context.Context, database *sql.DB) (*session, error) {
	conn, err := database.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, prepared: make(map[string]*sql.Stmt)}, nil
}

// statement returns the prepared form of a text.
func (s *session) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if known, found := s.prepared[text]; found {
		return known, nil
	}
	prepared, err := s.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", text, err)
	}
	s.prepared[text] = prepared
	return prepared, nil
}

// run executes a statement for its effect.
func (s *session) run(ctx context.Context, text string, args ...any) error {
	statement, err := s.statement(ctx, text)
	if err != nil {
		return err
	}
	_, err = statement.ExecContext(ctx, args...)
	return err
}

// each calls scan for every row of a query.
func (s *session) each(ctx context.Context, text string, args []any, scan func(*sql.Rows) error) (err error) {
	statement, err := s.statement(ctx, text)
	if err != nil {
		return err
	}
	rows, err := statement.QueryContext(ctx, args...)
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
func (s *session) one(ctx context.Context, text string, args []any, into ...any) error {
	statement, err := s.statement(ctx, text)
	if err != nil {
		return err
	}
	return statement.QueryRowContext(ctx, args...).Scan(into...)
}

// close gives up the statements and the connection.
func (s *session) close() error {
	var failures []error
	for _, statement := range s.prepared {
		failures = append(failures, statement.Close())
	}
	return errors.Join(append(failures, s.conn.Close())...)
}
