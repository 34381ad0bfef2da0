package store

import (
	"context"
	"errors"
	"slices"

	"cloudtag/internal/cloudtag"
)

// openedFile is a case file with the tags to be added to it.
type openedFile struct {
	*cloudtag.CaseFile
	stored *caseRecord // nil: the case is new
	tags   []cloudtag.Tag
}

// refsOfCases returns the records needed to open case files, except the live tags.
func (s *Store) refsOfCases(ids []cloudtag.CaseID) []Ref {
	refs := append(refsOf(s.kinds.Cases, ids), refsOf(s.kinds.Risks, mapSlice(ids, buyerOf))...)
	return append(refs, Ref{s.kinds.Policies, currentPolicy})
}

func buyerOf(id cloudtag.CaseID) cloudtag.BuyerID {
	_, buyer, _ := id.Parts()
	return buyer
}

// open opens the files of cases with the tags to be added. records must hold those of [Store.refsOfCases].
func (s *Store) open(tx Tx, records map[Ref]any, ids []cloudtag.CaseID, added map[cloudtag.CaseID][]cloudtag.Tag) ([]*openedFile, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	current := found[policyRecord](records, Ref{s.kinds.Policies, currentPolicy})
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
		record := found[caseRecord](records, Ref{s.kinds.Cases, string(id)})
		var stored *cloudtag.Case
		if record != nil {
			stored = &record.Case
		}
		var risk *cloudtag.RiskProfile
		if profile := found[riskRecord](records, Ref{s.kinds.Risks, string(buyerOf(id))}); profile != nil {
			risk = &profile.RiskProfile
		}
		files[i] = &openedFile{CaseFile: cloudtag.OpenCaseFile(id, stored, live[id], &policies, risk), stored: record, tags: added[id]}
	}
	return files, s.weigh(tx, files)
}

// liveTags returns the live tags of cases among records, in the order in which each case lists them.
func (s *Store) liveTags(get getter, records map[Ref]any, ids []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	var orders []cloudtag.OrderNo
	for _, id := range ids {
		if record := found[caseRecord](records, Ref{s.kinds.Cases, string(id)}); record != nil {
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
		if tag := found[cloudtag.Tag](tags, Ref{s.kinds.Tags, string(order)}); tag != nil && tag.Live {
			live[tag.CaseID()] = append(live[tag.CaseID()], *tag)
		}
	}
	return live, nil
}

// weigh passes the track records of shops to files, if the policy uses them.
func (s *Store) weigh(tx Tx, files []*openedFile) error {
	if !files[0].WantsRecords() {
		return nil
	}
	var refs []Ref
	for _, file := range files {
		for _, id := range file.RecordIDs(file.tags) {
			refs = append(refs, s.trackRecordRef(id))
		}
	}
	records, err := tx.Get(refs...)
	if err != nil {
		return err
	}
	for _, file := range files {
		documents := map[string]cloudtag.Document{}
		for _, id := range file.RecordIDs(file.tags) {
			if document := found[cloudtag.Document](records, s.trackRecordRef(id)); document != nil {
				documents[id] = *document
			}
		}
		if err := file.Weigh(documents); err != nil {
			return err
		}
	}
	return nil
}

// trackRecordRef returns the document with the track record of a shop or an account.
func (s *Store) trackRecordRef(id string) Ref {
	return Ref{s.kinds.Documents, documentID(cloudtag.KindCollusion, id)}
}

// putFiles stores the changes of files: cases, tags, and the entries of all of them in the order of time.
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
		record.listTags(file.stored, file.LiveTags(), touched)
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
		if found[caseRecord](records, Ref{s.kinds.Cases, string(id)}) == nil {
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
