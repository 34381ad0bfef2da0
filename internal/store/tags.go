package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"cloudtag/internal/cloudtag"
)

// TagsByOrder returns tags by order number.
func (s *Store) TagsByOrder(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	return find(ctx, s, s.kinds.Tags, orders, itself[cloudtag.Tag])
}

// TagsOf returns a shop's tags by order number, as OrdersOf returns orders.
func (s *Store) TagsOf(ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	found, err := s.TagsByOrder(ctx, orders)
	maps.DeleteFunc(found, func(_ cloudtag.OrderNo, tag cloudtag.Tag) bool { return tag.MerchantID != merchant })
	return found, err
}

// LiveTags returns the live tags of each case, by SubmittedAt, then order number. A case may change between the read of the
// cases and that of their tags: tags that are no longer live then are left out.
func (s *Store) LiveTags(ctx context.Context, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	get := s.getter(ctx)
	records, err := get(refsOf(s.kinds.Cases, cases)...)
	if err != nil {
		return nil, err
	}
	live, err := s.liveTags(get, records, cases)
	for _, tags := range live {
		slices.SortFunc(tags, compareSubmission)
	}
	return live, err
}

func compareSubmission(a, b cloudtag.Tag) int {
	return cmp.Or(a.SubmittedAt.Compare(b.SubmittedAt), cmp.Compare(a.OrderNo, b.OrderNo))
}

// LiveCasesOf returns up to limit cases, after a case, in which a shop has live tags, by identifier.
func (s *Store) LiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	var ids []cloudtag.CaseID
	for more := true; more && len(ids) < limit; {
		var page []cloudtag.CaseID
		var err error
		page, more, err = list(ctx, s, Query{
			Kind: s.kinds.Tags, Index: byLive, Equal: []any{string(merchant)}, Sort: "liveCase",
			Above: bound(string(after) + "\x00"), Limit: max(limit, scanPage),
		}, (*cloudtag.Tag).CaseID)
		if err != nil {
			return nil, err
		}
		ids = append(ids, slices.Compact(page)...)
		if len(ids) > 0 {
			after = ids[len(ids)-1]
		}
	}
	return ids[:min(limit, len(ids))], nil
}

// CountLiveCasesOf counts the cases in which a shop has live tags.
func (s *Store) CountLiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID) (int, error) {
	count := 0
	var after cloudtag.CaseID
	for {
		ids, err := s.LiveCasesOf(ctx, merchant, after, scanPage)
		if err != nil {
			return 0, err
		}
		if count += len(ids); len(ids) < scanPage {
			return count, nil
		}
		after = ids[len(ids)-1]
	}
}

// scanPage is the page size of scans over many records.
const scanPage = 1000

// TagsByCase visits all tags, case by case, in the order of the cases' identifiers.
func (s *Store) TagsByCase(ctx context.Context, visit func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error) error {
	query := Query{Kind: s.kinds.Cases, Limit: scanPage / 10}
	for more := true; more; {
		var cases []*caseRecord
		var err error
		if cases, more, err = list(ctx, s, query, func(c *caseRecord) *caseRecord { return c }); err != nil {
			return err
		}
		if err := s.visitCases(ctx, cases, visit); err != nil {
			return err
		}
		if more {
			query.Above = &Position{ID: string(cases[len(cases)-1].ID)}
		}
	}
	return ctx.Err()
}

func (s *Store) visitCases(ctx context.Context, cases []*caseRecord, visit func(cloudtag.CaseID, []cloudtag.Tag, *cloudtag.RiskProfile) error) error {
	tags, err := s.tagsOfCases(ctx, cases)
	if err != nil {
		return err
	}
	risks, err := s.Risks(ctx, mapSlice(cases, func(c *caseRecord) cloudtag.BuyerID { return c.BuyerID }))
	if err != nil {
		return err
	}
	for _, c := range cases {
		var risk *cloudtag.RiskProfile
		if profile, known := risks[c.BuyerID]; known {
			risk = &profile
		}
		if err := visit(c.ID, tags[c.ID], risk); err != nil {
			return err
		}
	}
	return nil
}

// tagsOfCases returns all tags of each case, by SubmittedAt, then order number.
func (s *Store) tagsOfCases(ctx context.Context, cases []*caseRecord) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	var orders []cloudtag.OrderNo
	for _, c := range cases {
		orders = append(append(orders, c.LiveTags...), c.PastTags...)
	}
	found, err := s.TagsByOrder(ctx, orders)
	tags := make(map[cloudtag.CaseID][]cloudtag.Tag, len(cases))
	for _, tag := range found {
		tags[tag.CaseID()] = append(tags[tag.CaseID()], tag)
	}
	for _, of := range tags {
		slices.SortFunc(of, compareSubmission)
	}
	return tags, err
}

// tagQuery chooses the index for a filter and an order.
func (s *Store) tagQuery(filter cloudtag.TagFilter, order cloudtag.TagOrder) Query {
	query := Query{Kind: s.kinds.Tags, Sort: "submittedAt"}
	changed := order == cloudtag.TagsByStatusChangedDesc
	if changed {
		query.Sort = "statusChangedAt"
	}
	statuses := anyOf(filter.Statuses...)
	switch {
	case filter.MerchantID != "":
		query.Index, query.Equal = byMerchant, []any{string(filter.MerchantID)}
		if changed {
			query.Index = byMerchantChanged
		}
	case len(statuses) > 0 && !slices.Contains(filter.Statuses, cloudtag.TagAccumulating):
		query.Index, query.AnyOf, statuses = bySettled, statuses, nil
		if changed {
			query.Index = bySettledChanged
		}
	case changed:
		query.Index = byChanged
	default:
		query.Index = bySubmitted
	}
	if len(statuses) > 0 {
		query.Where = append(query.Where, Condition{Field: "status", AnyOf: statuses})
	}
	if filter.Scenario != "" {
		query.Where = append(query.Where, Condition{Field: "scenario", AnyOf: anyOf(filter.Scenario)})
	}
	query.between("submittedAt", after(filter.SubmittedAfter), before(filter.SubmittedBefore))
	return query
}

// TagPage returns the matching tags of a slice, in order.
func (s *Store) TagPage(ctx context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice) ([]cloudtag.Tag, bool, error) {
	descending := order != cloudtag.TagsBySubmittedAsc
	if byKey(filter) {
		tags, err := s.tagsByKey(ctx, filter)
		page, more := pageAmong(tags, descending, slice, order.PositionOf)
		return page, more, err
	}
	return page(ctx, s, s.tagQuery(filter, order), descending, slice, itself[cloudtag.Tag])
}

// byKey reports whether a filter names orders or an account, whose tags are all read by key.
func byKey(filter cloudtag.TagFilter) bool { return len(filter.OrderNos) > 0 || filter.BuyerID != "" }

// tagsByKey returns the matching tags of the filter's orders, or else of its account's cases.
func (s *Store) tagsByKey(ctx context.Context, filter cloudtag.TagFilter) ([]cloudtag.Tag, error) {
	orders := filter.OrderNos
	if len(orders) == 0 {
		records, err := s.engine.Get(ctx, refsOf(s.kinds.Cases, caseIDsOf(filter.BuyerID)))
		if err != nil {
			return nil, err
		}
		for _, record := range records {
			orders = slices.Concat(orders, record.(*caseRecord).LiveTags, record.(*caseRecord).PastTags)
		}
	}
	named, err := s.TagsByOrder(ctx, orders)
	var tags []cloudtag.Tag
	for _, tag := range named {
		if filter.Matches(tag) {
			tags = append(tags, tag)
		}
	}
	return tags, err
}

// CountTags counts the matching tags, up to limit.
func (s *Store) CountTags(ctx context.Context, filter cloudtag.TagFilter, limit int) (int, error) {
	if byKey(filter) {
		tags, err := s.tagsByKey(ctx, filter)
		return min(limit, len(tags)), err
	}
	query := s.tagQuery(filter, cloudtag.TagsBySubmittedDesc)
	query.Limit = limit
	return s.engine.Count(ctx, query)
}
