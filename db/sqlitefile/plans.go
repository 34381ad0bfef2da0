package sqlitefile

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Plans are the steps by which SQLite runs each statement that the connections keep, by text: for tests that nothing is
// scanned. It waits for the reads that run.
func (f *File) Plans(ctx context.Context) (map[string][]string, error) {
	plans := make(map[string][]string)
	err := f.Write(ctx, "list statements", func() error {
		f.writer.tx.texts(plans)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for range f.readers.all {
		reader := <-f.readers.idle
		defer func() { f.readers.idle <- reader }()
		reader.texts(plans)
	}
	return plans, withSession(ctx, f.source, func(s *Session) error {
		for text := range plans {
			var err error
			if plans[text], err = s.explain(text); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		return nil
	})
}

func (s *Session) texts(into map[string][]string) {
	for text := range s.prepared {
		into[text] = nil
	}
}

func (s *Session) explain(text string) (steps []string, err error) {
	args := make([]any, strings.Count(text, "?")) // numbered ones count more than once: too many are no harm
	if strings.Contains(text, "?1") {
		args = args[:1]
	}
	err = s.Each("EXPLAIN QUERY PLAN "+text, args, func(rows *sql.Rows) error {
		var id, parent, unused int
		var detail string
		err := rows.Scan(&id, &parent, &unused, &detail)
		steps = append(steps, detail)
		return err
	})
	return steps, err
}
