package cloudtag

import "time"

// TagStatus is the status of a tag; merchants are shown the [MarkResult] as its label (rule 4).
type TagStatus string

// The statuses of a tag. Only an accumulating tag can succeed, expire, be rejected or be voided; a succeeded one changes only
// by an appeal.
const (
	TagAccumulating TagStatus = "ACCUMULATING" // recorded, threshold not met
	TagSucceeded    TagStatus = "SUCCEEDED"    // confirmed; stays so if the votes drop later (rule 5)
	TagExpired      TagStatus = "EXPIRED"      // left the window uncounted
	TagRejected     TagStatus = "REJECTED"     // a reviewer rejected the case
	TagOverturned   TagStatus = "OVERTURNED"   // an appeal was accepted
	TagVoided       TagStatus = "VOIDED"       // removed by a reviewer, or because the shop's permission was revoked
)

// TagStatuses lists every status.
func TagStatuses() []TagStatus {
	return []TagStatus{TagAccumulating, TagSucceeded, TagExpired, TagRejected, TagOverturned, TagVoided}
}

// MarkResult is the label that a merchant sees: 标记失败 or 标记成功.
type MarkResult string

// The labels. MARK_FAILED means "recorded, threshold not met", not that the submission failed (rule 4).
const (
	MarkFailed    MarkResult = "MARK_FAILED"
	MarkSucceeded MarkResult = "MARK_SUCCEEDED"
)

// Tag is a merchant's report about one of its orders. There is at most one per order, ever (rule 2).
type Tag struct {
	OrderNo    OrderNo      `json:"orderNo"`
	Scenario   ScenarioCode `json:"scenario"`
	MerchantID MerchantID   `json:"merchantId"`
	EntityID   EntityID     `json:"entityId"` // whose vote it is
	BuyerID    BuyerID      `json:"buyerId"`
	Note       string       `json:"note,omitzero"` // at most MaxNoteLength characters; empty for none
	Status     TagStatus    `json:"status"`
	// Live tags are the votes of the case: accumulating or succeeded, in the window when the case was last evaluated, and of
	// a shop whose permission is not revoked. A tag that is no longer live never becomes live again.
	Live            bool      `json:"live"`
	PlacedAt        time.Time `json:"placedAt,omitzero"` // when its order was placed, as of the submission
	SubmittedAt     time.Time `json:"submittedAt,omitzero"`
	StatusChangedAt time.Time `json:"statusChangedAt,omitzero"`
	HandleBy        time.Time `json:"handleBy,omitzero"`  // the platform's 48 hours (rule 9)
	HandledAt       time.Time `json:"handledAt,omitzero"` // zero while unhandled
	BatchID         BatchID   `json:"batchId"`
	Version         int       `json:"version"` // counts changes, from 1
}

// CaseID is the case that the tag belongs to.
func (t Tag) CaseID() CaseID { return NewCaseID(t.Scenario, t.BuyerID) }

// Handled reports whether the platform has handled the tag (rule 9).
func (t Tag) Handled() bool { return !t.HandledAt.IsZero() }

// HandledAtFor is when the tag was handled as far as the caller may know at a time; zero: not yet. To a shop it is what the
// shop can see anyway: the change of the status or, at the latest, HandleBy, by when every tag is handled (rule 9). The actual
// time would reveal whether the case was queued, which depends on other shops' tags and the account (rule 15).
func (t Tag) HandledAtFor(caller Caller, now time.Time) time.Time {
	switch {
	case caller.Reviews():
		return t.HandledAt
	case t.Status != TagAccumulating && t.StatusChangedAt.Before(t.HandleBy):
		return t.StatusChangedAt
	case now.Before(t.HandleBy):
		return time.Time{}
	default:
		return t.HandleBy
	}
}

// MarkResult is the label to show.
func (t Tag) MarkResult() MarkResult {
	if t.Status == TagSucceeded {
		return MarkSucceeded
	}
	return MarkFailed
}

// Reason explains the label to the merchant. It reveals nothing about other merchants, counts, thresholds or the account
// (rule 15).
func (t Tag) Reason() Text {
	switch t.Status {
	case TagSucceeded:
		return Text{
			ZH: "标记成功：平台已确认该订单的风险。",
			EN: "Mark succeeded: the platform has confirmed the risk of this order.",
		}
	case TagExpired:
		return Text{
			ZH: "标记失败：在统计期内未达到平台的确认条件，标记已过期。",
			EN: "Mark failed: the platform's condition was not met within the counting period, and the tag has expired.",
		}
	case TagRejected:
		return Text{
			ZH: "标记失败：平台审核后未予确认。",
			EN: "Mark failed: the platform reviewed it and did not confirm it.",
		}
	case TagOverturned:
		return Text{
			ZH: "标记失败：原确认结果经申诉复核后已撤销。",
			EN: "Mark failed: an earlier confirmation was withdrawn after an appeal.",
		}
	case TagVoided:
		return Text{
			ZH: "标记失败：该标记已作废，不再计入。",
			EN: "Mark failed: this tag was voided and no longer counts.",
		}
	default:
		return Text{
			ZH: "标记失败仅表示尚未达到平台的确认条件：标记已记录，达到条件后会自动变为标记成功，无需重复提交。",
			EN: "Mark failed only means that the platform's condition is not met yet: the tag is recorded and turns into a success by itself once it is. There is no need to submit it again.",
		}
	}
}

// GroupByCase groups tags by case. Cases are in the order of their first tag; the order of each case's tags is kept.
func GroupByCase(tags []Tag) ([]CaseID, map[CaseID][]Tag) {
	var ids []CaseID
	byCase := make(map[CaseID][]Tag, len(tags))
	for _, tag := range tags {
		id := tag.CaseID()
		if byCase[id] == nil {
			ids = append(ids, id)
		}
		byCase[id] = append(byCase[id], tag)
	}
	return ids, byCase
}
