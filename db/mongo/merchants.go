package mongo

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// merchantDoc is a shop.
type merchantDoc struct {
	ID         string    `bson:"_id"`
	Head       rowHead   `bson:",inline"`
	Name       string    `bson:"name"`
	Entity     string    `bson:"entity"`
	Permission string    `bson:"permission"`
	CreatedAt  time.Time `bson:"createdAt"`
	Recount    bool      `bson:"recount,omitempty"` // its entity changed, and not all its cases were recounted
}

func (d *merchantDoc) head() *rowHead { return &d.Head }

func (d *merchantDoc) key() string { return d.ID }

func (d *merchantDoc) domain() cloudtag.Merchant {
	return cloudtag.Merchant{
		ID: cloudtag.MerchantID(d.ID), Name: d.Name, EntityID: cloudtag.EntityID(d.Entity),
		Permission: cloudtag.Permission(d.Permission), CreatedAt: d.CreatedAt.UTC(),
	}
}

func newMerchantDoc(m cloudtag.Merchant, recount bool) *merchantDoc {
	return &merchantDoc{
		ID: string(m.ID), Name: m.Name, Entity: string(m.EntityID), Permission: string(m.Permission),
		CreatedAt: m.CreatedAt, Recount: recount,
	}
}

func (s *Store) merchantDocs(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]*merchantDoc, error) {
	docs, err := findByKeys[*merchantDoc](ctx, s, s.merchants, "_id", ids)
	byID := make(map[cloudtag.MerchantID]*merchantDoc, len(docs))
	for _, doc := range docs {
		byID[cloudtag.MerchantID(doc.ID)] = doc
	}
	return byID, err
}

// Merchants returns shops by identifier.
func (s *Store) Merchants(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	docs, err := s.merchantDocs(ctx, ids)
	if err != nil {
		return nil, explain("read shops", err)
	}
	found := make(map[cloudtag.MerchantID]cloudtag.Merchant, len(docs))
	for id, doc := range docs {
		found[id] = doc.domain()
	}
	return found, nil
}

// merchantQuery selects the shops of a filter. They are few beside tags, and are walked along their _id.
func merchantQuery(filter cloudtag.MerchantFilter) bson.D {
	query := bson.D{}
	if filter.Permission != "" {
		query = append(query, bson.E{Key: "permission", Value: string(filter.Permission)})
	}
	if filter.Search != "" {
		part := bson.Regex{Pattern: eitherCase(filter.Search)}
		query = append(query, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "_id", Value: part}}, bson.D{{Key: "name", Value: part}},
		}})
	}
	return query
}

// eitherCase is a pattern for a text that takes the letters of ASCII, and no others, in either case.
func eitherCase(text string) string {
	var pattern strings.Builder
	for _, r := range text {
		switch upper, lower := r&^0x20, r|0x20; {
		case lower >= 'a' && lower <= 'z':
			pattern.WriteString("[" + string(upper) + string(lower) + "]")
		default:
			pattern.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return pattern.String()
}

// MerchantPage returns a page of the shops that match.
func (s *Store) MerchantPage(
	ctx context.Context, filter cloudtag.MerchantFilter, slice cloudtag.Slice,
) ([]cloudtag.Merchant, bool, error) {
	query, direction := merchantQuery(filter), 1
	between := bson.D{}
	if slice.After != nil {
		between = append(between, bson.E{Key: "$gt", Value: slice.After.ID})
	}
	if slice.Before != nil {
		between = append(between, bson.E{Key: "$lt", Value: slice.Before.ID})
	}
	if len(between) > 0 {
		query = append(query, bson.E{Key: "_id", Value: between})
	}
	if slice.Backward {
		direction = -1
	}
	docs, err := findAll[*merchantDoc](ctx, s, s.merchants, query,
		options.Find().SetSort(sorting(direction, "_id")).SetLimit(int64(slice.Limit)+1))
	if err != nil {
		return nil, false, explain("read a page of shops", err)
	}
	more := len(docs) > slice.Limit
	docs = docs[:min(len(docs), slice.Limit)]
	if slice.Backward {
		slices.Reverse(docs)
	}
	merchants := make([]cloudtag.Merchant, len(docs))
	for i, doc := range docs {
		merchants[i] = doc.domain()
	}
	return merchants, more, nil
}

// CountMerchants counts the shops that match.
func (s *Store) CountMerchants(ctx context.Context, filter cloudtag.MerchantFilter, limit int) (int, error) {
	if err := s.usable(ctx); err != nil {
		return 0, explain("count shops", err)
	}
	count, err := s.merchants.CountDocuments(ctx, merchantQuery(filter), options.Count().SetLimit(int64(limit)))
	return int(count), explain("count shops", err)
}

// PutMerchants stores shops.
func (s *Store) PutMerchants(
	ctx context.Context, merchants []cloudtag.Merchant,
	entryFor func(before *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry,
) ([]cloudtag.PutResult, error) {
	put := &rowPut[*merchantDoc]{store: s, into: s.merchants, keys: make([]string, len(merchants))}
	for i, merchant := range merchants {
		put.keys[i] = string(merchant.ID)
	}
	put.fold = func(stored **merchantDoc, rows []int) (*merchantDoc, []cloudtag.Entry) {
		var before *cloudtag.Merchant
		recount := false
		if stored != nil {
			known := (*stored).domain()
			before, recount = &known, (*stored).Recount
		}
		var told []cloudtag.Entry
		for _, i := range rows {
			after := merchants[i]
			if before != nil {
				after.Permission, after.CreatedAt = before.Permission, before.CreatedAt
				if after == *before {
					put.results[i] = cloudtag.PutUnchanged
					continue
				}
				recount = recount || after.EntityID != before.EntityID
			}
			put.results[i] = cloudtag.PutStored
			told = append(told, entryFor(before, after))
			before = &after
		}
		return newMerchantDoc(*before, recount), told
	}
	if err := put.run(ctx); err != nil {
		return nil, explain("store shops", err)
	}
	return put.results, nil
}

// SetPermission changes what a shop may do.
func (s *Store) SetPermission(
	ctx context.Context, merchant cloudtag.MerchantID, permission cloudtag.Permission, entry cloudtag.Entry,
) error {
	put := &rowPut[*merchantDoc]{store: s, into: s.merchants, keys: []string{string(merchant)}}
	var refusal error
	put.fold = func(stored **merchantDoc, _ []int) (*merchantDoc, []cloudtag.Entry) {
		switch {
		case stored == nil:
			refusal = cloudtag.NotFound()
			return nil, nil
		case (*stored).Permission == string(cloudtag.PermissionRevoked):
			refusal = cloudtag.Refuse(cloudtag.CodeInvalidState, cloudtag.Text{
				ZH: "该店铺的权限已被永久取消，不能再更改。",
				EN: "The shop's permission was revoked for good and can't be changed.",
			})
			return nil, nil
		}
		next := **stored
		next.Permission = string(permission)
		return &next, []cloudtag.Entry{entry}
	}
	if err := put.run(ctx); err != nil {
		return explain("set a shop's permission", err)
	}
	return refusal
}

// MerchantsToRecount returns the shops whose entity changed.
func (s *Store) MerchantsToRecount(ctx context.Context, limit int) ([]cloudtag.Merchant, error) {
	docs, err := findAll[*merchantDoc](ctx, s, s.merchants, bson.D{{Key: "recount", Value: true}},
		options.Find().SetSort(ascending("_id")).SetLimit(int64(limit)))
	merchants := make([]cloudtag.Merchant, len(docs))
	for i, doc := range docs {
		merchants[i] = doc.domain()
	}
	return merchants, explain("read the shops to recount", err)
}

// MerchantRecounted takes the mark away while the entity is still the one that was counted.
func (s *Store) MerchantRecounted(ctx context.Context, merchant cloudtag.MerchantID, entity cloudtag.EntityID) error {
	return explain("mark a shop as recounted", s.write(ctx, "unmark a shop", func(ctx context.Context) error {
		_, err := s.merchants.UpdateOne(ctx, bson.D{
			{Key: "_id", Value: string(merchant)}, {Key: "entity", Value: string(entity)}, {Key: "recount", Value: true},
		}, unset("recount"))
		return err
	}))
}

// MerchantCounts counts shops' tags by status.
func (s *Store) MerchantCounts(
	ctx context.Context, ids []cloudtag.MerchantID,
) (map[cloudtag.MerchantID]cloudtag.MerchantCounts, error) {
	counts := make(map[cloudtag.MerchantID]cloudtag.MerchantCounts)
	for i := 0; i < len(ids) || i == 0; i += keysAtOnce {
		groups, err := s.countStatuses(ctx, ids[i:min(len(ids), i+keysAtOnce)])
		if err != nil {
			return nil, explain("count the tags of shops", err)
		}
		for _, group := range groups {
			count := counts[cloudtag.MerchantID(group.ID.Merchant)]
			count.Add(cloudtag.TagStatus(group.ID.Status), group.Count)
			counts[cloudtag.MerchantID(group.ID.Merchant)] = count
		}
	}
	return counts, nil
}

// statusCount is how many tags of a shop have a status.
type statusCount struct {
	ID struct {
		Merchant string `bson:"merchant"`
		Status   string `bson:"status"`
	} `bson:"_id"`
	Count int `bson:"count"`
}

func (s *Store) countStatuses(ctx context.Context, ids []cloudtag.MerchantID) ([]statusCount, error) {
	if err := s.usable(ctx); err != nil || len(ids) == 0 {
		return nil, err
	}
	cursor, err := s.tags.Aggregate(ctx, driver.Pipeline{
		{{Key: "$match", Value: append(bson.D{{Key: "merchant", Value: anyOf(uniqueNames(ids))}}, carried()...)}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{{Key: "merchant", Value: "$merchant"}, {Key: "status", Value: "$status"}}},
			{Key: "count", Value: bson.D{{Key: "$sum", Value: 1}}},
		}}},
	})
	if err != nil {
		return nil, err
	}
	var groups []statusCount
	return groups, cursor.All(ctx, &groups)
}

func (s *Store) recoverMerchants(ctx context.Context, before time.Time) (int, error) {
	return recoverRows[*merchantDoc](ctx, s, s.merchants, before)
}
