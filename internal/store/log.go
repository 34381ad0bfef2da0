package store

import (
	"context"
	"slices"
	"strings"

	"cloudtag/internal/cloudtag"
)

// LogKeys returns the subjects by which an entry is indexed. Entries about a case, or about a tag together with its account,
// are indexed by the account only: keys of their own would double the cost of a tag, and an account has few entries.
func LogKeys(entry cloudtag.Entry) []cloudtag.Subject {
	keys := make([]cloudtag.Subject, 0, len(entry.Subjects))
	add := func(key cloudtag.Subject) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	account := false
	for _, subject := range entry.Subjects {
		if key, of := accountOf(subject); of {
			add(key)
			account = true
		} else if !isTag(subject) {
			add(subject)
		}
	}
	for _, subject := range entry.Subjects {
		if isTag(subject) && !account {
			add(subject)
		}
	}
	return keys
}

const (
	tagPrefix   = "tag:"
	casePrefix  = "case:"
	buyerPrefix = "buyer:"
)

func isTag(subject cloudtag.Subject) bool { return strings.HasPrefix(string(subject), tagPrefix) }

// accountOf returns the account of a subject that is an account or a case.
func accountOf(subject cloudtag.Subject) (cloudtag.Subject, bool) {
	if id, is := strings.CutPrefix(string(subject), casePrefix); is {
		_, buyer, valid := cloudtag.CaseID(id).Parts()
		return cloudtag.BuyerSubject(buyer), valid
	}
	return subject, strings.HasPrefix(string(subject), buyerPrefix)
}

// LogRecord returns the record of the case that an entry is about, and the account by which the entry is indexed. An engine
// that writes the record in the same commit may find the entry through it, instead of a key of the account.
func (c *Catalogue) LogRecord(entry cloudtag.Entry) (record Ref, account cloudtag.Subject) {
	id := cloudtag.CaseID(entry.Subject("case"))
	if _, buyer, valid := id.Parts(); valid {
		return Ref{c.Cases, string(id)}, cloudtag.BuyerSubject(buyer)
	}
	return Ref{}, ""
}

// LogRecords returns the records through which entries with a key may be found.
func (c *Catalogue) LogRecords(key cloudtag.Subject) []Ref {
	buyer, of := strings.CutPrefix(string(key), buyerPrefix)
	if !of {
		return nil
	}
	return refsOf(c.Cases, caseIDsOf(cloudtag.BuyerID(buyer)))
}

// logQuery chooses the index for a filter.
func (s *Store) logQuery(ctx context.Context, filter cloudtag.LogFilter) (LogQuery, error) {
	query := LogQuery{LogFilter: filter, Key: filter.Subject}
	if key, of := accountOf(filter.Subject); of {
		query.Key = key
	}
	order, is := strings.CutPrefix(string(filter.Subject), tagPrefix)
	if !is {
		return query, nil
	}
	tags, err := s.TagsByOrder(ctx, []cloudtag.OrderNo{cloudtag.OrderNo(order)})
	if tag, known := tags[cloudtag.OrderNo(order)]; known {
		query.Key = cloudtag.BuyerSubject(tag.BuyerID)
	}
	return query, err
}

// LogPage returns the matching entries of a slice, by sequence number.
func (s *Store) LogPage(ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	query, err := s.logQuery(ctx, filter)
	if err != nil {
		return nil, false, err
	}
	query.Limit, query.Descending = slice.Limit, slice.Backward
	if slice.After != nil {
		query.Above = slice.After.Key
	}
	if slice.Before != nil {
		if query.Below = slice.Before.Key; query.Below <= 0 {
			return nil, false, ctx.Err() // before the first entry
		}
	}
	entries, more, err := s.engine.Log(ctx, query)
	if slice.Backward {
		slices.Reverse(entries)
	}
	return entries, more, err
}

// CountLog counts the matching entries, up to limit.
func (s *Store) CountLog(ctx context.Context, filter cloudtag.LogFilter, limit int) (int, error) {
	query, err := s.logQuery(ctx, filter)
	if err != nil {
		return 0, err
	}
	query.Limit = limit
	return s.engine.CountLog(ctx, query)
}

// LastSeq returns the sequence number of the newest entry, 0 for an empty log.
func (s *Store) LastSeq(ctx context.Context) (int64, error) { return s.engine.LastSeq(ctx) }

// TrimLog appends an entry that gives the reason, then deletes the entries below a sequence number.
func (s *Store) TrimLog(ctx context.Context, entry cloudtag.Entry, below int64) error {
	err := s.engine.Update(ctx, "trim the log", func(tx Tx) error {
		tx.Append(entry)
		return nil
	})
	if err != nil {
		return err
	}
	return s.DropLog(ctx, below)
}

// DropLog deletes the entries below a sequence number, oldest first.
func (s *Store) DropLog(ctx context.Context, below int64) error { return s.engine.DropLog(ctx, below) }
