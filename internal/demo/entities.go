package demo

import (
	"cmp"
	"slices"

	"cloudtag/internal/cloudtag"
)

// pairedShops is how many of the shops with the most tags are considered for entities of two shops each. Only shops that
// never tagged the same account are paired, so that the votes stay those of the data set.
const pairedShops = 40

// assignEntities pairs shops under a common entity, named after the one with more tags.
func (m *Market) assignEntities() {
	orders := make(map[cloudtag.OrderNo]cloudtag.Order, len(m.Orders))
	for _, order := range m.Orders {
		orders[order.OrderNo] = order
	}
	buyers := make(map[cloudtag.MerchantID]map[cloudtag.BuyerID]bool)
	for _, tag := range m.Tags {
		order := orders[tag.OrderNo]
		if buyers[order.MerchantID] == nil {
			buyers[order.MerchantID] = make(map[cloudtag.BuyerID]bool)
		}
		buyers[order.MerchantID][order.BuyerID] = true
	}
	shops := make([]cloudtag.MerchantID, 0, len(buyers))
	for shop := range buyers {
		shops = append(shops, shop)
	}
	slices.SortFunc(shops, func(a, b cloudtag.MerchantID) int {
		return cmp.Or(cmp.Compare(len(buyers[b]), len(buyers[a])), cmp.Compare(a, b))
	})
	entities := make(map[cloudtag.MerchantID]cloudtag.EntityID)
	for i, shop := range shops[:pairedShops] {
		if _, paired := entities[shop]; paired {
			continue
		}
		for _, other := range shops[i+1 : pairedShops] {
			if _, paired := entities[other]; !paired && disjoint(buyers[shop], buyers[other]) {
				entity := cloudtag.EntityID("e" + string(shop)[1:])
				entities[shop], entities[other] = entity, entity
				break
			}
		}
	}
	for i, merchant := range m.Merchants {
		if entity, paired := entities[merchant.ID]; paired {
			m.Merchants[i].EntityID = entity
		}
	}
}

func disjoint(a, b map[cloudtag.BuyerID]bool) bool {
	for buyer := range a {
		if b[buyer] {
			return false
		}
	}
	return true
}
