package cloudtag

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// trackBook folds entries of the log into records. It is pure: what is not in it counts as not there, so that who folds
// a page of the log first puts in what the page is about.
type trackBook struct {
	shops    map[MerchantID]*TrackRecord
	accounts map[BuyerID]*accountRecord
	pairs    map[shopPair]*pairRecord
	market   marketRecord

	changedShops    map[MerchantID]bool
	changedAccounts map[BuyerID]bool
	changedPairs    map[shopPair]bool
	changedMarket   bool
	newLinks        []shopPair   // pairs that were not linked before
	revoked         []MerchantID // shops whose credit to others has to go
}

type shopPair struct{ A, B MerchantID }

func pairOf(a, b MerchantID) shopPair { return shopPair{min(a, b), max(a, b)} }

func newTrackBook() *trackBook {
	return &trackBook{
		shops: map[MerchantID]*TrackRecord{}, accounts: map[BuyerID]*accountRecord{}, pairs: map[shopPair]*pairRecord{},
		changedShops: map[MerchantID]bool{}, changedAccounts: map[BuyerID]bool{}, changedPairs: map[shopPair]bool{},
	}
}

func (b *trackBook) shop(id MerchantID) *TrackRecord {
	record := b.shops[id]
	if record == nil {
		record = &TrackRecord{MerchantID: id}
		b.shops[id] = record
	}
	return record
}

// changeShop returns a record that is about to change.
func (b *trackBook) changeShop(id MerchantID) *TrackRecord {
	b.changedShops[id] = true
	return b.shop(id)
}

func (b *trackBook) account(id BuyerID) *accountRecord {
	b.changedAccounts[id] = true
	record := b.accounts[id]
	if record == nil {
		record = &accountRecord{BuyerID: id}
		b.accounts[id] = record
	}
	return record
}

func (b *trackBook) pair(key shopPair) *pairRecord {
	b.changedPairs[key] = true
	record := b.pairs[key]
	if record == nil {
		record = &pairRecord{A: key.A, B: key.B}
		b.pairs[key] = record
	}
	return record
}

// report is one tag as the fold sees it.
type report struct {
	order    OrderNo
	merchant MerchantID
	entity   EntityID
	buyer    BuyerID
	at       time.Time
}

// compareReports is the order in which reports of one instant count, whatever their order in the log.
func compareReports(a, b report) int {
	return cmp.Or(cmp.Compare(a.buyer, b.buyer), cmp.Compare(a.merchant, b.merchant), cmp.Compare(a.order, b.order))
}

// foldInstant counts the entries of one instant: the new tags first, in an order of their own, so that their order in the
// log makes no difference.
func (b *trackBook) foldInstant(entries []Entry) error {
	var reports []report
	for _, entry := range entries {
		if entry.Action != ActionTagSubmitted {
			continue
		}
		var after TagState
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return err
		}
		reports = append(reports, report{
			order: OrderNo(entry.Subject("tag")), merchant: MerchantID(entry.Subject("merchant")), entity: after.EntityID,
			buyer: BuyerID(entry.Subject("buyer")), at: entry.At,
		})
	}
	slices.SortFunc(reports, compareReports)
	for _, r := range reports {
		b.report(r)
	}
	for _, entry := range entries {
		if err := b.fold(entry); err != nil {
			return err
		}
	}
	return nil
}

// fold counts an entry other than a new tag.
func (b *trackBook) fold(entry Entry) error {
	shop, buyer := MerchantID(entry.Subject("merchant")), BuyerID(entry.Subject("buyer"))
	switch entry.Action {
	case ActionTagVoided, ActionTagDiscounted:
		b.withdraw(shop, buyer)
	case ActionTagOverturned:
		b.overturned(shop, buyer)
	case ActionTagRejected:
		b.rejected(shop, buyer, 1)
	case ActionTagRestored:
		var before TagState
		if err := json.Unmarshal(entry.Before, &before); err != nil {
			return err
		}
		if before.Status == TagRejected {
			b.rejected(shop, buyer, -1)
		}
	case ActionTagReassigned:
		var after TagState
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return err
		}
		b.reassign(shop, buyer, after.EntityID)
	case ActionPermissionChanged:
		var after Permission
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return err
		}
		if after == PermissionRevoked {
			b.changeShop(shop).Revoked = true
			b.revoked = append(b.revoked, shop)
		}
	case ActionVettingDecided:
		var after Vetting
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return err
		}
		if after.State == VettingApproved {
			b.changeShop(shop).Vetted = after.Vetted
		}
	}
	return nil
}

// report counts a tag. The first of a shop on an account is a meeting with the latest shops that reported it before.
func (b *trackBook) report(r report) {
	account, record := b.account(r.buyer), b.changeShop(r.merchant)
	trust := record.Trust()
	record.Tags++
	if own := account.shop(r.merchant); own != nil {
		own.Tags++
		if own.Tags > 1 {
			return
		}
		*own = accountShop{MerchantID: r.merchant, Overturned: own.Overturned, Rejected: own.Rejected, Tags: 1}
		account.moveToEnd(r.merchant)
	} else {
		account.Shops = append(account.Shops, accountShop{MerchantID: r.merchant, Tags: 1})
	}
	if !account.reportedBefore(r.merchant) {
		b.market.Accounts++
		b.changedMarket = true
	}
	record.Accounts++
	own := account.shop(r.merchant)
	own.EntityID, own.At = r.entity, r.at
	b.meet(account, own, trust)
	if len(account.Shops) > maxAccountShops {
		account.Shops = account.Shops[len(account.Shops)-maxAccountShops:]
	}
}

func (a *accountRecord) moveToEnd(id MerchantID) {
	place := slices.IndexFunc(a.Shops, func(s accountShop) bool { return s.MerchantID == id })
	moved := a.Shops[place]
	a.Shops = append(slices.Delete(a.Shops, place, place+1), moved)
}

// reportedBefore reports whether the account has a report of another shop.
func (a *accountRecord) reportedBefore(id MerchantID) bool {
	return slices.ContainsFunc(a.Shops, func(s accountShop) bool { return s.MerchantID != id && s.Tags > 0 })
}

// latestOthers returns the places of up to meetingShops shops with a report, latest first, but for one.
func (a *accountRecord) latestOthers(id MerchantID) []int {
	var places []int
	for i := len(a.Shops) - 1; i >= 0 && len(places) < meetingShops; i-- {
		if a.Shops[i].MerchantID != id && a.Shops[i].Tags > 0 {
			places = append(places, i)
		}
	}
	return places
}

// meet gives credit for a new report, both ways, and judges the pairs that it makes. trust is the shop's before the report.
func (b *trackBook) meet(account *accountRecord, own *accountShop, trust Millionths) {
	others := account.latestOthers(own.MerchantID)
	trusts := make([]Millionths, len(others))
	for i, place := range others {
		trusts[i] = b.shop(account.Shops[place].MerchantID).Trust()
	}
	for i, place := range others {
		other := &account.Shops[place]
		pair := b.pair(pairOf(own.MerchantID, other.MerchantID))
		pair.Common++
		if pair.Common == 1 {
			b.market.Pairs++
			b.changedMarket = true
		}
		pair.Recent = append(slices.DeleteFunc(pair.Recent, func(id BuyerID) bool { return id == account.BuyerID }), account.BuyerID)
		pair.Recent = pair.Recent[max(0, len(pair.Recent)-meetingShops):]
		met := meeting{With: other.MerchantID}
		if own.EntityID != other.EntityID {
			// Credit falls with the square of how many accounts two shops have in common: what one shop can do for
			// another is bounded, however often they report together.
			nth := Millionths(pair.Common) * Millionths(pair.Common)
			toOther, toOwn := trust/nth, trusts[i]/nth
			if !own.At.After(other.At) {
				toOther /= laterShare
			}
			if !other.At.After(own.At) {
				toOwn /= laterShare
			}
			met.Gave, met.Got = b.credit(other, pair, toOther), b.credit(own, pair, toOwn)
		}
		own.Met = append(own.Met, met)
		b.judge(pair, own.At)
	}
}

// credit adds what is borne out with some probability to what is already, and returns how much that is.
func (b *trackBook) credit(shop *accountShop, pair *pairRecord, borneOut Millionths) Millionths {
	more := (whole - shop.Credit) * borneOut / whole
	if more > 0 {
		shop.Credit += more
		*pair.lent(shop.MerchantID) += more
		b.changeShop(shop.MerchantID).Credit += more
	}
	return more
}

// judge looks at whether a pair is linked now.
func (b *trackBook) judge(pair *pairRecord, at time.Time) {
	counts := PairCounts{
		A: pair.A, B: pair.B, Common: pair.Common,
		BuyersOfA: b.shop(pair.A).Accounts, BuyersOfB: b.shop(pair.B).Accounts, Buyers: b.market.Accounts, Pairs: b.market.Pairs,
	}
	if !counts.Linked() {
		return
	}
	if !LinkHolds(pair.LinkedAt, at) {
		b.newLinks = append(b.newLinks, shopPair{pair.A, pair.B})
	}
	if at.After(pair.LinkedAt) {
		pair.LinkedAt = at
	}
	b.link(pair, counts)
}

// link writes the evidence of a pair down, with the pair and with both shops.
func (b *trackBook) link(pair *pairRecord, evidence PairCounts) {
	pair.Evidence = evidence
	link := Link{
		With: pair.B, Common: evidence.Common, Own: evidence.BuyersOfA, Theirs: evidence.BuyersOfB, Accounts: evidence.Buyers,
		Pairs: evidence.Pairs, At: pair.LinkedAt,
	}
	b.changeShop(pair.A).putLink(link)
	link.With, link.Own, link.Theirs = pair.A, link.Theirs, link.Own
	b.changeShop(pair.B).putLink(link)
}

// withdraw takes one tag of a shop out; the last one of an account takes the meetings with it.
func (b *trackBook) withdraw(shop MerchantID, buyer BuyerID) {
	account := b.account(buyer)
	own := account.shop(shop)
	if own == nil || own.Tags == 0 {
		return
	}
	record := b.changeShop(shop)
	record.Tags--
	if own.Tags--; own.Tags > 0 {
		return
	}
	record.Accounts--
	if !account.reportedBefore(shop) {
		b.market.Accounts--
		b.changedMarket = true
	}
	b.takeBack(account, own, func(MerchantID) bool { return true })
	for _, met := range own.Met {
		b.part(account.BuyerID, shop, met.With)
	}
	own.Met = nil
	for i := range account.Shops {
		other := &account.Shops[i]
		if slices.ContainsFunc(other.Met, func(m meeting) bool { return m.With == shop }) {
			b.part(account.BuyerID, shop, other.MerchantID)
			other.Met = slices.DeleteFunc(other.Met, func(m meeting) bool { return m.With == shop })
		}
	}
}

// part takes an account out of what two shops have in common.
func (b *trackBook) part(buyer BuyerID, shop, other MerchantID) {
	pair := b.pair(pairOf(shop, other))
	pair.Common--
	pair.Recent = slices.DeleteFunc(pair.Recent, func(id BuyerID) bool { return id == buyer })
	if pair.Common == 0 {
		b.market.Pairs--
		b.changedMarket = true
	}
}

// takeBack takes the credit back that a shop has and gave for an account, with those others that with selects. What came
// from a shop that was revoked is gone already.
func (b *trackBook) takeBack(account *accountRecord, own *accountShop, with func(MerchantID) bool) {
	for i := range own.Met {
		met := &own.Met[i]
		if other := account.shop(met.With); other != nil && with(met.With) {
			b.uncredit(own, met.With, met.Got)
			b.uncredit(other, own.MerchantID, met.Gave)
			met.Got, met.Gave = 0, 0
		}
	}
	for i := range account.Shops {
		other := &account.Shops[i]
		if !with(other.MerchantID) {
			continue
		}
		for j := range other.Met {
			if met := &other.Met[j]; met.With == own.MerchantID {
				b.uncredit(other, own.MerchantID, met.Got)
				b.uncredit(own, other.MerchantID, met.Gave)
				met.Got, met.Gave = 0, 0
			}
		}
	}
}

func (b *trackBook) uncredit(shop *accountShop, from MerchantID, amount Millionths) {
	if amount == 0 {
		return
	}
	shop.Credit -= amount
	if b.shop(from).Revoked {
		return
	}
	b.changeShop(shop.MerchantID).Credit -= amount
	*b.pair(pairOf(shop.MerchantID, from)).lent(shop.MerchantID) -= amount
}

// overturned counts a tag that was overturned on appeal: what the shops gave each other credit for was no merit.
func (b *trackBook) overturned(shop MerchantID, buyer BuyerID) {
	account, record := b.account(buyer), b.changeShop(shop)
	record.OverturnedTags++
	own := account.shop(shop)
	if own == nil {
		record.Overturned++
		return
	}
	if own.Overturned++; own.Overturned == 1 {
		record.Overturned++
	}
	b.takeBack(account, own, func(MerchantID) bool { return true })
}

// rejected counts a tag that a reviewer rejected (1), or a rejection that was taken back (-1).
func (b *trackBook) rejected(shop MerchantID, buyer BuyerID, by int) {
	account, record := b.account(buyer), b.changeShop(shop)
	record.RejectedTags += by
	own := account.shop(shop)
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

// reassign gives a shop's report to another entity; shops of one entity bear each other out of nothing.
func (b *trackBook) reassign(shop MerchantID, buyer BuyerID, entity EntityID) {
	account := b.account(buyer)
	own := account.shop(shop)
	if own == nil {
		return
	}
	own.EntityID = entity
	b.takeBack(account, own, func(other MerchantID) bool { return account.shop(other).EntityID == entity })
}

// forget takes the credit back that a revoked shop gave the other shop of a pair.
func (b *trackBook) forget(pair *pairRecord, revoked MerchantID) {
	other := pair.A
	if other == revoked {
		other = pair.B
	}
	lent := b.pair(shopPair{pair.A, pair.B}).lent(other)
	b.changeShop(other).Credit -= *lent
	*lent = 0
}
