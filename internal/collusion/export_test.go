package collusion

import (
	"context"

	"cloudtag/internal/cloudtag"
)

// What the tests of this package, which are outside of it, look at inside of it.

// FoldLog makes the records of shops from a whole log, in memory.
func FoldLog(entries []cloudtag.Entry) (map[cloudtag.MerchantID]cloudtag.TrackRecord, error) {
	book := NewBook()
	for first := 0; first < len(entries); {
		last := first
		for last < len(entries) && entries[last].At.Equal(entries[first].At) {
			last++
		}
		if err := book.foldInstant(entries[first:last]); err != nil {
			return nil, err
		}
		for _, shop := range book.revoked {
			for key, pair := range book.pairs {
				if key.A == shop || key.B == shop {
					book.forget(pair, shop)
				}
			}
		}
		book.revoked, first = nil, last
	}
	records := map[cloudtag.MerchantID]cloudtag.TrackRecord{}
	for id, record := range book.shops {
		records[id] = *record
	}
	return records, nil
}

// SaveLinkedPair stores a pair that has shown to be linked.
func SaveLinkedPair(ctx context.Context, store cloudtag.DocumentStore, pair LinkedPair) error {
	record := pairRecord{Version: 1, A: pair.A, B: pair.B, Common: pair.Common, LinkedAt: pair.At, Evidence: pair.PairCounts}
	return store.SaveDocument(ctx, pairCodec().Document(record), nil)
}
