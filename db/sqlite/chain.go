package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

// chainPiece is how many entries get their hashes at once: a crash repeats one piece at most.
const chainPiece = 2_000

const newestUnhashed = "SELECT EXISTS (SELECT 1 FROM log WHERE seq = (SELECT max(seq) FROM log) AND hash IS NULL)"

// completeChain gives the entries that the schema of before knew no hashes for theirs, a piece per transaction. It
// goes on where it was cut off, and is safe when several processes start at once.
func completeChain(ctx context.Context, s *sqlitefile.Session, piece int, fault func(string) error) error {
	var incomplete bool
	if err := s.One(newestUnhashed, nil, &incomplete); err != nil || !incomplete {
		return err
	}
	var last cloudtag.Entry // up to which the chain is complete
	for more := true; more; {
		var err error
		if last, more, err = completePiece(ctx, s, last, piece, fault); err != nil {
			return fmt.Errorf("hash log entries after %d: %w", last.Seq, err)
		}
	}
	return nil
}

// completePiece hashes the next piece in a transaction of its own; more is false at the end of the log.
func completePiece(
	ctx context.Context, s *sqlitefile.Session, last cloudtag.Entry, piece int, fault func(string) error,
) (reached cloudtag.Entry, more bool, err error) {
	err = s.Transact(func() (err error) {
		if reached, err = hashPiece(ctx, s, last, piece, fault); err != nil {
			return err
		}
		return fault("commit")
	})
	if err != nil {
		return last, false, err
	}
	return reached, reached.Seq > last.Seq, nil
}

const countHashed = `INSERT INTO action_times (action_no, at, entries) VALUES ((SELECT no FROM words WHERE word = ?), ?, 1)
	ON CONFLICT (action_no, at) DO UPDATE SET entries = entries + 1`

// hashPiece hashes, and counts, those of the next entries that have no hash, and returns the last one it looked at.
func hashPiece(
	ctx context.Context, s *sqlitefile.Session, last cloudtag.Entry, piece int, fault func(string) error,
) (cloudtag.Entry, error) {
	entries, err := logRange(&reading{ctx: ctx, session: s}, last.Seq, math.MaxInt64, false, piece)
	if err != nil {
		return last, err
	}
	for _, entry := range entries {
		if entry.Hash == nil {
			if err := fault("hash a log entry"); err != nil {
				return last, err
			}
			entry.Hash = entry.ChainHash(last.Hash)
			if err := s.Run("UPDATE log SET hash = ? WHERE seq = ?", entry.Hash, entry.Seq); err != nil {
				return last, err
			}
			if err := s.Run(countHashed, string(entry.Action), entry.At.UnixMilli()); err != nil {
				return last, err
			}
		}
		last = entry
	}
	return last, nil
}

const newestHashed = "SELECT seq, hash FROM log WHERE hash IS NOT NULL ORDER BY seq DESC LIMIT 1"

// mendChain hashes what a program of the schema before has appended beside this one, so that the chain holds whoever
// writes. It looks at those entries only.
func (l *ledger) mendChain() error {
	ctx := context.Background()
	var last cloudtag.Entry
	err := l.One(newestHashed, nil, &last.Seq, &last.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	for last.Seq < l.numbers.seq {
		if last, err = hashPiece(ctx, l.Session, last, chainPiece, l.Step); err != nil {
			return err
		}
	}
	l.head = last.Hash
	return nil
}
