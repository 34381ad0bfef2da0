package collusion

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// pairRecord is what two shops have in common. A is before B.
type pairRecord struct {
	Version  int                 `json:"version"`
	A        cloudtag.MerchantID `json:"a"`
	B        cloudtag.MerchantID `json:"b"`
	Common   int                 `json:"common"`         // accounts that both reported
	LentA    cloudtag.Millionths `json:"lentA,omitzero"` // credit that A has from B
	LentB    cloudtag.Millionths `json:"lentB,omitzero"`
	Recent   []cloudtag.BuyerID  `json:"recent,omitzero"`   // the latest accounts in common, at most comparedShops
	LinkedAt time.Time           `json:"linkedAt,omitzero"` // when the pair was last significant; zero: never
	Evidence PairCounts          `json:"evidence,omitzero"` // of then
}

// lent returns where the credit that a shop of the pair has from the other is counted.
func (p *pairRecord) lent(to cloudtag.MerchantID) *cloudtag.Millionths {
	if to == p.A {
		return &p.LentA
	}
	return &p.LentB
}

func (p *pairRecord) otherThan(shop cloudtag.MerchantID) cloudtag.MerchantID {
	if shop == p.A {
		return p.B
	}
	return p.A
}

// marketRecord counts what the evidence against a pair is compared with.
type marketRecord struct {
	Version  int `json:"version"`
	Accounts int `json:"accounts"` // reported by any shop
	Pairs    int `json:"pairs"`    // of shops with an account in common
}

// The identifiers of documents beside those of shops and accounts, which the domain reads.
func pairID(pair shopPair) string {
	return cloudtag.TrackRecordID("pair", string(pair.A), string(pair.B))
}

var (
	marketID   = cloudtag.TrackRecordID("market")
	positionID = cloudtag.TrackRecordID("position")
)

// linkedState marks pairs that have been linked at some time.
const linkedState = "LINKED"

// Pairs are found by either shop, so that a revoked one's credit to others can be taken back.
func pairCodec() cloudtag.Codec[pairRecord] {
	return cloudtag.Codec[pairRecord]{Kind: cloudtag.KindCollusion, Encode: func(r pairRecord) cloudtag.Document {
		document := cloudtag.Document{
			ID: pairID(shopPair{r.A, r.B}), Version: r.Version, State: "PAIR", MerchantID: r.A, Owner: string(r.B),
		}
		if !r.LinkedAt.IsZero() {
			document.State, document.Rank = linkedState, cloudtag.LatestFirst(r.LinkedAt)
		}
		return document
	}}
}

func marketCodec() cloudtag.Codec[marketRecord] {
	return cloudtag.Codec[marketRecord]{Kind: cloudtag.KindCollusion, Encode: func(r marketRecord) cloudtag.Document {
		return cloudtag.Document{ID: marketID, Version: r.Version, State: "MARKET"}
	}}
}

// put adds a stored record to the book.
func (b *Book) put(document cloudtag.Document) error {
	switch id := document.ID; {
	case id == marketID:
		return json.Unmarshal(document.Body, &b.market)
	case strings.HasPrefix(id, cloudtag.ShopRecordID("")):
		record, err := cloudtag.TrackRecordCodec().Record(document)
		b.shops[record.MerchantID] = &record
		return err
	case strings.HasPrefix(id, cloudtag.AccountRecordID("")):
		record, err := cloudtag.AccountRecordCodec().Record(document)
		b.accounts[record.BuyerID] = &record
		return err
	default:
		record, err := pairCodec().Record(document)
		b.pairs[shopPair{record.A, record.B}] = &record
		return err
	}
}

// documents returns the records that changed, in their new versions, by identifier.
func (b *Book) documents() []cloudtag.Document {
	var documents []cloudtag.Document
	for id := range b.changedShops {
		record := b.shops[id]
		record.Version++
		documents = append(documents, cloudtag.TrackRecordCodec().Document(*record))
	}
	for id := range b.changedAccounts {
		record := b.accounts[id]
		record.Version++
		documents = append(documents, cloudtag.AccountRecordCodec().Document(*record))
	}
	for key := range b.changedPairs {
		record := b.pairs[key]
		record.Version++
		documents = append(documents, pairCodec().Document(*record))
	}
	if b.changedMarket {
		b.market.Version++
		documents = append(documents, marketCodec().Document(b.market))
	}
	slices.SortFunc(documents, func(a, b cloudtag.Document) int { return cmp.Compare(a.ID, b.ID) })
	return documents
}
