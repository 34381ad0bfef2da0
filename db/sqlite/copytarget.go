package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/copying"
)

const (
	readCopyState = "SELECT state FROM copy_state WHERE one = 1"
	setCopyState  = "INSERT INTO copy_state (one, state) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET state = excluded.state"
	holdsAnything = `SELECT EXISTS (SELECT 1 FROM log) OR EXISTS (SELECT 1 FROM policies) OR EXISTS (SELECT 1 FROM merchants)
		OR EXISTS (SELECT 1 FROM orders) OR EXISTS (SELECT 1 FROM risks) OR EXISTS (SELECT 1 FROM documents)`
)

// copyBegun reports whether a copy into the database was begun and has not ended.
func copyBegun(s *sqlitefile.Session) (begun bool, err error) {
	err = s.One("SELECT EXISTS (SELECT 1 FROM copy_state WHERE one = 1)", nil, &begun)
	return begun, err
}

// errCopyBegun is why such a database can't be used.
var errCopyBegun = errors.New("a copy into it was begun and has not ended: run the same cloudtag copy again, or remove the file")

// BeginCopy returns how far the copy into the store is, or begins one.
func (s *Store) BeginCopy(ctx context.Context, first copying.State) (state copying.State, err error) {
	err = s.write(ctx, "begin a copy", func(w *work) error {
		var encoded string
		err := w.One(readCopyState, nil, &encoded)
		if err == nil {
			return json.Unmarshal([]byte(encoded), &state)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var holds bool
		if err := w.One(holdsAnything, nil, &holds); err != nil {
			return err
		}
		if holds {
			return copying.ErrNotEmpty
		}
		state = first
		return keepCopyState(w, state)
	})
	return state, err
}

func keepCopyState(w *work, state copying.State) error {
	encoded, err := json.Marshal(state)
	if err != nil {
		return err
	}
	return w.Write("keep the state of the copy", setCopyState, string(encoded))
}

// PutRows stores rows of a copy and its state, in one transaction.
func (s *Store) PutRows(ctx context.Context, kind copying.Kind, rows []copying.Row, next copying.State) error {
	return s.write(ctx, "store copied rows", func(w *work) error {
		if err := putRows(w, kind, rows); err != nil {
			return err
		}
		return keepCopyState(w, next)
	})
}

// EndCopy makes the store one like any other.
func (s *Store) EndCopy(ctx context.Context) error {
	return s.write(ctx, "end a copy", func(w *work) error {
		return w.Write("end the copy", "DELETE FROM copy_state WHERE one = 1")
	})
}

func putRows(w *work, kind copying.Kind, rows []copying.Row) error {
	switch kind {
	case copying.Cases:
		return putCases(w, valuesOf[copying.Case](rows))
	case copying.Log:
		return putLog(w, valuesOf[cloudtag.Entry](rows))
	}
	for _, row := range rows {
		if err := putRow(w, row.Value); err != nil {
			return fmt.Errorf("row %s: %w", row.Key, err)
		}
	}
	return nil
}

func valuesOf[V any](rows []copying.Row) []V {
	values := make([]V, len(rows))
	for i, row := range rows {
		values[i] = row.Value.(V)
	}
	return values
}

func putRow(w *work, value any) error {
	switch value := value.(type) {
	case cloudtag.Policy:
		return putPolicy(w, value)
	case copying.Merchant:
		return putCopiedMerchant(w, value)
	case cloudtag.Order:
		values, err := orderValues(w, value)
		if err != nil {
			return err
		}
		return w.insert(ordersTable, values)
	case copying.Risk:
		return putCopiedRisk(w, value)
	case cloudtag.Batch:
		return storeBatch(w, value)
	case cloudtag.Document:
		kind, err := documentKinds.number(value.Kind)
		if err != nil {
			return err
		}
		return w.insert(documentsTable, append([]any{kind, value.ID}, documentValues(value)...))
	default:
		return fmt.Errorf("no row is made of a %T", value)
	}
}

func putCopiedMerchant(w *work, merchant copying.Merchant) error {
	if err := putMerchant(w, nil, merchant.Merchant); err != nil || !merchant.Recount {
		return err
	}
	return w.Write("mark a shop", "UPDATE merchants SET recount = 1 WHERE id = ?", string(merchant.ID))
}

func putCopiedRisk(w *work, risk copying.Risk) error {
	if err := storeRisk(w, risk.RiskProfile); err != nil || risk.Evaluate {
		return err
	}
	return w.Write("unmark a risk profile", "UPDATE risks SET evaluate = 0 WHERE buyer_id = ?", string(risk.BuyerID))
}

// putCases stores cases with their tags, and counts the tags. The case's entries are found by subject: see putLog.
func putCases(w *work, cases []copying.Case) error {
	changes := make([]*fileChange, len(cases))
	for i, c := range cases {
		var live []cloudtag.Tag
		for _, tag := range c.Tags {
			if tag.Live {
				live = append(live, tag)
			}
		}
		file := cloudtag.OpenCaseFile(c.ID, &c.Case, live, &cloudtag.Policy{}, nil)
		changes[i] = &fileChange{openedFile: &openedFile{CaseFile: file, id: c.ID}, after: c.Case, added: c.Tags}
	}
	if err := storeCases(w, changes); err != nil {
		return err
	}
	if err := storeTags(w, changes); err != nil {
		return err
	}
	return countTags(w, changes)
}

// putLog appends entries, which must get the numbers and hashes that they have. They belong to no case file here, so
// that every one is found by all of its subjects.
func putLog(w *work, entries []cloudtag.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if err := appendEntries(w, entries); err != nil {
		return err
	}
	newest := entries[len(entries)-1]
	if w.numbers.seq != newest.Seq || !bytes.Equal(w.head, newest.Hash) {
		return fmt.Errorf("the log does not hold: entry %d came to %d with another hash; see cloudtag verify-log", newest.Seq, w.numbers.seq)
	}
	return nil
}
