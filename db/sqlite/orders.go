package sqlite

import (
	"context"
	"database/sql"
	"math"
	"time"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

const ordersByNo = selectOrders + " CROSS JOIN words shop ON shop.no = o.merchant_no"

// The shop's number decides in the row that is found by the order's, so that another shop's costs what none costs.
const ordersOf = selectOrders + " AND o.merchant_no = (SELECT no FROM words WHERE word = ?) CROSS JOIN words shop ON shop.no = o.merchant_no"

const selectOrders = `SELECT o.order_no, shop.word, o.buyer_id, o.placed_at, o.amount_cents, o.currency,
		o.freight_insured, o.report_outcome
	FROM json_each(?) j CROSS JOIN orders o ON o.order_no = j.value`

// Orders returns orders by number.
func (s *Store) Orders(
	ctx context.Context, numbers []cloudtag.OrderNo,
) (orders map[cloudtag.OrderNo]cloudtag.Order, err error) {
	err = s.read(ctx, "read orders", func(r *reading) error {
		orders, err = readOrders(r, "", numbers)
		return err
	})
	return orders, err
}

// OrdersOf returns a shop's orders by number.
func (s *Store) OrdersOf(
	ctx context.Context, merchant cloudtag.MerchantID, numbers []cloudtag.OrderNo,
) (orders map[cloudtag.OrderNo]cloudtag.Order, err error) {
	err = s.read(ctx, "read a shop's orders", func(r *reading) error {
		orders, err = readOrders(r, merchant, numbers)
		return err
	})
	return orders, err
}

const ordersPlaced = `SELECT o.order_no, shop.word, o.buyer_id, o.placed_at, o.amount_cents, o.currency, o.freight_insured, o.report_outcome
	FROM words shop CROSS JOIN orders o INDEXED BY orders_by_shop ON o.merchant_no = shop.no
	WHERE shop.word = ? AND o.placed_at >= ? AND o.placed_at < ? AND (o.placed_at, o.order_no) < (?, ?)
	ORDER BY o.placed_at DESC, o.order_no DESC LIMIT ?`

// OrdersPlaced returns a shop's orders, the latest placed ahead.
func (s *Store) OrdersPlaced(
	ctx context.Context, filter cloudtag.OrderFilter, behind *cloudtag.Position, limit int,
) (orders []cloudtag.Order, more bool, err error) {
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if !filter.PlacedAfter.IsZero() {
		from = filter.PlacedAfter.UnixMilli() + 1
	}
	if !filter.PlacedBefore.IsZero() {
		to = earliestMilli(filter.PlacedBefore)
	}
	place := cloudtag.Position{Key: math.MaxInt64}
	if behind != nil {
		place = *behind
	}
	slice := cloudtag.Slice{Limit: limit}
	err = s.read(ctx, "read a shop's orders by time", func(r *reading) error {
		return r.Each(ordersPlaced, []any{string(filter.MerchantID), from, to, place.Key, place.ID, int64(limit) + 1}, func(rows *sql.Rows) error {
			order, err := scanOrder(rows)
			orders = append(orders, order)
			return err
		})
	})
	if err != nil {
		return nil, false, err
	}
	orders, more = finish(orders, slice)
	return orders, more, nil
}

func scanOrder(rows *sql.Rows) (cloudtag.Order, error) {
	var no, shop, buyer, currency string
	var placed sql.NullInt64
	var cents, outcome int64
	var insured bool
	err := rows.Scan(&no, &shop, &buyer, &placed, &cents, &currency, &insured, &outcome)
	return cloudtag.Order{
		OrderNo: cloudtag.OrderNo(no), MerchantID: cloudtag.MerchantID(shop), BuyerID: cloudtag.BuyerID(buyer),
		PlacedAt: timeOf(placed), AmountCents: cents, Currency: currency, FreightInsured: insured,
		ReportOutcome: reportOutcomes.value(outcome),
	}, err
}

// readOrders returns orders by number: a shop's, or whosever for no shop.
func readOrders(q querier, merchant cloudtag.MerchantID, numbers []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	keys, err := sqlitefile.KeyList(numbers)
	if err != nil {
		return nil, err
	}
	orders := make(map[cloudtag.OrderNo]cloudtag.Order, len(numbers))
	query, values := ordersByNo, []any{keys}
	if merchant != "" {
		query, values = ordersOf, []any{keys, string(merchant)}
	}
	err = q.Each(query, values, func(rows *sql.Rows) error {
		order, err := scanOrder(rows)
		orders[order.OrderNo] = order
		return err
	})
	return orders, err
}

var ordersTable = &table{name: "orders", columns: []string{
	"order_no", "merchant_no", "buyer_id", "placed_at", "amount_cents", "currency", "freight_insured", "report_outcome",
}}

var updateOrder = updateText("orders", "order_no",
	"merchant_no", "buyer_id", "placed_at", "amount_cents", "currency", "freight_insured", "report_outcome")

// PutOrders stores orders.
func (s *Store) PutOrders(
	ctx context.Context, orders []cloudtag.Order,
	entryFor func(before, after cloudtag.Order) cloudtag.Entry, entryForNew func(count int) cloudtag.Entry,
) (results []cloudtag.PutResult, err error) {
	err = s.write(ctx, "store orders", func(w *work) error {
		var entries []cloudtag.Entry
		var added int
		results, entries, added, err = putOrders(w, orders, entryFor)
		if err != nil {
			return err
		}
		if added > 0 {
			entries = append(entries, entryForNew(added))
		}
		return appendEntries(w, entries)
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

func putOrders(
	w *work, orders []cloudtag.Order, entryFor func(before, after cloudtag.Order) cloudtag.Entry,
) (results []cloudtag.PutResult, entries []cloudtag.Entry, added int, err error) {
	numbers := make([]cloudtag.OrderNo, len(orders))
	for i, order := range orders {
		numbers[i] = order.OrderNo
	}
	stored, err := readOrders(w, "", numbers)
	if err != nil {
		return nil, nil, 0, err
	}
	results = make([]cloudtag.PutResult, len(orders))
	var fresh []any // the values of new rows that are not inserted yet
	for i, order := range orders {
		var before *cloudtag.Order
		if known, found := stored[order.OrderNo]; found {
			before = &known
		}
		if results[i] = order.PutOver(before); results[i] != cloudtag.PutStored {
			continue
		}
		stored[order.OrderNo] = order
		values, err := orderValues(w, order)
		if err != nil {
			return nil, nil, 0, err
		}
		if before == nil {
			added++
			fresh = append(fresh, values...)
			continue
		}
		// The row may be a new one of this very call.
		if err := w.insert(ordersTable, fresh); err != nil {
			return nil, nil, 0, err
		}
		fresh = fresh[:0]
		if err := w.Write("update orders", updateOrder, append(values[1:], values[0])...); err != nil {
			return nil, nil, 0, err
		}
		entries = append(entries, entryFor(*before, order))
	}
	return results, entries, added, w.insert(ordersTable, fresh)
}

// orderValues returns the values of an order, in the order of ordersTable.
func orderValues(w *work, order cloudtag.Order) ([]any, error) {
	merchant, err := w.word(string(order.MerchantID))
	if err != nil {
		return nil, err
	}
	outcome, err := reportOutcomes.number(order.ReportOutcome)
	if err != nil {
		return nil, err
	}
	return []any{
		string(order.OrderNo), merchant, string(order.BuyerID), storedTime(order.PlacedAt), order.AmountCents,
		order.Currency, bit(order.FreightInsured), outcome,
	}, nil
}

const exposures = `SELECT o.buyer_id, count(*), count(DISTINCT o.merchant_no)
	FROM json_each(?) j CROSS JOIN orders o INDEXED BY orders_by_buyer ON o.buyer_id = j.value AND o.placed_at > ?
	GROUP BY j.key`

// Exposures counts what buyers bought after a time.
func (s *Store) Exposures(
	ctx context.Context, buyers []cloudtag.BuyerID, since time.Time,
) (counts map[cloudtag.BuyerID]cloudtag.Exposure, err error) {
	keys, err := sqlitefile.KeyList(buyers)
	if err != nil {
		return nil, err
	}
	counts = make(map[cloudtag.BuyerID]cloudtag.Exposure)
	err = s.read(ctx, "count the orders of buyers", func(r *reading) error {
		return r.Each(exposures, []any{keys, since.UnixMilli()}, func(rows *sql.Rows) error {
			var buyer string
			var exposure cloudtag.Exposure
			err := rows.Scan(&buyer, &exposure.Orders, &exposure.Merchants)
			counts[cloudtag.BuyerID(buyer)] = exposure
			return err
		})
	})
	return counts, err
}

const knownBuyers = `SELECT j.value FROM json_each(?) j
	WHERE EXISTS (SELECT 1 FROM orders o INDEXED BY orders_by_buyer WHERE o.buyer_id = j.value)
		OR EXISTS (SELECT 1 FROM risks r WHERE r.buyer_id = j.value)`

// KnownBuyers returns those of the buyers that have an order or a risk profile.
func (s *Store) KnownBuyers(
	ctx context.Context, buyers []cloudtag.BuyerID,
) (known map[cloudtag.BuyerID]bool, err error) {
	keys, err := sqlitefile.KeyList(buyers)
	if err != nil {
		return nil, err
	}
	known = make(map[cloudtag.BuyerID]bool)
	err = s.read(ctx, "look for buyers", func(r *reading) error {
		return r.Each(knownBuyers, []any{keys}, func(rows *sql.Rows) error {
			var buyer string
			err := rows.Scan(&buyer)
			known[cloudtag.BuyerID(buyer)] = true
			return err
		})
	})
	return known, err
}
