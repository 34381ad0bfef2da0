package freightinsurance

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// ComplaintState is the state of a consumer's complaint.
type ComplaintState string

// The states of a complaint; all but OPEN are final.
const (
	ComplaintOpen           ComplaintState = "OPEN"
	ComplaintConsumerUpheld ComplaintState = "CONSUMER_UPHELD"
	ComplaintMerchantUpheld ComplaintState = "MERCHANT_UPHELD"
	ComplaintWithdrawn      ComplaintState = "WITHDRAWN"
)

// ComplaintStates lists every state.
func ComplaintStates() []ComplaintState {
	return []ComplaintState{ComplaintOpen, ComplaintConsumerUpheld, ComplaintMerchantUpheld, ComplaintWithdrawn}
}

// Complaint is a consumer's complaint about a refused payout.
type Complaint struct {
	ID         string              `json:"id"`
	Version    int                 `json:"version"`
	OrderNo    cloudtag.OrderNo    `json:"orderNo"`
	BuyerID    cloudtag.BuyerID    `json:"buyerId"`
	MerchantID cloudtag.MerchantID `json:"merchantId"`
	State      ComplaintState      `json:"state"`
	OpenedAt   time.Time           `json:"openedAt"`
	DecidedAt  time.Time           `json:"decidedAt,omitzero"` // zero while open
}

func complaintCodec() cloudtag.Codec[Complaint] {
	return cloudtag.Codec[Complaint]{Kind: cloudtag.KindComplaint, Encode: func(c Complaint) cloudtag.Document {
		document := cloudtag.Document{
			ID: c.ID, Version: c.Version, State: string(c.State), OrderNo: c.OrderNo, BuyerID: c.BuyerID,
			MerchantID: c.MerchantID, Rank: cloudtag.LatestFirst(c.OpenedAt),
		}
		if c.State == ComplaintOpen {
			document.Unique = string(c.OrderNo)
		}
		return document
	}}
}

func (c Complaint) entry(caller cloudtag.Caller, action cloudtag.Action, at time.Time) cloudtag.Entry {
	return cloudtag.Entry{
		At: at, Actor: caller.Subject, Action: action,
		Subjects: []cloudtag.Subject{"complaint:" + cloudtag.Subject(c.ID), cloudtag.OrderSubject(c.OrderNo), cloudtag.BuyerSubject(c.BuyerID)},
	}
}
