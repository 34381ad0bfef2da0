package cloudtag

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// collusionRevision is part of the names of what is stored. When what is counted changes, raise it: the counting then
// begins anew from the log's first entry.
const collusionRevision = "2"

func collusionID(parts ...string) string { return collusionRevision + "/" + strings.Join(parts, "/") }

func shopRecordID(id MerchantID) string { return collusionID("shop", string(id)) }
func accountRecordID(id BuyerID) string { return collusionID("account", string(id)) }
func pairRecordID(pair shopPair) string { return collusionID("pair", string(pair.A), string(pair.B)) }

var (
	marketRecordID      = collusionID("market")
	collusionPositionID = collusionID("position")
)

// linkedState marks pairs that were linked at some time.
const linkedState = "LINKED"

func trackRecordCodec() Codec[TrackRecord] {
	return Codec[TrackRecord]{KindCollusion, func(r TrackRecord) Document {
		return Document{ID: shopRecordID(r.MerchantID), Version: r.Version, State: "SHOP"}
	}}
}

func accountRecordCodec() Codec[accountRecord] {
	return Codec[accountRecord]{KindCollusion, func(r accountRecord) Document {
		return Document{ID: accountRecordID(r.BuyerID), Version: r.Version, State: "ACCOUNT"}
	}}
}

// Pairs are found by either shop, so that a revoked one's credit to others can be taken back.
func pairRecordCodec() Codec[pairRecord] {
	return Codec[pairRecord]{KindCollusion, func(r pairRecord) Document {
		document := Document{
			ID: pairRecordID(shopPair{r.A, r.B}), Version: r.Version, State: "PAIR", MerchantID: r.A, Owner: string(r.B),
		}
		if !r.LinkedAt.IsZero() {
			document.State, document.Rank = linkedState, LatestFirst(r.LinkedAt)
		}
		return document
	}}
}

func marketRecordCodec() Codec[marketRecord] {
	return Codec[marketRecord]{KindCollusion, func(r marketRecord) Document {
		return Document{ID: marketRecordID, Version: r.Version, State: "MARKET"}
	}}
}

// put takes a stored record in.
func (b *trackBook) put(document Document) error {
	switch kind := strings.TrimPrefix(document.ID, collusionRevision+"/"); {
	case document.ID == marketRecordID:
		return json.Unmarshal(document.Body, &b.market)
	case strings.HasPrefix(kind, "shop/"):
		record, err := trackRecordCodec().Record(document)
		b.shops[record.MerchantID] = &record
		return err
	case strings.HasPrefix(kind, "account/"):
		record, err := accountRecordCodec().Record(document)
		b.accounts[record.BuyerID] = &record
		return err
	default:
		record, err := pairRecordCodec().Record(document)
		b.pairs[shopPair{record.A, record.B}] = &record
		return err
	}
}

// documents returns the new forms of all that changed, by identifier.
func (b *trackBook) documents() []Document {
	var documents []Document
	for id := range b.changedShops {
		record := b.shops[id]
		record.Version++
		documents = append(documents, trackRecordCodec().Document(*record))
	}
	for id := range b.changedAccounts {
		record := b.accounts[id]
		record.Version++
		documents = append(documents, accountRecordCodec().Document(*record))
	}
	for key := range b.changedPairs {
		record := b.pairs[key]
		record.Version++
		documents = append(documents, pairRecordCodec().Document(*record))
	}
	if b.changedMarket {
		b.market.Version++
		documents = append(documents, marketRecordCodec().Document(b.market))
	}
	slices.SortFunc(documents, func(a, b Document) int { return cmp.Compare(a.ID, b.ID) })
	return documents
}
