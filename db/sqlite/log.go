package sqlite

import (
	"database/sql"
	"encoding/json"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

const entryColumns = "l.seq, l.at, l.actor, l.action, l.subjects, l.reason, l.before, l.after, l.hash"

func entryValues(entry cloudtag.Entry) []any {
	return []any{
		entry.Seq, entry.At.UnixMilli(), entry.Actor, string(entry.Action), listedSubjects(entry), entry.Reason,
		optionalText(entry.Before), optionalText(entry.After), entry.Hash,
	}
}

// listedSubjects are an entry's subjects as JSON; empty for none.
func listedSubjects(entry cloudtag.Entry) string {
	if len(entry.Subjects) == 0 {
		return ""
	}
	return jsonText(entry.Subjects)
}

func optionalText(text json.RawMessage) any {
	if text == nil {
		return nil
	}
	return string(text)
}

func scanEntry(rows *sql.Rows) (cloudtag.Entry, error) {
	var entry cloudtag.Entry
	var at int64
	var subjects sql.RawBytes
	err := rows.Scan(&entry.Seq, &at, &entry.Actor, (*string)(&entry.Action), &subjects, &entry.Reason,
		(*[]byte)(&entry.Before), (*[]byte)(&entry.After), &entry.Hash)
	if err != nil {
		return entry, err
	}
	entry.At = time.UnixMilli(at).UTC()
	if len(subjects) == 0 {
		return entry, nil
	}
	return entry, json.Unmarshal(subjects, &entry.Subjects)
}

func logStatement(query store.LogQuery) (string, []any) {
	var s statement
	key := runKey(query)
	s.selectLog(query, key, entryColumns)
	direction := ""
	if query.Descending {
		direction = " DESC"
	}
	s.add(" ORDER BY ")
	if key != "" {
		s.add("r.first" + direction + ", ")
	}
	s.add("l.seq"+direction+" LIMIT ?", int64(query.Limit)+1)
	return s.String(), s.args
}

func countLogStatement(query store.LogQuery) (string, []any) {
	var s statement
	s.add("SELECT count(*) FROM (")
	s.selectLog(query, runKey(query), "1")
	s.add(" LIMIT ?)", int64(query.Limit))
	return s.String(), s.args
}

// droppedAtOnce is how many entries are deleted by one transaction, which holds up who writes.
const droppedAtOnce = 1000

// dropLog deletes the oldest entries below a number, and the runs that hold nothing else. It reports whether there are more.
func (w *work) dropLog(below int64) (more bool, err error) {
	text, args := logStatement(store.LogQuery{Below: below, Limit: droppedAtOnce})
	var dropped []cloudtag.Entry
	err = w.Each(text, args, func(rows *sql.Rows) error {
		if more = len(dropped) == droppedAtOnce; more {
			return nil
		}
		entry, err := scanEntry(rows)
		dropped = append(dropped, entry)
		return err
	})
	if err != nil || len(dropped) == 0 {
		return false, err
	}
	last := dropped[len(dropped)-1].Seq
	keys := make(map[string]bool)
	for _, r := range runsOf(dropped) {
		if keys[r.key] {
			continue
		}
		keys[r.key] = true
		const text = "DELETE FROM log_runs WHERE key = ? AND first <= ? AND last <= ?"
		if err := w.Write("drop runs of the log", text, r.key, last, last); err != nil {
			return false, err
		}
	}
	return more, w.Write("drop entries of the log", "DELETE FROM log WHERE seq <= ?", last)
}

// runKey is the key of the runs that entries are looked for in; empty: they are looked for in all of the log.
func runKey(query store.LogQuery) string {
	switch {
	case query.Key != "":
		return subjectKey(query.Key)
	case query.Actor != "":
		return actorKey(query.Actor)
	case query.Action != "":
		return actionKey(query.Action)
	default:
		return ""
	}
}

func (s *statement) selectLog(query store.LogQuery, key, columns string) {
	s.add("SELECT " + columns + " FROM ")
	switch {
	case key != "":
		s.add("log_runs r CROSS JOIN log l ON l.seq BETWEEN r.first AND r.last WHERE r.key = ?", key)
		if query.Above > 0 {
			s.add(" AND r.first > ?", query.Above-runSpan)
		}
		if query.Below > 0 {
			s.add(" AND r.first < ?", query.Below)
		}
	default:
		s.add("log l WHERE 1")
	}
	if query.Above > 0 {
		s.add(" AND l.seq > ?", query.Above)
	}
	if query.Below > 0 {
		s.add(" AND l.seq < ?", query.Below)
	}
	if query.Action != "" {
		s.add(" AND l.action = ?", string(query.Action))
	}
	if query.Actor != "" {
		s.add(" AND l.actor = ?", query.Actor)
	}
	if query.Subject != "" {
		// In a list of JSON texts a quote that begins a text follows a comma, and no other quote stands behind one.
		s.add(" AND instr(',' || substr(l.subjects, 2), ?)", ","+jsonText(query.Subject))
	}
}
