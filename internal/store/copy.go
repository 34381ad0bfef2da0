package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/copying"
)

// A store is the source and the target of copies.
var _ copying.Target = (*Store)(nil)

// copyRecord is the progress of a copy into the store. State is nil once the copy is complete.
type copyRecord struct {
	Name  string         `json:"name"`
	State *copying.State `json:"state,omitempty"`
}

const copyName = "copy"

func copyKind() *Kind {
	return define("copies", func(c *copyRecord) string { return c.Name }, []field[copyRecord]{})
}

// ErrCopyBegun is returned for a store that contains an incomplete copy.
var ErrCopyBegun = errors.New("a copy into it was begun and has not ended: run the same cloudtag copy again, or remove it")

// CheckCopied returns [ErrCopyBegun] if the store contains an incomplete copy.
func (s *Store) CheckCopied(ctx context.Context) error {
	record, err := getOne[copyRecord](s.getter(ctx), Ref{s.kinds.Copies, copyName})
	if record != nil && record.State != nil {
		return ErrCopyBegun
	}
	return err
}

// BeginCopy returns the progress of the copy into the store, or begins one in an empty store.
func (s *Store) BeginCopy(ctx context.Context, first copying.State) (state copying.State, err error) {
	empty := true
	for _, kind := range s.kinds.Kinds() {
		count, err := s.engine.Count(ctx, Query{Kind: kind, Limit: 1})
		if err != nil {
			return state, err
		}
		empty = empty && count == 0
	}
	last, err := s.engine.LastSeq(ctx)
	if err != nil {
		return state, err
	}
	err = s.engine.Update(ctx, "begin a copy", func(tx Tx) error {
		record, err := getOne[copyRecord](tx.Get, Ref{s.kinds.Copies, copyName})
		if err != nil {
			return err
		}
		if record != nil && record.State != nil {
			state = *record.State
			return nil
		}
		if !empty || last > 0 {
			return copying.ErrNotEmpty
		}
		state = first
		tx.Put(s.kinds.Copies, &copyRecord{Name: copyName, State: &first})
		return nil
	})
	return state, err
}

// EndCopy marks the copy as complete.
func (s *Store) EndCopy(ctx context.Context) error {
	return s.engine.Update(ctx, "end a copy", func(tx Tx) error {
		tx.Put(s.kinds.Copies, &copyRecord{Name: copyName})
		return nil
	})
}

// PutRows stores rows of a copy and its progress, atomically.
func (s *Store) PutRows(ctx context.Context, kind copying.Kind, rows []copying.Row, next copying.State) error {
	if kind == copying.Log {
		if err := s.checkChain(ctx, rows); err != nil {
			return err
		}
	}
	return s.engine.Update(ctx, "store copied rows", func(tx Tx) error {
		for _, row := range rows {
			if err := s.putRow(tx, row.Value); err != nil {
				return fmt.Errorf("row %s: %w", row.Key, err)
			}
		}
		tx.Put(s.kinds.Copies, &copyRecord{Name: copyName, State: &next})
		return nil
	})
}

// checkChain checks that entries will be assigned the sequence numbers and hashes that they have.
func (s *Store) checkChain(ctx context.Context, rows []copying.Row) error {
	newest, _, err := s.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, Backward: true})
	if err != nil {
		return err
	}
	var chain Chain
	if len(newest) > 0 {
		chain = Chain{Seq: newest[0].Seq, Head: newest[0].Hash}
	}
	for _, row := range rows {
		entry := row.Value.(cloudtag.Entry)
		if sealed := chain.Seal([]cloudtag.Entry{entry})[0]; sealed.Seq != entry.Seq || !bytes.Equal(sealed.Hash, entry.Hash) {
			return fmt.Errorf("the log does not hold: entry %d came to %d with another hash; see cloudtag verify-log", entry.Seq, sealed.Seq)
		}
	}
	return nil
}

func (s *Store) putRow(tx Tx, value any) error {
	switch value := value.(type) {
	case cloudtag.Policy:
		putVersion(tx, s.kinds.Policies, value)
	case cloudtag.PolicyTimeline:
		tx.Put(s.kinds.Policies, timelineRecord(value))
	case copying.Merchant:
		tx.Put(s.kinds.Merchants, &merchantRecord{Merchant: value.Merchant, Recount: value.Recount})
	case cloudtag.Order:
		tx.Put(s.kinds.Orders, &value)
	case copying.Risk:
		tx.Put(s.kinds.Risks, &riskRecord{RiskProfile: value.RiskProfile, Evaluate: value.Evaluate})
	case copying.Case:
		return s.copyCase(tx, value)
	case cloudtag.Batch:
		tx.Put(s.kinds.Batches, &value)
	case cloudtag.Document:
		tx.Put(s.kinds.Documents, &value)
		for _, ref := range s.reservationOf(value) {
			tx.Put(ref.Kind, &reservationRecord{Value: ref.ID, Holder: value.ID})
		}
	case cloudtag.Entry:
		tx.Append(value)
	default:
		return fmt.Errorf("no row is made of a %T", value)
	}
	return nil
}

func (s *Store) copyCase(tx Tx, of copying.Case) error {
	if err := s.countTags(tx, of.Tags); err != nil {
		return err
	}
	var live []cloudtag.Tag
	for _, tag := range of.Tags {
		if tag.Live {
			live = append(live, tag)
		}
		tx.Put(s.kinds.Tags, &tag)
	}
	record := &caseRecord{Case: of.Case}
	record.listTags(nil, live, of.Tags)
	tx.Put(s.kinds.Cases, record)
	return nil
}

// CopyRows returns up to limit rows of a kind after a key, for a copy.
func (s *Store) CopyRows(ctx context.Context, kind copying.Kind, after string, limit int) ([]copying.Row, error) {
	switch kind {
	case copying.Policies:
		return copyRows(ctx, s, s.kinds.Policies, after, limit, func(policy *policyRecord) any {
			if policy.Name == currentPolicy {
				return policy.timeline()
			}
			return policy.Policy
		})
	case copying.Merchants:
		return copyRows(ctx, s, s.kinds.Merchants, after, limit, func(merchant *merchantRecord) any {
			return copying.Merchant{Merchant: merchant.Merchant, Recount: merchant.Recount}
		})
	case copying.Orders:
		return copyRows(ctx, s, s.kinds.Orders, after, limit, plain[cloudtag.Order])
	case copying.Risks:
		return copyRows(ctx, s, s.kinds.Risks, after, limit, func(risk *riskRecord) any {
			return copying.Risk{RiskProfile: risk.RiskProfile, Evaluate: risk.Evaluate}
		})
	case copying.Cases:
		return s.copyCases(ctx, after, limit)
	case copying.Batches:
		return copyRows(ctx, s, s.kinds.Batches, after, limit, plain[cloudtag.Batch])
	case copying.Documents:
		return copyRows(ctx, s, s.kinds.Documents, after, limit, plain[cloudtag.Document])
	case copying.Log:
		return s.copyLog(ctx, after, limit)
	default:
		return nil, fmt.Errorf("no rows of kind %q are known", kind)
	}
}

func plain[T any](record *T) any { return *record }

// copyRows returns records of a kind by identifier, each as a row with a value.
func copyRows[T any](ctx context.Context, s *Store, kind *Kind, after string, limit int, value func(*T) any) ([]copying.Row, error) {
	rows, _, err := list(ctx, s, Query{Kind: kind, Above: &Position{ID: after}, Limit: limit}, func(record *T) copying.Row {
		return copying.Row{Key: kind.ID(record), Value: value(record)}
	})
	return rows, err
}

func (s *Store) copyCases(ctx context.Context, after string, limit int) ([]copying.Row, error) {
	var cases []*caseRecord
	rows, err := copyRows(ctx, s, s.kinds.Cases, after, limit, func(record *caseRecord) any {
		cases = append(cases, record)
		return copying.Case{Case: record.Case}
	})
	if err != nil {
		return nil, err
	}
	tags, err := s.tagsOfCases(ctx, cases)
	for i, record := range cases {
		rows[i].Value = copying.Case{Case: record.Case, Tags: tags[record.ID]}
	}
	return rows, err
}

func (s *Store) copyLog(ctx context.Context, after string, limit int) ([]copying.Row, error) {
	number, err := copying.Number(after)
	if err != nil {
		return nil, err
	}
	entries, _, err := s.engine.Log(ctx, LogQuery{Above: max(0, number), Limit: limit})
	return mapSlice(entries, func(entry cloudtag.Entry) copying.Row {
		return copying.Row{Key: strconv.FormatInt(entry.Seq, 10), Value: entry}
	}), err
}
