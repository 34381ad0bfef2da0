package cloudtag

import "time"

// Batch is one accepted submission of a merchant, with a result per order.
type Batch struct {
	ID          BatchID       `json:"id"`
	MerchantID  MerchantID    `json:"merchantId"`
	Key         string        `json:"key"`       // idempotency key, unique per merchant
	InputHash   string        `json:"inputHash"` // of orders, scenario and note; distinguishes a retry from other input (rule 3)
	Scenario    ScenarioCode  `json:"scenario"`
	SubmittedAt time.Time     `json:"submittedAt,omitzero"`
	Results     []OrderResult `json:"results"` // in input order
}

// OrderResult is the result for one order of a batch.
type OrderResult struct {
	OrderNo OrderNo `json:"orderNo"`
	Code    Code    `json:"code,omitempty"` // empty: accepted
}

// Accepted reports whether the order was tagged.
func (r OrderResult) Accepted() bool { return r.Code == "" }

// AcceptedCount is the number of orders that were tagged.
func (b Batch) AcceptedCount() int {
	count := 0
	for _, result := range b.Results {
		if result.Accepted() {
			count++
		}
	}
	return count
}
