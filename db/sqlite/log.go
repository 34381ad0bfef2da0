package sqlite

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"cloudtag/internal/cloudtag"
)

// logEntry is an entry to append; file is the case file it came from, nil for entries about anything else.
type logEntry struct {
	cloudtag.Entry
	file *openedFile
}

var logTable = &table{name: "log", columns: []string{
	"seq", "at", "actor_no", "action_no", "subjects", "reason", "before", "after", "hash",
}}

// appendLog gives entries their sequence numbers and hashes and stores them. One transaction at a time writes, so that an entry
// is never seen before one with a lower number.
func appendLog(w *work, entries []logEntry) error {
	if len(entries) == 0 {
		return nil
	}
	rows := make([]any, 0, len(entries)*len(logTable.columns))
	terms, times := make(map[int64][]int64), make(map[actionTime]int64)
	for _, entry := range entries {
		w.numbers.seq++
		seq := w.numbers.seq
		entry.Seq = seq
		w.head = entry.ChainHash(w.head)
		actor, err := w.word(entry.Actor)
		if err != nil {
			return err
		}
		action, err := w.word(string(entry.Action))
		if err != nil {
			return err
		}
		rows = append(rows, seq, storedTime(entry.At), actor, action, encodeSubjects(entry.Subjects), entry.Reason,
			storedJSON(entry.Before), storedJSON(entry.After), w.head)
		if entry.file != nil {
			entry.file.entries = append(entry.file.entries, seq)
		}
		addTerms(terms, seq, entry)
		times[actionTime{action: action, at: entry.At.UnixMilli()}]++
	}
	if err := w.insert(logTable, rows); err != nil {
		return err
	}
	if err := countTimes(w, times); err != nil {
		return err
	}
	return storeTerms(w, terms)
}

// actionTime is an action, by the number of its name, at a time.
type actionTime struct {
	action, at int64
}

const addToTimes = `INSERT INTO action_times (action_no, at, entries) VALUES (?, ?, ?)
	ON CONFLICT (action_no, at) DO UPDATE SET entries = entries + excluded.entries`

// countTimes counts entries for their actions and times.
func countTimes(w *work, times map[actionTime]int64) error {
	order := slices.SortedFunc(maps.Keys(times), func(a, b actionTime) int {
		return cmp.Or(cmp.Compare(a.action, b.action), cmp.Compare(a.at, b.at))
	})
	for _, key := range order {
		if err := w.Write("count actions", addToTimes, key.action, key.at, times[key]); err != nil {
			return err
		}
	}
	return nil
}

// appendEntries appends entries that are not about a case file.
func appendEntries(w *work, entries []cloudtag.Entry) error {
	listed := make([]logEntry, len(entries))
	for i, entry := range entries {
		listed[i] = logEntry{Entry: entry}
	}
	return appendLog(w, listed)
}

// addTerms notes what the entry is found by. The case of a file, its account and its tags need no terms: such an
// entry is found through the list of entries that the case keeps.
func addTerms(terms map[int64][]int64, seq int64, entry logEntry) {
	note := func(term int64) {
		if known := terms[term]; len(known) == 0 || known[len(known)-1] != seq {
			terms[term] = append(known, seq)
		}
	}
	note(actionTerm(entry.Action))
	note(actorTerm(entry.Actor))
	note(actionActorTerm(entry.Action, entry.Actor))
	for _, subject := range entry.Subjects {
		if entry.file == nil || !entry.file.implies(subject) {
			note(subjectTerm(subject))
		}
	}
}

// implies reports whether entries of the file are found under a subject through the case.
func (f *openedFile) implies(subject cloudtag.Subject) bool {
	return subject == cloudtag.CaseSubject(f.id) || subject == cloudtag.BuyerSubject(f.Case.BuyerID) ||
		strings.HasPrefix(string(subject), string(cloudtag.TagSubject("")))
}

var termsTable = &table{name: "log_terms", columns: []string{"term", "first_seq", "seqs"}}

// storeTerms stores one row per term.
func storeTerms(w *work, terms map[int64][]int64) error {
	order := make([]int64, 0, len(terms))
	for term := range terms {
		order = append(order, term)
	}
	slices.SortFunc(order, cmp.Compare)
	rows := make([]any, 0, len(order)*len(termsTable.columns))
	for _, term := range order {
		seqs := terms[term]
		rows = append(rows, term, seqs[0], encodeSteps(seqs))
	}
	return w.insert(termsTable, rows)
}

// storedJSON is NULL for nothing.
func storedJSON(value json.RawMessage) any {
	if value == nil {
		return nil
	}
	return string(value)
}
