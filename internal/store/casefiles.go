package store

import (
	"context"
	"errors"
	"slices"

	"cloudtag/internal/cloudtag"
)

// openedFile is a case file with the tags that are to be added to it.
type openedFile struct {
	*cloudtag.CaseFile
	tags []cloudtag.Tag
}

// refsOfCases is what files are opened from, but for the live tags.
func (s *Store) refsOfCases(ids []cloudtag.CaseID) []Ref {
	buyers := make([]cloudtag.BuyerID, len(ids))
	for i, id := range ids {
		_, buyers[i], _ = id.Parts()
	}
	refs := append(refsOf(s.kinds.Cases, ids), refsOf(s.kinds.Risks, buyers)...)
	return append(refs, Ref{s.kinds.Policies, currentPolicy})
}

// openFiles opens the files of the cases that tags belong to, in the order of the first tag of each.
func (s *Store) openFiles(tx Tx, records map[Ref]any, tags []cloudtag.Tag) ([]*openedFile, error) {
	ids, byCase := cloudtag.GroupByCase(tags)
	return s.open(tx, records, ids, byCase)
}

// open opens the files of cases. records holds what [Store.refsOfCases] names.
func (s *Store) open(tx Tx, records map[Ref]any, ids []cloudtag.CaseID, added map[cloudtag.CaseID][]cloudtag.Tag) ([]*openedFile, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	current := found[policyRecord](records, s.kinds.Policies, currentPolicy)
	if current == nil {
		return nil, errors.New("store: no policy is stored")
	}
	live, err := s.liveTags(tx.Get, records, ids)
	if err != nil {
		return nil, err
	}
	policy := current.Policy
	files := make([]*openedFile, len(ids))
	for i, id := range ids {
		var stored *cloudtag.Case
		if record := found[caseRecord](records, s.kinds.Cases, string(id)); record != nil {
			stored = &record.Case
		}
		_, buyer, _ := id.Parts()
		var risk *cloudtag.RiskProfile
		if record := found[riskRecord](records, s.kinds.Risks, string(buyer)); record != nil {
			risk = &record.RiskProfile
		}
		files[i] = &openedFile{CaseFile: cloudtag.OpenCaseFile(id, stored, live[id], &policy, risk), tags: added[id]}
	}
	return files, s.link(tx, files)
}

// liveTags returns the live tags of cases that were read, in the order of their records.
func (s *Store) liveTags(get func(...Ref) (map[Ref]any, error), records map[Ref]any, ids []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	var orders []cloudtag.OrderNo
	for _, id := range ids {
		if record := found[caseRecord](records, s.kinds.Cases, string(id)); record != nil {
			orders = append(orders, record.LiveTags...)
		}
	}
	live := make(map[cloudtag.CaseID][]cloudtag.Tag, len(ids))
	if len(orders) == 0 {
		return live, nil
	}
	tags, err := get(refsOf(s.kinds.Tags, orders)...)
	if err != nil {
		return nil, err
	}
	for _, order := range orders {
		if tag := found[cloudtag.Tag](tags, s.kinds.Tags, string(order)); tag != nil && tag.Live {
			live[tag.CaseID()] = append(live[tag.CaseID()], *tag)
		}
	}
	return live, nil
}

// link tells files which of their shops are linked, if the policy asks for that: those whose tags are live, or are about
// to be added, or can be brought back by taking a decision back.
func (s *Store) link(tx Tx, files []*openedFile) error {
	if !files[0].WantsLinks() {
		return nil
	}
	shops := make([][]cloudtag.MerchantID, len(files))
	var all []cloudtag.MerchantID
	for i, file := range files {
		added := file.tags
		if undo := file.Case.Undo; undo != nil {
			added = slices.Concat(added, undo.Tags)
		}
		shops[i] = file.Shops()
		for _, tag := range added {
			shops[i] = append(shops[i], tag.MerchantID)
		}
		all = append(all, shops[i]...)
	}
	records, err := tx.Get(refsOf(s.kinds.Links, all)...)
	if err != nil {
		return err
	}
	for i, file := range files {
		file.Link(s.linksAmong(records, shops[i]))
	}
	return nil
}

// putFiles stores what became of files: cases, tags, and the entries of all of them by time.
func (s *Store) putFiles(tx Tx, files []*openedFile) error {
	var entries []cloudtag.Entry
	var tags []cloudtag.Tag
	for _, file := range files {
		change, changed := file.Change()
		if !changed {
			continue
		}
		record := &caseRecord{Case: change.Case}
		for _, tag := range file.LiveTags() {
			record.LiveTags = append(record.LiveTags, tag.OrderNo)
		}
		tx.Put(s.kinds.Cases, record)
		tags = append(append(tags, change.Added...), change.Changed...)
		entries = append(entries, change.Entries...)
	}
	if err := s.countTags(tx, tags); err != nil {
		return err
	}
	for _, tag := range tags {
		tx.Put(s.kinds.Tags, &tag)
	}
	slices.SortStableFunc(entries, func(a, b cloudtag.Entry) int { return a.At.Compare(b.At) })
	tx.Append(entries...)
	return nil
}

// Amend changes one case.
func (s *Store) Amend(ctx context.Context, id cloudtag.CaseID, edit func(*cloudtag.CaseFile) error) (after cloudtag.Case, err error) {
	err = s.engine.Update(ctx, "amend a case", func(tx Tx) error {
		ids := []cloudtag.CaseID{id}
		records, err := tx.Get(s.refsOfCases(ids)...)
		if err != nil {
			return err
		}
		if found[caseRecord](records, s.kinds.Cases, string(id)) == nil {
			return cloudtag.NotFound()
		}
		files, err := s.open(tx, records, ids, nil)
		if err != nil {
			return err
		}
		file := files[0]
		if err := edit(file.CaseFile); err != nil {
			return err
		}
		after = file.Case
		if change, changed := file.Change(); changed {
			after = change.Case
		}
		return s.putFiles(tx, files)
	})
	if err != nil {
		return cloudtag.Case{}, err
	}
	return after, nil
}
