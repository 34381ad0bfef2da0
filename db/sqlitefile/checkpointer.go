package sqlitefile

import (
	"database/sql"
	"fmt"
	"log/slog"

	driver "modernc.org/sqlite"
)

// How long the write-ahead log gets, in pages of 4 KiB.
const (
	checkpointPages = 4_000  // then it is carried into the database file
	patiencePages   = 64_000 // then commits wait until that is done
)

// checkpointer carries the write-ahead log into the database file beside the writer, so that no commit waits for the
// many scattered writes of it. What was committed meanwhile, the writer carries itself between two commits; the
// log is then used from its start again.
type checkpointer struct {
	session *Session
	log     *slog.Logger
	begin   chan struct{} // closed by the writer when it ends
	ended   chan error
	done    chan struct{}

	// The writer's alone:
	pages    int // written since the log was last used from its start
	carrying bool
}

func startCheckpointer(s *Session, log *slog.Logger) *checkpointer {
	c := &checkpointer{
		session: s, log: log, begin: make(chan struct{}, 1), ended: make(chan error, 1), done: make(chan struct{}),
	}
	go c.loop()
	return c
}

func (c *checkpointer) loop() {
	defer close(c.done)
	for range c.begin {
		_, err := carryLog(c.session)
		c.ended <- err
	}
}

// carryLog moves what it can without waiting for anybody, and returns how many pages are left.
func carryLog(s *Session) (left int, err error) {
	var busy, pages, carried int
	err = s.Each("PRAGMA wal_checkpoint(PASSIVE)", nil, func(rows *sql.Rows) error {
		return rows.Scan(&busy, &pages, &carried)
	})
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	return pages - carried, nil
}

// committed is called by the writer after each commit.
func (c *checkpointer) committed(writing *Session) {
	c.pages += pagesWritten(writing)
	if !c.carrying {
		if c.pages >= checkpointPages {
			c.carrying = true
			c.begin <- struct{}{} // has room: nothing is being carried
		}
		return
	}
	var err error
	select {
	case err = <-c.ended:
	default:
		if c.pages < patiencePages {
			return
		}
		err = <-c.ended
	}
	c.carrying = false
	left := c.pages
	if err == nil {
		left, err = carryLog(writing)
	}
	if err != nil {
		c.log.Warn("the write-ahead log grows", "pages", c.pages, "error", err) // tried again after the next commits
	}
	c.pages = left
}

// pagesWritten returns how many pages a connection has written since it was last asked.
func pagesWritten(s *Session) (pages int) {
	err := s.conn.Raw(func(connection any) (err error) {
		pages, _, err = connection.(driver.DBStatus).Status(driver.DBStatusCacheWrite, true)
		return err
	})
	if err != nil {
		return 1 // a commit writes one at least
	}
	return pages
}

// close waits for what is being carried and gives the connection up. The writer has ended before.
func (c *checkpointer) close() error {
	close(c.begin)
	<-c.done
	return c.session.close()
}
