package cloudtag

import (
	"fmt"
	"slices"
)

// The reasons for which the policy can hold a case.
const (
	HoldLinkedPair = "LINKED_PAIR"
	HoldBurst      = "BURST"
	HoldRecord     = "RECORD"     // the votes' weights, by the records of their shops, are too low
	HoldUnanchored = "UNANCHORED" // none of the shops is trusted enough
)

// Weighing is the weights of a case's votes, by the records of their shops, each without the shop's credit from the account
// of the case itself.
type Weighing struct {
	Sum    Millionths   `json:"sum"`    // of the votes' weights
	Mean   Millionths   `json:"mean"`   // of the votes' weights; 0 without votes
	Anchor Millionths   `json:"anchor"` // the highest trust of a shop
	Shops  []ShopWeight `json:"shops"`  // by identifier
}

// ShopWeight is the weight of one shop's votes, with its record.
type ShopWeight struct {
	MerchantID MerchantID `json:"merchantId"`
	Weight     Millionths `json:"weight"`
	Trust      Millionths `json:"trust"`
	Overturned int        `json:"overturned,omitzero"` // accounts
	Rejected   int        `json:"rejected,omitzero"`   // accounts
	Vetted     bool       `json:"vetted,omitzero"`
}

// WeighsRecords reports whether the records of shops can hold a case under the policy.
func (p Policy) WeighsRecords() bool { return p.WeighVotesByRecord || p.HoldUnanchored }

// WantsRecords reports whether an evaluation uses the records of shops, for links or for weights.
func (p Policy) WantsRecords() bool {
	return p.LinkedPairsCountOnce || p.HoldLinkedPairs || p.WeighsRecords()
}

// WantsRecords reports whether the policy uses the records of the case's shops. If so, a store must call [CaseFile.Weigh] with
// the documents of [CaseFile.RecordIDs] before the file is edited.
func (f *CaseFile) WantsRecords() bool { return f.policies.wantsRecords() }

// RecordIDs returns the identifiers of the documents of [KindCollusion] that the file needs: those of the shops whose tags are
// live, are about to be added, or can be restored by an undo, and that of the account.
func (f *CaseFile) RecordIDs(added []Tag) []string {
	shops := f.Shops()
	if undo := f.Case.Undo; undo != nil {
		added = slices.Concat(added, undo.Tags)
	}
	for _, tag := range added {
		shops = append(shops, tag.MerchantID)
	}
	slices.Sort(shops)
	shops = slices.Compact(shops)
	ids := make([]string, 0, len(shops)+1)
	for _, shop := range shops {
		ids = append(ids, ShopRecordID(shop))
	}
	return append(ids, AccountRecordID(f.Case.BuyerID))
}

// Weigh sets the records from the documents of [CaseFile.RecordIDs], some of which may be missing.
func (f *CaseFile) Weigh(documents map[string]Document) error {
	records := make(map[MerchantID]TrackRecord, len(documents))
	var account AccountRecord
	accountID := AccountRecordID(f.Case.BuyerID)
	for id, document := range documents {
		var err error
		if id == accountID {
			account, err = AccountRecordCodec().Record(document)
		} else {
			var record TrackRecord
			record, err = TrackRecordCodec().Record(document)
			records[record.MerchantID] = record
		}
		if err != nil {
			return err
		}
	}
	for id, record := range records {
		records[id] = record.Without(&account)
	}
	f.records = records
	return nil
}

// Shops returns the shops with live tags, in order.
func (f *CaseFile) Shops() []MerchantID {
	shops := make([]MerchantID, len(f.live))
	for i, tag := range f.live {
		shops[i] = tag.MerchantID
	}
	slices.Sort(shops)
	return slices.Compact(shops)
}

// links returns the links of shops that both have live tags.
func (f *CaseFile) links() []ShopLink {
	return LinksAmong(f.records, f.Shops(), f.Case.EvaluatedAt)
}

// hold sets the case's holds.
func (f *CaseFile) hold() {
	f.Case.Holds = nil
	if f.policy.HoldLinkedPairs && len(f.links()) > 0 {
		f.Case.Holds = append(f.Case.Holds, HoldLinkedPair)
	}
	if f.policy.HoldBursts && FindBurst(f.LiveTags(), f.Case.Threshold) != nil {
		f.Case.Holds = append(f.Case.Holds, HoldBurst)
	}
	if f.policy.WeighsRecords() {
		f.weighing = f.weighVotes()
		f.Case.Holds = append(f.Case.Holds, f.weighing.holds(f.policy, f.Case.Votes, f.Case.Threshold)...)
	}
}

// holds returns why votes that reach the threshold do not confirm the case by themselves.
func (w *Weighing) holds(policy *Policy, votes, threshold int) []string {
	if votes < threshold {
		return nil
	}
	var holds []string
	tooLow := w.Sum < Millionths(threshold)*Whole-weightSlack || w.Mean*100 < Millionths(policy.MinMeanWeight)*Whole
	if policy.WeighVotesByRecord && tooLow {
		holds = append(holds, HoldRecord)
	}
	if policy.HoldUnanchored && w.Anchor*100 < Millionths(policy.AnchorFrom)*Whole {
		holds = append(holds, HoldUnanchored)
	}
	return holds
}

// weighVotes computes the weights of the votes. A vote of several shops has the lowest of their weights.
func (f *CaseFile) weighVotes() *Weighing {
	leader := f.leaders()
	weights := map[EntityID]Millionths{}
	weighing := &Weighing{}
	for _, shop := range f.Shops() {
		record := f.records[shop]
		of := ShopWeight{
			MerchantID: shop, Weight: record.Weight(f.policy.OverturnedWeight), Trust: record.Trust(),
			Overturned: record.Overturned, Rejected: record.Rejected, Vetted: record.Vetted,
		}
		weighing.Shops = append(weighing.Shops, of)
		weighing.Anchor = max(weighing.Anchor, of.Trust)
		for _, tag := range f.live {
			if tag.MerchantID != shop {
				continue
			}
			vote := leader[tag.EntityID]
			if lowest, known := weights[vote]; !known || of.Weight < lowest {
				weights[vote] = of.Weight
			}
		}
	}
	for _, weight := range weights {
		weighing.Sum += weight
	}
	if len(weights) > 0 {
		weighing.Mean = weighing.Sum / Millionths(len(weights))
	}
	return weighing
}

// leaders returns, for each entity, the entity as whose vote it counts: itself, unless the policy counts linked shops once.
func (f *CaseFile) leaders() map[EntityID]EntityID {
	entityOf := map[MerchantID]EntityID{}
	leader := map[EntityID]EntityID{}
	for _, tag := range f.live {
		entityOf[tag.MerchantID] = tag.EntityID
		leader[tag.EntityID] = tag.EntityID
	}
	if !f.policy.LinkedPairsCountOnce {
		return leader
	}
	find := func(entity EntityID) EntityID {
		for leader[entity] != entity {
			entity = leader[entity]
		}
		return entity
	}
	for _, link := range f.links() {
		if a, b := find(entityOf[link.Shop]), find(entityOf[link.With]); a != b {
			leader[max(a, b)] = min(a, b)
		}
	}
	for entity := range leader {
		leader[entity] = find(entity)
	}
	return leader
}

// countLinkedOnce counts the entities, those with linked shops once.
func (f *CaseFile) countLinkedOnce() int {
	votes := 0
	for entity, leader := range f.leaders() {
		if entity == leader {
			votes++
		}
	}
	return votes
}

// ShareText formats the amount with up to two decimals, such as 0.5.
func (m Millionths) ShareText() string {
	hundredths := (m + Whole/200) / (Whole / 100)
	text := fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
	for text[len(text)-1] == '0' && text[len(text)-2] != '.' {
		text = text[:len(text)-1]
	}
	return text
}

// Share is the amount as a number.
func (m Millionths) Share() float64 { return float64(m) / float64(Whole) }
