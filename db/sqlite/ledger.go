package sqlite

import (
	"errors"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

// ledger is what the writer knows during a transaction. What it keeps from one transaction to the next is only what
// never changes once stored, since another process may write in between.
type ledger struct {
	*sqlitefile.Transaction

	numbers numbers
	start   numbers // at the begin of the transaction
	head    []byte  // hash of the newest log entry

	words     *wordbook
	scenarios *wordbook
	policy    *cloudtag.Policy // the one in force; read again when a newer version shows up
	texts     map[bulkText]string
}

// numbers are the highest ones given away so far.
type numbers struct {
	seq       int64
	caseNo    int64
	batchNo   int64
	policy    int64
	wordNo    int64
	scenarios int64
}

func newLedger() *ledger {
	return &ledger{
		texts:     make(map[bulkText]string),
		words:     newWordbook("SELECT no FROM words WHERE word = ?", "INSERT INTO words (no, word) VALUES (?, ?)"),
		scenarios: newWordbook("SELECT no FROM scenarios WHERE code = ?", "INSERT INTO scenarios (no, code) VALUES (?, ?)"),
	}
}

const highestNumbers = `SELECT
	(SELECT ifnull(max(seq), 0) FROM log),
	(SELECT ifnull(max(no), 0) FROM cases),
	(SELECT ifnull(max(no), 0) FROM batches),
	(SELECT ifnull(max(version), 0) FROM policies),
	(SELECT ifnull(max(no), 0) FROM words),
	(SELECT ifnull(max(no), 0) FROM scenarios),
	(SELECT hash FROM log WHERE seq = (SELECT max(seq) FROM log))`

// Begin learns where the transaction starts from.
func (l *ledger) Begin(tx *sqlitefile.Transaction) error {
	l.Transaction = tx
	n := &l.numbers
	err := l.One(highestNumbers, nil,
		&n.seq, &n.caseNo, &n.batchNo, &n.policy, &n.wordNo, &n.scenarios, &l.head)
	l.start = l.numbers
	if err == nil && l.head == nil && n.seq > 0 {
		return l.mendChain()
	}
	return err
}

// Flush has nothing to write: each job has written its own.
func (l *ledger) Flush() error { return nil }

// Forget drops what a transaction that failed had learnt.
func (l *ledger) Forget() {
	l.words.forget()
	l.scenarios.forget()
	l.policy = nil
}

// Committed keeps what the transaction made durable, and reports whether log entries are among it.
func (l *ledger) Committed() (appended bool) {
	l.words.keep()
	l.scenarios.keep()
	return l.numbers.seq > l.start.seq
}

// work is what a job writes with.
type work struct {
	*ledger
}

// word returns the number of a name, giving it one if it is new.
func (w *work) word(name string) (int64, error) { return w.words.number(w, name, &w.numbers.wordNo) }

// scenario returns the number of a scenario, giving it one if it is new.
func (w *work) scenario(code cloudtag.ScenarioCode) (int64, error) {
	return w.scenarios.number(w, string(code), &w.numbers.scenarios)
}

// policyInForce returns the latest policy. Versions never change, so that it is read once per version.
func (w *work) policyInForce() (*cloudtag.Policy, error) {
	if w.numbers.policy == 0 {
		return nil, errors.New("no policy is stored")
	}
	if w.policy == nil || int64(w.policy.Version) != w.numbers.policy {
		policy, err := readPolicy(w, int(w.numbers.policy))
		if err != nil {
			return nil, err
		}
		w.policy = &policy
	}
	return w.policy, nil
}
