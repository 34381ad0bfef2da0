package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Collusion keeps the records of shops, and finds linked pairs, from the log, behind the tags' backs: a tag costs nothing
// more for it, and every entry counts once.
//
// A page of the log is folded into new forms of a few documents. These are first stored with the place up to which the log
// is read, as one; then each is stored in its own place. So after a crash between any two writes, or with several
// instances at it, the records are those of the log up to that place and of nothing else.
type Collusion struct {
	store collusionStore
	clock Clock
}

type collusionStore interface {
	DocumentStore
	LogReader
	CaseWriter
	CasesOfBuyers(ctx context.Context, buyers []BuyerID) (map[BuyerID][]Case, error)
}

// NewCollusion returns the service over a store.
func NewCollusion(store collusionStore, clock Clock) *Collusion {
	return &Collusion{store: store, clock: clock}
}

// collusionPosition is up to where the log is counted, with what is still to be stored and done because of it.
type collusionPosition struct {
	Version int        `json:"version"`
	Seq     int64      `json:"seq"`
	Pending []Document `json:"pending,omitzero"` // new forms of documents, which may be in their places already
	// Revoked shops whose credit to others is still to be taken back, before anything else is counted.
	Revoked []MerchantID `json:"revoked,omitzero"`
	Linked  []newLink    `json:"linked,omitzero"` // pairs whose confirmations are still to be offered for review
}

// newLink is a pair that has just shown to be linked, with its latest accounts in common.
type newLink struct {
	Pair   shopPair  `json:"pair"`
	Buyers []BuyerID `json:"buyers"`
}

const (
	// collusionPage is how many entries are counted at once. Entries of one instant are counted together, up to
	// collusionInstant of them.
	collusionPage    = 128
	collusionInstant = 4096
)

// Carry counts the log from where it stopped to its end. Tags of the log's last instant wait for an entry of another one:
// only then are all of that instant known.
func (c *Collusion) Carry(ctx context.Context) error {
	position, err := collusionPositionCodec().Find(ctx, c.store, collusionPositionID)
	if err != nil && CodeOf(err) != CodeNotFound {
		return err
	}
	for {
		if position, err = c.settle(ctx, position); err != nil {
			return IgnoreConflict(err) // another instance is at it
		}
		next, more, err := c.count(ctx, position)
		if err != nil || !more {
			return IgnoreConflict(err)
		}
		position = next
		if err := Yield(ctx); err != nil {
			return err
		}
	}
}

// settle does what a place in the log has left to do. Everything in it can be done again.
func (c *Collusion) settle(ctx context.Context, position collusionPosition) (collusionPosition, error) {
	for len(position.Pending) > 0 || len(position.Revoked) > 0 || len(position.Linked) > 0 {
		if err := c.storePending(ctx, position.Pending); err != nil {
			return position, err
		}
		next := collusionPosition{Seq: position.Seq, Revoked: position.Revoked, Linked: position.Linked}
		switch {
		case len(position.Revoked) > 0:
			book := newTrackBook()
			done, err := c.forget(ctx, book, position.Revoked[0])
			if err != nil {
				return position, err
			}
			if done {
				next.Revoked = position.Revoked[1:]
			}
			next.Pending = book.documents()
		case len(position.Linked) > 0:
			if err := c.offer(ctx, position.Linked[0]); err != nil {
				return position, err
			}
			next.Linked = position.Linked[1:]
		}
		var err error
		if position, err = c.advance(ctx, position, next); err != nil {
			return position, err
		}
	}
	return position, nil
}

// advance stores the next place, unless another instance has.
func (c *Collusion) advance(ctx context.Context, position, next collusionPosition) (collusionPosition, error) {
	next.Version = position.Version + 1
	return next, c.store.SaveDocument(ctx, collusionPositionCodec().Document(next), nil)
}

// storePending puts documents in their places, but for those that are there.
func (c *Collusion) storePending(ctx context.Context, pending []Document) error {
	ids := make([]string, len(pending))
	for i, document := range pending {
		ids[i] = document.ID
	}
	stored, err := c.store.Documents(ctx, KindCollusion, ids)
	if err != nil {
		return fmt.Errorf("find records: %w", err)
	}
	for _, document := range pending {
		if stored[document.ID].Version >= document.Version {
			continue
		}
		if err := IgnoreConflict(c.store.SaveDocument(ctx, document, nil)); err != nil {
			return fmt.Errorf("store %s: %w", document.ID, err)
		}
		if err := Yield(ctx); err != nil {
			return err
		}
	}
	return nil
}

// count folds the next entries; more is false at the log's end.
func (c *Collusion) count(ctx context.Context, position collusionPosition) (next collusionPosition, more bool, err error) {
	instants, err := c.read(ctx, position.Seq)
	if err != nil || len(instants) == 0 {
		return position, false, err
	}
	book, err := c.open(ctx, slices.Concat(instants...))
	if err != nil {
		return position, false, err
	}
	for i, instant := range instants {
		if i > 0 && len(book.revoked) > 0 {
			break // what a revoked shop gave has to go before the next entry counts
		}
		if err := book.foldInstant(instant); err != nil {
			return position, false, fmt.Errorf("count entry %d: %w", instant[0].Seq, err)
		}
		next.Seq = instant[len(instant)-1].Seq
	}
	next.Pending, next.Revoked = book.documents(), book.revoked
	for _, pair := range book.newLinks {
		next.Linked = append(next.Linked, newLink{pair, book.pairs[pair].Recent})
	}
	next, err = c.advance(ctx, position, next)
	return next, true, err
}

// read returns the entries behind a place, by instants, all of which are complete.
func (c *Collusion) read(ctx context.Context, after int64) ([][]Entry, error) {
	var instants [][]Entry
	read := 0
	for {
		entries, more, err := c.store.LogPage(ctx, LogFilter{}, Slice{Limit: collusionPage, After: &Position{Key: after}})
		if err != nil {
			return nil, fmt.Errorf("read log: %w", err)
		}
		for _, entry := range entries {
			if last := len(instants) - 1; last >= 0 && instants[last][0].At.Equal(entry.At) {
				instants[last] = append(instants[last], entry)
			} else {
				instants = append(instants, []Entry{entry})
			}
			after = entry.Seq
		}
		read += len(entries)
		switch {
		case len(instants) == 0:
			return nil, nil
		case !more && submits(instants[len(instants)-1]):
			return instants[:len(instants)-1], nil
		case !more:
			return instants, nil
		case len(instants) > 1:
			return instants[:len(instants)-1], nil
		case read >= collusionInstant:
			return instants, nil
		}
	}
}

// submits reports whether entries hold a new tag, which is what the order within an instant could matter to.
func submits(entries []Entry) bool {
	return slices.ContainsFunc(entries, func(entry Entry) bool { return entry.Action == ActionTagSubmitted })
}

// offer puts recent confirmations by votes before a reviewer that rested on a pair which has turned out to be linked.
func (c *Collusion) offer(ctx context.Context, link newLink) error {
	found, err := c.store.CasesOfBuyers(ctx, link.Buyers)
	if err != nil {
		return fmt.Errorf("find cases of buyers: %w", err)
	}
	now := c.clock.Now()
	for _, buyer := range link.Buyers {
		for _, known := range found[buyer] {
			if !known.mayBeOffered(now) {
				continue
			}
			_, err := c.store.Amend(ctx, known.ID, func(file *CaseFile) error {
				file.OfferForReview(link.Pair.A, link.Pair.B, now)
				return nil
			})
			if err != nil {
				return fmt.Errorf("offer a case for review: %w", err)
			}
		}
	}
	return nil
}

// open reads what the fold of entries needs: the accounts they are about, their shops, and the pairs of those.
func (c *Collusion) open(ctx context.Context, entries []Entry) (*trackBook, error) {
	buyers, shops := map[BuyerID]bool{}, map[MerchantID]bool{}
	byBuyer := map[BuyerID]map[MerchantID]bool{}
	for _, entry := range entries {
		shop, buyer := MerchantID(entry.Subject("merchant")), BuyerID(entry.Subject("buyer"))
		if shop == "" {
			continue
		}
		shops[shop] = true
		if buyer != "" {
			buyers[buyer] = true
			if byBuyer[buyer] == nil {
				byBuyer[buyer] = map[MerchantID]bool{}
			}
			byBuyer[buyer][shop] = true
		}
	}
	book := newTrackBook()
	accounts := make([]string, 0, len(buyers)+1)
	for buyer := range buyers {
		accounts = append(accounts, accountRecordID(buyer))
	}
	if err := c.load(ctx, book, append(accounts, marketRecordID)); err != nil {
		return nil, err
	}
	var ids []string
	pairs := map[shopPair]bool{}
	for buyer, coming := range byBuyer {
		var known []MerchantID
		if account := book.accounts[buyer]; account != nil {
			known = account.meetable()
		}
		for shop := range coming {
			known = append(known, shop)
		}
		for _, other := range known {
			shops[other] = true
			for shop := range coming {
				if shop != other {
					pairs[pairOf(shop, other)] = true
				}
			}
		}
	}
	for shop := range shops {
		ids = append(ids, shopRecordID(shop))
	}
	for pair := range pairs {
		ids = append(ids, pairRecordID(pair))
	}
	return book, c.load(ctx, book, ids)
}

// meetable returns the shops of an account's record.
func (a *accountRecord) meetable() []MerchantID {
	shops := make([]MerchantID, len(a.Shops))
	for i, shop := range a.Shops {
		shops[i] = shop.MerchantID
	}
	return shops
}

// load puts stored records into a book.
func (c *Collusion) load(ctx context.Context, book *trackBook, ids []string) error {
	slices.Sort(ids)
	for piece := range slices.Chunk(ids, upkeepPage) {
		found, err := c.store.Documents(ctx, KindCollusion, piece)
		if err != nil {
			return fmt.Errorf("find records: %w", err)
		}
		for _, document := range found {
			if err := book.put(document); err != nil {
				return err
			}
		}
	}
	return nil
}

// forget takes back the credit that a revoked shop gave to some of those it has accounts in common with; done tells
// whether that was all.
func (c *Collusion) forget(ctx context.Context, book *trackBook, revoked MerchantID) (done bool, err error) {
	for _, filter := range []DocumentFilter{{MerchantID: revoked}, {Owner: string(revoked)}} {
		slice := Slice{Limit: collusionPage}
		for more := true; more; {
			var documents []Document
			documents, more, err = c.store.DocumentPage(ctx, KindCollusion, filter, slice)
			if err != nil {
				return false, fmt.Errorf("find pairs: %w", err)
			}
			pairs, err := pairRecordCodec().Records(documents)
			if err != nil {
				return false, err
			}
			for i := range pairs {
				if err := c.forgetPair(ctx, book, &pairs[i], revoked); err != nil {
					return false, err
				}
				position := documents[i].Position()
				slice.After = &position
			}
			if len(book.changedPairs) >= collusionPage {
				return false, nil
			}
		}
	}
	return true, nil
}

func (c *Collusion) forgetPair(ctx context.Context, book *trackBook, pair *pairRecord, revoked MerchantID) error {
	other := pair.A
	if other == revoked {
		other = pair.B
	}
	if *pair.lent(other) == 0 {
		return nil
	}
	if book.shops[other] == nil {
		if err := c.load(ctx, book, []string{shopRecordID(other)}); err != nil {
			return err
		}
	}
	key := shopPair{pair.A, pair.B}
	book.pairs[key] = pair
	book.forget(pair, revoked)
	return nil
}

// offeredWithin is how long a confirmation by votes is looked at again when shops that it rested on turn out to be linked.
const offeredWithin = 90 * 24 * time.Hour

// mayBeOffered reports whether votes alone confirmed the case lately, and nobody is looking at it.
func (c Case) mayBeOffered(now time.Time) bool {
	return c.State == CaseConfirmed && c.Handling == HandlingHandled && c.Decision != nil && c.Decision.Automatic &&
		c.Decision.Decision == DecisionConfirm && now.Sub(c.Decision.At) < offeredWithin
}
