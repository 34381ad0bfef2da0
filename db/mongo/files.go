package mongo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// openFile is a case file with the document it was made of.
type openFile struct {
	*cloudtag.CaseFile
	id     string
	stored *caseDoc // nil: the case is new
	risk   int64    // revision of the risk profile, 0 without one
	next   caseDoc  // what is to be stored, once planned
}

// openFiles opens the files of cases. What an earlier change of a case still has to spread is spread first. Risk and
// policy are read after the cases: whoever changes a case later knows at least the risk and the policy that it was
// last decided by. added are the tags that the edit will add to each.
func (s *Store) openFiles(
	ctx context.Context, ids []cloudtag.CaseID, added map[cloudtag.CaseID][]cloudtag.Tag,
) ([]*openFile, error) {
	docs, err := findByKeys[caseDoc](ctx, s, s.cases, "_id", ids)
	if err != nil {
		return nil, err
	}
	stored := make(map[string]*caseDoc, len(docs))
	for i := range docs {
		stored[docs[i].ID] = &docs[i]
	}
	if err := s.spreadCases(ctx, docs); err != nil {
		return nil, err
	}
	buyers := make([]cloudtag.BuyerID, len(ids))
	for i, id := range ids {
		_, buyers[i], _ = id.Parts()
	}
	risks, err := s.riskDocs(ctx, buyers)
	if err != nil {
		return nil, err
	}
	policy, err := s.currentPolicy(ctx)
	if err != nil {
		return nil, err
	}
	files := make([]*openFile, len(ids))
	for i, id := range ids {
		files[i] = newOpenFile(id, stored[string(id)], &policy, risks[buyers[i]])
	}
	return files, s.weighFiles(ctx, files, added)
}

// weighFiles hands the files the records of their shops, if the policy asks for them.
func (s *Store) weighFiles(ctx context.Context, files []*openFile, added map[cloudtag.CaseID][]cloudtag.Tag) error {
	var ids []string
	for _, file := range files {
		if !file.WantsRecords() { // the policy is the same for all
			return nil
		}
		ids = append(ids, file.RecordIDs(added[cloudtag.CaseID(file.id)])...)
	}
	documents, err := s.Documents(ctx, cloudtag.KindCollusion, ids)
	if err != nil {
		return err
	}
	for _, file := range files {
		of := make(map[string]cloudtag.Document, len(ids))
		for _, id := range file.RecordIDs(added[cloudtag.CaseID(file.id)]) {
			if document, found := documents[id]; found {
				of[id] = document
			}
		}
		if err := file.Weigh(of); err != nil {
			return err
		}
	}
	return nil
}

func newOpenFile(id cloudtag.CaseID, stored *caseDoc, policy *cloudtag.Policy, risk *riskDoc) *openFile {
	file := &openFile{id: string(id), stored: stored}
	var known *cloudtag.Case
	var live []cloudtag.Tag
	if stored != nil {
		c := stored.domain()
		known, live = &c, tagsOf(stored.Live)
	}
	var profile *cloudtag.RiskProfile
	if risk != nil {
		p := risk.domain()
		profile, file.risk = &p, risk.Head.Revision
	}
	file.CaseFile = cloudtag.OpenCaseFile(id, known, live, policy, profile)
	return file
}

// revision is that of the document the file was made of.
func (f *openFile) revision() int64 {
	if f.stored == nil {
		return 0
	}
	return f.stored.Revision
}

// plan makes the document that stores what was edited; changed is false when nothing was. call is the attempt that
// the change is part of, claim the one that its new tags were claimed by.
func (f *openFile) plan(s *Store, call, claim string) (change cloudtag.CaseChange, changed bool) {
	change, changed = f.Change()
	if !changed {
		return change, false
	}
	revision := f.revision() + 1
	claims, revisions := make(map[cloudtag.OrderNo]string), make(map[cloudtag.OrderNo]int64)
	if f.stored != nil {
		for _, tag := range f.stored.Live {
			claims[cloudtag.OrderNo(tag.Order)], revisions[cloudtag.OrderNo(tag.Order)] = tag.Claim, tag.Revision
		}
	}
	for _, tag := range change.Added {
		claims[tag.OrderNo] = claim
	}
	spread := &caseSpread{Since: s.options.Clock.Now(), Call: call, Entries: newEntryDocs(change.Entries), Risk: f.risk}
	for _, tag := range slices.Concat(change.Added, change.Changed) {
		revisions[tag.OrderNo] = revision
		if tag.Live {
			spread.Touched = append(spread.Touched, string(tag.OrderNo))
		} else {
			spread.Gone = append(spread.Gone, newTagDoc(tag, revision, claims[tag.OrderNo]))
		}
	}
	f.next = newCaseDoc(change.Case)
	f.next.Revision, f.next.Spread = revision, spread
	for _, tag := range f.LiveTags() {
		f.next.Live = append(f.next.Live, newTagDoc(tag, revisions[tag.OrderNo], claims[tag.OrderNo]))
	}
	return change, true
}

// storeFile stores one planned file; stored is false when another change got in between.
func (s *Store) storeFile(ctx context.Context, file *openFile) (stored bool, err error) {
	if file.stored == nil {
		err := s.write(ctx, "open a case", func(ctx context.Context) error {
			_, err := s.cases.InsertOne(ctx, file.next)
			return err
		})
		if driver.IsDuplicateKeyError(err) {
			return false, nil
		}
		return err == nil, err
	}
	err = s.write(ctx, "change a case", func(ctx context.Context) error {
		result, err := s.cases.ReplaceOne(ctx, atRevision(file.id, file.stored.Revision), file.next)
		stored = err == nil && result.MatchedCount == 1
		return err
	})
	return stored, err
}

// storeFiles stores planned files, each under its own condition, in as few commands as there are kinds of writes. It
// returns those of which it knows that they are stored; the others have to be looked at one by one.
func (s *Store) storeFiles(ctx context.Context, files []*openFile) (stored []*openFile, err error) {
	var fresh, known []*openFile
	// In one order everywhere, so that commands that meet don't wait for each other in a circle.
	for _, file := range slices.SortedFunc(slices.Values(files), func(a, b *openFile) int { return strings.Compare(a.id, b.id) }) {
		if file.stored == nil {
			fresh = append(fresh, file)
		} else {
			known = append(known, file)
		}
	}
	if len(fresh) > 0 {
		if stored, err = s.insertFiles(ctx, fresh); err != nil {
			return nil, err
		}
	}
	if len(known) == 0 {
		return stored, nil
	}
	models := make([]driver.WriteModel, len(known))
	for i, file := range known {
		models[i] = driver.NewReplaceOneModel().SetFilter(atRevision(file.id, file.stored.Revision)).SetReplacement(file.next)
	}
	var matched int64
	err = s.write(ctx, "change cases", func(ctx context.Context) error {
		result, err := s.cases.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		if result != nil {
			matched = result.MatchedCount
		}
		if gaveWay(err) {
			matched = 0 // some may be stored: they are found by looking
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if matched == int64(len(known)) {
		stored = append(stored, known...)
	}
	return stored, nil
}

func (s *Store) insertFiles(ctx context.Context, files []*openFile) ([]*openFile, error) {
	docs := make([]any, len(files))
	for i, file := range files {
		docs[i] = file.next
	}
	var taken []int
	err := s.write(ctx, "open cases", func(ctx context.Context) error {
		_, err := s.cases.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		if gaveWay(err) {
			for i := range files {
				taken = append(taken, i)
			}
			return nil
		}
		taken, err = duplicates(err)
		return err
	})
	if err != nil {
		return nil, err
	}
	var stored []*openFile
	for i, file := range files {
		if !slices.Contains(taken, i) {
			stored = append(stored, file)
		}
	}
	return stored, nil
}

// spreadCases carries on what changes of cases have to spread: first the tags, so that whoever is told of a change by
// the log sees it, then the entries, then the spread is taken away. Each step can be repeated, by anybody. The
// documents given lose their spread.
func (s *Store) spreadCases(ctx context.Context, docs []caseDoc) error {
	var open []*caseDoc
	for i := range docs {
		if docs[i].Spread != nil {
			open = append(open, &docs[i])
		}
	}
	if len(open) == 0 {
		return nil
	}
	// The order in which they are stored: whoever completes them after a crash tells them in the same.
	slices.SortFunc(open, func(a, b *caseDoc) int {
		return cmp.Or(cmp.Compare(min(a.Revision, 2), min(b.Revision, 2)), strings.Compare(a.ID, b.ID)) // new ones first
	})
	if err := s.spreadTags(ctx, open); err != nil {
		return fmt.Errorf("spread to tags: %w", err)
	}
	changes := make([]*change, len(open))
	for i, doc := range open {
		changes[i] = &change{ids: []string{doc.changeID()}, entries: doc.Spread.Entries}
	}
	changes = slices.DeleteFunc(changes, func(c *change) bool { return len(c.entries) == 0 })
	if err := s.appender.append(ctx, changes); err != nil {
		return fmt.Errorf("append to the log: %w", err)
	}
	if err := s.endSpread(ctx, open); err != nil {
		return fmt.Errorf("end the spread: %w", err)
	}
	return nil
}

// spreadTags brings tags to their new form unless they have a newer one.
func (s *Store) spreadTags(ctx context.Context, docs []*caseDoc) error {
	var tags []tagDoc
	for _, doc := range docs {
		tags = append(tags, doc.spreadTags()...)
	}
	// In one order everywhere, so that commands that meet don't wait for each other in a circle.
	slices.SortFunc(tags, func(a, b tagDoc) int { return strings.Compare(a.Order, b.Order) })
	models := make([]driver.WriteModel, len(tags))
	for i, tag := range tags {
		models[i] = driver.NewReplaceOneModel().SetReplacement(tag).SetFilter(bson.D{
			{Key: "_id", Value: tag.Order}, {Key: "revision", Value: bson.D{{Key: "$lt", Value: tag.Revision}}},
		})
	}
	_, err := s.writeEach(ctx, "change tags", s.tags, models)
	return err
}

// endSpread takes spreads away. A case that was opened while the account's risk changed is to be looked at again at
// once: whoever evaluated the account's cases may not have seen it. Later changes are safe, since an evaluation that
// changes nothing still moves the revision.
func (s *Store) endSpread(ctx context.Context, docs []*caseDoc) error {
	outdated, err := s.openedOnOldRisk(ctx, docs)
	if err != nil {
		return err
	}
	var ends []driver.WriteModel
	for _, doc := range slices.SortedFunc(slices.Values(docs), func(a, b *caseDoc) int { return strings.Compare(a.ID, b.ID) }) {
		if outdated[doc.ID] {
			if err := s.endOutdated(ctx, doc); err != nil {
				return err
			}
			continue
		}
		// The spread of another call, on a document that changed since, stays.
		ends = append(ends, driver.NewUpdateOneModel().SetUpdate(unset("spread")).
			SetFilter(bson.D{{Key: "_id", Value: doc.ID}, {Key: "spread.call", Value: doc.Spread.Call}}))
	}
	if _, err := s.writeEach(ctx, "end the spread of cases", s.cases, ends); err != nil {
		return err
	}
	for _, doc := range docs {
		doc.Spread = nil
	}
	return nil
}

func (s *Store) endOutdated(ctx context.Context, doc *caseDoc) error {
	update := append(unset("spread"), bson.E{Key: "$set", Value: bson.D{{Key: "wakeAt", Value: doc.EvaluatedAt}}})
	return s.write(ctx, "end the spread of a case", func(ctx context.Context) error {
		_, err := s.cases.UpdateOne(ctx, atRevision(doc.ID, doc.Revision), update)
		return err
	})
}

// openedOnOldRisk returns the new cases whose account's risk profile is not the one they were opened on.
func (s *Store) openedOnOldRisk(ctx context.Context, docs []*caseDoc) (map[string]bool, error) {
	var buyers []cloudtag.BuyerID
	for _, doc := range docs {
		if doc.Revision == 1 {
			buyers = append(buyers, cloudtag.BuyerID(doc.Buyer))
		}
	}
	if len(buyers) == 0 {
		return nil, nil
	}
	risks, err := s.riskDocs(ctx, buyers)
	if err != nil {
		return nil, err
	}
	outdated := make(map[string]bool)
	for _, doc := range docs {
		var revision int64
		if risk := risks[cloudtag.BuyerID(doc.Buyer)]; risk != nil {
			revision = risk.Head.Revision
		}
		if doc.Revision == 1 && revision != doc.Spread.Risk {
			outdated[doc.ID] = true
		}
	}
	return outdated, nil
}
