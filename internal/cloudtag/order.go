package cloudtag

import "time"

// ReportOutcome is what became of the ordinary report about an order; tags are the fallback after a rejected one.
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

// PutOver says what becomes of an imported order, given what is stored; nil: there is none. Whose order it is never changes.
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

// Exposure is what a buyer bought in the window, tagged or not: five tags of six orders are not five of four hundred.
type Exposure struct {
	Orders    int
	Merchants int
}

// reportFailed reports whether the ordinary way was tried and did not help.
func (o Order) reportFailed() bool {
	return o.ReportOutcome == ReportRejected || o.ReportOutcome == ReportInsufficientEvidence
}
