package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Conn is one connection with the statements prepared on it. Statement texts are assembled from a fixed set of parts, so
// that all of them can be kept prepared. A Conn is used by one goroutine at a time.
//
// Statements are not cancelled: each one is short, and the driver starts a goroutine for every statement whose context can
// end. Whoever waits for a Conn, or runs several statements, checks the caller's context in between.
type Conn struct {
	ctx      context.Context // never ends
	sql      *sql.Conn
	prepared map[string]*sql.Stmt // by text
}

func newConn(ctx context.Context, database *sql.DB) (*Conn, error) {
	ctx = context.WithoutCancel(ctx)
	conn, err := database.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &Conn{ctx: ctx, sql: conn, prepared: make(map[string]*sql.Stmt)}, nil
}

func (c *Conn) prepare(text string) (*sql.Stmt, error) {
	if statement, known := c.prepared[text]; known {
		return statement, nil
	}
	statement, err := c.sql.PrepareContext(c.ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", text, err)
	}
	c.prepared[text] = statement
	return statement, nil
}

// Run executes a statement that returns no rows.
func (c *Conn) Run(text string, args ...any) error {
	statement, err := c.prepare(text)
	if err != nil {
		return err
	}
	_, err = statement.ExecContext(c.ctx, args...)
	return err
}

// RunScript executes several statements without preparing them.
func (c *Conn) RunScript(script string) error {
	_, err := c.sql.ExecContext(c.ctx, script)
	return err
}

// ErrStop is returned by the callback of [Conn.Each] to skip the remaining rows.
var ErrStop = errors.New("stop")

// Each calls scan for every row of a query until it returns an error.
func (c *Conn) Each(text string, args []any, scan func(*sql.Rows) error) (err error) {
	statement, err := c.prepare(text)
	if err != nil {
		return err
	}
	rows, err := statement.QueryContext(c.ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		switch err := scan(rows); {
		case errors.Is(err, ErrStop):
			return nil
		case err != nil:
			return err
		}
	}
	return rows.Err()
}

// One reads the only row of a query; [sql.ErrNoRows] if there is none.
func (c *Conn) One(text string, args []any, into ...any) error {
	statement, err := c.prepare(text)
	if err != nil {
		return err
	}
	return statement.QueryRowContext(c.ctx, args...).Scan(into...)
}

// Transact runs a function in a transaction that holds the write lock from its beginning, so that what it reads stays true
// until the commit. An error of the function or of the commit rolls the transaction back.
func (c *Conn) Transact(do func() error) (err error) {
	if err := c.Run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Run("ROLLBACK"))
		}
	}()
	if err := do(); err != nil {
		return err
	}
	return c.Run("COMMIT")
}

// Snapshot runs a function whose reads all see the same state.
func (c *Conn) Snapshot(read func() error) (err error) {
	if err := c.Run("BEGIN"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Run("COMMIT")) }()
	return read()
}

// Version is the schema version of the file, 0 for a new one.
func (c *Conn) Version() (version int, err error) {
	err = c.One("PRAGMA user_version", nil, &version)
	return version, err
}

// Use opens a file for the duration of a call: for tests.
func Use(ctx context.Context, path string, use func(*Conn) error) error {
	return withConn(ctx, dataSource(path, otherCacheKiB, false), use)
}

// withConn opens a data source of the driver for the duration of a call.
func withConn(ctx context.Context, source string, use func(*Conn) error) (err error) {
	database, err := sql.Open("sqlite", source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	c, err := newConn(ctx, database)
	if err != nil {
		return err
	}
	return errors.Join(use(c), c.close())
}

func (c *Conn) close() error {
	var failures []error
	for _, statement := range c.prepared {
		failures = append(failures, statement.Close())
	}
	return errors.Join(append(failures, c.sql.Close())...)
}
