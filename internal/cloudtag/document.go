package cloudtag

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// DocumentKind names a kind of record that is kept as one document: small, changed by people, each on its own.
type DocumentKind string

// The kinds.
const (
	KindComplaint        DocumentKind = "COMPLAINT"
	KindFreightInsurance DocumentKind = "FREIGHT_INSURANCE"
	KindRestriction      DocumentKind = "RESTRICTION"
	KindRevocation       DocumentKind = "REVOCATION"
	KindAppeal           DocumentKind = "APPEAL"
	KindPolicyRollout    DocumentKind = "POLICY_ROLLOUT"
	KindCollusion        DocumentKind = "COLLUSION"
	KindView             DocumentKind = "VIEW"
	KindMetrics          DocumentKind = "METRICS"
	KindTokenRevocation  DocumentKind = "TOKEN_REVOCATION"
	KindWebhook          DocumentKind = "WEBHOOK"
	KindWebhookProgress  DocumentKind = "WEBHOOK_PROGRESS"
	KindWebhookHistory   DocumentKind = "WEBHOOK_HISTORY"
	KindSecret           DocumentKind = "SECRET"
	KindWebhookPings     DocumentKind = "WEBHOOK_PINGS"
	KindVetting          DocumentKind = "VETTING"
	KindReviewer         DocumentKind = "REVIEWER"
	KindInbox            DocumentKind = "INBOX"
	KindPolicyDraft      DocumentKind = "POLICY_DRAFT"
	KindPolicySimulation DocumentKind = "POLICY_SIMULATION"
	KindSecondReview     DocumentKind = "SECOND_REVIEW"

	KindSecondReviewPosition DocumentKind = "SECOND_REVIEW_POSITION"
)

// Document is a record as a store keeps it: what it is found by, and the rest as JSON.
type Document struct {
	Kind    DocumentKind `json:"kind"`
	ID      string       `json:"id"`
	Version int          `json:"version"` // counts changes, from 1
	State   string       `json:"state"`
	// What documents are found by; empty where it does not apply.
	MerchantID MerchantID `json:"merchantId,omitempty"`
	BuyerID    BuyerID    `json:"buyerId,omitempty"`
	OrderNo    OrderNo    `json:"orderNo,omitempty"`
	CaseID     CaseID     `json:"caseId,omitempty"`
	Owner      string     `json:"owner,omitempty"` // the person it belongs to
	Topic      string     `json:"topic,omitempty"` // what it is about, as its kind names it: a page of the console, a kind of violation
	// Unique is taken by at most one document of the kind at a time; empty: none. It keeps a second complaint from
	// being opened while one is open.
	Unique string `json:"unique,omitempty"`
	// Rank is the place in lists, which are in ascending order; ties are broken by identifier.
	Rank   int64           `json:"rank"`
	WakeAt time.Time       `json:"wakeAt,omitzero"` // when it needs work without anybody asking; zero: never
	Body   json.RawMessage `json:"body"`
}

// Position is the document's place in the lists of its kind.
func (d Document) Position() Position { return Position{Key: d.Rank, ID: d.ID} }

// latestFirst is the rank of a document that waits for nobody: the later, the further ahead.
func latestFirst(at time.Time) int64 { return -at.UnixMilli() }

// dueFirst is the rank of a document that waits for a person's decision: ahead of all that do not, the earliest due
// first.
func dueFirst(due time.Time) int64 { return due.UnixMilli() - 1<<53 }

// DocumentFilter selects documents of a kind: those that have every field that is set.
type DocumentFilter struct {
	State      string
	MerchantID MerchantID
	BuyerID    BuyerID
	OrderNo    OrderNo
	CaseID     CaseID
	Owner      string
	Topic      string
}

// Matches reports whether a document is selected.
func (f DocumentFilter) Matches(d Document) bool {
	return (f.State == "" || f.State == d.State) &&
		(f.MerchantID == "" || f.MerchantID == d.MerchantID) &&
		(f.BuyerID == "" || f.BuyerID == d.BuyerID) &&
		(f.OrderNo == "" || f.OrderNo == d.OrderNo) &&
		(f.CaseID == "" || f.CaseID == d.CaseID) &&
		(f.Owner == "" || f.Owner == d.Owner) &&
		(f.Topic == "" || f.Topic == d.Topic)
}

// DocumentStore keeps documents. Each is changed as one with its log entries.
type DocumentStore interface {
	// SaveDocument stores a document and appends entries, as one. Version 1 is new; any other replaces exactly the
	// version before. CONFLICT when that version is not the stored one, when the identifier or Unique is taken.
	SaveDocument(ctx context.Context, document Document, entries []Entry) error
	Documents(ctx context.Context, kind DocumentKind, ids []string) (map[string]Document, error)
	// DocumentPage returns the documents of a slice of those that match, in the order of their positions; more tells
	// whether others follow in the direction of reading. It looks at no document outside of the narrowest index.
	DocumentPage(ctx context.Context, kind DocumentKind, filter DocumentFilter, slice Slice) (documents []Document, more bool, err error)
	// CountDocuments counts the documents that match, up to limit.
	CountDocuments(ctx context.Context, kind DocumentKind, filter DocumentFilter, limit int) (int, error)
	// DocumentsOfBuyers returns the first documents of each account, up to limit, ordered as by DocumentPage.
	DocumentsOfBuyers(ctx context.Context, kind DocumentKind, buyers []BuyerID, limit int) (map[BuyerID][]Document, error)
	// WakingDocuments returns up to limit documents of a kind whose WakeAt is not after a time, earliest first.
	WakingDocuments(ctx context.Context, kind DocumentKind, asOf time.Time, limit int) ([]Document, error)
}

// documentFinder finds documents.
type documentFinder interface {
	Documents(ctx context.Context, kind DocumentKind, ids []string) (map[string]Document, error)
}

const (
	maxListed       = 1000 // how many documents a list that has no pages shows at most
	maxListedOfEach = 100  // … of each account, where many accounts are asked for at once

)

// codec turns one kind of record into documents and back.
type codec[T any] struct {
	kind   DocumentKind
	encode func(T) Document // everything but Kind and Body
}

func (c codec[T]) document(record T) Document {
	document := c.encode(record)
	document.Kind, document.Body = c.kind, mustJSON(record)
	return document
}

func (c codec[T]) record(document Document) (record T, err error) {
	if err := json.Unmarshal(document.Body, &record); err != nil {
		return record, fmt.Errorf("%s %s: %w", c.kind, document.ID, err)
	}
	return record, nil
}

func (c codec[T]) records(documents []Document) ([]T, error) {
	records := make([]T, len(documents))
	for i, document := range documents {
		var err error
		if records[i], err = c.record(document); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// find returns one record, or NOT_FOUND.
func (c codec[T]) find(ctx context.Context, store documentFinder, id string) (record T, err error) {
	found, err := store.Documents(ctx, c.kind, []string{id})
	if err != nil {
		return record, fmt.Errorf("find %s: %w", c.kind, err)
	}
	document, known := found[id]
	if !known {
		return record, NotFound()
	}
	return c.record(document)
}

// list returns the first records that match, in the order of their ranks.
func (c codec[T]) list(ctx context.Context, store DocumentStore, filter DocumentFilter, limit int) ([]T, error) {
	documents, _, err := store.DocumentPage(ctx, c.kind, filter, Slice{Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", c.kind, err)
	}
	return c.records(documents)
}

// page returns a page of the records that match, in the order of their ranks. BAD_USER_INPUT as [PageRequest] has it.
func (c codec[T]) page(ctx context.Context, store DocumentStore, filter DocumentFilter, request PageRequest) (Page[T], error) {
	slice, err := request.slice(string(c.kind))
	if err != nil {
		return Page[T]{}, err
	}
	documents, more, err := store.DocumentPage(ctx, c.kind, filter, slice)
	if err != nil {
		return Page[T]{}, fmt.Errorf("read a page of %s: %w", c.kind, err)
	}
	records, err := c.records(documents)
	return newPage(string(c.kind), records, more, slice, func(record T) Position { return c.encode(record).Position() }), err
}

// count counts the records that match, exactly up to MaxCount, then MaxCount+1.
func (c codec[T]) count(ctx context.Context, store DocumentStore, filter DocumentFilter) (int, error) {
	count, err := store.CountDocuments(ctx, c.kind, filter, MaxCount+1)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", c.kind, err)
	}
	return count, nil
}

// ofBuyers returns each account's records, in the order of their ranks, with one look at the store.
func (c codec[T]) ofBuyers(ctx context.Context, store DocumentStore, buyers []BuyerID) (map[BuyerID][]T, error) {
	documents, err := store.DocumentsOfBuyers(ctx, c.kind, buyers, maxListedOfEach)
	if err != nil {
		return nil, fmt.Errorf("list %s of buyers: %w", c.kind, err)
	}
	found := make(map[BuyerID][]T, len(documents))
	for buyer, of := range documents {
		if found[buyer], err = c.records(of); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// save stores a record with an entry about it.
func (c codec[T]) save(ctx context.Context, store DocumentStore, before *T, after T, entry Entry) error {
	if before != nil {
		entry.Before = mustJSON(*before)
	}
	entry.After = mustJSON(after)
	if err := store.SaveDocument(ctx, c.document(after), []Entry{entry}); err != nil {
		return fmt.Errorf("save %s: %w", c.kind, err)
	}
	return nil
}

// checkReason asks for the reason that decisions about people need.
func checkReason(reason, field string) error {
	if !saysSomething(reason, maxReasonLength) {
		return Refuse(CodeReasonRequired, Text{
			ZH: fmt.Sprintf("请填写 1 至 %d 个字且不含控制字符的内容。", maxReasonLength),
			EN: fmt.Sprintf("Give 1 to %d characters without control characters.", maxReasonLength),
		}, "input", field)
	}
	return nil
}

func errInvalidState(field string) *Error {
	return Refuse(CodeInvalidState, Text{
		ZH: "当前状态不允许此操作。", EN: "The current state does not allow this.",
	}, "input", field)
}

func errSamePerson(field string) *Error {
	return Refuse(CodeSamePerson, Text{
		ZH: "须由另一人决定。", EN: "Another person has to decide this.",
	}, "input", field)
}
