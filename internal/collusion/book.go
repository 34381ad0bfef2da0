package collusion

import (
	"encoding/json"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/vetting"
)

// Book computes records from the log, or from tags and their outcomes. It reads nothing: a record that is not in it counts as
// empty, so whoever folds a page of the log first loads what the page concerns.
type Book struct {
	shops    map[cloudtag.MerchantID]*cloudtag.TrackRecord
	accounts map[cloudtag.BuyerID]*cloudtag.AccountRecord
	pairs    map[shopPair]*pairRecord
	market   marketRecord

	changedShops    map[cloudtag.MerchantID]bool
	changedAccounts map[cloudtag.BuyerID]bool
	changedPairs    map[shopPair]bool
	changedMarket   bool
	newLinks        []shopPair            // pairs that were not linked before
	revoked         []cloudtag.MerchantID // shops whose credit to others has to be taken back
}

type shopPair struct{ A, B cloudtag.MerchantID }

func pairOf(a, b cloudtag.MerchantID) shopPair { return shopPair{min(a, b), max(a, b)} }

// NewBook returns an empty book.
func NewBook() *Book {
	return &Book{
		shops: map[cloudtag.MerchantID]*cloudtag.TrackRecord{}, accounts: map[cloudtag.BuyerID]*cloudtag.AccountRecord{},
		pairs: map[shopPair]*pairRecord{}, changedShops: map[cloudtag.MerchantID]bool{},
		changedAccounts: map[cloudtag.BuyerID]bool{}, changedPairs: map[shopPair]bool{},
	}
}

// Vouch marks a shop as vetted.
func (b *Book) Vouch(shop cloudtag.MerchantID) { b.changeShop(shop).Vetted = true }

// Report counts the new tags of one instant, whatever their order.
func (b *Book) Report(tags []cloudtag.Tag) {
	reports := make([]report, len(tags))
	for i, tag := range tags {
		reports[i] = report{tag.OrderNo, tag.MerchantID, tag.EntityID, tag.BuyerID, tag.SubmittedAt}
	}
	b.addReports(reports)
}

// Overturn counts a tag that was overturned on appeal: the credit that the shops gave each other for it was undeserved.
func (b *Book) Overturn(shop cloudtag.MerchantID, buyer cloudtag.BuyerID) {
	account, record := b.account(buyer), b.changeShop(shop)
	record.OverturnedTags++
	own := account.Shop(shop)
	if own == nil {
		record.Overturned++
		return
	}
	if own.Overturned++; own.Overturned == 1 {
		record.Overturned++
	}
	b.takeBack(account, own, func(cloudtag.MerchantID) bool { return true })
}

// Reject counts a tag that a reviewer rejected.
func (b *Book) Reject(shop cloudtag.MerchantID, buyer cloudtag.BuyerID) { b.rejected(shop, buyer, 1) }

// Records returns the records of those shops that have one, each without the shop's credit from an account.
func (b *Book) Records(shops []cloudtag.MerchantID, without cloudtag.BuyerID) map[cloudtag.MerchantID]cloudtag.TrackRecord {
	records := make(map[cloudtag.MerchantID]cloudtag.TrackRecord, len(shops))
	for _, shop := range shops {
		if record := b.shops[shop]; record != nil {
			records[shop] = record.Without(b.accounts[without])
		}
	}
	return records
}

func (b *Book) shop(id cloudtag.MerchantID) *cloudtag.TrackRecord {
	record := b.shops[id]
	if record == nil {
		record = &cloudtag.TrackRecord{MerchantID: id}
		b.shops[id] = record
	}
	return record
}

// changeShop returns a record that is about to change.
func (b *Book) changeShop(id cloudtag.MerchantID) *cloudtag.TrackRecord {
	b.changedShops[id] = true
	return b.shop(id)
}

// account returns a record that is about to change.
func (b *Book) account(id cloudtag.BuyerID) *cloudtag.AccountRecord {
	b.changedAccounts[id] = true
	record := b.accounts[id]
	if record == nil {
		record = &cloudtag.AccountRecord{BuyerID: id}
		b.accounts[id] = record
	}
	return record
}

// pair returns a record that is about to change.
func (b *Book) pair(key shopPair) *pairRecord {
	b.changedPairs[key] = true
	record := b.pairs[key]
	if record == nil {
		record = &pairRecord{A: key.A, B: key.B}
		b.pairs[key] = record
	}
	return record
}

// subjects returns the shop and the account that an entry concerns, each empty if there is none.
func subjects(entry cloudtag.Entry) (cloudtag.MerchantID, cloudtag.BuyerID) {
	return cloudtag.MerchantID(entry.Subject("merchant")), cloudtag.BuyerID(entry.Subject("buyer"))
}

// foldInstant counts the entries of one instant: the new tags first, in an order of their own, so that their order in the
// log makes no difference.
func (b *Book) foldInstant(entries []cloudtag.Entry) error {
	var reports []report
	for _, entry := range entries {
		if entry.Action != cloudtag.ActionTagSubmitted {
			continue
		}
		var after cloudtag.TagState
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return err
		}
		shop, buyer := subjects(entry)
		reports = append(reports, report{cloudtag.OrderNo(entry.Subject("tag")), shop, after.EntityID, buyer, entry.At})
	}
	b.addReports(reports)
	for _, entry := range entries {
		if err := b.fold(entry); err != nil {
			return err
		}
	}
	return nil
}

// fold counts an entry other than a new tag.
func (b *Book) fold(entry cloudtag.Entry) error {
	shop, buyer := subjects(entry)
	switch entry.Action {
	case cloudtag.ActionTagVoided, cloudtag.ActionTagDiscounted:
		b.withdraw(shop, buyer)
	case cloudtag.ActionTagOverturned:
		b.Overturn(shop, buyer)
	case cloudtag.ActionTagRejected:
		b.Reject(shop, buyer)
	case cloudtag.ActionTagRestored:
		var before cloudtag.TagState
		if err := json.Unmarshal(entry.Before, &before); err != nil {
			return err
		}
		if before.Status == cloudtag.TagRejected {
			b.rejected(shop, buyer, -1)
		}
	case cloudtag.ActionTagReassigned:
		var after cloudtag.TagState
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return err
		}
		b.reassign(shop, buyer, after.EntityID)
	case cloudtag.ActionPermissionChanged:
		var after cloudtag.Permission
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return err
		}
		if after == cloudtag.PermissionRevoked {
			b.changeShop(shop).Revoked = true
			b.revoked = append(b.revoked, shop)
		}
	case cloudtag.ActionVettingDecided:
		var after vetting.Proposal
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return err
		}
		if after.State == vetting.Approved {
			b.changeShop(shop).Vetted = after.Vetted
		}
	}
	return nil
}

// rejected counts a tag that a reviewer rejected (1), or a rejection that was taken back (-1).
func (b *Book) rejected(shop cloudtag.MerchantID, buyer cloudtag.BuyerID, by int) {
	account, record := b.account(buyer), b.changeShop(shop)
	record.RejectedTags += by
	own := account.Shop(shop)
	if own == nil {
		record.Rejected += by
		return
	}
	before := own.Rejected
	own.Rejected += by
	if before == 0 || own.Rejected == 0 {
		record.Rejected += by
	}
}

// reassign gives a shop's report to another entity; shops of one entity give each other no credit.
func (b *Book) reassign(shop cloudtag.MerchantID, buyer cloudtag.BuyerID, entity cloudtag.EntityID) {
	account := b.account(buyer)
	own := account.Shop(shop)
	if own == nil {
		return
	}
	own.EntityID = entity
	b.takeBack(account, own, func(other cloudtag.MerchantID) bool { return account.Shop(other).EntityID == entity })
}
