package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// Batch returns the batch stored under a shop's key, completed if it was not yet.
func (s *Store) Batch(ctx context.Context, merchant cloudtag.MerchantID, key string) (cloudtag.Batch, error) {
	if key == "" {
		return cloudtag.Batch{}, cloudtag.NotFound()
	}
	return s.completed(ctx, byID(batchID(merchant, key)))
}

// BatchByID returns the batch of an identifier, completed if it was not yet. History has none.
func (s *Store) BatchByID(ctx context.Context, id cloudtag.BatchID) (cloudtag.Batch, error) {
	return s.completed(ctx, bson.D{{Key: "batch", Value: string(id)}})
}

// completed returns the batch that a filter finds, completed if it was not yet.
func (s *Store) completed(ctx context.Context, filter bson.D) (cloudtag.Batch, error) {
	doc, err := s.findBatch(ctx, filter)
	if err != nil {
		return cloudtag.Batch{}, explain("read a batch", err)
	}
	if doc == nil || doc.Key == "" {
		return cloudtag.Batch{}, cloudtag.NotFound()
	}
	if doc.State == batchDone {
		return doc.domain(), nil
	}
	batch, err := s.complete(ctx, *doc, nil)
	switch cloudtag.CodeOf(err) {
	case cloudtag.CodePermissionRevoked, cloudtag.CodePermissionSuspended:
		return cloudtag.Batch{}, cloudtag.NotFound() // it was refused
	}
	return batch, explain("complete a batch", err)
}

// batchDoc returns a batch document, or nil.
func (s *Store) batchDoc(
	ctx context.Context, id string, opts ...options.Lister[options.FindOneOptions],
) (*batchDoc, error) {
	return s.findBatch(ctx, byID(id), opts...)
}

func (s *Store) findBatch(ctx context.Context, filter bson.D, opts ...options.Lister[options.FindOneOptions]) (*batchDoc, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	var doc batchDoc
	err := s.batches.FindOne(ctx, filter, opts...).Decode(&doc)
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, nil
	}
	return &doc, err
}

// complete brings a batch to its end from wherever it stands. Any number of callers may do so at once. edit is the
// submitter's own, nil for others, who know from the batch who submitted it.
func (s *Store) complete(ctx context.Context, doc batchDoc, edit editTags) (cloudtag.Batch, error) {
	if edit == nil {
		actor := doc.Actor
		edit = func(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
			for _, tag := range tags {
				file.Add(tag, actor)
			}
		}
	}
	for range attempts {
		current, err := s.batchDoc(ctx, doc.ID)
		if err != nil {
			return cloudtag.Batch{}, err
		}
		if current == nil || current.Claim != doc.Claim {
			return s.ended(ctx, doc)
		}
		switch current.State {
		case batchOpen:
			err = s.decide(ctx, *current)
		case batchRefused:
			err = s.takeBack(ctx, *current)
		case batchDecided:
			if err = s.carry(ctx, *current, edit); err == nil {
				return current.domain(), s.endBatch(ctx, *current)
			}
		default:
			return current.domain(), nil
		}
		if err != nil {
			return cloudtag.Batch{}, err
		}
	}
	return cloudtag.Batch{}, errContended
}

// decide claims the orders of an open batch and decides it: by what its shop may do after they were claimed. So
// whoever takes a shop's permission away, and then looks for its claims, finds each or has refused it.
func (s *Store) decide(ctx context.Context, doc batchDoc) error {
	taken, err := s.claimOrders(ctx, doc)
	if err != nil {
		return fmt.Errorf("claim orders: %w", err)
	}
	doc.refuseTaken(taken)
	state := batchDecided
	if !doc.history() {
		shops, err := s.merchantDocs(ctx, []cloudtag.MerchantID{cloudtag.MerchantID(doc.Merchant)})
		if err != nil {
			return err
		}
		if refusalOf(shops[cloudtag.MerchantID(doc.Merchant)]) != nil {
			state = batchRefused
		}
	}
	_, err = s.decideBatch(ctx, doc, state)
	return err
}

// decideBatch ends the open state; decided is false when somebody else did.
func (s *Store) decideBatch(ctx context.Context, doc batchDoc, state string) (decided bool, err error) {
	err = s.write(ctx, "decide a batch", func(ctx context.Context) error {
		result, err := s.batches.UpdateOne(ctx,
			bson.D{{Key: "_id", Value: doc.ID}, {Key: "claim", Value: doc.Claim}, {Key: "state", Value: batchOpen}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: state}, {Key: "results", Value: doc.Results}}}})
		decided = err == nil && result.MatchedCount == 1
		return err
	})
	return decided, err
}

// claimOrders claims every order of a batch that can be had, and returns those that others have.
func (s *Store) claimOrders(ctx context.Context, doc batchDoc) (taken map[string]bool, err error) {
	taken = make(map[string]bool)
	wanted := doc.Tags
	for attempt := range attempts {
		conflicts, err := s.insertClaims(ctx, doc, wanted)
		if err != nil || len(conflicts) == 0 {
			return taken, err
		}
		orders := make([]string, len(conflicts))
		for i, tag := range conflicts {
			orders[i] = tag.Order
		}
		holders, err := findByKeys[claimDoc](ctx, s, s.tags, "_id", orders)
		if err != nil {
			return nil, err
		}
		held := make(map[string]bool)
		for _, holder := range holders {
			held[holder.Order] = true
			if holder.Claim == doc.Claim {
				continue
			}
			abandoned, err := s.freeIfAbandoned(ctx, holder)
			if err != nil {
				return nil, err
			}
			held[holder.Order], taken[holder.Order] = !abandoned, !abandoned
		}
		wanted = slices.DeleteFunc(slices.Clone(conflicts), func(tag tagDoc) bool { return held[tag.Order] })
		if len(wanted) == 0 {
			return taken, nil
		}
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
	}
	return nil, errContended
}

// insertClaims claims the orders of tags, and returns those that have a claim or a tag.
func (s *Store) insertClaims(ctx context.Context, doc batchDoc, tags []tagDoc) (conflicts []tagDoc, err error) {
	if len(tags) == 0 {
		return nil, nil
	}
	tags = slices.SortedFunc(slices.Values(tags), func(a, b tagDoc) int { return strings.Compare(a.Order, b.Order) })
	since := s.options.Clock.Now()
	claims := make([]any, len(tags))
	for i, tag := range tags {
		claims[i] = claimDoc{Order: tag.Order, Claim: doc.Claim, Pending: doc.ID, Since: since}
	}
	var places []int
	err = s.write(ctx, "claim orders", func(ctx context.Context) error {
		_, err := s.tags.InsertMany(ctx, claims, options.InsertMany().SetOrdered(false))
		places, err = duplicates(err)
		return err
	})
	for _, place := range places {
		conflicts = append(conflicts, tags[place])
	}
	return conflicts, err
}

// freeIfAbandoned takes away a claim whose batch has ended without it: a batch that was refused while somebody was
// still claiming for it leaves one. The batch is stored before its first claim, so one that can't be found has ended.
func (s *Store) freeIfAbandoned(ctx context.Context, holder claimDoc) (abandoned bool, err error) {
	if holder.Pending == "" {
		return false, nil
	}
	batch, err := s.batchDoc(ctx, holder.Pending, options.FindOne().SetProjection(
		bson.D{{Key: "claim", Value: 1}, {Key: "state", Value: 1}}))
	if err != nil || batch != nil && batch.Claim == holder.Claim && batch.State != batchRefused {
		return false, err
	}
	// A batch that ended with success has carried its claims: then this one is pending no more.
	return s.removeClaims(ctx, holder.Claim, []string{holder.Order})
}

// removeClaims takes claims away that are not carried yet; gone is false when there was none.
func (s *Store) removeClaims(ctx context.Context, claim string, orders []string) (gone bool, err error) {
	models := make([]driver.WriteModel, len(orders))
	for i, order := range slices.Sorted(slices.Values(orders)) {
		models[i] = driver.NewDeleteOneModel().SetFilter(bson.D{
			{Key: "_id", Value: order}, {Key: "claim", Value: claim}, {Key: "revision", Value: 0},
		})
	}
	result, err := s.writeEach(ctx, "take claims back", s.tags, models)
	return result.DeletedCount > 0, err
}

// takeBack ends a refused batch: first its claims, then itself.
func (s *Store) takeBack(ctx context.Context, doc batchDoc) error {
	if err := s.removeOwnClaims(ctx, doc); err != nil {
		return err
	}
	return s.write(ctx, "remove a refused batch", func(ctx context.Context) error {
		_, err := s.batches.DeleteOne(ctx, bson.D{{Key: "_id", Value: doc.ID}, {Key: "claim", Value: doc.Claim}})
		return err
	})
}

func (s *Store) removeOwnClaims(ctx context.Context, doc batchDoc) error {
	if len(doc.Tags) == 0 {
		return nil
	}
	orders := make([]string, len(doc.Tags))
	for i, tag := range doc.Tags {
		orders[i] = tag.Order
	}
	_, err := s.removeClaims(ctx, doc.Claim, orders)
	return err
}

// ended is the outcome of a batch whose document is gone: history that was completed by somebody else, or a refusal.
func (s *Store) ended(ctx context.Context, doc batchDoc) (cloudtag.Batch, error) {
	if !doc.history() {
		if err := s.removeOwnClaims(ctx, doc); err != nil { // those that came behind the refusal
			return cloudtag.Batch{}, err
		}
		shops, err := s.merchantDocs(ctx, []cloudtag.MerchantID{cloudtag.MerchantID(doc.Merchant)})
		if err != nil {
			return cloudtag.Batch{}, err
		}
		if err := refusalOf(shops[cloudtag.MerchantID(doc.Merchant)]); err != nil {
			return cloudtag.Batch{}, err
		}
		return cloudtag.Batch{}, cloudtag.PermissionSuspended.Refusal() // it may tag again by now
	}
	holders, err := findByKeys[claimDoc](ctx, s, s.tags, "_id", ordersOf(doc.Tags))
	if err != nil {
		return cloudtag.Batch{}, err
	}
	taken := make(map[string]bool)
	for _, holder := range holders {
		taken[holder.Order] = holder.Claim != doc.Claim
	}
	doc.refuseTaken(taken)
	return doc.domain(), nil
}

func ordersOf(tags []tagDoc) []string {
	orders := make([]string, len(tags))
	for i, tag := range tags {
		orders[i] = tag.Order
	}
	return orders
}

// carry takes the accepted tags of a decided batch into their cases, those that are not there yet.
func (s *Store) carry(ctx context.Context, doc batchDoc, edit editTags) error {
	shops, err := s.merchantDocs(ctx, merchantIDs(doc.Merchants))
	if err != nil {
		return err
	}
	refused := make(map[string]bool)
	for _, result := range doc.Results {
		if result.Code == string(cloudtag.CodeAlreadyTagged) {
			refused[result.Order] = true
		}
	}
	accepted := slices.DeleteFunc(tagsOf(doc.Tags), func(tag cloudtag.Tag) bool { return refused[string(tag.OrderNo)] })
	assignEntities(accepted, shops)
	ids, byCase := cloudtag.GroupByCase(accepted)
	for attempt := 0; len(ids) > 0; attempt++ {
		if attempt == attempts {
			return errContended
		}
		if attempt > 0 {
			if err := pause(ctx, attempt); err != nil {
				return err
			}
		}
		if ids, err = s.carryInto(ctx, ids, byCase, doc.Claim, edit); err != nil {
			return fmt.Errorf("change cases: %w", err)
		}
	}
	return nil
}

// carryInto takes claimed tags into their cases, once, and returns the cases that have to be looked at again.
func (s *Store) carryInto(
	ctx context.Context, ids []cloudtag.CaseID, byCase map[cloudtag.CaseID][]cloudtag.Tag, claim string, edit editTags,
) (again []cloudtag.CaseID, err error) {
	unlock, err := s.locks.lock(ctx, names(ids)...)
	if err != nil {
		return nil, err
	}
	defer unlock()
	files, err := s.openFiles(ctx, ids, byCase)
	if err != nil {
		return nil, err
	}
	var tags []cloudtag.Tag
	for _, id := range ids {
		tags = append(tags, byCase[id]...)
	}
	missing, err := s.notCarried(ctx, claim, tags)
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	_, missingByCase := cloudtag.GroupByCase(missing)
	files = slices.DeleteFunc(files, func(file *openFile) bool { return missingByCase[cloudtag.CaseID(file.id)] == nil })
	call := token()
	for _, file := range files {
		edit(file.CaseFile, missingByCase[cloudtag.CaseID(file.id)])
		if _, changed := file.plan(s, call, claim); !changed {
			return nil, fmt.Errorf("the edit left tags of case %s out", file.id)
		}
	}
	stored, err := s.storeFiles(ctx, files)
	if err != nil {
		return nil, err
	}
	ctx, cancel := s.finishing(ctx)
	defer cancel()
	changed := make([]caseDoc, len(stored))
	for i, file := range stored {
		changed[i] = file.next
	}
	for _, file := range files {
		if !slices.Contains(stored, file) {
			again = append(again, cloudtag.CaseID(file.id))
		}
	}
	return again, s.spreadCases(ctx, changed)
}

// notCarried returns the tags that are still mere claims. Asked after their cases were read and spread, it is exact
// for those revisions: a tag that was carried before is no claim any more, one that is carried later moves the revision.
func (s *Store) notCarried(ctx context.Context, claim string, tags []cloudtag.Tag) ([]cloudtag.Tag, error) {
	orders := make([]cloudtag.OrderNo, len(tags))
	for i, tag := range tags {
		orders[i] = tag.OrderNo
	}
	holders, err := findByKeys[claimDoc](ctx, s, s.tags, "_id", orders)
	if err != nil {
		return nil, err
	}
	pending := make(map[string]bool)
	for _, holder := range holders {
		pending[holder.Order] = holder.Claim == claim && holder.Revision == 0
	}
	return slices.DeleteFunc(slices.Clone(tags), func(tag cloudtag.Tag) bool { return !pending[string(tag.OrderNo)] }), nil
}

// endBatch drops what was needed to complete the batch; history drops it whole.
func (s *Store) endBatch(ctx context.Context, doc batchDoc) error {
	own := bson.D{{Key: "_id", Value: doc.ID}, {Key: "claim", Value: doc.Claim}}
	return s.write(ctx, "end a batch", func(ctx context.Context) error {
		if doc.history() {
			_, err := s.batches.DeleteOne(ctx, own)
			return err
		}
		update := append(unset("since", "merchants", "actor", "tags"),
			bson.E{Key: "$set", Value: bson.D{{Key: "state", Value: batchDone}}})
		_, err := s.batches.UpdateOne(ctx, own, update)
		return err
	})
}
