package cloudtag

import (
	"context"
	"maps"
)

// Exports for the tests of this package, which are in an external package because they need a store.

const (
	ReasonLostThreshold = reasonLostThreshold
	UpkeepPage          = upkeepPage
)

func EncodeCursor(list string, position Position) Cursor { return encodeCursor(list, position) }

func DecodeCursor(list string, cursor Cursor, field string) (Position, error) {
	return decodeCursor(list, cursor, field)
}

func (r PageRequest) Slice(list string) (Slice, error) { return r.slice(list) }

func (a Action) IsWork() bool { return a.isWork() }

func (a Appeal) Document() Document { return appealCodec().Document(a) }

func (r Revocation) Document() Document { return revocationCodec().Document(r) }

// SaveRestriction stores a new restriction as it is.
func SaveRestriction(ctx context.Context, store DocumentStore, restriction Restriction) error {
	return restrictionCodec().Save(ctx, store, nil, restriction, Entry{})
}

func (p Proposal) Check() error { return p.check() }

func (m Merchant) Fault() (Text, bool) { return m.problem() }

func SignalNames() map[string]Text { return signalNames }

// WeighRecords hands a file the records of shops as they are.
func (f *CaseFile) WeighRecords(records map[MerchantID]TrackRecord) {
	f.weigh(maps.Clone(records), nil)
}

// FoldLog makes the records of shops from a whole log, in memory.
func FoldLog(entries []Entry) (map[MerchantID]TrackRecord, error) {
	book := newTrackBook()
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
	records := map[MerchantID]TrackRecord{}
	for id, record := range book.shops {
		records[id] = *record
	}
	return records, nil
}

// SaveLinkedPair stores a pair that has shown to be linked.
func SaveLinkedPair(ctx context.Context, store DocumentStore, pair LinkedPair) error {
	record := pairRecord{Version: 1, A: pair.A, B: pair.B, Common: pair.Common, LinkedAt: pair.At, Evidence: pair.PairCounts}
	return store.SaveDocument(ctx, pairRecordCodec().Document(record), nil)
}
