package cloudtag

import "slices"

// RecordBook computes the records of shops again while history is replayed: the stored ones are those of today.
type RecordBook struct {
	book *trackBook
}

// NewRecordBook returns a book without records.
func NewRecordBook() *RecordBook { return &RecordBook{book: newTrackBook()} }

// Vouch marks a shop as vetted.
func (b *RecordBook) Vouch(shop MerchantID) { b.book.shop(shop).Vetted = true }

// Report counts the new tags of one instant, whatever their order.
func (b *RecordBook) Report(tags []Tag) {
	reports := make([]report, len(tags))
	for i, tag := range tags {
		reports[i] = report{tag.OrderNo, tag.MerchantID, tag.EntityID, tag.BuyerID, tag.SubmittedAt}
	}
	slices.SortFunc(reports, compareReports)
	for _, r := range reports {
		b.book.report(r)
	}
}

// Overturn counts a tag that was overturned on appeal.
func (b *RecordBook) Overturn(shop MerchantID, buyer BuyerID) { b.book.overturned(shop, buyer) }

// Reject counts a tag that a reviewer rejected.
func (b *RecordBook) Reject(shop MerchantID, buyer BuyerID) { b.book.rejected(shop, buyer, 1) }

// Records returns the records of those shops that have one, each without the shop's credit from an account.
func (b *RecordBook) Records(shops []MerchantID, without BuyerID) map[MerchantID]TrackRecord {
	records := map[MerchantID]TrackRecord{}
	for _, shop := range shops {
		if record := b.book.shops[shop]; record != nil {
			records[shop] = record.without(b.book.accounts[without])
		}
	}
	return records
}
