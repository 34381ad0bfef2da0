package cloudtag

import (
	"context"
	"time"
)

// The ports: what the services of this package need from a store. Each service declares the few it uses. The comments are
// the contract that stores must fulfil beyond the signatures; db/dbtest checks it.
//
// Every method honours its context, returns [*Error] with the documented codes, and other failures as plain wrapped errors.
// Returned slices and maps belong to the caller. Maps from methods with several keys omit keys without a value.

// Submission is what [CaseWriter.Record] stores.
type Submission struct {
	// Batch has a result for every order; those in Tags are accepted so far. With an empty Key no batch is stored: the tags
	// are replayed history.
	Batch Batch
	Tags  []Tag // in input order, each order once
}

// CaseWriter changes tags, cases and the log atomically.
type CaseWriter interface {
	// Record reserves the batch's idempotency key and the orders of its tags, and adds each tag whose order it could reserve
	// to its case: it opens the case's file, calls edit once with all tags of that case in input order, and stores the
	// change atomically. Orders that are already tagged get ALREADY_TAGGED in the results. Each tag gets the EntityID that
	// its shop has at that moment, so that no vote counts for a former entity. It returns the stored batch. If the key is
	// taken it changes nothing and returns the batch stored under it, with repeated set. If the batch's shop is not ACTIVE
	// at that moment it stores nothing and returns PERMISSION_REVOKED or PERMISSION_SUSPENDED (only with a Key: history
	// needs no permission).
	//
	// When Record returns without an error everything is durable. If the process dies before, either nothing of it becomes
	// visible, or [Recoverer.Recover] completes it: there is no tag without its vote, no partial confirmation and no change
	// without its log entry, and the same key then returns the completed batch.
	Record(ctx context.Context, submission Submission, edit func(*CaseFile, []Tag)) (stored Batch, repeated bool, err error)

	// Amend opens the file of a case, calls edit, stores the change atomically, and returns the new state of the case. An
	// error of edit is returned, and nothing is stored. NOT_FOUND if there is no such case.
	Amend(ctx context.Context, id CaseID, edit func(*CaseFile) error) (Case, error)
}

// Recoverer completes changes that a crash interrupted.
type Recoverer interface {
	// Recover returns how many changes it completed. It is idempotent and may run on several instances concurrently.
	Recover(ctx context.Context) (int, error)
}

// BatchReader finds stored submissions.
type BatchReader interface {
	// Batch returns the batch stored under a shop's idempotency key, or NOT_FOUND.
	Batch(ctx context.Context, merchant MerchantID, key string) (Batch, error)
	// BatchByID returns a batch by its identifier, or NOT_FOUND.
	BatchByID(ctx context.Context, id BatchID) (Batch, error)
}

// TagReader reads tags.
type TagReader interface {
	TagsByOrder(ctx context.Context, orders []OrderNo) (map[OrderNo]Tag, error)
	// TagsOf is TagsByOrder for one shop's tags. Tags of other shops are not found, and take the same time as tags that do not
	// exist (rule 2).
	TagsOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Tag, error)
	// LiveTags returns the live tags of each case, by SubmittedAt, then order number.
	LiveTags(ctx context.Context, cases []CaseID) (map[CaseID][]Tag, error)
	// LiveCasesOf returns up to limit cases in which a shop has live tags, by identifier, after a case.
	LiveCasesOf(ctx context.Context, merchant MerchantID, after CaseID, limit int) ([]CaseID, error)
	// CountLiveCasesOf counts the cases in which a shop has live tags.
	CountLiveCasesOf(ctx context.Context, merchant MerchantID) (int, error)
	// TagsByCase calls visit with all tags, case by case in the order of identifiers, each case's by SubmittedAt, then order
	// number, and with the account's current risk profile (nil for none). It stops at an error of visit and returns it. It
	// streams: memory does not grow with the number of tags.
	TagsByCase(ctx context.Context, visit func(id CaseID, tags []Tag, risk *RiskProfile) error) error
	// TagPage returns a slice of the tags that match, in order; more reports whether others follow in the direction of
	// reading. Pages neither skip nor repeat a tag while others are inserted or changed.
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
	// CaseIDs returns up to limit identifiers of cases after a case, in order.
	CaseIDs(ctx context.Context, after CaseID, limit int) ([]CaseID, error)
	// CountPending counts the pending cases that are due before a time.
	CountPending(ctx context.Context, dueBefore time.Time) (int, error)
	// CountClaimed counts the pending cases with a claim that expires after a time.
	CountClaimed(ctx context.Context, now time.Time) (int, error)
	// WakingCases returns up to limit cases whose [Case.WakeAt] is not after a time, earliest first.
	WakingCases(ctx context.Context, asOf time.Time, limit int) ([]CaseID, error)
}

// PutResult is the outcome for one row of an import.
type PutResult int

// The results.
const (
	PutStored    PutResult = iota + 1
	PutUnchanged           // the same is stored already
	PutStale               // older than the stored one
	PutConflict            // it would change an immutable field
)

// Finder finds records by a prefix of their identifiers.
type Finder interface {
	// Find returns up to limit records of each kind whose identifier starts with a prefix, by identifier. Its cost depends on
	// the number of results, not on that of records.
	Find(ctx context.Context, prefix string, limit int) (Found, error)
}

// MerchantStore keeps shops.
type MerchantStore interface {
	Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error)
	// MerchantPage returns a slice of the shops that match, by identifier (a position's Key is 0). It scans the shops, which
	// are few compared to tags.
	MerchantPage(ctx context.Context, filter MerchantFilter, slice Slice) (merchants []Merchant, more bool, err error)
	// CountMerchants counts the shops that match, up to limit.
	CountMerchants(ctx context.Context, filter MerchantFilter, limit int) (int, error)
	// PutMerchants stores shops by identifier; existing ones keep their Permission and CreatedAt. A shop whose entity changes
	// is marked for recounting. Each stored row appends the entry that entryFor returns.
	PutMerchants(ctx context.Context, merchants []Merchant, entryFor func(before *Merchant, after Merchant) Entry) ([]PutResult, error)
	// SetPermission changes a shop's permission, atomically with the entry. INVALID_STATE if it is REVOKED, which is
	// permanent; NOT_FOUND if there is no such shop.
	SetPermission(ctx context.Context, merchant MerchantID, permission Permission, entry Entry) error
	// MerchantsToRecount returns up to limit marked shops, by identifier.
	MerchantsToRecount(ctx context.Context, limit int) ([]Merchant, error)
	// MerchantRecounted removes the mark unless the shop's entity has changed again since.
	MerchantRecounted(ctx context.Context, merchant MerchantID, entity EntityID) error
	MerchantCounts(ctx context.Context, ids []MerchantID) (map[MerchantID]MerchantCounts, error)
}

// TagShareReader counts the orders of shops.
type TagShareReader interface {
	// TagShare counts a shop's orders placed after since and not after now, and those of them with a tag. If there are very
	// many it halves the interval until there are not; the result has the start of the interval.
	TagShare(ctx context.Context, merchant MerchantID, since, now time.Time) (TagShare, error)
}

// OrderStore keeps orders.
type OrderStore interface {
	Orders(ctx context.Context, orders []OrderNo) (map[OrderNo]Order, error)
	// OrdersOf is Orders for one shop's orders. Orders of other shops are not found, and take the same time as orders that do
	// not exist (rule 2).
	OrdersOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Order, error)
	// OrdersPlaced returns up to limit of a shop's orders that match, latest placed first, after a position (nil: from the
	// start; a position's Key is PlacedAt in Unix milliseconds), and whether others follow.
	OrdersPlaced(ctx context.Context, filter OrderFilter, after *Position, limit int) (orders []Order, more bool, err error)
	// PutOrders stores orders by number. PutConflict: the row would change an order's shop or buyer. Each changed row appends
	// the entry that entryFor returns, and all new rows together append the one that entryForNew returns.
	PutOrders(ctx context.Context, orders []Order, entryFor func(before, after Order) Entry, entryForNew func(count int) Entry) ([]PutResult, error)
	// Exposures counts each buyer's orders placed after a time, and their distinct shops.
	Exposures(ctx context.Context, buyers []BuyerID, since time.Time) (map[BuyerID]Exposure, error)
	// KnownBuyers returns the buyers that have an order or a risk profile.
	KnownBuyers(ctx context.Context, buyers []BuyerID) (map[BuyerID]bool, error)
}

// RiskStore keeps the platform's risk data.
type RiskStore interface {
	Risks(ctx context.Context, buyers []BuyerID) (map[BuyerID]RiskProfile, error)
	// PutRisks stores profiles by buyer and marks those that were stored for evaluation. PutStale: UpdatedAt is older than the
	// stored one's. Each stored row appends the entry that entryFor returns.
	PutRisks(ctx context.Context, profiles []RiskProfile, entryFor func(before *RiskProfile, after RiskProfile) Entry) ([]PutResult, error)
	// RisksToEvaluate returns up to limit marked profiles, by buyer.
	RisksToEvaluate(ctx context.Context, limit int) ([]RiskProfile, error)
	// RiskEvaluated removes the mark unless the stored profile differs from the given one.
	RiskEvaluated(ctx context.Context, profile RiskProfile) error
}

// PolicyStore keeps the versions of the policy.
type PolicyStore interface {
	// Policy returns a version, or NOT_FOUND.
	Policy(ctx context.Context, version int) (Policy, error)
	// PolicyTimeline returns which version is in force when; NOT_FOUND in an empty store.
	PolicyTimeline(ctx context.Context) (PolicyTimeline, error)
	// AddPolicy stores the next version, documents as [DocumentStore] does, and entries, atomically. Errors: those of
	// [PolicyTimeline.Add], and CONFLICT for a document.
	AddPolicy(ctx context.Context, policy Policy, entries []Entry, documents ...Document) error
	// WithdrawPolicy withdraws a version, atomically with the entry. Errors: those of [PolicyTimeline.Withdraw].
	WithdrawPolicy(ctx context.Context, version int, withdrawal PolicyWithdrawal, entry Entry) error
}

// LogReader reads the append-only log.
type LogReader interface {
	// LogPage returns a slice of the entries that match, by sequence number (a position's Key; its ID is empty).
	LogPage(ctx context.Context, filter LogFilter, slice Slice) (entries []Entry, more bool, err error)
	CountLog(ctx context.Context, filter LogFilter, limit int) (int, error)
	// LastSeq is the sequence number of the newest entry, 0 for an empty log.
	LastSeq(ctx context.Context) (int64, error)
}
