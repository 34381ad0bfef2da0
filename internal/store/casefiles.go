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
	stored *caseRecord // nil: the case is new
	tags   []cloudtag.Tag
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
	policies := current.timeline()
	files := make([]*openedFile, len(ids))
	for i, id := range ids {
		record := found[caseRecord](records, s.kinds.Cases, string(id))
		var stored *cloudtag.Case
		if record != nil {
			stored = &record.Case
		}
		_, buyer, _ := id.Parts()
		var risk *cloudtag.RiskProfile
		if profile := found[riskRecord](records, s.kinds.Risks, string(buyer)); profile != nil {
			risk = &profile.RiskProfile
		}
		files[i] = &openedFile{CaseFile: cloudtag.OpenCaseFile(id, stored, live[id], &policies, risk), stored: record, tags: added[id]}
	}
	return files, s.weigh(tx, files)
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

// weigh hands files the records of their shops, if the policy asks for them.
func (s *Store) weigh(tx Tx, files []*openedFile) error {
	if !files[0].WantsRecords() {
		return nil
	}
	var refs []Ref
	for _, file := range files {
		for _, id := range file.RecordIDs(file.tags) {
			refs = append(refs, s.recordRef(id))
		}
	}
	records, err := tx.Get(refs...)
	if err != nil {
		return err
	}
	for _, file := range files {
		documents := map[string]cloudtag.Document{}
		for _, id := range file.RecordIDs(file.tags) {
			if ref := s.recordRef(id); records[ref] != nil {
				documents[id] = *found[cloudtag.Document](records, ref.Kind, ref.ID)
			}
		}
		if err := file.Weigh(documents); err != nil {
			return err
		}
	}
	return nil
}

// recordRef is where the record of a shop or an account is.
func (s *Store) recordRef(id string) Ref {
	return Ref{s.kinds.Documents, documentID(cloudtag.KindCollusion, id)}
}

// putFiles stores what became of files: cases, tags, and the entries of all of them by time.
func (s *Store) putFiles(tx Tx, files []*openedFile) error {
	entries := make([]cloudtag.Entry, 0, 2*len(files))
	tags := make([]cloudtag.Tag, 0, len(files))
	for _, file := range files {
		change, changed := file.Change()
		if !changed {
			continue
		}
		tags = append(append(tags, change.Added...), change.Changed...)
		touched := tags[len(tags)-len(change.Added)-len(change.Changed):]
		record := &caseRecord{Case: change.Case}
		record.name(file.stored, file.LiveTags(), touched)
		tx.Put(s.kinds.Cases, record)
		entries = append(entries, change.Entries...)
	}
	if err := s.countTags(tx, tags); err != nil {
		return err
	}
	for i := range tags {
		tx.Put(s.kinds.Tags, &tags[i])
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
