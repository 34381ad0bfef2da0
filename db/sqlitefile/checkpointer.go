package sqlitefile

import (
	"database/sql"
	"fmt"
	"log/slog"

	driver "modernc.org/sqlite"
)

// Sizes of the write-ahead log, in pages of 4 KiB.
const (
	checkpointPages = 4_000  // a checkpoint is started
	maxPages        = 64_000 // commits wait for the running checkpoint
)

// checkpointer copies the write-ahead log into the database file on a connection of its own, so that no commit waits for
// the scattered writes of a checkpoint. The writer itself copies the pages committed meanwhile, between two commits, after
// which the log is reused from its start.
type checkpointer struct {
	conn  *Conn
	log   *slog.Logger
	begin chan struct{} // closed by the writer when it stops
	ended chan error
	done  chan struct{}

	// Used by the writer only:
	pages   int // written since the log was last reused from its start
	running bool
}

func startCheckpointer(conn *Conn, log *slog.Logger) *checkpointer {
	c := &checkpointer{
		conn: conn, log: log, begin: make(chan struct{}, 1), ended: make(chan error, 1), done: make(chan struct{}),
	}
	go c.loop()
	return c
}

func (c *checkpointer) loop() {
	defer close(c.done)
	for range c.begin {
		_, err := checkpoint(c.conn)
		c.ended <- err
	}
}

// checkpoint copies what it can without waiting for readers or the writer, and returns the number of pages left.
func checkpoint(conn *Conn) (left int, err error) {
	var busy, pages, copied int
	err = conn.Each("PRAGMA wal_checkpoint(PASSIVE)", nil, func(rows *sql.Rows) error {
		return rows.Scan(&busy, &pages, &copied)
	})
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	return pages - copied, nil
}

// committed is called by the writer after each commit.
func (c *checkpointer) committed(writer *Conn) {
	c.pages += pagesWritten(writer)
	if !c.running {
		if c.pages >= checkpointPages {
			c.running = true
			c.begin <- struct{}{} // buffered: does not block while no checkpoint runs
		}
		return
	}
	var err error
	select {
	case err = <-c.ended:
	default:
		if c.pages < maxPages {
			return
		}
		err = <-c.ended
	}
	c.running = false
	left := c.pages
	if err == nil {
		left, err = checkpoint(writer)
	}
	if err != nil {
		c.log.Warn("the write-ahead log grows", "pages", c.pages, "error", err) // retried after the next commits
	}
	c.pages = left
}

// pagesWritten returns the number of pages a connection has written since the last call.
func pagesWritten(conn *Conn) (pages int) {
	err := conn.sql.Raw(func(connection any) (err error) {
		pages, _, err = connection.(driver.DBStatus).Status(driver.DBStatusCacheWrite, true)
		return err
	})
	if err != nil {
		return 1 // the least that a commit writes
	}
	return pages
}

// close waits for a running checkpoint and closes the connection. The writer must have stopped.
func (c *checkpointer) close() error {
	close(c.begin)
	<-c.done
	return c.conn.close()
}
