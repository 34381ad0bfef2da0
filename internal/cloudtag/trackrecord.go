package cloudtag

import (
	"cmp"
	"slices"
	"time"
)

// Millionths is an amount in millionths of one: trust, credit and weights are counted in whole numbers, so that the same
// log gives the same record on every machine.
type Millionths int64

const whole Millionths = 1_000_000

// The constants of a shop's record.
const (
	// priorReports is how many reports without an outcome a newcomer's record counts as: it keeps the first few from
	// deciding about trust, and one overturned report from costing a vote altogether.
	priorReports = 2
	// trustLimit is the most that a shop is trusted: nobody's word alone makes another's report true.
	trustLimit = 950_000
	// laterShare is which part of the credit a shop gets for reporting what another had reported before, as against being
	// borne out by another later: who joins a case that others opened shows no knowledge of its own.
	laterShare = 4
	// weightSlack is how much of a vote all weights together may lack of the threshold.
	weightSlack = whole / 2
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

// Link is one side of a linked pair, with the evidence of the latest time that it showed.
type Link struct {
	With     MerchantID `json:"with"`
	Common   int        `json:"common"`
	Own      int        `json:"own"`    // accounts of the shop itself
	Theirs   int        `json:"theirs"` // … of the other
	Accounts int        `json:"accounts"`
	Pairs    int        `json:"pairs"`
	At       time.Time  `json:"at"`
}

// maxLinks is how many links of a shop are kept, latest first.
const maxLinks = 32

// Trust is how far other shops' reports are borne out by this one's: 0 for a newcomer, (2·vetted + credit) / (2 + accounts),
// at most 0.95. A shop that lost its permission has none.
func (r TrackRecord) Trust() Millionths {
	if r.Revoked {
		return 0
	}
	earned := r.Credit
	if r.Vetted {
		earned += priorReports * whole
	}
	return min(trustLimit, earned/Millionths(priorReports+r.Accounts))
}

// Weight is what the shop's vote counts, from 0 to 1: (2 + credit) / (2 + credit + w·overturned + rejected), where w is the
// policy's weight of an account on which its reports were overturned on appeal.
func (r TrackRecord) Weight(overturnedWeight int) Millionths {
	if r.Revoked {
		return 0
	}
	good := priorReports*whole + r.Credit
	bad := whole * Millionths(overturnedWeight*r.Overturned+r.Rejected)
	return Millionths(int64(good) * int64(whole) / int64(good+bad))
}

// OverturnedShare is the share of the accounts it reported on which its reports were overturned, 0 to 1.
func (r TrackRecord) OverturnedShare() Millionths {
	if r.Accounts == 0 {
		return 0
	}
	return min(whole, whole*Millionths(r.Overturned)/Millionths(r.Accounts))
}

// without is the record as it would be without one account's own credit: what a shop says about an account is not a reason
// to believe it about that account.
func (r TrackRecord) without(account *accountRecord) TrackRecord {
	if account == nil {
		return r
	}
	if own := account.shop(r.MerchantID); own != nil && own.Tags > 0 {
		r.Credit = max(0, r.Credit-own.Credit)
		r.Accounts = max(0, r.Accounts-1)
	}
	return r
}

// putLink keeps the newest evidence of a link, and of many links the latest.
func (r *TrackRecord) putLink(link Link) {
	place, known := slices.BinarySearchFunc(r.Links, link.With, func(l Link, with MerchantID) int { return cmp.Compare(l.With, with) })
	if known {
		r.Links[place] = link
		return
	}
	r.Links = slices.Insert(r.Links, place, link)
	if len(r.Links) > maxLinks {
		oldest := 0
		for i, other := range r.Links {
			if other.At.Before(r.Links[oldest].At) {
				oldest = i
			}
		}
		r.Links = slices.Delete(r.Links, oldest, oldest+1)
	}
}

// accountRecord is who reported an account, in the order of the log, and what credit they owe each other for it.
type accountRecord struct {
	Version int           `json:"version"`
	BuyerID BuyerID       `json:"buyerId"`
	Shops   []accountShop `json:"shops"` // at most maxAccountShops, the latest
}

// maxAccountShops bounds an account's record, and with it what a tag costs. An older shop that reports such an account
// again counts as new there.
const maxAccountShops = 100

type accountShop struct {
	MerchantID MerchantID `json:"merchantId"`
	EntityID   EntityID   `json:"entityId"`
	At         time.Time  `json:"at"`
	Tags       int        `json:"tags"` // not voided; 0 once the shop takes no part any more
	Credit     Millionths `json:"credit,omitzero"`
	Met        []meeting  `json:"met,omitzero"` // with shops that stand before it in the list
	Overturned int        `json:"overturned,omitzero"`
	Rejected   int        `json:"rejected,omitzero"`
}

// meeting is what two shops that reported the same account gave each other credit for.
type meeting struct {
	With MerchantID `json:"with"`
	Got  Millionths `json:"got,omitzero"`
	Gave Millionths `json:"gave,omitzero"`
}

func (a *accountRecord) shop(id MerchantID) *accountShop {
	for i := range a.Shops {
		if a.Shops[i].MerchantID == id {
			return &a.Shops[i]
		}
	}
	return nil
}

// pairRecord is what two shops have in common. A is before B.
type pairRecord struct {
	Version  int        `json:"version"`
	A        MerchantID `json:"a"`
	B        MerchantID `json:"b"`
	Common   int        `json:"common"`         // accounts that both reported
	LentA    Millionths `json:"lentA,omitzero"` // credit that A has from B
	LentB    Millionths `json:"lentB,omitzero"`
	Recent   []BuyerID  `json:"recent,omitzero"`   // the latest accounts in common, at most meetingShops
	LinkedAt time.Time  `json:"linkedAt,omitzero"` // when it last showed that they are linked; zero: never
	Evidence PairCounts `json:"evidence,omitzero"` // of then
}

// lent is where the credit that a shop of the pair has from the other is counted.
func (p *pairRecord) lent(to MerchantID) *Millionths {
	if to == p.A {
		return &p.LentA
	}
	return &p.LentB
}

// marketRecord counts what the evidence against a pair is compared with.
type marketRecord struct {
	Version  int `json:"version"`
	Accounts int `json:"accounts"` // reported by anybody
	Pairs    int `json:"pairs"`    // of shops with an account in common
}
