package mongo

import (
	"context"
	"errors"
	"maps"
	"slices"

	"cloudtag/db/groupcommit"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// maxBlock bounds the size of a block of several jobs, in bytes: MongoDB's documents are limited to 16 MB.
const maxBlock = 8 << 20

// decision is the outcome of jobs, each run on the changes of those before it.
type decision struct {
	jobs    []*job
	read    map[store.Ref]struct{}
	changes []change
	entries []cloudtag.Entry
}

// reads reports whether blocks changed anything that was read.
func (d *decision) reads(blocks []*block) bool {
	for _, b := range blocks {
		for _, c := range b.changes {
			if _, read := d.read[c.ref]; read {
				return true
			}
		}
	}
	return false
}

// refuses reports whether any job failed.
func (d *decision) refuses() bool {
	return slices.ContainsFunc(d.jobs, func(j *job) bool { return j.Err != nil })
}

// errUnread is returned to an edit that reads a record which is not in the view; the edit is run again.
var errUnread = errors.New("mongo: not read yet")

// draft is an incomplete decision.
type draft struct {
	view    *view
	read    map[store.Ref]struct{}
	unread  map[store.Ref]struct{}
	put     map[store.Ref]any // by the jobs so far
	results []result
}

// result is the outcome of one job.
type result struct {
	store.Draft
	err error
}

// decide runs the edits of jobs until the view has everything they read. What is missing is read for all of them together.
func (c *committer) decide(ctx context.Context, jobs []*job) (*decision, error) {
	for {
		d := &draft{
			view: c.view, read: make(map[store.Ref]struct{}), unread: make(map[store.Ref]struct{}), put: make(map[store.Ref]any),
		}
		for _, j := range jobs {
			d.run(j.Work)
		}
		if len(d.unread) == 0 {
			return c.conclude(d, jobs), nil
		}
		if err := c.readMore(ctx, d.unread); err != nil {
			return nil, err
		}
	}
}

// readMore reads records into the view.
func (c *committer) readMore(ctx context.Context, unread map[store.Ref]struct{}) error {
	refs := slices.Collect(maps.Keys(unread))
	found, err := c.engine.find(ctx, refs)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		c.view.merge(ref, found[ref]) // the zero revision if it does not exist
	}
	return nil
}

// run runs an edit. Its changes are discarded if it fails.
func (d *draft) run(edit func(store.Tx) error) {
	before := len(d.unread)
	tx := &tx{draft: d}
	tx.err = groupcommit.Protect(func() error { return edit(tx) })
	if tx.missed || len(d.unread) > before {
		return // it is run again
	}
	if tx.err != nil {
		tx.result = result{err: tx.err}
	}
	for ref, record := range tx.Records {
		d.put[ref] = record
	}
	d.results = append(d.results, tx.result)
}

// tx implements [store.Tx].
type tx struct {
	*draft
	result
	missed bool // a record that is not in the view
}

func (t *tx) Get(refs ...store.Ref) (map[store.Ref]any, error) {
	found := make(map[store.Ref]any, len(refs))
	for _, ref := range refs {
		t.read[ref] = struct{}{}
		record, put := t.Records[ref]
		if !put {
			record, put = t.put[ref]
		}
		if !put {
			r, known := t.view.get(ref)
			if !known {
				t.unread[ref], t.missed = struct{}{}, true
				continue
			}
			record = r.record
		}
		if record != nil {
			found[ref] = record
		}
	}
	if t.missed {
		return nil, errUnread
	}
	return found, nil
}

// conclude combines the results of the first jobs, as many as fit into a block, into one decision.
func (c *committer) conclude(d *draft, jobs []*job) *decision {
	decided := &decision{read: d.read}
	places := make(map[store.Ref]int)
	bytes := 0
	for n, r := range d.results {
		changes, taken, failure := c.encode(r)
		if failure != nil {
			r, changes, taken = result{err: failure}, nil, 0
		}
		if n > 0 && bytes+taken > maxBlock {
			break
		}
		bytes += taken
		for _, change := range changes {
			place, again := places[change.ref]
			if !again {
				place = len(decided.changes)
				places[change.ref] = place
				decided.changes = append(decided.changes, change)
			}
			decided.changes[place].record, decided.changes[place].document = change.record, change.document
		}
		decided.entries = append(decided.entries, r.Entries...)
		jobs[n].Err = r.err
		decided.jobs = jobs[:n+1]
		if failure != nil {
			break // later jobs may have read what it put
		}
	}
	return decided
}

// encode returns the changes of a job, and the bytes that they take in a block.
func (c *committer) encode(r result) (changes []change, bytes int, err error) {
	for _, ref := range r.Order {
		document, err := c.engine.codec.encode(ref.Kind, r.Records[ref])
		if err != nil {
			return nil, 0, err
		}
		before, known := c.view.get(ref)
		changes = append(changes, change{
			ref: ref, record: r.Records[ref], document: document, fresh: known && before.record == nil,
		})
		bytes += len(document)
	}
	for _, entry := range r.Entries {
		const ofAnEntry = 400
		bytes += ofAnEntry + len(entry.Before) + len(entry.After) + len(entry.Reason)
	}
	return changes, bytes, nil
}
