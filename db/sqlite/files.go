package sqlite

import (
	"cmp"
	"fmt"
	"slices"

	"cloudtag/internal/cloudtag"
)

// openedFile is a case file in a job, with what the store has to know beside it.
type openedFile struct {
	*cloudtag.CaseFile
	id      cloudtag.CaseID
	no      int64 // 0 for a case that is not stored yet
	entries []int64
	loaded  []cloudtag.Tag // the live tags there were, and others that changed, as they were
}

// openFiles opens the files of cases, all with a few statements.
func openFiles(w *work, ids []cloudtag.CaseID) ([]*openedFile, error) {
	policy, err := w.policyInForce()
	if err != nil {
		return nil, err
	}
	cases, err := casesWithEntries(w, ids)
	if err != nil {
		return nil, err
	}
	live, err := liveTagsOf(w, cases)
	if err != nil {
		return nil, err
	}
	buyers := make([]cloudtag.BuyerID, len(ids))
	for i, id := range ids {
		_, buyers[i], _ = id.Parts()
	}
	risks, err := readRisks(w, buyers)
	if err != nil {
		return nil, err
	}
	files := make([]*openedFile, len(ids))
	for i, id := range ids {
		file := &openedFile{id: id, loaded: live[id]}
		var stored *cloudtag.Case
		if known, found := cases[id]; found {
			stored, file.no, file.entries = &known.Case, known.no, known.entries
		}
		var risk *cloudtag.RiskProfile
		if profile, found := risks[buyers[i]]; found {
			risk = &profile
		}
		file.CaseFile = cloudtag.OpenCaseFile(id, stored, file.loaded, policy, risk)
		files[i] = file
	}
	return files, nil
}

// weighFile hands a file the records of its shops, if the policy asks for them.
func weighFile(w *work, file *openedFile, added []cloudtag.Tag) error {
	if !file.WantsRecords() {
		return nil
	}
	documents, err := readDocuments(w, cloudtag.KindCollusion, file.RecordIDs(added))
	if err != nil {
		return err
	}
	return file.Weigh(documents)
}

// liveTagsOf returns the live tags of those cases; a job about new cases only has nothing to ask.
func liveTagsOf(w *work, cases map[cloudtag.CaseID]caseWithEntries) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	if len(cases) == 0 {
		return nil, nil
	}
	ids := make([]cloudtag.CaseID, 0, len(cases))
	for id := range cases {
		ids = append(ids, id)
	}
	return readLiveTags(w, ids)
}

// fileChange is what became of a file.
type fileChange struct {
	*openedFile
	after          cloudtag.Case
	added, changed []cloudtag.Tag
}

// loadChanged reads the tags that changed without having been live.
func loadChanged(w *work, changes []*fileChange) error {
	var orders []cloudtag.OrderNo
	for _, change := range changes {
		for _, tag := range change.changed {
			if change.place(tag.OrderNo) < 0 {
				orders = append(orders, tag.OrderNo)
			}
		}
	}
	if len(orders) == 0 {
		return nil
	}
	stored, err := readTags(w, "", orders)
	if err != nil {
		return err
	}
	for _, change := range changes {
		for _, tag := range change.changed {
			if change.place(tag.OrderNo) >= 0 {
				continue
			}
			was, found := stored[tag.OrderNo]
			if !found {
				return fmt.Errorf("case %s changed tag %s, which is not stored", change.id, tag.OrderNo)
			}
			change.loaded = append(change.loaded, was)
		}
	}
	return nil
}

// place returns where a tag is among the loaded ones, -1 when it is not.
func (f *openedFile) place(order cloudtag.OrderNo) int {
	return slices.IndexFunc(f.loaded, func(t cloudtag.Tag) bool { return t.OrderNo == order })
}

// storeFiles stores what became of files: cases, tags, counts, and the entries of all of them by time.
func storeFiles(w *work, files []*openedFile) error {
	changes := make([]*fileChange, 0, len(files))
	entries := make([]logEntry, 0, 3*len(files))
	for _, file := range files {
		change, changed := file.Change()
		if !changed {
			continue
		}
		changes = append(changes, &fileChange{
			openedFile: file, after: change.Case, added: change.Added, changed: change.Changed,
		})
		for _, entry := range change.Entries {
			entries = append(entries, logEntry{Entry: entry, file: file})
		}
	}
	if err := loadChanged(w, changes); err != nil {
		return err
	}
	slices.SortStableFunc(entries, func(a, b logEntry) int { return a.At.Compare(b.At) })
	if err := appendLog(w, entries); err != nil {
		return err
	}
	if err := storeCases(w, changes); err != nil {
		return err
	}
	if err := storeTags(w, changes); err != nil {
		return err
	}
	return countTags(w, changes)
}

// countTags keeps the numbers of tags per shop.
func countTags(w *work, changes []*fileChange) error {
	counts := make(map[cloudtag.MerchantID]*cloudtag.MerchantCounts)
	for _, change := range changes {
		for _, tag := range change.added {
			count(counts, tag, 1)
		}
		for _, tag := range change.changed {
			count(counts, change.loaded[change.place(tag.OrderNo)], -1)
			count(counts, tag, 1)
		}
	}
	merchants := make([]cloudtag.MerchantID, 0, len(counts))
	for merchant, delta := range counts {
		if *delta != (cloudtag.MerchantCounts{}) {
			merchants = append(merchants, merchant)
		}
	}
	slices.SortFunc(merchants, cmp.Compare)
	for _, merchant := range merchants {
		no, err := w.word(string(merchant))
		if err != nil {
			return err
		}
		delta := counts[merchant]
		if err := w.Write("count tags", addToCounts, no,
			int64(delta.Tags), int64(delta.Succeeded), int64(delta.Overturned)); err != nil {
			return err
		}
	}
	return nil
}

const addToCounts = `INSERT INTO merchant_counts (merchant_no, tags, succeeded, overturned) VALUES (?, ?, ?, ?)
	ON CONFLICT (merchant_no) DO UPDATE SET tags = tags + excluded.tags, succeeded = succeeded + excluded.succeeded,
		overturned = overturned + excluded.overturned`

// count adds a tag to, or takes it out of, its shop's numbers.
func count(counts map[cloudtag.MerchantID]*cloudtag.MerchantCounts, tag cloudtag.Tag, by int) {
	shop := counts[tag.MerchantID]
	if shop == nil {
		shop = &cloudtag.MerchantCounts{}
		counts[tag.MerchantID] = shop
	}
	shop.Add(tag.Status, by)
}
