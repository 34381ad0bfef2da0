package collusion

import (
	"cmp"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

const (
	// comparedShops is the number of shops that reported an account before, the latest ones, with which a new report is
	// compared. It makes the cost of a tag the same for every account.
	comparedShops = 20
	// maxAccountShops bounds an account's record, and with it the cost of a tag. An older shop that reports such an account
	// again counts as new there.
	maxAccountShops = 100
	// laterShare divides the credit of a shop that reports what another shop reported before: joining a case that others
	// opened shows no knowledge of its own. A shop that another one confirms later gets all of it.
	laterShare = 4
	// maxLinks is how many links of a shop are kept, the latest ones.
	maxLinks = 32
)

// report is one tag as the book counts it.
type report struct {
	order    cloudtag.OrderNo
	merchant cloudtag.MerchantID
	entity   cloudtag.EntityID
	buyer    cloudtag.BuyerID
	at       time.Time
}

// compareReports is the order in which reports of one instant count, whatever their order in the log.
func compareReports(a, b report) int {
	return cmp.Or(cmp.Compare(a.buyer, b.buyer), cmp.Compare(a.merchant, b.merchant), cmp.Compare(a.order, b.order))
}

// addReports counts reports of one instant in an order of their own.
func (b *Book) addReports(reports []report) {
	slices.SortFunc(reports, compareReports)
	for _, r := range reports {
		b.add(r)
	}
}

// add counts a tag. The first one of a shop for an account co-occurs with the latest shops that reported the account before.
func (b *Book) add(r report) {
	account, record := b.account(r.buyer), b.changeShop(r.merchant)
	trust := record.Trust()
	record.Tags++
	if own := account.Shop(r.merchant); own != nil {
		own.Tags++
		if own.Tags > 1 {
			return
		}
		*own = cloudtag.AccountShop{MerchantID: r.merchant, Overturned: own.Overturned, Rejected: own.Rejected, Tags: 1}
		moveToEnd(account, r.merchant)
	} else {
		account.Shops = append(account.Shops, cloudtag.AccountShop{MerchantID: r.merchant, Tags: 1})
	}
	if !reportedByOthers(account, r.merchant) {
		b.market.Accounts++
		b.changedMarket = true
	}
	record.Accounts++
	own := account.Shop(r.merchant)
	own.EntityID, own.At = r.entity, r.at
	b.coOccur(account, own, trust)
	if len(account.Shops) > maxAccountShops {
		account.Shops = account.Shops[len(account.Shops)-maxAccountShops:]
	}
}

func moveToEnd(a *cloudtag.AccountRecord, id cloudtag.MerchantID) {
	place := slices.IndexFunc(a.Shops, func(s cloudtag.AccountShop) bool { return s.MerchantID == id })
	moved := a.Shops[place]
	a.Shops = append(slices.Delete(a.Shops, place, place+1), moved)
}

// reportedByOthers reports whether an account has a report of a shop other than one.
func reportedByOthers(a *cloudtag.AccountRecord, id cloudtag.MerchantID) bool {
	return slices.ContainsFunc(a.Shops, func(s cloudtag.AccountShop) bool { return s.MerchantID != id && s.Tags > 0 })
}

// latestOthers returns the indexes of up to comparedShops shops with a report, latest first, without one shop.
func latestOthers(a *cloudtag.AccountRecord, id cloudtag.MerchantID) []int {
	var places []int
	for i := len(a.Shops) - 1; i >= 0 && len(places) < comparedShops; i-- {
		if a.Shops[i].MerchantID != id && a.Shops[i].Tags > 0 {
			places = append(places, i)
		}
	}
	return places
}

// coOccur gives credit for a new report, in both directions, and tests the pairs that it makes. trust is the shop's before the
// report.
func (b *Book) coOccur(account *cloudtag.AccountRecord, own *cloudtag.AccountShop, trust cloudtag.Millionths) {
	others := latestOthers(account, own.MerchantID)
	trusts := make([]cloudtag.Millionths, len(others))
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
		pair.Recent = append(slices.DeleteFunc(pair.Recent, func(id cloudtag.BuyerID) bool { return id == account.BuyerID }), account.BuyerID)
		pair.Recent = pair.Recent[max(0, len(pair.Recent)-comparedShops):]
		both := cloudtag.CoOccurrence{With: other.MerchantID}
		if own.EntityID != other.EntityID {
			// Credit falls with the square of the number of accounts in common: what one shop can do for another is
			// bounded, however often they report together.
			square := cloudtag.Millionths(pair.Common) * cloudtag.Millionths(pair.Common)
			toOther, toOwn := trust/square, trusts[i]/square
			if !own.At.After(other.At) {
				toOther /= laterShare
			}
			if !other.At.After(own.At) {
				toOwn /= laterShare
			}
			both.Gave, both.Got = b.credit(other, pair, toOther), b.credit(own, pair, toOwn)
		}
		own.CoOccurrences = append(own.CoOccurrences, both)
		b.test(pair, own.At)
	}
}

// credit adds to the probability that a report is true the probability with which another shop's report confirms it, and
// returns the difference.
func (b *Book) credit(shop *cloudtag.AccountShop, pair *pairRecord, confirmed cloudtag.Millionths) cloudtag.Millionths {
	more := (cloudtag.Whole - shop.Credit) * confirmed / cloudtag.Whole
	if more > 0 {
		shop.Credit += more
		*pair.lent(shop.MerchantID) += more
		b.changeShop(shop.MerchantID).Credit += more
	}
	return more
}

// test links a pair if it is significant now.
func (b *Book) test(pair *pairRecord, at time.Time) {
	counts := PairCounts{
		A: pair.A, B: pair.B, Common: pair.Common,
		BuyersOfA: b.shop(pair.A).Accounts, BuyersOfB: b.shop(pair.B).Accounts, Buyers: b.market.Accounts, Pairs: b.market.Pairs,
	}
	if !counts.Linked() {
		return
	}
	if !cloudtag.LinkHolds(pair.LinkedAt, at) {
		b.newLinks = append(b.newLinks, shopPair{pair.A, pair.B})
	}
	if at.After(pair.LinkedAt) {
		pair.LinkedAt = at
	}
	b.link(pair, counts)
}

// link stores the evidence of a pair with the pair and with both shops.
func (b *Book) link(pair *pairRecord, evidence PairCounts) {
	pair.Evidence = evidence
	link := cloudtag.Link{
		With: pair.B, Common: evidence.Common, Own: evidence.BuyersOfA, Theirs: evidence.BuyersOfB, Accounts: evidence.Buyers,
		Pairs: evidence.Pairs, At: pair.LinkedAt,
	}
	putLink(b.changeShop(pair.A), link)
	link.With, link.Own, link.Theirs = pair.A, link.Theirs, link.Own
	putLink(b.changeShop(pair.B), link)
}

// putLink keeps the newest evidence of a link, and the latest links if there are too many.
func putLink(r *cloudtag.TrackRecord, link cloudtag.Link) {
	place, known := slices.BinarySearchFunc(r.Links, link.With, func(l cloudtag.Link, with cloudtag.MerchantID) int { return cmp.Compare(l.With, with) })
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

// withdraw removes one tag of a shop; the last one for an account takes the co-occurrences with it.
func (b *Book) withdraw(shop cloudtag.MerchantID, buyer cloudtag.BuyerID) {
	account := b.account(buyer)
	own := account.Shop(shop)
	if own == nil || own.Tags == 0 {
		return
	}
	record := b.changeShop(shop)
	record.Tags--
	if own.Tags--; own.Tags > 0 {
		return
	}
	record.Accounts--
	if !reportedByOthers(account, shop) {
		b.market.Accounts--
		b.changedMarket = true
	}
	b.takeBack(account, own, func(cloudtag.MerchantID) bool { return true })
	for _, both := range own.CoOccurrences {
		b.part(account.BuyerID, shop, both.With)
	}
	own.CoOccurrences = nil
	for i := range account.Shops {
		other := &account.Shops[i]
		if slices.ContainsFunc(other.CoOccurrences, func(m cloudtag.CoOccurrence) bool { return m.With == shop }) {
			b.part(account.BuyerID, shop, other.MerchantID)
			other.CoOccurrences = slices.DeleteFunc(other.CoOccurrences, func(m cloudtag.CoOccurrence) bool { return m.With == shop })
		}
	}
}

// part removes an account from those that two shops have in common.
func (b *Book) part(buyer cloudtag.BuyerID, shop, other cloudtag.MerchantID) {
	pair := b.pair(pairOf(shop, other))
	pair.Common--
	pair.Recent = slices.DeleteFunc(pair.Recent, func(id cloudtag.BuyerID) bool { return id == buyer })
	if pair.Common == 0 {
		b.market.Pairs--
		b.changedMarket = true
	}
}

// takeBack removes the credit that a shop has and gave for an account, from and to those other shops that with selects. The
// credit from a revoked shop has been removed already.
func (b *Book) takeBack(account *cloudtag.AccountRecord, own *cloudtag.AccountShop, with func(cloudtag.MerchantID) bool) {
	for i := range own.CoOccurrences {
		both := &own.CoOccurrences[i]
		if other := account.Shop(both.With); other != nil && with(both.With) {
			b.uncredit(own, both.With, both.Got)
			b.uncredit(other, own.MerchantID, both.Gave)
			both.Got, both.Gave = 0, 0
		}
	}
	for i := range account.Shops {
		other := &account.Shops[i]
		if !with(other.MerchantID) {
			continue
		}
		for j := range other.CoOccurrences {
			if both := &other.CoOccurrences[j]; both.With == own.MerchantID {
				b.uncredit(other, own.MerchantID, both.Got)
				b.uncredit(own, other.MerchantID, both.Gave)
				both.Got, both.Gave = 0, 0
			}
		}
	}
}

func (b *Book) uncredit(shop *cloudtag.AccountShop, from cloudtag.MerchantID, amount cloudtag.Millionths) {
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

// forget takes back the credit that a revoked shop gave the other shop of a pair.
func (b *Book) forget(pair *pairRecord, revoked cloudtag.MerchantID) {
	other := pair.otherThan(revoked)
	lent := b.pair(shopPair{pair.A, pair.B}).lent(other)
	b.changeShop(other).Credit -= *lent
	*lent = 0
}
