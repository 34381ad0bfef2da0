package sqlitefile

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Plans returns the query plan of each statement prepared so far, by text, so that tests can check that nothing is
// scanned. It waits for the running reads.
func (f *File) Plans(ctx context.Context) (map[string][]string, error) {
	plans := make(map[string][]string)
	err := f.Write(ctx, "list statements", func() error {
		f.writer.tx.collect(plans)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for range readerCount {
		<-f.readers.slots
		reader := f.readers.take()
		defer f.readers.put(reader)
		reader.collect(plans)
	}
	return plans, withConn(ctx, f.source, func(c *Conn) error {
		for text := range plans {
			var err error
			if plans[text], err = c.explain(text); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		return nil
	})
}

func (c *Conn) collect(plans map[string][]string) {
	for text := range c.prepared {
		plans[text] = nil
	}
}

func (c *Conn) explain(text string) (steps []string, err error) {
	args := make([]any, strings.Count(text, "?")) // surplus arguments are ignored
	if strings.Contains(text, "?1") {
		args = args[:1]
	}
	err = c.Each("EXPLAIN QUERY PLAN "+text, args, func(rows *sql.Rows) error {
		var id, parent, unused int
		var detail string
		err := rows.Scan(&id, &parent, &unused, &detail)
		steps = append(steps, detail)
		return err
	})
	return steps, err
}
