package copying

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cloudtag/internal/cloudtag"
)

// pageSize is how many rows are read and written at once, and at most repeated when an interrupted copy is resumed.
const pageSize = 500

// State is the progress of a copy. It is stored in the target until the copy has ended.
type State struct {
	Source string // head of the source's log, which must not have changed; see [headOf]
	Kind   Kind   // being copied; empty: all are done
	After  string // key of the last row copied of it
	Rows   int    // copied of this kind
}

// Source is a store that can be read row by row.
type Source interface {
	LogPage(ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error)
	// CopyRows returns about limit rows of a kind after a key, in a stable order, and none at the end. The empty key comes
	// before the first.
	CopyRows(ctx context.Context, kind Kind, after string, limit int) ([]Row, error)
}

// Target is a store that can be filled row by row. Between BeginCopy and EndCopy it can't be opened for anything else.
type Target interface {
	Source
	// BeginCopy returns the state of the copy in progress, or begins one: it fails with [ErrNotEmpty] in a store that holds
	// anything.
	BeginCopy(ctx context.Context, first State) (State, error)
	// PutRows stores rows, some of which may be there already from an interrupted copy, and with or after them the state.
	PutRows(ctx context.Context, kind Kind, rows []Row, next State) error
	// EndCopy makes the store usable.
	EndCopy(ctx context.Context) error
}

// ErrNotEmpty is returned for a target that holds anything.
var ErrNotEmpty = errors.New("the target holds something: copy into an empty store, or go on with a copy that was begun there")

// Phases of a copy.
const (
	DoingCopy    = "copying"
	DoingCompare = "comparing"
)

// Report is called after each page: with the phase, the kind, and the number of its rows.
type Report func(doing string, kind Kind, rows int)

// Total is the number of rows of a kind and their checksum.
type Total struct {
	Kind Kind
	Digest
}

// Copy copies everything, or resumes an interrupted copy, compares the stores, and ends the copy. It may be interrupted and
// called again at any time. It fails when the source has changed since the copy was begun, or the stores differ.
func Copy(ctx context.Context, from Source, to Target, report Report) ([]Total, error) {
	head, err := headOf(ctx, from)
	if err != nil {
		return nil, err
	}
	state, err := to.BeginCopy(ctx, State{Source: head, Kind: Kinds()[0]})
	if err != nil {
		return nil, err
	}
	if state.Source != head {
		return nil, fmt.Errorf("the source is not what the copy was begun with: its log ended with %s then, and ends with %s now; "+
			"drop the target and copy again, with nobody writing to the source", state.Source, head)
	}
	for state.Kind != "" {
		if state, err = copyPage(ctx, from, to, state, report); err != nil {
			return nil, err
		}
	}
	totals, err := compare(ctx, from, to, report)
	if err != nil {
		return nil, err
	}
	if now, err := headOf(ctx, from); err != nil || now != head {
		return nil, errors.Join(err, fmt.Errorf("the source was changed while it was copied: its log ends with %s now", now))
	}
	return totals, to.EndCopy(ctx)
}

// headOf identifies the end of a store's log: sequence number and hash of its newest entry, whose hash covers all before it.
func headOf(ctx context.Context, store Source) (string, error) {
	newest, _, err := store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, Backward: true})
	if err != nil {
		return "", fmt.Errorf("read the end of the log: %w", err)
	}
	if len(newest) == 0 {
		return "entry 0", nil
	}
	return fmt.Sprintf("entry %d (%x)", newest[0].Seq, newest[0].Hash), nil
}

// copyPage copies the next rows, or moves on to the next kind.
func copyPage(ctx context.Context, from Source, to Target, state State, report Report) (State, error) {
	rows, err := from.CopyRows(ctx, state.Kind, state.After, pageSize)
	if err != nil {
		return state, fmt.Errorf("read %s: %w", state.Kind, err)
	}
	next := state
	if len(rows) > 0 {
		next.After, next.Rows = rows[len(rows)-1].Key, state.Rows+len(rows)
	} else {
		next = State{Source: state.Source, Kind: following(state.Kind)}
	}
	if err := to.PutRows(ctx, state.Kind, rows, next); err != nil {
		return state, fmt.Errorf("write %s: %w", state.Kind, err)
	}
	report(DoingCopy, state.Kind, len(rows))
	return next, nil
}

func following(kind Kind) Kind {
	kinds := append(Kinds(), "")
	return kinds[slices.Index(kinds, kind)+1]
}

// compare reads both stores and returns the totals of each kind, which must be equal.
func compare(ctx context.Context, from, to Source, report Report) ([]Total, error) {
	var totals []Total
	for _, kind := range Kinds() {
		read, err := digestOf(ctx, from, kind, report)
		if err != nil {
			return nil, err
		}
		written, err := digestOf(ctx, to, kind, report)
		if err != nil {
			return nil, err
		}
		if read != written {
			return nil, fmt.Errorf("the %s differ: the source has %d (checksum %s), the target %d (checksum %s); drop the target and copy again",
				kind, read.Count, read, written.Count, written)
		}
		totals = append(totals, Total{Kind: kind, Digest: read})
	}
	return totals, nil
}

func digestOf(ctx context.Context, store Source, kind Kind, report Report) (digest Digest, err error) {
	for after := ""; ; {
		rows, err := store.CopyRows(ctx, kind, after, pageSize)
		if err != nil {
			return digest, fmt.Errorf("read %s: %w", kind, err)
		}
		if len(rows) == 0 {
			return digest, nil
		}
		for _, row := range rows {
			if err := digest.add(row); err != nil {
				return digest, fmt.Errorf("%s %s: %w", kind, row.Key, err)
			}
		}
		after = rows[len(rows)-1].Key
		report(DoingCompare, kind, len(rows))
	}
}
