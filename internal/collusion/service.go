package collusion

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/logview"
)

// Service keeps the records of shops, finds linked pairs, and answers what stands out about shops and cases.
type Service struct {
	store serviceStore
	clock cloudtag.Clock
}

type serviceStore interface {
	cloudtag.DocumentStore
	cloudtag.LogReader
	cloudtag.CaseWriter
	CasesOfBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error)
	TagPage(ctx context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice) ([]cloudtag.Tag, bool, error)
	cloudtag.TagShareReader
}

// New returns the service over a store.
func New(store serviceStore, clock cloudtag.Clock) *Service {
	return &Service{store: store, clock: clock}
}

// pendingWork is what counted entries have left to do before the next ones count.
type pendingWork struct {
	Revoked []cloudtag.MerchantID `json:"revoked,omitzero"` // shops whose credit to others is still to be taken back
	Linked  []newLink             `json:"linked,omitzero"`  // pairs whose confirmations are still to be offered for review
}

func (w pendingWork) encoded() json.RawMessage {
	if len(w.Revoked) == 0 && len(w.Linked) == 0 {
		return nil
	}
	return cloudtag.MustJSON(w)
}

// newLink is a pair that has just become linked, with its latest accounts in common.
type newLink struct {
	Pair   shopPair           `json:"pair"`
	Buyers []cloudtag.BuyerID `json:"buyers"`
}

func (s *Service) view() logview.View {
	return logview.View{Kind: cloudtag.KindCollusion, ID: positionID, Fold: s.fold, Settle: s.settle}
}

// Counted implements CountedView of internal/auditlog.
func (s *Service) Counted(ctx context.Context) (int64, error) {
	return s.view().Counted(ctx, s.store)
}

// CatchUp counts the log to its end. Tags of the log's last instant wait for an entry of a later instant: only then are all
// tags of that instant known.
func (s *Service) CatchUp(ctx context.Context) error { return s.view().CatchUp(ctx, s.store) }

// fold counts the entries of complete instants, up to one that revokes a shop's permission: the credit that such a shop gave
// has to be removed before the next entry counts.
func (s *Service) fold(ctx context.Context, page logview.Page) (step logview.Step, err error) {
	instants := completeInstants(page)
	if len(instants) == 0 {
		return step, nil
	}
	book, err := s.open(ctx, slices.Concat(instants...))
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
	work := pendingWork{Revoked: book.revoked}
	for _, pair := range book.newLinks {
		work.Linked = append(work.Linked, newLink{pair, book.pairs[pair].Recent})
	}
	step.Documents, step.Left = book.documents(), work.encoded()
	return step, nil
}

// completeInstants returns the entries of a page by instant, without the last instant if entries of it may be missing.
func completeInstants(page logview.Page) [][]cloudtag.Entry {
	var instants [][]cloudtag.Entry
	for _, entry := range page.Entries {
		if last := len(instants) - 1; last >= 0 && instants[last][0].At.Equal(entry.At) {
			instants[last] = append(instants[last], entry)
		} else {
			instants = append(instants, []cloudtag.Entry{entry})
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
func submits(entries []cloudtag.Entry) bool {
	return slices.ContainsFunc(entries, func(entry cloudtag.Entry) bool { return entry.Action == cloudtag.ActionTagSubmitted })
}

// settle takes back some of the credit that a revoked shop gave, or offers the confirmations that depended on a pair which
// has become linked.
func (s *Service) settle(ctx context.Context, left json.RawMessage) (step logview.Step, err error) {
	var work pendingWork
	if err := json.Unmarshal(left, &work); err != nil {
		return step, err
	}
	if len(work.Revoked) > 0 {
		book := NewBook()
		done, err := s.forget(ctx, book, work.Revoked[0])
		if err != nil {
			return step, err
		}
		if done {
			work.Revoked = work.Revoked[1:]
		}
		step.Documents = book.documents()
	} else {
		if err := s.offer(ctx, work.Linked[0]); err != nil {
			return step, err
		}
		work.Linked = work.Linked[1:]
	}
	step.Left = work.encoded()
	return step, nil
}

// offer queues recent confirmations by votes for a reviewer if they depended on a pair that has become linked.
func (s *Service) offer(ctx context.Context, link newLink) error {
	found, err := s.store.CasesOfBuyers(ctx, link.Buyers)
	if err != nil {
		return fmt.Errorf("find cases of buyers: %w", err)
	}
	now := s.clock.Now()
	for _, buyer := range link.Buyers {
		for _, known := range found[buyer] {
			if !known.MayBeOffered(now) {
				continue
			}
			_, err := s.store.Amend(ctx, known.ID, func(file *cloudtag.CaseFile) error {
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

const (
	recordsAtOnce = 1024 // that are read by identifier
	// pairsForgotten is how many pairs a revoked shop's credit is taken back from in one commit.
	pairsForgotten = 256
)

// open reads what the fold of entries needs: the records of the accounts they concern, of those accounts' shops, and of the
// pairs that these form.
func (s *Service) open(ctx context.Context, entries []cloudtag.Entry) (*Book, error) {
	shops := map[cloudtag.MerchantID]bool{}
	byBuyer := map[cloudtag.BuyerID]map[cloudtag.MerchantID]bool{}
	for _, entry := range entries {
		shop, buyer := subjects(entry)
		if shop == "" {
			continue
		}
		shops[shop] = true
		if buyer != "" {
			if byBuyer[buyer] == nil {
				byBuyer[buyer] = map[cloudtag.MerchantID]bool{}
			}
			byBuyer[buyer][shop] = true
		}
	}
	book := NewBook()
	accounts := make([]string, 0, len(byBuyer)+1)
	for buyer := range byBuyer {
		accounts = append(accounts, cloudtag.AccountRecordID(buyer))
	}
	if err := s.load(ctx, book, append(accounts, marketID)); err != nil {
		return nil, err
	}
	var ids []string
	pairs := map[shopPair]bool{}
	for buyer, reporting := range byBuyer {
		var known []cloudtag.MerchantID
		if account := book.accounts[buyer]; account != nil {
			for _, shop := range account.Shops {
				known = append(known, shop.MerchantID)
			}
		}
		for shop := range reporting {
			known = append(known, shop)
		}
		for _, other := range known {
			shops[other] = true
			for shop := range reporting {
				if shop != other {
					pairs[pairOf(shop, other)] = true
				}
			}
		}
	}
	for shop := range shops {
		ids = append(ids, cloudtag.ShopRecordID(shop))
	}
	for pair := range pairs {
		ids = append(ids, pairID(pair))
	}
	return book, s.load(ctx, book, ids)
}

// load reads stored records into a book.
func (s *Service) load(ctx context.Context, book *Book, ids []string) error {
	slices.Sort(ids)
	for piece := range slices.Chunk(ids, recordsAtOnce) {
		found, err := s.store.Documents(ctx, cloudtag.KindCollusion, piece)
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

// forget takes back the credit that a revoked shop gave to some of the shops it co-occurs with; done reports whether that was
// all.
func (s *Service) forget(ctx context.Context, book *Book, revoked cloudtag.MerchantID) (done bool, err error) {
	for _, filter := range []cloudtag.DocumentFilter{{MerchantID: revoked}, {Owner: string(revoked)}} {
		slice := cloudtag.Slice{Limit: pairsForgotten}
		for more := true; more; {
			var documents []cloudtag.Document
			documents, more, err = s.store.DocumentPage(ctx, cloudtag.KindCollusion, filter, slice)
			if err != nil {
				return false, fmt.Errorf("find pairs: %w", err)
			}
			pairs, err := pairCodec().Records(documents)
			if err != nil {
				return false, err
			}
			for i := range pairs {
				if err := s.forgetPair(ctx, book, &pairs[i], revoked); err != nil {
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

func (s *Service) forgetPair(ctx context.Context, book *Book, pair *pairRecord, revoked cloudtag.MerchantID) error {
	other := pair.otherThan(revoked)
	if *pair.lent(other) == 0 {
		return nil
	}
	if book.shops[other] == nil {
		if err := s.load(ctx, book, []string{cloudtag.ShopRecordID(other)}); err != nil {
			return err
		}
	}
	book.pairs[shopPair{pair.A, pair.B}] = pair
	book.forget(pair, revoked)
	return nil
}
