package mongo

import (
	"context"
	"errors"
	"slices"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// maxBlock is when no further job joins a block, in bytes: MongoDB takes documents of 16 MB.
const maxBlock = 8 << 20

// decision is what jobs want, each decided on what those before it left.
type decision struct {
	jobs    []*job
	read    map[store.Ref]struct{}
	changes []change
	entries []cloudtag.Entry
}

// reads reports whether blocks change anything that was read.
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

// refuses reports whether any job is refused.
func (d *decision) refuses() bool {
	return slices.ContainsFunc(d.jobs, func(j *job) bool { return j.err != nil })
}

// errUnread is what an edit is told that asks for something that was not read yet: it runs again.
var errUnread = errors.New("mongo: not read yet")

// draft is a decision in the making.
type draft struct {
	view    *view
	read    map[store.Ref]struct{}
	unread  map[store.Ref]struct{}
	put     map[store.Ref]any // what the jobs so far put
	results []result
}

// result is what one job wants.
type result struct {
	store.Draft
	err error
}

// decide runs the edits of jobs until they have all that they ask for, reading for all of them at once.
func (c *committer) decide(ctx context.Context, jobs []*job) (*decision, error) {
	for {
		d := &draft{
			view: c.view, read: make(map[store.Ref]struct{}), unread: make(map[store.Ref]struct{}), put: make(map[store.Ref]any),
		}
		for _, j := range jobs {
			d.run(j.edit)
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
	refs := make([]store.Ref, 0, len(unread))
	for ref := range unread {
		refs = append(refs, ref)
	}
	found, err := c.engine.find(ctx, refs)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		c.view.learn(ref, found[ref]) // of nothing: that there is none
	}
	return nil
}

// run runs an edit. What it wants counts only if it ends well.
func (d *draft) run(edit func(store.Tx) error) {
	before := len(d.unread)
	tx := &tx{draft: d}
	tx.err = protect(func() error { return edit(tx) })
	if tx.asked || len(d.unread) > before {
		return // it runs again
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
	asked bool // for something unread
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
			s, known := t.view.get(ref)
			if !known {
				t.unread[ref], t.asked = struct{}{}, true
				continue
			}
			record = s.record
		}
		if record != nil {
			found[ref] = record
		}
	}
	if t.asked {
		return nil, errUnread
	}
	return found, nil
}

// conclude makes one decision of what the first jobs want, as many as fit into a block.
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
		jobs[n].err = r.err
		decided.jobs = jobs[:n+1]
		if failure != nil {
			break // those behind it may have seen what it put
		}
	}
	return decided
}

// encode makes the documents of what a job puts, and tells how much of a block they take.
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
