package sqlite

import (
	"cmp"
	"slices"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// run is a stretch of the log in which some of the entries have a key in common. Entries of one commit have mostly the
// same shop, actor and actions, so that a run takes the place of many rows of an index; who looks into one leaves out
// what is of another key.
type run struct {
	key         string
	first, last int64 // numbers, both inclusive
}

const (
	runGap  = 8   // entries between two of one key that are read in vain rather than told by a run of their own
	runSpan = 256 // numbers from the first of a run to the last, so that one that holds a number is found
)

// The keys of runs.
func actorKey(actor string) string               { return "by " + actor }
func actionKey(action cloudtag.Action) string    { return "do " + string(action) }
func subjectKey(subject cloudtag.Subject) string { return "on " + string(subject) }

// runsOf returns the runs of entries that follow on each other, by key, then number.
func runsOf(entries []cloudtag.Entry) []run {
	var runs []run
	latest := make(map[string]int) // of each key, where in runs
	note := func(key string, seq int64) {
		place, begun := latest[key]
		if begun && seq-runs[place].last <= runGap+1 && seq-runs[place].first < runSpan {
			runs[place].last = seq
			return
		}
		latest[key] = len(runs)
		runs = append(runs, run{key: key, first: seq, last: seq})
	}
	for _, entry := range entries {
		note(actorKey(entry.Actor), entry.Seq)
		note(actionKey(entry.Action), entry.Seq)
		for _, subject := range store.LogKeys(entry) {
			note(subjectKey(subject), entry.Seq)
		}
	}
	slices.SortFunc(runs, func(a, b run) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.first, b.first)) })
	return runs
}
