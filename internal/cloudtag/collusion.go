package cloudtag

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Collusion keeps the records of shops, and finds linked pairs, as a view of the log.
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

// collusionWork is what counted entries have left to do before the next ones count.
type collusionWork struct {
	Revoked []MerchantID `json:"revoked,omitzero"` // shops whose credit to others is still to be taken back
	Linked  []newLink    `json:"linked,omitzero"`  // pairs whose confirmations are still to be offered for review
}

func (w collusionWork) encoded() json.RawMessage {
	if len(w.Revoked) == 0 && len(w.Linked) == 0 {
		return nil
	}
	return MustJSON(w)
}

// newLink is a pair that has just shown to be linked, with its latest accounts in common.
type newLink struct {
	Pair   shopPair  `json:"pair"`
	Buyers []BuyerID `json:"buyers"`
}

// pairsForgotten is how many pairs a revoked shop's credit is taken back from at once.
const pairsForgotten = 256

func (c *Collusion) view() LogView {
	return LogView{Kind: KindCollusion, ID: collusionPositionID, Fold: c.fold, Settle: c.settle}
}

// Counted implements [CountedView].
func (c *Collusion) Counted(ctx context.Context) (int64, error) {
	return c.view().Counted(ctx, c.store)
}

// CatchUp counts the log to its end. Tags of the log's last instant wait for an entry of another one: only then are all of
// that instant known.
func (c *Collusion) CatchUp(ctx context.Context) error { return c.view().CatchUp(ctx, c.store) }

// fold counts the entries of complete instants, up to one that revokes a shop's permission: what such a shop gave has to go
// before the next entry counts.
func (c *Collusion) fold(ctx context.Context, page LogViewPage) (step LogViewStep, err error) {
	instants := completeInstants(page)
	if len(instants) == 0 {
		return step, nil
	}
	book, err := c.open(ctx, slices.Concat(instants...))
	if err != nil {
		return step, err
	}
	for _, instant := range instants {
		if err := book.foldInstant(instant); err != nil {
			return step, fmt.Errorf("entry %d: %w", instant[0].Seq, err)
		}
		step.Folded += len(instant)
		if len(book.revoked) > 0 {
			break
		}
	}
	work := collusionWork{Revoked: book.revoked}
	for _, pair := range book.newLinks {
		work.Linked = append(work.Linked, newLink{pair, book.pairs[pair].Recent})
	}
	step.Documents, step.Left = book.documents(), work.encoded()
	return step, nil
}

// completeInstants returns the entries of a page by instants, without a last one that may not be complete.
func completeInstants(page LogViewPage) [][]Entry {
	var instants [][]Entry
	for _, entry := range page.Entries {
		if last := len(instants) - 1; last >= 0 && instants[last][0].At.Equal(entry.At) {
			instants[last] = append(instants[last], entry)
		} else {
			instants = append(instants, []Entry{entry})
		}
	}
	last := len(instants) - 1
	complete := page.Longest && last == 0
	if !page.More {
		complete = !submits(instants[last])
	}
	if complete {
		return instants
	}
	return instants[:last]
}

// submits reports whether entries contain a new tag: within an instant, the order of other entries makes no difference.
func submits(entries []Entry) bool {
	return slices.ContainsFunc(entries, func(entry Entry) bool { return entry.Action == ActionTagSubmitted })
}

// settle takes back some of the credit that a revoked shop gave, or offers the confirmations that a new link puts in question.
func (c *Collusion) settle(ctx context.Context, left json.RawMessage) (step LogViewStep, err error) {
	var work collusionWork
	if err := json.Unmarshal(left, &work); err != nil {
		return step, err
	}
	if len(work.Revoked) > 0 {
		book := newTrackBook()
		done, err := c.forget(ctx, book, work.Revoked[0])
		if err != nil {
			return step, err
		}
		if done {
			work.Revoked = work.Revoked[1:]
		}
		step.Documents = book.documents()
	} else {
		if err := c.offer(ctx, work.Linked[0]); err != nil {
			return step, err
		}
		work.Linked = work.Linked[1:]
	}
	step.Left = work.encoded()
	return step, nil
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
		slice := Slice{Limit: pairsForgotten}
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
			if len(book.changedPairs) >= pairsForgotten {
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
