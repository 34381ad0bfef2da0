package cloudtag

import "strings"

// Millionths is an amount in millionths of one: trust, credit and weights are counted in whole numbers, so that the same
// log gives the same record on every machine.
type Millionths int64

// Whole is one.
const Whole Millionths = 1_000_000

// The constants of a shop's record.
const (
	// priorReports is how many reports without an outcome a newcomer's record counts as: it keeps the first few from
	// deciding about trust, and one overturned report from costing a vote altogether.
	priorReports = 2
	// trustLimit is the most that a shop is trusted: nobody's word alone makes another's report true.
	trustLimit = 950_000
	// weightSlack is how much of a vote all weights together may lack of the threshold.
	weightSlack = Whole / 2
)

// TrackRecord is what became of a shop's reports: a view of the log. Accounts are counted, not tags, so that twenty orders
// of one account weigh as much as one.
type TrackRecord struct {
	Version        int        `json:"version"` // of the stored record
	MerchantID     MerchantID `json:"merchantId"`
	Tags           int        `json:"tags"`     // submitted and not voided
	Accounts       int        `json:"accounts"` // tagged
	Credit         Millionths `json:"credit"`   // accounts on which other shops bore it out, each weighed by how far they are trusted
	Overturned     int        `json:"overturned,omitzero"`
	Rejected       int        `json:"rejected,omitzero"` // accounts
	OverturnedTags int        `json:"overturnedTags,omitzero"`
	RejectedTags   int        `json:"rejectedTags,omitzero"`
	Vetted         bool       `json:"vetted,omitzero"` // two people vouched for it
	Revoked        bool       `json:"revoked,omitzero"`
	Links          []Link     `json:"links,omitzero"` // by the other shop
}

// Trust is how far other shops' reports are borne out by this one's: 0 for a newcomer, (2·vetted + credit) / (2 + accounts),
// at most 0.95. A shop that lost its permission has none.
func (r TrackRecord) Trust() Millionths {
	if r.Revoked {
		return 0
	}
	earned := r.Credit
	if r.Vetted {
		earned += priorReports * Whole
	}
	return min(trustLimit, earned/Millionths(priorReports+r.Accounts))
}

// Weight is what the shop's vote counts, from 0 to 1: (2 + credit) / (2 + credit + w·overturned + rejected), where w is the
// policy's weight of an account on which its reports were overturned on appeal.
func (r TrackRecord) Weight(overturnedWeight int) Millionths {
	if r.Revoked {
		return 0
	}
	good := priorReports*Whole + r.Credit
	bad := Whole * Millionths(overturnedWeight*r.Overturned+r.Rejected)
	return Millionths(int64(good) * int64(Whole) / int64(good+bad))
}

// OverturnedShare is the share of the accounts it reported on which its reports were overturned, 0 to 1.
func (r TrackRecord) OverturnedShare() Millionths {
	if r.Accounts == 0 {
		return 0
	}
	return min(Whole, Whole*Millionths(r.Overturned)/Millionths(r.Accounts))
}

// Without is the record as it would be without one account's own credit: what a shop says about an account is not a reason
// to believe it about that account.
func (r TrackRecord) Without(account *AccountRecord) TrackRecord {
	if account == nil {
		return r
	}
	if own := account.Shop(r.MerchantID); own != nil && own.Tags > 0 {
		r.Credit = max(0, r.Credit-own.Credit)
		r.Accounts = max(0, r.Accounts-1)
	}
	return r
}

// trackRecordRevision is part of the identifiers of track records. When what they count changes, raise it: counting then
// starts again at the log's first entry.
const trackRecordRevision = "2"

// TrackRecordID is the identifier of a document of [KindCollusion].
func TrackRecordID(parts ...string) string {
	return trackRecordRevision + "/" + strings.Join(parts, "/")
}

// ShopRecordID is the identifier of a shop's record.
func ShopRecordID(id MerchantID) string { return TrackRecordID("shop", string(id)) }

// TrackRecordCodec stores records of shops.
func TrackRecordCodec() Codec[TrackRecord] {
	return Codec[TrackRecord]{KindCollusion, func(r TrackRecord) Document {
		return Document{ID: ShopRecordID(r.MerchantID), Version: r.Version, State: "SHOP"}
	}}
}
