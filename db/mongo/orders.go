package mongo

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// orderDoc is an order.
type orderDoc struct {
	No             string    `bson:"_id"`
	Head           rowHead   `bson:",inline"`
	Merchant       string    `bson:"merchant"`
	Buyer          string    `bson:"buyer"`
	PlacedAt       time.Time `bson:"placedAt"`
	AmountCents    int64     `bson:"amountCents"`
	Currency       string    `bson:"currency"`
	FreightInsured bool      `bson:"freightInsured"`
	ReportOutcome  string    `bson:"reportOutcome"`
}

func (d *orderDoc) head() *rowHead { return &d.Head }

func (d *orderDoc) key() string { return d.No }

func (d *orderDoc) domain() cloudtag.Order {
	return cloudtag.Order{
		OrderNo: cloudtag.OrderNo(d.No), MerchantID: cloudtag.MerchantID(d.Merchant), BuyerID: cloudtag.BuyerID(d.Buyer),
		PlacedAt: d.PlacedAt.UTC(), AmountCents: d.AmountCents, Currency: d.Currency, FreightInsured: d.FreightInsured,
		ReportOutcome: cloudtag.ReportOutcome(d.ReportOutcome),
	}
}

func newOrderDoc(o cloudtag.Order) *orderDoc {
	return &orderDoc{
		No: string(o.OrderNo), Merchant: string(o.MerchantID), Buyer: string(o.BuyerID), PlacedAt: o.PlacedAt,
		AmountCents: o.AmountCents, Currency: o.Currency, FreightInsured: o.FreightInsured,
		ReportOutcome: string(o.ReportOutcome),
	}
}

// Orders returns orders by number.
func (s *Store) Orders(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	docs, err := findByKeys[*orderDoc](ctx, s, s.orders, "_id", orders)
	return ordersIn(docs), explain("read orders", err)
}

// OrdersOf returns a shop's orders by number.
func (s *Store) OrdersOf(
	ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo,
) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	docs, err := findAmong[*orderDoc](ctx, s, s.orders, "_id", orders, ofShop(merchant))
	return ordersIn(docs), explain("read a shop's orders", err)
}

// OrdersPlaced returns a shop's orders, the latest placed ahead.
func (s *Store) OrdersPlaced(
	ctx context.Context, filter cloudtag.OrderFilter, behind *cloudtag.Position, limit int,
) ([]cloudtag.Order, bool, error) {
	query := ofShop(filter.MerchantID)
	if !filter.PlacedAfter.IsZero() {
		query = append(query, bson.E{Key: "placedAt", Value: bson.D{{Key: "$gt", Value: filter.PlacedAfter}}})
	}
	if !filter.PlacedBefore.IsZero() {
		query = bson.D{{Key: "$and", Value: bson.A{query, bson.D{{Key: "placedAt", Value: bson.D{{Key: "$lt", Value: filter.PlacedBefore}}}}}}}
	}
	if behind != nil {
		at := time.UnixMilli(behind.Key).UTC()
		query = bson.D{{Key: "$and", Value: bson.A{query, bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "placedAt", Value: bson.D{{Key: "$lt", Value: at}}}},
			bson.D{{Key: "placedAt", Value: at}, {Key: "_id", Value: bson.D{{Key: "$lt", Value: behind.ID}}}},
		}}}}}}
	}
	docs, err := findAll[*orderDoc](ctx, s, s.orders, query,
		options.Find().SetSort(sorting(-1, "placedAt", "_id")).SetLimit(int64(limit)+1))
	if err != nil {
		return nil, false, explain("read a shop's orders by time", err)
	}
	more := len(docs) > limit
	orders := make([]cloudtag.Order, min(len(docs), limit))
	for i := range orders {
		orders[i] = docs[i].domain()
	}
	return orders, more, nil
}

// ofShop selects the documents of a shop, or all for no shop.
func ofShop(merchant cloudtag.MerchantID) bson.D {
	if merchant == "" {
		return nil
	}
	return bson.D{{Key: "merchant", Value: string(merchant)}}
}

func ordersIn(docs []*orderDoc) map[cloudtag.OrderNo]cloudtag.Order {
	found := make(map[cloudtag.OrderNo]cloudtag.Order, len(docs))
	for _, doc := range docs {
		found[cloudtag.OrderNo(doc.No)] = doc.domain()
	}
	return found
}

// PutOrders stores orders.
func (s *Store) PutOrders(
	ctx context.Context, orders []cloudtag.Order, entryFor func(before, after cloudtag.Order) cloudtag.Entry,
	entryForNew func(count int) cloudtag.Entry,
) ([]cloudtag.PutResult, error) {
	put := &rowPut[*orderDoc]{store: s, into: s.orders, keys: make([]string, len(orders)), joint: entryForNew}
	for i, order := range orders {
		put.keys[i] = string(order.OrderNo)
	}
	put.fold = func(stored **orderDoc, rows []int) (*orderDoc, []cloudtag.Entry) {
		var before *cloudtag.Order
		if stored != nil {
			known := (*stored).domain()
			before = &known
		}
		var told []cloudtag.Entry
		for _, i := range rows {
			after := orders[i]
			if put.results[i] = after.PutOver(before); put.results[i] != cloudtag.PutStored {
				continue
			}
			if before == nil {
				told = append(told, entryForNew(1)) // told by a recovery; else all new ones are told together
			} else {
				told = append(told, entryFor(*before, after))
			}
			before = &after
		}
		return newOrderDoc(*before), told
	}
	if err := put.run(ctx); err != nil {
		return nil, explain("store orders", err)
	}
	return put.results, nil
}

// Exposures counts buyers' orders and their shops.
func (s *Store) Exposures(
	ctx context.Context, buyers []cloudtag.BuyerID, since time.Time,
) (map[cloudtag.BuyerID]cloudtag.Exposure, error) {
	exposures := make(map[cloudtag.BuyerID]cloudtag.Exposure)
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(uniqueNames(buyers), keysAtOnce) {
		groups, err := s.countOrders(ctx, chunk, since)
		if err != nil {
			return nil, explain("count the orders of buyers", err)
		}
		for _, group := range groups {
			buyer := cloudtag.BuyerID(group.ID.Buyer)
			exposure := exposures[buyer]
			exposure.Orders += group.Count
			exposure.Merchants++
			exposures[buyer] = exposure
		}
	}
	return exposures, nil
}

// orderCount is how many orders a buyer has of a shop.
type orderCount struct {
	ID struct {
		Buyer    string `bson:"buyer"`
		Merchant string `bson:"merchant"`
	} `bson:"_id"`
	Count int `bson:"count"`
}

func (s *Store) countOrders(ctx context.Context, buyers []cloudtag.BuyerID, since time.Time) ([]orderCount, error) {
	cursor, err := s.orders.Aggregate(ctx, driver.Pipeline{
		{{Key: "$match", Value: bson.D{
			{Key: "buyer", Value: anyOf(buyers)}, {Key: "placedAt", Value: bson.D{{Key: "$gt", Value: since}}},
		}}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{{Key: "buyer", Value: "$buyer"}, {Key: "merchant", Value: "$merchant"}}},
			{Key: "count", Value: bson.D{{Key: "$sum", Value: 1}}},
		}}},
	})
	if err != nil {
		return nil, err
	}
	var groups []orderCount
	return groups, cursor.All(ctx, &groups)
}

// KnownBuyers returns the buyers that have an order or a risk profile.
func (s *Store) KnownBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]bool, error) {
	judged, err := findByKeys[struct {
		Buyer string `bson:"_id"`
	}](ctx, s, s.risks, "_id", buyers, options.Find().SetProjection(byID(1)))
	if err != nil {
		return nil, explain("find buyers", err)
	}
	known := make(map[cloudtag.BuyerID]bool)
	for _, risk := range judged {
		known[cloudtag.BuyerID(risk.Buyer)] = true
	}
	rest := slices.DeleteFunc(uniqueNames(buyers), func(buyer cloudtag.BuyerID) bool { return known[buyer] })
	for chunk := range slices.Chunk(rest, keysAtOnce) {
		groups, err := s.countOrders(ctx, chunk, time.Time{})
		if err != nil {
			return nil, explain("find buyers", err)
		}
		for _, group := range groups {
			known[cloudtag.BuyerID(group.ID.Buyer)] = true
		}
	}
	return known, nil
}

func (s *Store) recoverOrders(ctx context.Context, before time.Time) (int, error) {
	return recoverRows[*orderDoc](ctx, s, s.orders, before)
}
