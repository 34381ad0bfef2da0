package sqliteengine

import (
	"database/sql"
	"encoding/json"
	"strings"
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
	return jsonList(entry.Subjects)
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
	s.selectLog(query, entryColumns)
	s.add(" ORDER BY " + seqOf(query))
	if query.Descending {
		s.add(" DESC")
	}
	s.add(" LIMIT ?", int64(query.Limit)+1)
	return s.String(), s.args
}

func countLogStatement(query store.LogQuery) (string, []any) {
	var s statement
	s.add("SELECT count(*) FROM (")
	s.selectLog(query, "1")
	s.add(" LIMIT ?)", int64(query.Limit))
	return s.String(), s.args
}

func seqOf(query store.LogQuery) string {
	if query.Key != "" {
		return "k.seq"
	}
	return "l.seq"
}

func (s *statement) selectLog(query store.LogQuery, columns string) {
	s.add("SELECT " + columns + " FROM ")
	switch {
	case query.Key != "":
		s.add("log_keys k CROSS JOIN log l ON l.seq = k.seq WHERE k.key = ?", string(query.Key))
	case query.Since != nil && query.Action != "" && !strings.HasPrefix(string(query.Action), "tag."):
		s.add("log l INDEXED BY log_time WHERE l.action NOT GLOB 'tag.*'")
	case query.Action != "":
		s.add("log l INDEXED BY log_action WHERE 1")
	case query.Actor != "":
		s.add("log l INDEXED BY log_actor WHERE 1")
	default:
		s.add("log l WHERE 1")
	}
	if query.Above > 0 {
		s.add(" AND "+seqOf(query)+" > ?", query.Above)
	}
	if query.Below > 0 {
		s.add(" AND "+seqOf(query)+" < ?", query.Below)
	}
	if query.Action != "" {
		s.add(" AND l.action = ?", string(query.Action))
	}
	if query.Actor != "" {
		s.add(" AND l.actor = ?", query.Actor)
	}
	if query.Since != nil {
		s.add(" AND l.at >= ?", query.Since.Add(time.Millisecond-1).UnixMilli())
	}
	if query.Subject != "" && query.Subject != query.Key {
		s.add(" AND l.subjects <> '' AND EXISTS (SELECT 1 FROM json_each(l.subjects) WHERE value = ?)", string(query.Subject))
	}
}
