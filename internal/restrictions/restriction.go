package restrictions

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// Mode is what a shop no longer lets a buyer do.
type Mode string

// The modes (rule 12).
const (
	ModeNoOrdering         Mode = "NO_ORDERING"
	ModeNoCashOnDelivery   Mode = "NO_CASH_ON_DELIVERY"
	ModeNoCompanyTransfer  Mode = "NO_COMPANY_TRANSFER"
	ModeShortPaymentWindow Mode = "SHORT_PAYMENT_WINDOW"
)

// Modes lists every mode.
func Modes() []Mode {
	return []Mode{ModeNoOrdering, ModeNoCashOnDelivery, ModeNoCompanyTransfer, ModeShortPaymentWindow}
}

// State is the state of a restriction.
type State string

// The states of a restriction.
const (
	Pending  State = "PENDING_REVIEW"
	Active   State = "ACTIVE"
	Declined State = "DECLINED"
	Lifted   State = "LIFTED"
)

// States lists every state of a restriction.
func States() []State {
	return []State{Pending, Active, Declined, Lifted}
}

const (
	// ReviewWithin is how long the platform has to review a restriction (rule 12).
	ReviewWithin         = 24 * time.Hour
	maxDescriptionLength = 500
)

// Restriction is a shop's request not to let a buyer use some functions in that shop. Its text is confidential.
type Restriction struct {
	ID          string              `json:"id"`
	Version     int                 `json:"version"`
	MerchantID  cloudtag.MerchantID `json:"merchantId"`
	BuyerID     cloudtag.BuyerID    `json:"buyerId"`
	OrderNo     cloudtag.OrderNo    `json:"orderNo"` // the order by which the shop named the buyer
	Modes       []Mode              `json:"modes"`
	Description string              `json:"description"`
	State       State               `json:"state"`
	RequestedBy string              `json:"requestedBy"`
	RequestedAt time.Time           `json:"requestedAt"`
	DecideBy    time.Time           `json:"decideBy"`
	DecidedAt   time.Time           `json:"decidedAt,omitzero"` // zero until reviewed
	DecidedBy   string              `json:"decidedBy,omitempty"`
	Reason      string              `json:"reason,omitempty"`
	LiftedAt    time.Time           `json:"liftedAt,omitzero"` // zero unless lifted
}

// BuyerNotice is the only text about a restriction that a buyer may see (rule 14): neutral, with how to appeal.
func (r Restriction) BuyerNotice() cloudtag.Text {
	return cloudtag.Text{
		ZH: "因系统原因，您暂时无法在该店铺使用此功能。如有疑问，请联系平台客服申诉。",
		EN: "For system reasons this function is not available to you in this shop at present. Please contact the platform's customer service to appeal.",
	}
}

func restrictionCodec() cloudtag.Codec[Restriction] {
	return cloudtag.Codec[Restriction]{Kind: cloudtag.KindRestriction, Encode: func(r Restriction) cloudtag.Document {
		document := cloudtag.Document{
			ID: r.ID, Version: r.Version, State: string(r.State), MerchantID: r.MerchantID, BuyerID: r.BuyerID,
			OrderNo: r.OrderNo, Rank: cloudtag.LatestFirst(r.RequestedAt),
		}
		if r.State == Pending {
			document.Rank = cloudtag.DueFirst(r.DecideBy)
		}
		if r.State == Pending || r.State == Active {
			// Unique by order and not by account: a refusal would reveal to the shop that two of its orders are of one
			// account (rule 15). An account may have several restrictions, each by another of its orders.
			document.Unique = string(r.OrderNo)
		}
		return document
	}}
}

// MayDecide reports whether the caller may review the restriction now.
func (r Restriction) MayDecide(caller cloudtag.Caller) bool {
	return caller.Decides() && r.State == Pending
}

// MaySeeText reports whether the caller may see the restriction's confidential text: its shop and reviewers may.
func (r Restriction) MaySeeText(caller cloudtag.Caller) bool {
	return caller.Reviews() || caller.ActsFor(r.MerchantID)
}

func (r Restriction) entry(caller cloudtag.Caller, action cloudtag.Action, at time.Time, reason string) cloudtag.Entry {
	return cloudtag.Entry{
		At: at, Actor: caller.Subject, Action: action, Reason: reason,
		Subjects: []cloudtag.Subject{"restriction:" + cloudtag.Subject(r.ID), cloudtag.MerchantSubject(r.MerchantID), cloudtag.BuyerSubject(r.BuyerID)},
	}
}
