package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/vetting"
)

// vettings converts proposals that were read together, in order.
func (v *view) vettings(found []vetting.Proposal) []*model.Vetting {
	merchants := v.merchantBatch(func() []cloudtag.MerchantID {
		return distinct(found, func(p vetting.Proposal) cloudtag.MerchantID { return p.MerchantID })
	})
	converted := make([]*model.Vetting, len(found))
	for i, p := range found {
		converted[i] = &model.Vetting{Proposal: p, CanDecide: p.MayDecide(v.caller), Merchants: merchants}
	}
	return converted
}

// vettingPayload converts a changed proposal, or a refusal.
func (v *view) vettingPayload(proposal vetting.Proposal, failure error) (*model.VettingPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.VettingPayload{UserErrors: userErrors}
	if failure == nil {
		payload.Vetting = v.vettings([]vetting.Proposal{proposal})[0]
	}
	return payload, nil
}

// shopRecords returns the loader of shops' track records; every shop has one, which may be empty.
func (v *view) shopRecords(ids []cloudtag.MerchantID) *model.Batch[cloudtag.MerchantID, *model.ShopRecord] {
	return model.NewBatch(func(ctx context.Context) (map[cloudtag.MerchantID]*model.ShopRecord, error) {
		found, err := v.Collusion.Records(ctx, v.caller, ids)
		if err != nil {
			return nil, err
		}
		policy, err := v.Policies.Find(ctx, v.caller, 0)
		if err != nil {
			return nil, err
		}
		shares := model.NewBatch(func(ctx context.Context) (map[cloudtag.MerchantID]cloudtag.TagShare, error) {
			return v.Collusion.TagShares(ctx, v.caller, ids)
		})
		records := make(map[cloudtag.MerchantID]*model.ShopRecord, len(ids))
		for _, id := range ids {
			track, known := found[id]
			if !known {
				track.MerchantID = id
			}
			records[id] = shopRecord(track, policy.OverturnedWeight, shares)
		}
		return records, nil
	})
}

func shopRecord(
	r cloudtag.TrackRecord, overturnedWeight int, shares *model.Batch[cloudtag.MerchantID, cloudtag.TagShare],
) *model.ShopRecord {
	return &model.ShopRecord{
		TrackRecord: r, Credit: r.Credit.Share(), Trust: r.Trust().Share(), Weight: r.Weight(overturnedWeight).Share(),
		OverturnedShare: r.OverturnedShare().Share(), Shares: shares,
	}
}

// shopSignals converts the signals of a shop.
func (v *view) shopSignals(record cloudtag.TrackRecord, share cloudtag.TagShare) []*model.ShopSignal {
	signals := collusion.ShopSignals(record, share, v.now)
	converted := make([]*model.ShopSignal, len(signals))
	for i, signal := range signals {
		converted[i] = &model.ShopSignal{Localizer: v.Localizer, ShopSignal: signal}
	}
	return converted
}

// reportedAccounts converts the accounts that a shop reported, with the outcomes.
func (v *view) reportedAccounts(found []collusion.ReportedAccount) []*model.ReportedAccount {
	merchants := v.merchantBatch(func() []cloudtag.MerchantID {
		var ids []cloudtag.MerchantID
		for _, account := range found {
			ids = append(ids, account.BorneOutBy...)
		}
		return distinct(ids, func(id cloudtag.MerchantID) cloudtag.MerchantID { return id })
	})
	converted := make([]*model.ReportedAccount, len(found))
	for i, account := range found {
		converted[i] = &model.ReportedAccount{ReportedAccount: account, Credit: account.Credit.Share(), Merchants: merchants}
	}
	return converted
}
