package mongo

import (
	"context"
	"fmt"
	"slices"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"cloudtag/internal/cloudtag"
)

// editTags is how tags are put into a case file.
type editTags func(*cloudtag.CaseFile, []cloudtag.Tag)

// Record stores a submission. Its steps: prepare the changes of the cases, store the batch with all that is needed to
// complete it, claim the orders, ask what the shop may do, decide the batch, carry the tags into their cases, spread,
// end the batch. While nobody else has a hand in it, the changes prepared first are the ones stored; else the batch is
// completed step by step from what is stored, see [Store.complete].
func (s *Store) Record(
	ctx context.Context, submission cloudtag.Submission, edit func(*cloudtag.CaseFile, []cloudtag.Tag),
) (cloudtag.Batch, bool, error) {
	batch, repeated, err := s.record(ctx, submission, edit)
	if err != nil {
		return cloudtag.Batch{}, false, explain("record a batch", err)
	}
	return batch, repeated, nil
}

// recording is one Record under way.
type recording struct {
	s      *Store
	doc    batchDoc
	edit   editTags
	files  []*openFile
	unlock func()
}

func (s *Store) record(ctx context.Context, submission cloudtag.Submission, edit editTags) (cloudtag.Batch, bool, error) {
	shops := shopsOf(submission)
	merchants, err := s.merchantDocs(ctx, shops)
	if err != nil {
		return cloudtag.Batch{}, false, err
	}
	if submission.Batch.Key != "" {
		if refusal := refusalOf(merchants[submission.Batch.MerchantID]); refusal != nil {
			return s.repeatOr(ctx, submission.Batch, refusal)
		}
	}
	tags := slices.Clone(submission.Tags)
	assignEntities(tags, merchants)
	submission.Tags = tags
	r := &recording{s: s, edit: edit}
	if err := r.prepare(ctx, submission, names(shops)); err != nil {
		return cloudtag.Batch{}, false, err
	}
	defer r.unlock()
	err = s.write(ctx, "store a batch", func(ctx context.Context) error {
		_, err := s.batches.InsertOne(ctx, r.doc)
		return err
	})
	if driver.IsDuplicateKeyError(err) {
		r.unlock()
		return s.repeatOr(ctx, submission.Batch, errContended)
	}
	if err != nil {
		return cloudtag.Batch{}, false, err
	}
	ctx, cancel := s.finishing(ctx)
	defer cancel()
	batch, err := r.run(ctx, merchants)
	return batch, false, err
}

// shopsOf are the shops that a submission concerns.
func shopsOf(submission cloudtag.Submission) []cloudtag.MerchantID {
	var ids []cloudtag.MerchantID
	if submission.Batch.Key != "" {
		ids = append(ids, submission.Batch.MerchantID)
	}
	for _, tag := range submission.Tags {
		ids = append(ids, tag.MerchantID)
	}
	return uniqueNames(ids)
}

// refusalOf is why a shop may not tag, or nil.
func refusalOf(shop *merchantDoc) error {
	if shop == nil {
		return cloudtag.NotFound()
	}
	return cloudtag.Permission(shop.Permission).Refusal()
}

func assignEntities(tags []cloudtag.Tag, shops map[cloudtag.MerchantID]*merchantDoc) {
	for i := range tags {
		if shop := shops[tags[i].MerchantID]; shop != nil {
			tags[i].EntityID = cloudtag.EntityID(shop.Entity)
		}
	}
}

// repeatOr completes and returns the batch that has the key; without one, it returns the refusal.
func (s *Store) repeatOr(ctx context.Context, batch cloudtag.Batch, refusal error) (cloudtag.Batch, bool, error) {
	doc, err := s.batchDoc(ctx, batchID(batch.MerchantID, batch.Key))
	if err != nil {
		return cloudtag.Batch{}, false, err
	}
	if doc == nil {
		return cloudtag.Batch{}, false, refusal
	}
	ctx, cancel := s.finishing(ctx)
	defer cancel()
	stored, err := s.complete(ctx, *doc, nil)
	return stored, true, err
}

// prepare opens the files of the cases, has them edited as if every order were free, and makes the batch document.
func (r *recording) prepare(ctx context.Context, submission cloudtag.Submission, shops []string) (err error) {
	ids, byCase := cloudtag.GroupByCase(submission.Tags)
	if r.unlock, err = r.s.locks.lock(ctx, names(ids)...); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			r.unlock()
		}
	}()
	claim := token()
	if len(ids) > 0 {
		if r.files, err = r.s.openFiles(ctx, ids, byCase); err != nil {
			return err
		}
	}
	var actor string
	for _, file := range r.files {
		r.edit(file.CaseFile, byCase[cloudtag.CaseID(file.id)])
		change, _ := file.plan(r.s, claim, claim)
		if actor == "" {
			actor = submitterOf(change)
		}
	}
	r.doc = newBatchDoc(submission, claim, actor, shops, r.s.options.Clock.Now())
	return nil
}

// submitterOf is who submitted the tags of a change, by its own account: with that, others can complete a batch.
func submitterOf(change cloudtag.CaseChange) string {
	for _, entry := range change.Entries {
		if entry.Action == cloudtag.ActionTagSubmitted {
			return entry.Actor
		}
	}
	return ""
}

// run takes the short way as long as what was prepared holds, and the long way from there.
func (r *recording) run(ctx context.Context, prepared map[cloudtag.MerchantID]*merchantDoc) (cloudtag.Batch, error) {
	taken, err := r.s.insertClaims(ctx, r.doc, r.doc.Tags)
	if err != nil {
		return cloudtag.Batch{}, fmt.Errorf("claim orders: %w", err)
	}
	shops, err := r.s.merchantDocs(ctx, merchantIDs(r.doc.Merchants))
	if err != nil {
		return cloudtag.Batch{}, err
	}
	if len(taken) > 0 || !sameShops(prepared, shops) {
		return r.longWay(ctx)
	}
	decided, err := r.s.decideBatch(ctx, r.doc, batchDecided)
	if err != nil || !decided {
		return r.longWayUnless(ctx, err)
	}
	stored, err := r.s.storeFiles(ctx, r.files)
	if err != nil {
		return cloudtag.Batch{}, fmt.Errorf("change cases: %w", err)
	}
	changed := make([]caseDoc, len(stored))
	for i, file := range stored {
		changed[i] = file.next
	}
	if err := r.s.spreadCases(ctx, changed); err != nil {
		return cloudtag.Batch{}, err
	}
	if len(stored) < len(r.files) {
		return r.longWay(ctx)
	}
	r.unlock()
	return r.doc.domain(), r.s.endBatch(ctx, r.doc)
}

func (r *recording) longWayUnless(ctx context.Context, err error) (cloudtag.Batch, error) {
	if err != nil {
		return cloudtag.Batch{}, fmt.Errorf("decide the batch: %w", err)
	}
	return r.longWay(ctx)
}

// longWay completes the batch from what is stored.
func (r *recording) longWay(ctx context.Context) (cloudtag.Batch, error) {
	r.unlock()
	return r.s.complete(ctx, r.doc, r.edit)
}

// sameShops reports whether the shops still are of the entities, and may do, what they did when the changes were
// prepared.
func sameShops(before, after map[cloudtag.MerchantID]*merchantDoc) bool {
	for id, shop := range after {
		known := before[id]
		if known == nil || known.Entity != shop.Entity || known.Permission != shop.Permission {
			return false
		}
	}
	return len(before) == len(after)
}

func merchantIDs(plain []string) []cloudtag.MerchantID {
	ids := make([]cloudtag.MerchantID, len(plain))
	for i, id := range plain {
		ids[i] = cloudtag.MerchantID(id)
	}
	return ids
}
