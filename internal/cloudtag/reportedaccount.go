package cloudtag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// ReportedAccount is what came of a shop's reports of one account.
type ReportedAccount struct {
	BuyerID    BuyerID
	At         time.Time    // of the shop's latest tag of it
	Credit     Millionths   // that the shop has from it, 1 at most
	OtherShops int          // that reported it too, of the latest 100
	BorneOutBy []MerchantID // those that gave credit, most first, mostSupporters at most
	Overturned bool         // an appeal overturned a report of the shop
	Rejected   bool         // a reviewer rejected one
}

const (
	reportedAccounts = 20
	reportedTags     = 100 // that are looked at for them
	mostSupporters   = 3
)

// ReportedAccounts returns what came of the latest accounts that a shop reported, the latest first, 20 at most: those of its
// latest 100 tags. FORBIDDEN unless the caller reviews.
func (r *Records) ReportedAccounts(ctx context.Context, caller Caller, shop MerchantID) ([]ReportedAccount, error) {
	if !caller.Reviews() {
		return nil, Forbidden()
	}
	tags, _, err := r.store.TagPage(ctx, TagFilter{MerchantID: shop}, TagsBySubmittedDesc, Slice{Limit: reportedTags})
	if err != nil {
		return nil, fmt.Errorf("read tags: %w", err)
	}
	var reported []ReportedAccount
	var ids []string
	for _, tag := range tags {
		known := slices.ContainsFunc(reported, func(a ReportedAccount) bool { return a.BuyerID == tag.BuyerID })
		if !known && len(reported) < reportedAccounts {
			reported = append(reported, ReportedAccount{BuyerID: tag.BuyerID, At: tag.SubmittedAt})
			ids = append(ids, accountRecordID(tag.BuyerID))
		}
	}
	documents, err := r.store.Documents(ctx, KindCollusion, ids)
	if err != nil {
		return nil, fmt.Errorf("find records of accounts: %w", err)
	}
	for i, id := range ids {
		document, known := documents[id]
		if !known {
			continue // the log is not counted as far yet
		}
		account, err := accountRecordCodec().Record(document)
		if err != nil {
			return nil, err
		}
		reported[i].read(&account, shop)
	}
	return reported, nil
}

// read takes over what an account's record says of a shop's reports.
func (a *ReportedAccount) read(account *accountRecord, shop MerchantID) {
	own := account.shop(shop)
	if own == nil {
		return
	}
	a.Credit, a.Overturned, a.Rejected = own.Credit, own.Overturned > 0, own.Rejected > 0
	given := map[MerchantID]Millionths{}
	for _, met := range own.Met {
		given[met.With] += met.Got
	}
	for _, other := range account.Shops {
		if other.MerchantID == shop {
			continue
		}
		if other.Tags > 0 {
			a.OtherShops++
		}
		for _, met := range other.Met {
			if met.With == shop {
				given[other.MerchantID] += met.Gave
			}
		}
	}
	for other, credit := range given {
		if credit > 0 {
			a.BorneOutBy = append(a.BorneOutBy, other)
		}
	}
	slices.SortFunc(a.BorneOutBy, func(x, y MerchantID) int { return cmp.Or(cmp.Compare(given[y], given[x]), cmp.Compare(x, y)) })
	a.BorneOutBy = a.BorneOutBy[:min(mostSupporters, len(a.BorneOutBy))]
}
