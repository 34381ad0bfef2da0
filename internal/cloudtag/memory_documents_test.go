package cloudtag

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"
)

// The part of memory that keeps documents, and what the platform's services ask of tags and cases.

func (m *memory) SaveDocument(_ context.Context, document Document, entries []Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := string(document.Kind) + "/" + document.ID
	if m.documents[key].Version != document.Version-1 {
		return Refuse(CodeConflict, Text{})
	}
	for other, taken := range m.documents {
		if document.Unique != "" && taken.Unique == document.Unique && taken.Kind == document.Kind && other != key {
			return Refuse(CodeConflict, Text{})
		}
	}
	m.documents[key] = document
	m.append(entries...)
	return nil
}

func (m *memory) Documents(_ context.Context, kind DocumentKind, ids []string) (map[string]Document, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[string]Document{}
	for _, id := range ids {
		if document, known := m.documents[string(kind)+"/"+id]; known {
			found[id] = document
		}
	}
	return found, nil
}

func (m *memory) DocumentPage(_ context.Context, kind DocumentKind, filter DocumentFilter, slice Slice) ([]Document, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Document
	for _, d := range m.documents {
		at := d.Position()
		if d.Kind == kind && filter.Matches(d) && (slice.After == nil || comparePositions(at, *slice.After) > 0) &&
			(slice.Before == nil || comparePositions(at, *slice.Before) < 0) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b Document) int { return comparePositions(a.Position(), b.Position()) })
	limit := min(slice.Limit, len(found))
	if slice.Backward {
		return found[len(found)-limit:], len(found) > limit, nil
	}
	return found[:limit], len(found) > limit, nil
}

func (m *memory) CountDocuments(ctx context.Context, kind DocumentKind, filter DocumentFilter, limit int) (int, error) {
	found, _, err := m.DocumentPage(ctx, kind, filter, Slice{Limit: limit})
	return len(found), err
}

func (m *memory) DocumentsOfBuyers(ctx context.Context, kind DocumentKind, buyers []BuyerID, limit int) (map[BuyerID][]Document, error) {
	found := map[BuyerID][]Document{}
	for _, buyer := range buyers {
		documents, _, err := m.DocumentPage(ctx, kind, DocumentFilter{BuyerID: buyer}, Slice{Limit: limit})
		if err != nil {
			return nil, err
		}
		if len(documents) > 0 {
			found[buyer] = documents
		}
	}
	return found, nil
}

func (m *memory) WakingDocuments(_ context.Context, kind DocumentKind, asOf time.Time, limit int) ([]Document, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Document
	for _, d := range m.documents {
		if d.Kind == kind && !d.WakeAt.IsZero() && !d.WakeAt.After(asOf) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b Document) int { return cmp.Or(a.WakeAt.Compare(b.WakeAt), cmp.Compare(a.ID, b.ID)) })
	return found[:min(limit, len(found))], nil
}

func (m *memory) CountLiveCasesOf(ctx context.Context, merchant MerchantID) (int, error) {
	ids, err := m.LiveCasesOf(ctx, merchant, "", 1<<30)
	return len(ids), err
}

func (m *memory) CaseIDs(_ context.Context, after CaseID, limit int) ([]CaseID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(m.cases)), func(id CaseID) bool { return id <= after })
	return ids[:min(limit, len(ids))], nil
}

func (m *memory) LiveTags(_ context.Context, cases []CaseID) (map[CaseID][]Tag, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[CaseID][]Tag{}
	for _, id := range cases {
		found[id] = m.file(id).LiveTags()
	}
	return found, nil
}

func (m *memory) TagPage(_ context.Context, filter TagFilter, _ TagOrder, slice Slice) ([]Tag, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Tag
	for _, tag := range m.tags {
		if filter.Matches(tag) {
			found = append(found, tag)
		}
	}
	slices.SortFunc(found, compareSubmission)
	limit := min(slice.Limit, len(found))
	return found[:limit], len(found) > limit, nil
}

func (m *memory) TagsByCase(_ context.Context, visit func(CaseID, []Tag, *RiskProfile) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	byCase := map[CaseID][]Tag{}
	for _, tag := range m.tags {
		byCase[tag.CaseID()] = append(byCase[tag.CaseID()], tag)
	}
	for _, id := range slices.Sorted(maps.Keys(byCase)) {
		slices.SortFunc(byCase[id], compareSubmission)
		var risk *RiskProfile
		_, buyer, _ := id.Parts()
		if profile, known := m.risks[buyer]; known {
			risk = &profile
		}
		if err := visit(id, byCase[id], risk); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Meet(_ context.Context, merchant MerchantID, buyer BuyerID, _ time.Time, limit int) ([]PairCounts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.Contains(m.meetings[buyer], merchant) {
		m.meetings[buyer] = append(m.meetings[buyer], merchant)
	}
	tagged := func(shops ...MerchantID) (count int) {
		for _, met := range m.meetings {
			if !slices.ContainsFunc(shops, func(shop MerchantID) bool { return !slices.Contains(met, shop) }) {
				count++
			}
		}
		return count
	}
	var pairs []PairCounts
	for _, other := range m.meetings[buyer] {
		if other == merchant || len(pairs) == limit {
			continue
		}
		a, b := min(merchant, other), max(merchant, other)
		pairs = append(pairs, PairCounts{A: a, B: b, Common: tagged(a, b), BuyersOfA: tagged(a), BuyersOfB: tagged(b), Buyers: len(m.meetings)})
	}
	return pairs, nil
}

func (m *memory) SaveLinkedPair(_ context.Context, pair LinkedPair) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.links[[2]MerchantID{pair.A, pair.B}] = pair
	return nil
}

func (m *memory) DropLinkedPair(_ context.Context, a, b MerchantID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.links, [2]MerchantID{a, b})
	return nil
}

func (m *memory) LinkedPairs(_ context.Context, shops []MerchantID, limit int) ([]LinkedPair, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var pairs []LinkedPair
	for _, pair := range m.links {
		if len(pairs) < limit && (shops == nil || slices.Contains(shops, pair.A) && slices.Contains(shops, pair.B)) {
			pairs = append(pairs, pair)
		}
	}
	return pairs, nil
}

func (m *memory) LogPage(_ context.Context, filter LogFilter, slice Slice) ([]Entry, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Entry
	for _, entry := range m.log {
		if filter.Matches(entry) && (slice.After == nil || entry.Seq > slice.After.Key) && (slice.Before == nil || entry.Seq < slice.Before.Key) {
			found = append(found, entry)
		}
	}
	limit := min(slice.Limit, len(found))
	if slice.Backward {
		return slices.Clone(found[len(found)-limit:]), len(found) > limit, nil
	}
	return slices.Clone(found[:limit]), len(found) > limit, nil
}

func (m *memory) CountLog(context.Context, LogFilter, int) (int, error) { return len(m.log), nil }

func (m *memory) LastSeq(context.Context) (int64, error) { return int64(len(m.log)), nil }

func (m *memory) CountActions(_ context.Context, action Action, since time.Time) (count int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, entry := range m.log {
		if entry.Action == action && !entry.At.Before(since) {
			count++
		}
	}
	return count, nil
}

func (m *memory) CountPending(_ context.Context, dueBefore time.Time) (count int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.cases {
		if c.Handling == HandlingPending && c.DueAt.Before(dueBefore) {
			count++
		}
	}
	return count, nil
}

func (m *memory) CountClaimed(_ context.Context, now time.Time) (count int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.cases {
		if c.Handling == HandlingPending && c.Claimed(now) != nil {
			count++
		}
	}
	return count, nil
}

func (m *memory) CasePage(_ context.Context, filter CaseFilter, order CaseOrder, slice Slice) ([]Case, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Case
	for _, id := range slices.Sorted(maps.Keys(m.cases)) {
		if filter.Matches(m.cases[id]) {
			found = append(found, m.cases[id])
		}
	}
	if order == CasesByDueAsc {
		slices.SortStableFunc(found, func(a, b Case) int { return a.DueAt.Compare(b.DueAt) })
	}
	limit := min(slice.Limit, len(found))
	return found[:limit], len(found) > limit, nil
}

func (m *memory) CountCases(ctx context.Context, filter CaseFilter, limit int) (int, error) {
	found, _, err := m.CasePage(ctx, filter, "", Slice{Limit: limit})
	return len(found), err
}

func (m *memory) CountTags(ctx context.Context, filter TagFilter, limit int) (int, error) {
	found, _, err := m.TagPage(ctx, filter, "", Slice{Limit: limit})
	return len(found), err
}
