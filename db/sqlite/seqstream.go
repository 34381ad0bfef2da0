package sqlite

import (
	"database/sql"
	"math"
	"slices"
)

// seqStream is an ordered set of sequence numbers that is read in one direction.
type seqStream interface {
	// seek returns the first number at a place or beyond it, in the direction of reading. Places given never step
	// back.
	seek(at int64) (seq int64, found bool, err error)
}

// storedSeqs streams the entries of one term.
type storedSeqs struct {
	querier querier
	term    int64
	desc    bool
	loaded  []int64 // what is loaded and not passed yet, in the direction of reading
	edge    int64   // first_seq of the outermost row loaded
	passed  int64   // the place of the last seek that used up what was loaded
	ended   bool
}

// rowsAtOnce is how many rows of log_terms are loaded together.
const rowsAtOnce = 16

func newStoredSeqs(q querier, term int64, desc bool) *storedSeqs {
	stream := &storedSeqs{querier: q, term: term, desc: desc, edge: math.MinInt64}
	if desc {
		stream.edge = math.MaxInt64
	}
	return stream
}

const (
	termsBackward = `SELECT first_seq, seqs FROM log_terms
		WHERE term = ? AND first_seq <= ? AND first_seq < ? ORDER BY first_seq DESC LIMIT ?`
	termsForward = `SELECT first_seq, seqs FROM log_terms WHERE term = ? AND first_seq > ? ORDER BY first_seq LIMIT ?`
	termCovering = `SELECT first_seq, seqs FROM log_terms
		WHERE term = ? AND first_seq <= ? AND first_seq > ? ORDER BY first_seq DESC LIMIT 1`
)

func (s *storedSeqs) seek(at int64) (int64, bool, error) {
	for {
		s.drop(at)
		if len(s.loaded) > 0 {
			return s.loaded[0], true, nil
		}
		if s.ended {
			return 0, false, nil
		}
		if err := s.load(at); err != nil {
			return 0, false, err
		}
	}
}

// drop passes what lies before a place.
func (s *storedSeqs) drop(at int64) {
	kept, _ := slices.BinarySearchFunc(s.loaded, at, func(seq, at int64) int {
		if s.desc {
			seq, at = at, seq
		}
		switch {
		case seq < at:
			return -1
		case seq > at:
			return 1
		default:
			return 0
		}
	})
	s.loaded = s.loaded[kept:]
}

// load reads the next rows that can hold a number at the place or beyond it.
func (s *storedSeqs) load(at int64) error {
	if s.desc {
		return s.fetch(termsBackward, s.term, at, s.edge, int64(rowsAtOnce))
	}
	leap := at > s.passed+1
	s.passed = at
	if leap {
		// The row that covers the place may begin before it.
		if err := s.fetch(termCovering, s.term, at, s.edge); err != nil || len(s.loaded) > 0 {
			return err
		}
	}
	return s.fetch(termsForward, s.term, s.edge, int64(rowsAtOnce))
}

// fetch runs a query for rows and keeps what they hold.
func (s *storedSeqs) fetch(text string, args ...any) error {
	found := false
	err := s.querier.Each(text, args, func(rows *sql.Rows) error {
		var first int64
		var encoded []byte
		if err := rows.Scan(&first, &encoded); err != nil {
			return err
		}
		seqs, err := decodeSteps(first, encoded)
		if s.desc {
			slices.Reverse(seqs)
		}
		s.loaded = append(s.loaded, seqs...)
		s.edge, found = first, true
		return err
	})
	s.ended = !found && text != termCovering
	return err
}

// listedSeqs streams a list in memory, in the direction of reading.
type listedSeqs struct {
	seqs []int64
	desc bool
}

func (s *listedSeqs) seek(at int64) (int64, bool, error) {
	for len(s.seqs) > 0 && before(s.seqs[0], at, s.desc) {
		s.seqs = s.seqs[1:]
	}
	if len(s.seqs) == 0 {
		return 0, false, nil
	}
	return s.seqs[0], true, nil
}

// anySeqs streams what any of its streams has.
type anySeqs struct {
	streams []seqStream
	desc    bool
}

func (s *anySeqs) seek(at int64) (nearest int64, found bool, err error) {
	for _, stream := range s.streams {
		seq, more, err := stream.seek(at)
		if err != nil {
			return 0, false, err
		}
		if more && (!found || before(seq, nearest, s.desc)) {
			nearest, found = seq, true
		}
	}
	return nearest, found, nil
}

// allSeqs streams what all of its streams have.
type allSeqs struct {
	streams []seqStream
}

func (s *allSeqs) seek(at int64) (int64, bool, error) {
	for {
		agreed := true
		for _, stream := range s.streams {
			seq, found, err := stream.seek(at)
			if err != nil || !found {
				return 0, false, err
			}
			if seq != at {
				at, agreed = seq, false
			}
		}
		if agreed {
			return at, true, nil
		}
	}
}

// before reports whether a comes before b in a direction.
func before(a, b int64, desc bool) bool {
	if desc {
		return a > b
	}
	return a < b
}
