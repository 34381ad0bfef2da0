package mongo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// Imported documents (shops, orders, risk profiles) and policies are single documents whose changes only have entries
// to spread.

// rowHead is what they have in common.
type rowHead struct {
	Revision int64      `bson:"revision"` // counts changes
	Change   string     `bson:"change"`   // the call that made the last ones
	Spread   *rowSpread `bson:"spread,omitempty"`
}

// rowSpread is what the last call's changes of a document still have to tell the log.
type rowSpread struct {
	Since   time.Time  `bson:"since"`
	IDs     []string   `bson:"ids"` // of each entry's change; a single one is of all entries together
	Entries []entryDoc `bson:"entries"`
}

// changes are what the log is still to be told.
func (s *rowSpread) changes() []*change {
	if len(s.IDs) == 1 {
		return []*change{{ids: s.IDs, entries: s.Entries}}
	}
	changes := make([]*change, len(s.IDs))
	for i, id := range s.IDs {
		changes[i] = &change{ids: []string{id}, entries: s.Entries[i : i+1]}
	}
	return changes
}

// row is a document with a rowHead.
type row interface {
	head() *rowHead
	key() string
}

// rowChange is what a call makes of one document.
type rowChange[D row] struct {
	key    string
	place  int   // of the first row of the call that is about it
	rows   []int // all of them
	stored D     // as read; meaningless when new
	isNew  bool
	next   D
	told   []cloudtag.Entry // one for each change, in order
	counts bool             // the first of told is one of the new rows that share an entry
}

// rowPut is one call that stores rows of a collection.
type rowPut[D row] struct {
	store   *Store
	into    *driver.Collection
	keys    []string // of each row
	results []cloudtag.PutResult
	// fold applies the rows of a key, in order, to the stored document (nil: there is none) and returns what becomes
	// of it with an entry for each change; no entry: nothing changes. It sets the results.
	fold func(stored *D, rows []int) (next D, told []cloudtag.Entry)
	// joint makes the one entry that all new documents share, in place of the first that fold returned for each. May
	// be nil.
	joint func(count int) cloudtag.Entry
}

// run stores the rows. Rows whose document another call changed meanwhile are taken again.
func (p *rowPut[D]) run(ctx context.Context) error {
	if err := p.store.usable(ctx); err != nil {
		return err
	}
	p.results = make([]cloudtag.PutResult, len(p.keys))
	byKey := make(map[string][]int)
	for i, key := range p.keys {
		byKey[key] = append(byKey[key], i)
	}
	left := uniqueNames(p.keys)
	for attempt := 0; len(left) > 0; attempt++ {
		if attempt == attempts {
			return errContended
		}
		if attempt > 0 {
			if err := pause(ctx, attempt); err != nil {
				return err
			}
		}
		var err error
		if left, err = p.attempt(ctx, left, byKey); err != nil {
			return err
		}
	}
	return nil
}

// attempt stores what it can and returns the keys that have to be taken again.
func (p *rowPut[D]) attempt(ctx context.Context, keys []string, byKey map[string][]int) (again []string, err error) {
	found, err := findByKeys[D](ctx, p.store, p.into, "_id", keys)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if err := spreadRows(ctx, p.store, p.into, found); err != nil {
		return nil, err
	}
	stored := make(map[string]*D, len(found))
	for i := range found {
		stored[found[i].key()] = &found[i]
	}
	change := token()
	var changes []*rowChange[D]
	for _, key := range keys {
		if c := p.plan(key, stored[key], byKey[key], change); c != nil {
			changes = append(changes, c)
		}
	}
	if len(changes) == 0 {
		return nil, nil
	}
	done, again, err := p.storeChanges(ctx, changes, change)
	if err != nil || len(done) == 0 {
		return again, err
	}
	ctx, cancel := p.store.finishing(ctx)
	defer cancel()
	return again, p.spread(ctx, done, change)
}

// plan folds the rows of a key; nil when they change nothing.
func (p *rowPut[D]) plan(key string, stored *D, rows []int, change string) *rowChange[D] {
	next, told := p.fold(stored, rows)
	if len(told) == 0 {
		return nil
	}
	c := &rowChange[D]{key: key, place: rows[0], rows: rows, next: next, told: told, isNew: stored == nil}
	var revision int64
	if stored != nil {
		c.stored = *stored
		revision = c.stored.head().Revision
	}
	spread := &rowSpread{Since: p.store.options.Clock.Now(), Entries: newEntryDocs(told)}
	for range told {
		revision++
		spread.IDs = append(spread.IDs, strings.Join([]string{p.into.Name(), key, strconv.FormatInt(revision, 10), change}, "/"))
	}
	*next.head() = rowHead{Revision: revision, Change: change, Spread: spread}
	c.counts = c.isNew && p.joint != nil
	return c
}

// storeChanges writes documents, each under its own condition.
func (p *rowPut[D]) storeChanges(
	ctx context.Context, changes []*rowChange[D], change string,
) (done []*rowChange[D], again []string, err error) {
	var fresh, known []*rowChange[D]
	for _, c := range changes { // by key
		if c.isNew {
			fresh = append(fresh, c)
		} else {
			known = append(known, c)
		}
	}
	if len(fresh) > 0 {
		taken, err := p.insert(ctx, fresh)
		if err != nil {
			return nil, nil, fmt.Errorf("insert: %w", err)
		}
		for i, c := range fresh {
			if slices.Contains(taken, i) {
				again = append(again, c.key)
			} else {
				done = append(done, c)
			}
		}
	}
	if len(known) > 0 {
		mine, err := p.replace(ctx, known, change)
		if err != nil {
			return nil, nil, fmt.Errorf("replace: %w", err)
		}
		for _, c := range known {
			if mine[c.key] {
				done = append(done, c)
			} else {
				again = append(again, c.key)
			}
		}
	}
	return done, again, nil
}

func (p *rowPut[D]) insert(ctx context.Context, changes []*rowChange[D]) (taken []int, err error) {
	docs := make([]any, len(changes))
	for i, c := range changes {
		docs[i] = c.next
	}
	err = p.store.write(ctx, "insert "+p.into.Name(), func(ctx context.Context) error {
		_, err := p.into.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		taken, err = duplicates(err)
		return err
	})
	if err != nil || len(taken) == 0 {
		return taken, err
	}
	// A command that was sent again meets its own rows.
	own, err := p.ofThisCall(ctx, changes, changes[0].next.head().Change)
	return slices.DeleteFunc(taken, func(i int) bool { return own[changes[i].key] }), err
}

// replace replaces documents and returns the keys of those that it did.
func (p *rowPut[D]) replace(ctx context.Context, changes []*rowChange[D], change string) (map[string]bool, error) {
	models := make([]driver.WriteModel, len(changes))
	for i, c := range changes {
		models[i] = driver.NewReplaceOneModel().SetReplacement(c.next).
			SetFilter(atRevision(c.key, c.stored.head().Revision))
	}
	result, err := p.store.writeEach(ctx, "replace "+p.into.Name(), p.into, models)
	if err != nil {
		return nil, err
	}
	if result.MatchedCount < int64(len(changes)) {
		return p.ofThisCall(ctx, changes, change)
	}
	mine := make(map[string]bool, len(changes))
	for _, c := range changes {
		mine[c.key] = true
	}
	return mine, nil
}

// ofThisCall finds out which changes are stored: a document says which call changed it last, and where another did so
// since, the log was told of this call's change before.
func (p *rowPut[D]) ofThisCall(ctx context.Context, changes []*rowChange[D], change string) (map[string]bool, error) {
	keys := make([]string, len(changes))
	var ids []string
	for i, c := range changes {
		keys[i] = c.key
		ids = append(ids, c.next.head().Spread.IDs...)
	}
	mine := make(map[string]bool)
	found, err := findByKeys[D](ctx, p.store, p.into, "_id", keys)
	if err != nil {
		return nil, err
	}
	for _, doc := range found {
		mine[doc.key()] = doc.head().Change == change
	}
	told, err := p.store.toldChanges(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		for _, id := range c.next.head().Spread.IDs {
			mine[c.key] = mine[c.key] || told[id]
		}
	}
	return mine, nil
}

// spread tells the log of the changes in the order of the rows, and takes the spreads away.
func (p *rowPut[D]) spread(ctx context.Context, done []*rowChange[D], change string) error {
	slices.SortFunc(done, func(a, b *rowChange[D]) int { return a.place - b.place })
	if err := p.tell(ctx, done); err != nil {
		return fmt.Errorf("append to the log: %w", err)
	}
	ends := make([]driver.WriteModel, len(done))
	for i, c := range slices.SortedFunc(slices.Values(done), func(a, b *rowChange[D]) int { return strings.Compare(a.key, b.key) }) {
		ends[i] = driver.NewUpdateOneModel().SetUpdate(unset("spread")).
			SetFilter(bson.D{{Key: "_id", Value: rowID(c.next)}, {Key: "change", Value: change}})
	}
	_, err := p.store.writeEach(ctx, "end the spread of "+p.into.Name(), p.into, ends)
	return err
}

// tell appends the entries. New documents that share an entry are told by it together; those that a recovery has told
// of meanwhile, each by an entry of its own, are left out of the count.
func (p *rowPut[D]) tell(ctx context.Context, done []*rowChange[D]) error {
	var shared []string
	var own []*change
	for _, c := range done {
		spread := c.next.head().Spread
		for i, id := range spread.IDs {
			if i == 0 && c.counts {
				shared = append(shared, id)
				continue
			}
			own = append(own, &change{ids: []string{id}, entries: spread.Entries[i : i+1]})
		}
	}
	for len(shared) > 0 {
		together := &change{ids: shared, entries: []entryDoc{newEntryDoc(p.joint(len(shared)))}}
		if err := p.store.appender.append(ctx, []*change{together}); err != nil {
			return err
		}
		if len(together.told) == 0 {
			break
		}
		shared = slices.DeleteFunc(shared, func(id string) bool { return slices.Contains(together.told, id) })
	}
	return p.store.appender.append(ctx, own)
}

// spreadRows completes what earlier calls left of documents. The documents given lose their spread.
func spreadRows[D row](ctx context.Context, s *Store, from *driver.Collection, docs []D) error {
	var changes []*change
	var models []driver.WriteModel
	for _, doc := range docs {
		head := doc.head()
		if head.Spread == nil {
			continue
		}
		changes = append(changes, head.Spread.changes()...)
		models = append(models, driver.NewUpdateOneModel().SetUpdate(unset("spread")).
			SetFilter(bson.D{{Key: "_id", Value: rowID(doc)}, {Key: "revision", Value: head.Revision}, {Key: "change", Value: head.Change}}))
		head.Spread = nil
	}
	if len(models) == 0 {
		return nil
	}
	if err := s.appender.append(ctx, changes); err != nil {
		return fmt.Errorf("append to the log: %w", err)
	}
	if _, err := s.writeEach(ctx, "end the spread of "+from.Name(), from, models); err != nil {
		return fmt.Errorf("end the spread of %s: %w", from.Name(), err)
	}
	return nil
}

// recoverRows completes the documents of a collection that were left behind.
func recoverRows[D row](ctx context.Context, s *Store, from *driver.Collection, before time.Time) (int, error) {
	return recoverAll(ctx, s, from, "spread.since", before, func(docs []D) error {
		return spreadRows(ctx, s, from, docs)
	})
}

// rowID is a document's identifier as it is stored.
func rowID(doc row) any {
	if policy, ok := doc.(*policyDoc); ok {
		return policy.Version
	}
	return doc.key()
}
