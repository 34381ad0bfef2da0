package cloudtag

import (
	"slices"
	"time"
)

// linkLasts is how long a link holds after it was last significant.
const linkLasts = 180 * 24 * time.Hour

// Link is one side of a linked pair, with the evidence of when it was last significant.
type Link struct {
	With     MerchantID `json:"with"`
	Common   int        `json:"common"`
	Own      int        `json:"own"`    // accounts of the shop itself
	Theirs   int        `json:"theirs"` // … of the other
	Accounts int        `json:"accounts"`
	Pairs    int        `json:"pairs"`
	At       time.Time  `json:"at"`
}

// LinkHolds reports whether a pair of shops that was last significant at a time still counts as linked at another: a link
// expires with time, and is not dropped by what the shops do otherwise.
func LinkHolds(linkedAt, now time.Time) bool {
	return !linkedAt.IsZero() && now.Sub(linkedAt) < linkLasts
}

// ShopLink is a link of a shop.
type ShopLink struct {
	Shop MerchantID
	Link
}

// LinksAmong returns the links, as of a time, of which both shops are given: each once, with the lesser shop as Shop, by Shop,
// then With.
func LinksAmong(records map[MerchantID]TrackRecord, shops []MerchantID, now time.Time) []ShopLink {
	var links []ShopLink
	for _, shop := range slices.Compact(slices.Sorted(slices.Values(shops))) {
		for _, link := range records[shop].Links {
			if link.With > shop && slices.Contains(shops, link.With) && LinkHolds(link.At, now) {
				links = append(links, ShopLink{shop, link})
			}
		}
	}
	return links
}
