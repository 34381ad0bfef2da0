package mongo

import (
	"context"
	"errors"
	"strings"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// maxBlockEntries is how many entries a block takes; only a single change that has more makes a longer one.
const maxBlockEntries = 256

// change is what one change of a document tells the log: its entries go into one block. Each of the identifiers is
// told at most once in the whole log, so that several who tell the same change tell it once.
type change struct {
	ids     []string
	entries []entryDoc

	told    []string // identifiers that the log knew already; then nothing of this change was appended
	err     error
	waiting *sync.WaitGroup
}

// appender writes the log for one store: its goroutine gathers the changes that wait and writes them as one block
// (group commit), so that the price of a block is shared.
type appender struct {
	store   *Store
	queue   chan []*change
	backlog []*change
	ended   chan struct{}

	end      int64  // number of the newest entry, as far as known
	head     []byte // its hash
	endKnown bool
}

func newAppender(store *Store) *appender {
	return &appender{store: store, queue: make(chan []*change), ended: make(chan struct{})}
}

// append appends changes, in order, and returns when they are durable or told by others. It fails as a whole when
// one of them failed.
func (a *appender) append(ctx context.Context, changes []*change) error {
	if len(changes) == 0 {
		return nil
	}
	var waiting sync.WaitGroup
	waiting.Add(len(changes))
	for _, c := range changes {
		c.waiting = &waiting
	}
	select {
	case a.queue <- changes:
	case <-a.ended:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	// Every commit has a time limit, so that this wait has one too.
	waiting.Wait()
	failures := make([]error, len(changes))
	for i, c := range changes {
		failures[i] = c.err
	}
	return errors.Join(failures...)
}

// run appends until the context ends. What waits then fails: whoever owns it knows how to go on later.
func (a *appender) run(ctx context.Context) {
	defer close(a.ended)
	for {
		if len(a.backlog) == 0 {
			select {
			case changes := <-a.queue:
				a.backlog = append(a.backlog, changes...)
			case <-ctx.Done():
				return
			}
		}
		a.gather()
		a.commit(ctx, a.cut()) // after the end of the context it fails at once
	}
}

// gather takes what waits, as much as a block needs.
func (a *appender) gather() {
	for len(a.backlog) < maxBlockEntries {
		select {
		case changes := <-a.queue:
			a.backlog = append(a.backlog, changes...)
		default:
			return
		}
	}
}

// cut takes the next block's changes from the backlog. A change that is there twice waits for the next block, which
// will find it told.
func (a *appender) cut() []*change {
	seen := make(map[string]bool)
	entries, n := 0, 0
	for _, c := range a.backlog {
		if n > 0 && entries+len(c.entries) > maxBlockEntries || anySeen(seen, c.ids) {
			break
		}
		for _, id := range c.ids {
			seen[id] = true
		}
		entries += len(c.entries)
		n++
	}
	block := a.backlog[:n:n]
	a.backlog = a.backlog[n:]
	return block
}

func anySeen(seen map[string]bool, ids []string) bool {
	for _, id := range ids {
		if seen[id] {
			return true
		}
	}
	return false
}

// commit writes a block and answers everybody in it.
func (a *appender) commit(ctx context.Context, block []*change) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := a.place(ctx, &block)
	if err != nil {
		a.endKnown = false
	}
	if appended := a.store.options.Appended; err == nil && len(block) > 0 && appended != nil {
		appended()
	}
	for _, c := range block {
		c.err = err
		c.waiting.Done()
	}
}

// place inserts the block behind the newest one. When another instance was faster, it tries behind that one's; when a
// change was told before, it answers and leaves it out.
func (a *appender) place(ctx context.Context, block *[]*change) error {
	for attempt := range attempts {
		if len(*block) == 0 {
			return nil
		}
		if !a.endKnown {
			newest, err := a.store.newestBlock(ctx, a.store.blocks)
			if err != nil {
				return err
			}
			a.end, a.head, a.endKnown = newest.last(), newest.Head, true
		}
		doc := newBlock(a.end+1, a.head, *block)
		err := a.store.write(ctx, "append to the log", func(ctx context.Context) error {
			_, err := a.store.blocks.InsertOne(ctx, doc)
			return err
		})
		if err == nil {
			a.end, a.head = doc.last(), doc.Head
			return nil
		}
		if !driver.IsDuplicateKeyError(err) {
			return err
		}
		a.endKnown = false
		if attempt > 0 || strings.Contains(err.Error(), "once") { // else it is most likely the place
			if *block, err = a.dropTold(ctx, *block); err != nil {
				return err
			}
		}
		if attempt > 2 {
			if err := pause(ctx, attempt); err != nil {
				return err
			}
		}
	}
	return errContended
}

// dropTold answers the changes that the log knows of, and returns the others.
func (a *appender) dropTold(ctx context.Context, block []*change) ([]*change, error) {
	var ids []string
	for _, c := range block {
		ids = append(ids, c.ids...)
	}
	told, err := a.store.toldChanges(ctx, ids)
	if err != nil {
		return block, err
	}
	var rest []*change
	for _, c := range block {
		for _, id := range c.ids {
			if told[id] {
				c.told = append(c.told, id)
			}
		}
		if len(c.told) == 0 {
			rest = append(rest, c)
			continue
		}
		c.waiting.Done()
	}
	return rest, nil
}

// toldChanges returns which of the changes the log tells.
func (s *Store) toldChanges(ctx context.Context, ids []string) (map[string]bool, error) {
	told := make(map[string]bool)
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	found, err := findAll[struct {
		Changes []string `bson:"changes"`
	}](ctx, s, s.blocks, bson.D{{Key: "changes", Value: bson.D{{Key: "$in", Value: ids}}}},
		options.Find().SetProjection(bson.D{{Key: "changes", Value: 1}}))
	for _, block := range found {
		for _, id := range block.Changes {
			if wanted[id] {
				told[id] = true
			}
		}
	}
	return told, err
}

// newBlock makes the block that begins with a number, behind an entry with the hash before.
func newBlock(first int64, before []byte, changes []*change) blockDoc {
	doc := blockDoc{First: first, Head: before}
	subjects, actions, actors := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	add := func(seen map[string]bool, list *[]string, value string) {
		if !seen[value] {
			seen[value] = true
			*list = append(*list, value)
		}
	}
	for _, c := range changes {
		doc.Changes = append(doc.Changes, c.ids...)
		for _, entry := range c.entries {
			doc.Head = entry.entry(first + int64(len(doc.Entries))).ChainHash(doc.Head)
			entry.Hash = doc.Head
			doc.Entries = append(doc.Entries, entry)
			if entry.At.After(doc.Until) {
				doc.Until = entry.At
			}
			add(actions, &doc.Actions, entry.Action)
			add(actors, &doc.Actors, entry.Actor)
			for _, subject := range entry.Subjects {
				add(subjects, &doc.Subjects, subject)
			}
		}
	}
	doc.Count = len(doc.Entries)
	return doc
}
