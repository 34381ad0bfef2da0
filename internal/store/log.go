package store

import (
	"context"
	"slices"
	"strings"

	"cloudtag/internal/cloudtag"
)

// LogKeys are the subjects under which an entry is found. What is about a case is found under its account, and what is
// about a tag of an account too: those would double what a tag costs, and few entries are about one account.
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

// accountOf is the account of a subject that is one, or a case of one.
func accountOf(subject cloudtag.Subject) (cloudtag.Subject, bool) {
	if id, is := strings.CutPrefix(string(subject), casePrefix); is {
		_, buyer, valid := cloudtag.CaseID(id).Parts()
		return cloudtag.BuyerSubject(buyer), valid
	}
	return subject, strings.HasPrefix(string(subject), buyerPrefix)
}

// LogRecord is the record of the case that an entry is about, and the account that the entry is found under. An engine that
// writes the record together with the entry may let it lead to the entry, instead of a key of the account.
func (c *Catalogue) LogRecord(entry cloudtag.Entry) (record Ref, account cloudtag.Subject) {
	id := cloudtag.CaseID(entry.Subject("case"))
	if _, buyer, valid := id.Parts(); valid {
		return Ref{c.Cases, string(id)}, cloudtag.BuyerSubject(buyer)
	}
	return Ref{}, ""
}

// LogRecords are the records that may lead to entries of a key.
func (c *Catalogue) LogRecords(key cloudtag.Subject) []Ref {
	buyer, of := strings.CutPrefix(string(key), buyerPrefix)
	if !of {
		return nil
	}
	return refsOf(c.Cases, caseIDsOf(cloudtag.BuyerID(buyer)))
}

// logQuery chooses where entries that match are looked for.
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

// LogPage returns entries that match, by sequence, within the slice.
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

// CountLog counts the entries that match, up to limit.
func (s *Store) CountLog(ctx context.Context, filter cloudtag.LogFilter, limit int) (int, error) {
	query, err := s.logQuery(ctx, filter)
	if err != nil {
		return 0, err
	}
	query.Limit = limit
	return s.engine.CountLog(ctx, query)
}

// LastSeq is the sequence number of the newest entry, 0 for an empty log.
func (s *Store) LastSeq(ctx context.Context) (int64, error) { return s.engine.LastSeq(ctx) }

// TrimLog appends an entry, which says why, then deletes the entries below a number.
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

// DropLog deletes the entries below a number. Ended half way it leaves the newer of them.
func (s *Store) DropLog(ctx context.Context, below int64) error { return s.engine.DropLog(ctx, below) }
