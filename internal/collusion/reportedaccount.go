package collusion

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// ReportedAccount is what became of a shop's reports of one account.
type ReportedAccount struct {
	BuyerID    cloudtag.BuyerID
	At         time.Time             // of the shop's latest tag of it
	Credit     cloudtag.Millionths   // that the shop has from it, 1 at most
	OtherShops int                   // that reported it too, of the latest 100
	BorneOutBy []cloudtag.MerchantID // those that gave credit, most first, mostSupporters at most
	Overturned bool                  // an appeal overturned a report of the shop
	Rejected   bool                  // a reviewer rejected one
}

const (
	reportedAccounts = 20
	reportedTags     = 100 // that are examined for them
	mostSupporters   = 3
)

// ReportedAccounts returns what became of a shop's reports of the latest accounts that it
// reported, the latest first, 20 at most: those of its latest 100 tags. FORBIDDEN unless the caller reviews.
func (s *Service) ReportedAccounts(ctx context.Context, caller cloudtag.Caller, shop cloudtag.MerchantID) ([]ReportedAccount, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	tags, _, err := s.store.TagPage(ctx, cloudtag.TagFilter{MerchantID: shop}, cloudtag.TagsBySubmittedDesc, cloudtag.Slice{Limit: reportedTags})
	if err != nil {
		return nil, fmt.Errorf("read tags: %w", err)
	}
	var reported []ReportedAccount
	var ids []string
	for _, tag := range tags {
		known := slices.ContainsFunc(reported, func(a ReportedAccount) bool { return a.BuyerID == tag.BuyerID })
		if !known && len(reported) < reportedAccounts {
			reported = append(reported, ReportedAccount{BuyerID: tag.BuyerID, At: tag.SubmittedAt})
			ids = append(ids, cloudtag.AccountRecordID(tag.BuyerID))
		}
	}
	documents, err := s.store.Documents(ctx, cloudtag.KindCollusion, ids)
	if err != nil {
		return nil, fmt.Errorf("find records of accounts: %w", err)
	}
	for i, id := range ids {
		document, known := documents[id]
		if !known {
			continue // its tags are not counted yet
		}
		account, err := cloudtag.AccountRecordCodec().Record(document)
		if err != nil {
			return nil, err
		}
		reported[i].read(&account, shop)
	}
	return reported, nil
}

// read sets what an account's record says about a shop's reports.
func (a *ReportedAccount) read(account *cloudtag.AccountRecord, shop cloudtag.MerchantID) {
	own := account.Shop(shop)
	if own == nil {
		return
	}
	a.Credit, a.Overturned, a.Rejected = own.Credit, own.Overturned > 0, own.Rejected > 0
	given := map[cloudtag.MerchantID]cloudtag.Millionths{}
	for _, both := range own.CoOccurrences {
		given[both.With] += both.Got
	}
	for _, other := range account.Shops {
		if other.MerchantID == shop {
			continue
		}
		if other.Tags > 0 {
			a.OtherShops++
		}
		for _, both := range other.CoOccurrences {
			if both.With == shop {
				given[other.MerchantID] += both.Gave
			}
		}
	}
	for other, credit := range given {
		if credit > 0 {
			a.BorneOutBy = append(a.BorneOutBy, other)
		}
	}
	slices.SortFunc(a.BorneOutBy, func(x, y cloudtag.MerchantID) int { return cmp.Or(cmp.Compare(given[y], given[x]), cmp.Compare(x, y)) })
	a.BorneOutBy = a.BorneOutBy[:min(mostSupporters, len(a.BorneOutBy))]
}
