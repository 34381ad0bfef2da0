package graphtest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// The part of Memory that keeps documents and linked pairs, and counts the queue.

// SaveDocument implements [cloudtag.DocumentStore].
func (m *Memory) SaveDocument(_ context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	unlock, err := m.open("SaveDocument")
	defer unlock()
	if err != nil {
		return err
	}
	key := string(document.Kind) + "/" + document.ID
	if m.documents[key].Version != document.Version-1 {
		return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{})
	}
	for other, taken := range m.documents {
		if document.Unique != "" && taken.Unique == document.Unique && taken.Kind == document.Kind && other != key {
			return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{})
		}
	}
	m.documents[key] = document
	m.append(entries...)
	return nil
}

// Documents implements [cloudtag.DocumentStore].
func (m *Memory) Documents(_ context.Context, kind cloudtag.DocumentKind, ids []string) (map[string]cloudtag.Document, error) {
	unlock, err := m.open("Documents")
	defer unlock()
	found := map[string]cloudtag.Document{}
	for _, id := range ids {
		if document, known := m.documents[string(kind)+"/"+id]; known {
			found[id] = document
		}
	}
	return found, err
}

// DocumentPage implements [cloudtag.DocumentStore].
func (m *Memory) DocumentPage(_ context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, slice cloudtag.Slice) ([]cloudtag.Document, bool, error) {
	unlock, err := m.open("DocumentPage")
	defer unlock()
	documents, more := page(m.documentsMatching(kind, filter), false, slice, cloudtag.Document.Position)
	return documents, more, err
}

// CountDocuments implements [cloudtag.DocumentStore].
func (m *Memory) CountDocuments(_ context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, limit int) (int, error) {
	unlock, err := m.open("CountDocuments")
	defer unlock()
	return min(limit, len(m.documentsMatching(kind, filter))), err
}

func (m *Memory) documentsMatching(kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter) []cloudtag.Document {
	return matching(m.documents, func(d cloudtag.Document) bool { return d.Kind == kind && filter.Matches(d) })
}

// DocumentsOfBuyers implements [cloudtag.DocumentStore].
func (m *Memory) DocumentsOfBuyers(_ context.Context, kind cloudtag.DocumentKind, buyers []cloudtag.BuyerID, limit int) (map[cloudtag.BuyerID][]cloudtag.Document, error) {
	unlock, err := m.open("DocumentsOfBuyers")
	defer unlock()
	found := map[cloudtag.BuyerID][]cloudtag.Document{}
	for _, buyer := range buyers {
		of := m.documentsMatching(kind, cloudtag.DocumentFilter{BuyerID: buyer})
		if documents, _ := page(of, false, cloudtag.Slice{Limit: limit}, cloudtag.Document.Position); len(documents) > 0 {
			found[buyer] = documents
		}
	}
	return found, err
}

// WakingDocuments implements [cloudtag.DocumentStore].
func (m *Memory) WakingDocuments(_ context.Context, kind cloudtag.DocumentKind, asOf time.Time, limit int) ([]cloudtag.Document, error) {
	unlock, err := m.open("WakingDocuments")
	defer unlock()
	var found []cloudtag.Document
	for _, d := range m.documents {
		if d.Kind == kind && !d.WakeAt.IsZero() && !d.WakeAt.After(asOf) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b cloudtag.Document) int { return cmp.Or(a.WakeAt.Compare(b.WakeAt), cmp.Compare(a.ID, b.ID)) })
	return found[:min(limit, len(found))], err
}

// CountLiveCasesOf implements [cloudtag.TagReader].
func (m *Memory) CountLiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID) (int, error) {
	ids, err := m.LiveCasesOf(ctx, merchant, "", 1<<30)
	return len(ids), err
}

// CaseIDs implements [cloudtag.CaseReader].
func (m *Memory) CaseIDs(_ context.Context, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	unlock, err := m.open("CaseIDs")
	defer unlock()
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(m.cases)), func(id cloudtag.CaseID) bool { return id <= after })
	return ids[:min(limit, len(ids))], err
}

// TagsByCase implements [cloudtag.TagReader]. The visitor may use the store.
func (m *Memory) TagsByCase(_ context.Context, visit func(cloudtag.CaseID, []cloudtag.Tag, *cloudtag.RiskProfile) error) error {
	unlock, err := m.open("TagsByCase")
	byCase, risks := map[cloudtag.CaseID][]cloudtag.Tag{}, maps.Clone(m.risks)
	for _, tag := range m.tags {
		byCase[tag.CaseID()] = append(byCase[tag.CaseID()], tag)
	}
	unlock()
	for _, id := range slices.Sorted(maps.Keys(byCase)) {
		slices.SortFunc(byCase[id], func(a, b cloudtag.Tag) int {
			return cmp.Or(a.SubmittedAt.Compare(b.SubmittedAt), cmp.Compare(a.OrderNo, b.OrderNo))
		})
		var risk *cloudtag.RiskProfile
		_, buyer, _ := id.Parts()
		if profile, known := risks[buyer]; known {
			risk = &profile
		}
		if err := visit(id, byCase[id], risk); err != nil {
			return err
		}
	}
	return err
}

// Meet implements [cloudtag.PairStore].
func (m *Memory) Meet(_ context.Context, merchant cloudtag.MerchantID, buyer cloudtag.BuyerID, _ time.Time, limit int) ([]cloudtag.PairCounts, error) {
	unlock, err := m.open("Meet")
	defer unlock()
	if !slices.Contains(m.meetings[buyer], merchant) {
		m.meetings[buyer] = append(m.meetings[buyer], merchant)
	}
	tagged := func(shops ...cloudtag.MerchantID) (count int) {
		for _, met := range m.meetings {
			if !slices.ContainsFunc(shops, func(shop cloudtag.MerchantID) bool { return !slices.Contains(met, shop) }) {
				count++
			}
		}
		return count
	}
	var pairs []cloudtag.PairCounts
	for _, other := range m.meetings[buyer] {
		if other == merchant || len(pairs) == limit {
			continue
		}
		a, b := min(merchant, other), max(merchant, other)
		pairs = append(pairs, cloudtag.PairCounts{A: a, B: b, Common: tagged(a, b), BuyersOfA: tagged(a), BuyersOfB: tagged(b), Buyers: len(m.meetings)})
	}
	return pairs, err
}

// SaveLinkedPair implements [cloudtag.PairStore].
func (m *Memory) SaveLinkedPair(_ context.Context, pair cloudtag.LinkedPair) error {
	unlock, err := m.open("SaveLinkedPair")
	defer unlock()
	m.links[[2]cloudtag.MerchantID{pair.A, pair.B}] = pair
	return err
}

// DropLinkedPair implements [cloudtag.PairStore].
func (m *Memory) DropLinkedPair(_ context.Context, a, b cloudtag.MerchantID) error {
	unlock, err := m.open("DropLinkedPair")
	defer unlock()
	delete(m.links, [2]cloudtag.MerchantID{a, b})
	return err
}

// LinkedPairs implements [cloudtag.PairStore].
func (m *Memory) LinkedPairs(_ context.Context, shops []cloudtag.MerchantID, limit int) ([]cloudtag.LinkedPair, error) {
	unlock, err := m.open("LinkedPairs")
	defer unlock()
	var pairs []cloudtag.LinkedPair
	for _, pair := range m.links {
		if len(pairs) < limit && (shops == nil || slices.Contains(shops, pair.A) && slices.Contains(shops, pair.B)) {
			pairs = append(pairs, pair)
		}
	}
	return pairs, err
}

// CountPending implements [cloudtag.CaseReader].
func (m *Memory) CountPending(_ context.Context, dueBefore time.Time) (int, error) {
	unlock, err := m.open("CountPending")
	defer unlock()
	count := 0
	for _, c := range m.cases {
		if c.Handling == cloudtag.HandlingPending && c.DueAt.Before(dueBefore) {
			count++
		}
	}
	return count, err
}

// CountClaimed implements [cloudtag.CaseReader].
func (m *Memory) CountClaimed(_ context.Context, now time.Time) (int, error) {
	unlock, err := m.open("CountClaimed")
	defer unlock()
	count := 0
	for _, c := range m.cases {
		if c.Handling == cloudtag.HandlingPending && c.Claimed(now) != nil {
			count++
		}
	}
	return count, err
}

// CountActions implements [cloudtag.LogReader].
func (m *Memory) CountActions(_ context.Context, action cloudtag.Action, since time.Time) (int, error) {
	unlock, err := m.open("CountActions")
	defer unlock()
	count := 0
	for _, entry := range m.log {
		if entry.Action == action && !entry.At.Before(since) {
			count++
		}
	}
	return count, err
}

// linksOf returns the linked pairs among the shops of a file.
func (m *Memory) linksOf(file *cloudtag.CaseFile) []cloudtag.LinkedPair {
	var among []cloudtag.LinkedPair
	shops := file.Shops()
	for _, pair := range m.links {
		if slices.Contains(shops, pair.A) && slices.Contains(shops, pair.B) {
			among = append(among, pair)
		}
	}
	return among
}
