package cloudtag

import (
	"context"
	"time"
)

// The ports: what the services of this package need from a store. Each service asks for the few it uses. What a
// store must hold to beyond the signatures is said here and checked by db/dbtest.
//
// Every method honours its context, returns [*Error] with NOT_FOUND where it says so, and other failures as plain
// wrapped errors. Slices and maps that come back belong to the caller. Methods that take several keys return a map
// that lacks the keys there is nothing for.

// Submission is what [Ledger.Record] stores.
type Submission struct {
	// Batch holds a result for every order; those in Tags are accepted so far. An empty Key stores no batch: the
	// tags are history, replayed.
	Batch Batch
	Tags  []Tag // in input order, each order once
}

// Ledger changes tags, cases and the log together.
type Ledger interface {
	// Record claims the batch's idempotency key and the orders of its tags, and carries each tag whose order it
	// could claim into its case: it opens the case's file, calls edit once with all the tags of that case in input
	// order, and stores the change as one. Orders that were tagged before get ALREADY_TAGGED in the results.
	// Each tag's EntityID is the one its shop has at that moment, so that no vote counts for an entity of before.
	// It returns the batch as stored. When the key is taken it changes nothing and returns the batch stored under
	// it, with repeated true. When the shop of the batch is not ACTIVE at that moment it stores nothing and
	// returns PERMISSION_REVOKED or PERMISSION_SUSPENDED (only with a Key: history needs no permission).
	//
	// When Record returns without an error everything is durable. When the process dies before, either nothing of
	// it is seen later, or [Recoverer.Recover] completes it: no tag without its case's count, no flip half done,
	// no change without its log entry, and the same key then returns the completed batch.
	Record(ctx context.Context, submission Submission, edit func(*CaseFile, []Tag)) (stored Batch, repeated bool, err error)

	// Amend opens the file of a case, lets edit change it, and stores the change as one; an error of edit stores
	// nothing and is returned. NOT_FOUND when there is no such case. It returns the case as it is then.
	Amend(ctx context.Context, id CaseID, edit func(*CaseFile) error) (Case, error)
}

// Recoverer completes what a crash left half done.
type Recoverer interface {
	// Recover returns how many changes it completed. It is idempotent and may run on several instances at once.
	Recover(ctx context.Context) (int, error)
}

// BatchReader finds stored submissions.
type BatchReader interface {
	// Batch returns the batch stored under a shop's idempotency key, or NOT_FOUND.
	Batch(ctx context.Context, merchant MerchantID, key string) (Batch, error)
	// BatchByID returns the same by its identifier, or NOT_FOUND.
	BatchByID(ctx context.Context, id BatchID) (Batch, error)
}

// TagReader reads tags.
type TagReader interface {
	TagsByOrder(ctx context.Context, orders []OrderNo) (map[OrderNo]Tag, error)
	// TagsOf is TagsByOrder of one shop's tags: another shop's are not found, in the time that those take that there are
	// not (rule 2).
	TagsOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Tag, error)
	// LiveTags returns the live tags of each case, by SubmittedAt, then order number.
	LiveTags(ctx context.Context, cases []CaseID) (map[CaseID][]Tag, error)
	// LiveCasesOf returns up to limit cases, after a case, in which a shop has live tags, by identifier.
	LiveCasesOf(ctx context.Context, merchant MerchantID, after CaseID, limit int) ([]CaseID, error)
	// CountLiveCasesOf counts the cases in which a shop has live tags.
	CountLiveCasesOf(ctx context.Context, merchant MerchantID) (int, error)
	// TagsByCase hands over all tags, case by case in the order of identifiers, each case's by SubmittedAt, then order
	// number, with the account's risk profile as it is now (nil for none), until visit returns an error, which it
	// returns. It streams: memory does not grow with the number of tags.
	TagsByCase(ctx context.Context, visit func(id CaseID, tags []Tag, risk *RiskProfile) error) error
	// TagPage returns the tags that match, in order, within the slice; more tells whether others follow in the
	// direction of reading. Pages neither skip nor repeat a tag while others are inserted or change.
	TagPage(ctx context.Context, filter TagFilter, order TagOrder, slice Slice) (tags []Tag, more bool, err error)
	// CountTags counts the tags that match, up to limit.
	CountTags(ctx context.Context, filter TagFilter, limit int) (int, error)
}

// CaseReader reads cases.
type CaseReader interface {
	Cases(ctx context.Context, ids []CaseID) (map[CaseID]Case, error)
	CasesOfBuyers(ctx context.Context, buyers []BuyerID) (map[BuyerID][]Case, error) // by OpenedAt, then identifier
	CasePage(ctx context.Context, filter CaseFilter, order CaseOrder, slice Slice) (cases []Case, more bool, err error)
	CountCases(ctx context.Context, filter CaseFilter, limit int) (int, error)
	// CaseIDs returns up to limit identifiers of cases after one, in order.
	CaseIDs(ctx context.Context, after CaseID, limit int) ([]CaseID, error)
	// CountPending counts the pending cases that are due before a time.
	CountPending(ctx context.Context, dueBefore time.Time) (int, error)
	// CountClaimed counts the pending cases whose claim lasts beyond a time.
	CountClaimed(ctx context.Context, now time.Time) (int, error)
	// WakingCases returns up to limit cases whose [Case.WakeAt] is not after a time, earliest first.
	WakingCases(ctx context.Context, asOf time.Time, limit int) ([]CaseID, error)
}

// PutResult is what became of one row of an import.
type PutResult int

// The results. A row that says what is stored already changes nothing.
const (
	PutStored PutResult = iota + 1
	PutUnchanged
	PutStale    // an older state than the stored one
	PutConflict // it would change what never changes
)

// Finder finds records by the beginning of their identifiers.
type Finder interface {
	// Find returns up to limit records of each kind, by identifier, whose identifier is, or begins with, a prefix. It takes
	// time with what it returns, not with what there is.
	Find(ctx context.Context, prefix string, limit int) (Found, error)
}

// MerchantStore keeps shops.
type MerchantStore interface {
	Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error)
	// MerchantPage returns the shops that match, by identifier, within the slice (a position's Key is 0). It walks the
	// identifiers, so that it takes time with the number of shops, of which there are few beside tags.
	MerchantPage(ctx context.Context, filter MerchantFilter, slice Slice) (merchants []Merchant, more bool, err error)
	// CountMerchants counts the shops that match, up to limit.
	CountMerchants(ctx context.Context, filter MerchantFilter, limit int) (int, error)
	// PutMerchants stores shops by identifier; what is stored keeps its Permission and CreatedAt. A shop whose entity
	// changes is marked for recounting. Each stored row appends the entry that entryFor makes of it.
	PutMerchants(ctx context.Context, merchants []Merchant, entryFor func(before *Merchant, after Merchant) Entry) ([]PutResult, error)
	// SetPermission changes what a shop may do, with its entry. INVALID_STATE when the shop is REVOKED, which is for
	// good; NOT_FOUND when there is no such shop.
	SetPermission(ctx context.Context, merchant MerchantID, permission Permission, entry Entry) error
	// MerchantsToRecount returns shops that are marked, by identifier.
	MerchantsToRecount(ctx context.Context, limit int) ([]Merchant, error)
	// MerchantRecounted takes the mark away unless the shop's entity has changed again since.
	MerchantRecounted(ctx context.Context, merchant MerchantID, entity EntityID) error
	MerchantCounts(ctx context.Context, ids []MerchantID) (map[MerchantID]MerchantCounts, error)
}

// TagShareReader counts the orders of shops.
type TagShareReader interface {
	// TagShare counts a shop's orders that were placed after since and not after now, and those of them with a tag. Where
	// there are very many it halves the time until there are not, and says since when it counted.
	TagShare(ctx context.Context, merchant MerchantID, since, now time.Time) (TagShare, error)
}

// OrderStore keeps orders.
type OrderStore interface {
	Orders(ctx context.Context, orders []OrderNo) (map[OrderNo]Order, error)
	// OrdersOf is Orders of one shop's: another shop's are not found, in the time that those take that there are not
	// (rule 2).
	OrdersOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Order, error)
	// OrdersPlaced returns up to limit of a shop's orders that match, the latest placed ahead, behind a place in that order
	// (nil: from its beginning; a position's Key is PlacedAt in milliseconds), and whether others follow.
	OrdersPlaced(ctx context.Context, filter OrderFilter, after *Position, limit int) (orders []Order, more bool, err error)
	// PutOrders stores orders by number. PutConflict: the row would change the shop or the buyer of an order. Each
	// changed row appends the entry that entryFor makes of it, and all new rows together append one that
	// entryForNew makes of their number.
	PutOrders(ctx context.Context, orders []Order, entryFor func(before, after Order) Entry, entryForNew func(count int) Entry) ([]PutResult, error)
	// Exposures counts each buyer's orders placed after a time and the distinct shops of them.
	Exposures(ctx context.Context, buyers []BuyerID, since time.Time) (map[BuyerID]Exposure, error)
	// KnownBuyers returns those of the buyers that have an order or a risk profile.
	KnownBuyers(ctx context.Context, buyers []BuyerID) (map[BuyerID]bool, error)
}

// RiskStore keeps the platform's risk data.
type RiskStore interface {
	Risks(ctx context.Context, buyers []BuyerID) (map[BuyerID]RiskProfile, error)
	// PutRisks stores profiles by buyer and marks the stored ones for evaluation. PutStale: an older UpdatedAt than
	// the stored one's. Each stored row appends the entry that entryFor makes of it.
	PutRisks(ctx context.Context, profiles []RiskProfile, entryFor func(before *RiskProfile, after RiskProfile) Entry) ([]PutResult, error)
	// RisksToEvaluate returns profiles that are marked, by buyer.
	RisksToEvaluate(ctx context.Context, limit int) ([]RiskProfile, error)
	// RiskEvaluated takes the mark away unless the profile has changed since the one given.
	RiskEvaluated(ctx context.Context, profile RiskProfile) error
}

// PolicyStore keeps the versions of the policy.
type PolicyStore interface {
	// Policy returns a version, or NOT_FOUND.
	Policy(ctx context.Context, version int) (Policy, error)
	// PolicyTimeline says which version decides when; NOT_FOUND in an empty store.
	PolicyTimeline(ctx context.Context) (PolicyTimeline, error)
	// AddPolicy stores the next version, and documents as [DocumentStore] does, and appends entries, as one. Errors:
	// those of [PolicyTimeline.Add], and CONFLICT for a document.
	AddPolicy(ctx context.Context, policy Policy, entries []Entry, documents ...Document) error
	// WithdrawPolicy notes that a version never comes to hold, with its entry. Errors: those of [PolicyTimeline.Withdraw].
	WithdrawPolicy(ctx context.Context, version int, withdrawal PolicyWithdrawal, entry Entry) error
}

// LogReader reads the append-only log.
type LogReader interface {
	// LogPage returns entries that match, by sequence, within the slice (a position's Key is the sequence number, its
	// ID is empty).
	LogPage(ctx context.Context, filter LogFilter, slice Slice) (entries []Entry, more bool, err error)
	CountLog(ctx context.Context, filter LogFilter, limit int) (int, error)
	// LastSeq is the sequence number of the newest entry, 0 for an empty log.
	LastSeq(ctx context.Context) (int64, error)
}
