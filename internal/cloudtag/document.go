package cloudtag

import (
	"context"
	"encoding/json"
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

// LatestFirst is the rank of a document that waits for nobody: the later, the further ahead.
func LatestFirst(at time.Time) int64 { return -at.UnixMilli() }

// DueFirst is the rank of a document that waits for a person's decision: ahead of all that do not, the earliest due
// first.
func DueFirst(due time.Time) int64 { return due.UnixMilli() - 1<<53 }

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
	// SaveDocuments does so with several documents, no two of which have the same identifier or Unique: either all of them
	// are stored, with the entries, or nothing is.
	SaveDocuments(ctx context.Context, documents []Document, entries []Entry) error
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
