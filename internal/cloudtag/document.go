package cloudtag

import (
	"context"
	"encoding/json"
	"time"
)

// DocumentKind is a kind of record that is stored as a document: small, and changed independently of others.
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

// Document is a stored record: its indexed fields, and the record itself as JSON.
type Document struct {
	Kind    DocumentKind `json:"kind"`
	ID      string       `json:"id"`
	Version int          `json:"version"` // counts changes, from 1
	State   string       `json:"state"`
	// Indexed fields; empty where they do not apply.
	MerchantID MerchantID `json:"merchantId,omitempty"`
	BuyerID    BuyerID    `json:"buyerId,omitempty"`
	OrderNo    OrderNo    `json:"orderNo,omitempty"`
	CaseID     CaseID     `json:"caseId,omitempty"`
	Owner      string     `json:"owner,omitempty"` // the person it belongs to
	Topic      string     `json:"topic,omitempty"` // depends on the kind: a page of the console, a kind of violation
	// Unique is a unique key among the documents of the kind; empty: none. It prevents, for example, a second complaint
	// about an order while one is open.
	Unique string `json:"unique,omitempty"`
	// Rank is the sort key of lists, which are in ascending order; ties are broken by identifier.
	Rank   int64           `json:"rank"`
	WakeAt time.Time       `json:"wakeAt,omitzero"` // when a background chore has to process it; zero: never
	Body   json.RawMessage `json:"body"`
}

// Position is the document's position in the lists of its kind.
func (d Document) Position() Position { return Position{Key: d.Rank, ID: d.ID} }

// LatestFirst is the rank of a document that does not wait for a decision: latest first.
func LatestFirst(at time.Time) int64 { return -at.UnixMilli() }

// DueFirst is the rank of a document that waits for a decision: before all that do not, earliest due time first.
func DueFirst(due time.Time) int64 { return due.UnixMilli() - 1<<53 }

// DocumentFilter selects the documents of a kind that match every field that is set.
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

// DocumentStore stores documents, each change atomically with its log entries.
type DocumentStore interface {
	// SaveDocument stores a document and appends entries, atomically. Version 1 is new; any other replaces exactly the
	// version before. CONFLICT if that version is not the stored one, or if the identifier or Unique is taken.
	SaveDocument(ctx context.Context, document Document, entries []Entry) error
	// SaveDocuments does so with several documents, no two of which have the same identifier or Unique: either all of them
	// are stored, with the entries, or nothing is.
	SaveDocuments(ctx context.Context, documents []Document, entries []Entry) error
	Documents(ctx context.Context, kind DocumentKind, ids []string) (map[string]Document, error)
	// DocumentPage returns a slice of the documents that match, by position; more reports whether others follow in the
	// direction of reading. It reads only documents in the most selective index.
	DocumentPage(ctx context.Context, kind DocumentKind, filter DocumentFilter, slice Slice) (documents []Document, more bool, err error)
	// CountDocuments counts the documents that match, up to limit.
	CountDocuments(ctx context.Context, kind DocumentKind, filter DocumentFilter, limit int) (int, error)
	// DocumentsOfBuyers returns up to limit documents of each account, ordered as in DocumentPage.
	DocumentsOfBuyers(ctx context.Context, kind DocumentKind, buyers []BuyerID, limit int) (map[BuyerID][]Document, error)
	// WakingDocuments returns up to limit documents of a kind whose WakeAt is not after a time, earliest first.
	WakingDocuments(ctx context.Context, kind DocumentKind, asOf time.Time, limit int) ([]Document, error)
}
