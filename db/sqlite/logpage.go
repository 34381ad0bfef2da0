package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// LogPage returns entries that match. Without a filter it walks the log itself; otherwise it walks the lists of
// log_terms: action and actor together are one list. A subject together with an action or an actor is where two
// lists meet, which costs at most a look at each row of the shorter one.
func (s *Store) LogPage(
	ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice,
) (entries []cloudtag.Entry, more bool, err error) {
	err = s.read(ctx, "read the log", func(r *reading) error {
		entries, err = logPage(r, filter, slice)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	if more = len(entries) > slice.Limit; more {
		entries = entries[:slice.Limit]
	}
	if slice.Backward {
		slices.Reverse(entries)
	}
	return entries, more, nil
}

// logPage returns up to one entry more than the limit, in the direction of reading.
func logPage(r *reading, filter cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, error) {
	low, high := int64(0), int64(math.MaxInt64) // exclusive
	if slice.After != nil {
		low = max(low, slice.After.Key)
	}
	if slice.Before != nil {
		high = min(high, slice.Before.Key)
	}
	wanted := slice.Limit + 1
	stream, _, err := filteredSeqs(r, filter, slice.Backward)
	if err != nil {
		return nil, err
	}
	if stream == nil {
		return logRange(r, low, high, slice.Backward, wanted)
	}
	at := low + 1
	if slice.Backward {
		at = high - 1
	}
	var entries []cloudtag.Entry
	for len(entries) < wanted {
		seqs, err := take(stream, &at, low, high, slice.Backward, wanted)
		if err != nil {
			return nil, err
		}
		found, err := entriesBySeq(r, seqs)
		if err != nil {
			return nil, err
		}
		for _, seq := range seqs {
			if entry, stored := found[seq]; stored && filter.Matches(entry) && len(entries) < wanted {
				entries = append(entries, entry)
			}
		}
		if len(seqs) < wanted {
			break
		}
	}
	return entries, nil
}

// take returns the next numbers of a stream between two bounds, up to limit, and moves the place behind them.
func take(stream seqStream, at *int64, low, high int64, desc bool, limit int) ([]int64, error) {
	var seqs []int64
	for len(seqs) < limit {
		seq, found, err := stream.seek(*at)
		if err != nil {
			return nil, err
		}
		if !found || seq <= low || seq >= high {
			break
		}
		seqs = append(seqs, seq)
		*at = seq + 1
		if desc {
			*at = seq - 1
		}
	}
	return seqs, nil
}

// filteredSeqs returns the numbers of entries that can match; nil stands for all. exact is false when entries are
// among them that do not match.
func filteredSeqs(q querier, filter cloudtag.LogFilter, desc bool) (stream seqStream, exact bool, err error) {
	var streams []seqStream
	exact = true
	switch {
	case filter.Action != "" && filter.Actor != "":
		streams = append(streams, newStoredSeqs(q, actionActorTerm(filter.Action, filter.Actor), desc))
	case filter.Action != "":
		streams = append(streams, newStoredSeqs(q, actionTerm(filter.Action), desc))
	case filter.Actor != "":
		streams = append(streams, newStoredSeqs(q, actorTerm(filter.Actor), desc))
	}
	if filter.Subject != "" {
		subject, itsExact, err := subjectSeqs(q, filter.Subject, desc)
		if err != nil {
			return nil, false, err
		}
		streams, exact = append(streams, subject), itsExact
	}
	switch len(streams) {
	case 0:
		return nil, true, nil
	case 1:
		return streams[0], exact, nil
	default:
		return &allSeqs{streams: streams}, exact, nil
	}
}

// subjectSeqs returns the entries about a subject: those stored under it, and those of the cases that imply it. For a
// tag these are all entries of its case, so that the list is not exact.
func subjectSeqs(q querier, subject cloudtag.Subject, desc bool) (seqStream, bool, error) {
	streams := []seqStream{newStoredSeqs(q, subjectTerm(subject), desc)}
	kind, id, _ := strings.Cut(string(subject), ":")
	var cases []cloudtag.CaseID
	var err error
	exact := true
	switch kind {
	case "case":
		cases = []cloudtag.CaseID{cloudtag.CaseID(id)}
	case "buyer":
		cases, err = caseIDsOf(q, cloudtag.BuyerID(id), "")
	case "tag":
		exact = false
		var tags map[cloudtag.OrderNo]cloudtag.Tag
		tags, err = readTags(q, "", []cloudtag.OrderNo{cloudtag.OrderNo(id)})
		for _, tag := range tags {
			cases = append(cases, tag.CaseID())
		}
	}
	if err != nil {
		return nil, false, err
	}
	stored, err := casesWithEntries(q, cases)
	if err != nil {
		return nil, false, err
	}
	for id, c := range stored {
		if desc {
			slices.Reverse(c.entries)
		}
		streams = append(streams, newStoredSeqs(q, fileTerm(id), desc), &listedSeqs{seqs: c.entries, desc: desc})
	}
	if len(streams) == 1 {
		return streams[0], exact, nil
	}
	return &anySeqs{streams: streams, desc: desc}, exact, nil
}

const entryColumns = "l.seq, l.at, actor.word, action.word, l.subjects, l.reason, l.before, l.after, l.hash"

const entryNames = " CROSS JOIN words actor ON actor.no = l.actor_no CROSS JOIN words action ON action.no = l.action_no"

func scanEntry(rows *sql.Rows) (cloudtag.Entry, error) {
	var entry cloudtag.Entry
	var at sql.NullInt64
	var action string
	var subjects []byte
	var before, after sql.NullString
	err := rows.Scan(&entry.Seq, &at, &entry.Actor, &action, &subjects, &entry.Reason, &before, &after, &entry.Hash)
	if err != nil {
		return entry, err
	}
	entry.At, entry.Action = timeOf(at), cloudtag.Action(action)
	if before.Valid {
		entry.Before = json.RawMessage(before.String)
	}
	if after.Valid {
		entry.After = json.RawMessage(after.String)
	}
	entry.Subjects, err = decodeSubjects(subjects)
	return entry, err
}

const (
	logForward = "SELECT " + entryColumns + " FROM log l" + entryNames +
		" WHERE l.seq > ? AND l.seq < ? ORDER BY l.seq LIMIT ?"
	logBackward = "SELECT " + entryColumns + " FROM log l" + entryNames +
		" WHERE l.seq > ? AND l.seq < ? ORDER BY l.seq DESC LIMIT ?"
	logBySeq = "SELECT " + entryColumns + " FROM json_each(?) j CROSS JOIN log l ON l.seq = j.value" + entryNames
)

// logRange reads entries between two numbers.
func logRange(q querier, low, high int64, backward bool, limit int) (entries []cloudtag.Entry, err error) {
	text := logForward
	if backward {
		text = logBackward
	}
	err = q.Each(text, []any{low, high, int64(limit)}, func(rows *sql.Rows) error {
		entry, err := scanEntry(rows)
		entries = append(entries, entry)
		return err
	})
	return entries, err
}

func entriesBySeq(q querier, seqs []int64) (map[int64]cloudtag.Entry, error) {
	keys, err := json.Marshal(seqs)
	if err != nil || len(seqs) == 0 {
		return nil, err
	}
	entries := make(map[int64]cloudtag.Entry, len(seqs))
	err = q.Each(logBySeq, []any{string(keys)}, func(rows *sql.Rows) error {
		entry, err := scanEntry(rows)
		entries[entry.Seq] = entry
		return err
	})
	return entries, err
}

// CountLog counts entries that match. It counts numbers in lists without reading the entries, but for tags.
func (s *Store) CountLog(ctx context.Context, filter cloudtag.LogFilter, limit int) (count int, err error) {
	err = s.read(ctx, "count log entries", func(r *reading) error {
		stream, exact, err := filteredSeqs(r, filter, false)
		if err != nil {
			return err
		}
		if stream == nil {
			last, err := lastSeq(r)
			count = int(min(last, int64(limit)))
			return err
		}
		if !exact {
			entries, err := logPage(r, filter, cloudtag.Slice{Limit: limit - 1})
			count = len(entries)
			return err
		}
		at := int64(1)
		seqs, err := take(stream, &at, 0, math.MaxInt64, false, limit)
		count = len(seqs)
		return err
	})
	return count, err
}

// LastSeq returns the number of the newest entry.
func (s *Store) LastSeq(ctx context.Context) (seq int64, err error) {
	err = s.read(ctx, "read the end of the log", func(r *reading) error {
		seq, err = lastSeq(r)
		return err
	})
	return seq, err
}

func lastSeq(q querier) (seq int64, err error) {
	err = q.One("SELECT ifnull(max(seq), 0) FROM log", nil, &seq)
	return seq, err
}

const countActions = `SELECT ifnull(sum(t.entries), 0) FROM words action CROSS JOIN action_times t ON t.action_no = action.no
	WHERE action.word = ? AND t.at >= ?`

// CountActions sums up the numbers of entries that are kept per action and time; it looks at no entry.
func (s *Store) CountActions(ctx context.Context, action cloudtag.Action, since time.Time) (count int, err error) {
	err = s.read(ctx, "count actions", func(r *reading) error {
		return r.One(countActions, []any{string(action), earliestMilli(since)}, &count)
	})
	return count, err
}
