package freightinsurance

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// Answer is the answer to the insurer's service about an order.
type Answer string

// The answers.
const (
	Pay            Answer = "PAY"
	Refuse         Answer = "REFUSE"
	AwaitComplaint Answer = "AWAIT_COMPLAINT"
)

// Ground is the reason for an answer.
type Ground string

// The grounds.
const (
	GroundNoTag           Ground = "NO_TAG"            // no reason to refuse the payout
	GroundNotConfirmed    Ground = "NOT_CONFIRMED"     // tagged, but not confirmed
	GroundConfirmed       Ground = "CONFIRMED"         // the tag succeeded
	GroundComplaintOpen   Ground = "COMPLAINT_OPEN"    // the consumer complained about the refusal
	GroundConsumerUpheld  Ground = "CONSUMER_UPHELD"   // the complaint's outcome prevails
	GroundMerchantUpheld  Ground = "MERCHANT_UPHELD"   // the complaint's outcome prevails
	GroundComplaintClosed Ground = "COMPLAINT_CLOSED"  // withdrawn: the tag stands
	GroundOverturned      Ground = "APPEAL_OVERTURNED" // the confirmation was overturned
)

// Decision is an answer with its ground. A later answer for the same order is a new version; the log keeps
// the earlier ones.
type Decision struct {
	OrderNo       cloudtag.OrderNo `json:"orderNo"`
	Version       int              `json:"version"`
	Answer        Answer           `json:"answer"`
	Ground        Ground           `json:"ground"`
	DecidedAt     time.Time        `json:"decidedAt"`
	TagVersion    int              `json:"tagVersion,omitempty"`
	ComplaintID   string           `json:"complaintId,omitempty"`
	PolicyVersion int              `json:"policyVersion"`
}

// AnswerFor implements rule 11: a succeeded tag of the freight insurance scenario refuses the payout; while a
// complaint about the refusal is open the answer is to wait, and its outcome prevails. complaint is the latest one; tag and
// complaint may be nil.
func AnswerFor(tag *cloudtag.Tag, complaint *Complaint) (Answer, Ground) {
	if tag == nil || tag.Scenario != cloudtag.FreightInsuranceScenario {
		return Pay, GroundNoTag
	}
	switch tag.Status {
	case cloudtag.TagSucceeded:
	case cloudtag.TagOverturned:
		return Pay, GroundOverturned
	default:
		return Pay, GroundNotConfirmed
	}
	if complaint == nil {
		return Refuse, GroundConfirmed
	}
	switch complaint.State {
	case ComplaintOpen:
		return AwaitComplaint, GroundComplaintOpen
	case ComplaintConsumerUpheld:
		return Pay, GroundConsumerUpheld
	case ComplaintMerchantUpheld:
		return Refuse, GroundMerchantUpheld
	case ComplaintWithdrawn:
		return Refuse, GroundComplaintClosed
	default:
		return AwaitComplaint, GroundComplaintOpen // an unknown outcome decides nothing
	}
}

// Text is the ground as a sentence for the platform's services and staff.
func (g Ground) Text() cloudtag.Text {
	switch g {
	case GroundNotConfirmed:
		return cloudtag.Text{ZH: "该订单的运费险套利标签未被确认，无拒付依据。", EN: "The order's tag is not confirmed; nothing speaks against the payout."}
	case GroundConfirmed:
		return cloudtag.Text{ZH: "该订单的运费险套利标签已确认，拒绝赔付。", EN: "The order's freight insurance tag is confirmed; the payout is refused."}
	case GroundComplaintOpen:
		return cloudtag.Text{ZH: "消费者已就拒付投诉，等待投诉结果。", EN: "The consumer has complained about the refusal; its outcome is awaited."}
	case GroundConsumerUpheld:
		return cloudtag.Text{ZH: "投诉支持消费者，以投诉结果为准，予以赔付。", EN: "The complaint upheld the consumer, and its outcome prevails: the payout is made."}
	case GroundMerchantUpheld:
		return cloudtag.Text{ZH: "投诉支持商家，以投诉结果为准，拒绝赔付。", EN: "The complaint upheld the merchant, and its outcome prevails: the payout is refused."}
	case GroundComplaintClosed:
		return cloudtag.Text{ZH: "投诉已撤回，标签仍然有效，拒绝赔付。", EN: "The complaint was withdrawn and the tag stands; the payout is refused."}
	case GroundOverturned:
		return cloudtag.Text{ZH: "原确认经申诉撤销，无拒付依据。", EN: "The confirmation was withdrawn after an appeal; nothing speaks against the payout."}
	default:
		return cloudtag.Text{ZH: "该订单没有运费险套利标签，无拒付依据。", EN: "The order has no freight insurance tag; nothing speaks against the payout."}
	}
}

func decisionCodec() cloudtag.Codec[Decision] {
	return cloudtag.Codec[Decision]{Kind: cloudtag.KindFreightInsurance, Encode: func(d Decision) cloudtag.Document {
		return cloudtag.Document{
			ID: string(d.OrderNo), Version: d.Version, State: string(d.Answer), OrderNo: d.OrderNo, Rank: cloudtag.LatestFirst(d.DecidedAt),
		}
	}}
}
