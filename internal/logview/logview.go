package logview

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// View keeps documents that are computed from the log alone: it reads the log in pages from its checkpoint, hands each page
// to a fold, and stores what the fold returns together with the next checkpoint, as one commit. A submission or a decision
// never waits for a view.
//
// The checkpoint is a document too, and its version makes sure that each entry counts once:
//
//   - A process that dies before the commit has stored nothing, and the next run folds the same entries again. One that
//     dies after it has stored both the documents and the checkpoint, and the next run continues behind them. There is no
//     third case.
//   - When two instances fold the same page, the second commit is a CONFLICT and stores nothing. That run ends; the next one
//     begins with the checkpoint that the other instance stored. Where it is another document that has changed, the page is
//     folded again.
//   - What Settle does beside its own commit happens before that commit, so that a crash between them repeats it.
//
// A checkpoint that does not exist begins at the log's first entry, or at the first one that is kept of a log that was
// trimmed. The identifiers of the checkpoint and of the documents therefore contain a revision: raising it makes the view
// count again from scratch, beside what it had counted.
type View struct {
	Kind cloudtag.DocumentKind // of the checkpoint
	ID   string                // of the checkpoint
	// Fold returns the result of a page. It has no effects of its own: a page may be folded several times, also in another
	// length. Folding none of the entries means that the page is too short; where no entries follow, they wait for others.
	Fold func(ctx context.Context, page Page) (Step, error)
	// Settle does some of what the last step left to do, and returns what is left then. It is called until nothing is, before
	// any other entry is folded. It may be called again with the same, so that its effects must be idempotent. A view
	// that never leaves anything has none.
	Settle func(ctx context.Context, left json.RawMessage) (Step, error)
}

// Store is what a view reads the log from and stores its documents in.
type Store interface {
	cloudtag.DocumentReader
	cloudtag.LogPager
	SaveDocuments(ctx context.Context, documents []cloudtag.Document, entries []cloudtag.Entry) error
}

// Page is the next part of the log.
type Page struct {
	Entries []cloudtag.Entry
	More    bool // entries follow that are not in the page
	Longest bool // there are no longer pages: some of its entries must be folded
}

// Step is what is stored with the next checkpoint.
type Step struct {
	Folded    int                 // entries of the page, from its beginning; 0 of a step of Settle
	Documents []cloudtag.Document // in their new versions
	Entries   []cloudtag.Entry    // to be appended to the log
	Left      json.RawMessage     // to be done before the next entries are folded; empty: nothing
}

// Checkpoint is how far the log is counted.
type Checkpoint struct {
	Version int             `json:"version"`
	Seq     int64           `json:"seq"`           // number of the last entry that is counted; 0: none
	At      time.Time       `json:"at,omitzero"`   // time of that entry
	Left    json.RawMessage `json:"left,omitzero"` // what entries up to it left to do
}

const (
	pageEntries = 1024
	// longestPage bounds pages that grow because none of their entries could be folded.
	longestPage = 4096
	// commitBytes is about how much one commit stores at most. MongoDB's documents, of which a commit is one, take 16 MB.
	commitBytes = 4 << 20
)

func (v View) codec() cloudtag.Codec[Checkpoint] {
	return cloudtag.Codec[Checkpoint]{Kind: v.Kind, Encode: func(c Checkpoint) cloudtag.Document {
		return cloudtag.Document{ID: v.ID, Version: c.Version, State: "POSITION"}
	}}
}

// Checkpoint returns how far the log is counted.
func (v View) Checkpoint(ctx context.Context, store cloudtag.DocumentReader) (Checkpoint, error) {
	checkpoint, err := v.codec().Find(ctx, store, v.ID)
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		return Checkpoint{}, nil
	}
	return checkpoint, err
}

// Counted returns the number of the last entry that is counted, 0 for none.
func (v View) Counted(ctx context.Context, store cloudtag.DocumentReader) (int64, error) {
	checkpoint, err := v.Checkpoint(ctx, store)
	return checkpoint.Seq, err
}

// CatchUp counts the log from the checkpoint to its end. It returns without an error when another instance counts at the same
// time, which then goes on. Between commits it gives way to requests (see [cloudtag.Pace]). CONFLICT when a step can't be stored
// although nobody else stored one.
func (v View) CatchUp(ctx context.Context, store Store) error {
	checkpoint, err := v.Checkpoint(ctx, store)
	if err != nil {
		return err
	}
	conflicts := 0
	for {
		step, next, err := v.next(ctx, store, checkpoint)
		if err == nil && next != nil {
			err = store.SaveDocuments(ctx, append(step.Documents, v.codec().Document(*next)), step.Entries)
		}
		switch {
		case cloudtag.CodeOf(err) == cloudtag.CodeConflict && conflicts == 0:
			stored, failure := v.Checkpoint(ctx, store)
			if failure != nil || stored.Version != checkpoint.Version {
				return failure
			}
			conflicts++ // a document of the step changed meanwhile, not the checkpoint: it is folded again as it is now
			continue
		case err != nil:
			return fmt.Errorf("count the log behind entry %d: %w", checkpoint.Seq, err)
		case next == nil:
			return nil
		}
		checkpoint, conflicts = *next, 0
		if err := cloudtag.Yield(ctx); err != nil {
			return err
		}
	}
}

// next returns the next step and the checkpoint that is stored with it; nil when there is nothing to do.
func (v View) next(ctx context.Context, store Store, checkpoint Checkpoint) (Step, *Checkpoint, error) {
	next := checkpoint
	next.Version++
	if len(checkpoint.Left) > 0 {
		step, err := v.Settle(ctx, checkpoint.Left)
		next.Left = step.Left
		return step, &next, err
	}
	for length := pageEntries; ; length *= 2 {
		entries, more, err := store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: length, After: &cloudtag.Position{Key: checkpoint.Seq}})
		if err != nil || len(entries) == 0 {
			return Step{}, nil, err
		}
		page := Page{Entries: entries, More: more, Longest: length >= longestPage}
		step, err := v.Fold(ctx, page)
		if err == nil && step.Folded > 0 {
			step, err = v.shorten(ctx, page, step)
		}
		switch {
		case err != nil || step.Folded == 0 && !more:
			return Step{}, nil, err
		case step.Folded == 0 && page.Longest:
			return Step{}, nil, errors.New("none of the longest page was folded")
		case step.Folded > 0:
			last := entries[step.Folded-1]
			next.Seq, next.At, next.Left = last.Seq, last.At, step.Left
			return step, &next, nil
		}
	}
}

// shorten folds less of a page as long as the result is too large for one commit.
func (v View) shorten(ctx context.Context, page Page, step Step) (Step, error) {
	for step.Folded > 1 && step.bytes() > commitBytes {
		less, err := v.Fold(ctx, Page{Entries: page.Entries[:step.Folded/2], More: true})
		if err != nil || less.Folded == 0 {
			return step, err
		}
		step = less
	}
	return step, nil
}

// bytes is about how much the step stores.
func (s Step) bytes() int {
	sum := 0
	for _, document := range s.Documents {
		sum += len(document.Body)
	}
	for _, entry := range s.Entries {
		sum += len(entry.Before) + len(entry.After)
	}
	return sum
}
