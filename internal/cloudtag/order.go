package cloudtag

import "time"

// ReportOutcome is the outcome of the ordinary report about an order; tags are the fallback after a rejected one.
type ReportOutcome string

// The outcomes of an ordinary report.
const (
	ReportNone                 ReportOutcome = "NONE"
	ReportPending              ReportOutcome = "PENDING"
	ReportApproved             ReportOutcome = "APPROVED"
	ReportRejected             ReportOutcome = "REJECTED"
	ReportInsufficientEvidence ReportOutcome = "INSUFFICIENT_EVIDENCE"
)

// ReportOutcomes lists every outcome.
func ReportOutcomes() []ReportOutcome {
	return []ReportOutcome{ReportNone, ReportPending, ReportApproved, ReportRejected, ReportInsufficientEvidence}
}

// Order is one purchase. Its number, shop and buyer never change once stored; everything else may.
type Order struct {
	OrderNo        OrderNo       `json:"orderNo"`
	MerchantID     MerchantID    `json:"merchantId"`
	BuyerID        BuyerID       `json:"buyerId"`
	PlacedAt       time.Time     `json:"placedAt"`
	AmountCents    int64         `json:"amountCents"`
	Currency       string        `json:"currency"` // ISO 4217
	FreightInsured bool          `json:"freightInsured"`
	ReportOutcome  ReportOutcome `json:"reportOutcome"`
}

// PutOver returns the result of importing the order over the stored one, which may be nil. Shop and buyer never change.
func (o Order) PutOver(stored *Order) PutResult {
	switch {
	case stored == nil:
		return PutStored
	case stored.MerchantID != o.MerchantID || stored.BuyerID != o.BuyerID:
		return PutConflict
	}
	same := *stored
	if same.PlacedAt.Equal(o.PlacedAt) {
		same.PlacedAt = o.PlacedAt
	}
	if same == o {
		return PutUnchanged
	}
	return PutStored
}

// Exposure is the number of orders a buyer placed in the window, tagged or not: five tags on six orders differ from five on
// four hundred.
type Exposure struct {
	Orders    int
	Merchants int
}

// reportFailed reports whether an ordinary report about the order failed.
func (o Order) reportFailed() bool {
	return o.ReportOutcome == ReportRejected || o.ReportOutcome == ReportInsufficientEvidence
}
