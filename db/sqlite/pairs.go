package sqlite

import (
	"context"
	"database/sql"
	"time"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

const (
	addMeeting = `INSERT INTO meetings (buyer_id, merchant_no, at) VALUES (?, ?, ?)`
	addBuyer   = `INSERT INTO meeting_counts (merchant_no, buyers) VALUES (?, 1)
		ON CONFLICT (merchant_no) DO UPDATE SET buyers = buyers + 1`
	addPair = `INSERT INTO shop_pairs (a_no, b_no, common) VALUES (?, ?, 1)
		ON CONFLICT (a_no, b_no) DO UPDATE SET common = common + 1`
	metHere = `SELECT EXISTS (SELECT 1 FROM meetings WHERE buyer_id = ?),
		EXISTS (SELECT 1 FROM meetings WHERE buyer_id = ? AND merchant_no = ?)`
	othersHere = `SELECT m.merchant_no, shop.word FROM meetings m INDEXED BY meetings_by_time
		CROSS JOIN words shop ON shop.no = m.merchant_no
		WHERE m.buyer_id = ? AND m.merchant_no <> ? ORDER BY m.at DESC, m.merchant_no DESC LIMIT ?`
	pairCounts = `SELECT ifnull((SELECT common FROM shop_pairs WHERE a_no = ? AND b_no = ?), 0),
		ifnull((SELECT buyers FROM meeting_counts WHERE merchant_no = ?), 0),
		ifnull((SELECT buyers FROM meeting_counts WHERE merchant_no = ?), 0),
		ifnull((SELECT buyers FROM meeting_counts WHERE merchant_no = 0), 0)`
)

// numberedShop is a shop with the number of its name.
type numberedShop struct {
	no int64
	id cloudtag.MerchantID
}

// Meet records that a shop tagged an account. It looks at, and counts for, up to limit other shops, however many there
// are.
func (s *Store) Meet(
	ctx context.Context, merchant cloudtag.MerchantID, buyer cloudtag.BuyerID, at time.Time, limit int,
) (pairs []cloudtag.PairCounts, err error) {
	err = s.write(ctx, "record a meeting", func(w *work) error {
		pairs, err = meet(w, merchant, buyer, at, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return pairs, nil
}

func meet(
	w *work, merchant cloudtag.MerchantID, buyer cloudtag.BuyerID, at time.Time, limit int,
) ([]cloudtag.PairCounts, error) {
	no, err := w.word(string(merchant))
	if err != nil {
		return nil, err
	}
	var knownBuyer, again bool
	if err := w.One(metHere, []any{string(buyer), string(buyer), no}, &knownBuyer, &again); err != nil {
		return nil, err
	}
	others, err := shopsAt(w, buyer, no, limit)
	if err != nil {
		return nil, err
	}
	if !again {
		if err := w.Write("add a meeting", addMeeting, string(buyer), no, at.UnixMilli()); err != nil {
			return nil, err
		}
		if err := countMeeting(w, no, knownBuyer, others); err != nil {
			return nil, err
		}
	}
	pairs := make([]cloudtag.PairCounts, len(others))
	for i, other := range others {
		if pairs[i], err = countsOf(w, numberedShop{no: no, id: merchant}, other); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

// shopsAt returns the shops that tagged an account beside one, latest first.
func shopsAt(w *work, buyer cloudtag.BuyerID, but int64, limit int) (shops []numberedShop, err error) {
	err = w.Each(othersHere, []any{string(buyer), but, int64(limit)}, func(rows *sql.Rows) error {
		var shop numberedShop
		err := rows.Scan(&shop.no, (*string)(&shop.id))
		shops = append(shops, shop)
		return err
	})
	return shops, err
}

// countMeeting counts an account for a shop, for all shops if it is new, and for the pairs that the shop forms.
func countMeeting(w *work, no int64, knownBuyer bool, others []numberedShop) error {
	if !knownBuyer {
		if err := w.Write("count accounts", addBuyer, int64(0)); err != nil {
			return err
		}
	}
	if err := w.Write("count accounts", addBuyer, no); err != nil {
		return err
	}
	for _, other := range others {
		if err := w.Write("count a pair", addPair, min(no, other.no), max(no, other.no)); err != nil {
			return err
		}
	}
	return nil
}

func countsOf(w *work, a, b numberedShop) (cloudtag.PairCounts, error) {
	if a.id > b.id {
		a, b = b, a
	}
	pair := cloudtag.PairCounts{A: a.id, B: b.id}
	err := w.One(pairCounts, []any{min(a.no, b.no), max(a.no, b.no), a.no, b.no},
		&pair.Common, &pair.BuyersOfA, &pair.BuyersOfB, &pair.Buyers)
	return pair, err
}

const saveLinkedPair = `INSERT INTO linked_pairs (a, b, common, buyers_of_a, buyers_of_b, buyers, at)
	VALUES (?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (a, b) DO UPDATE SET common = excluded.common, buyers_of_a = excluded.buyers_of_a,
		buyers_of_b = excluded.buyers_of_b, buyers = excluded.buyers, at = excluded.at WHERE excluded.at >= at`

// SaveLinkedPair stores a linked pair, unless newer evidence is there.
func (s *Store) SaveLinkedPair(ctx context.Context, pair cloudtag.LinkedPair) error {
	return s.write(ctx, "store a linked pair", func(w *work) error {
		return w.Write("store a linked pair", saveLinkedPair, linkedPairValues(pair)...)
	})
}

// linkedPairValues returns the arguments of saveLinkedPair.
func linkedPairValues(pair cloudtag.LinkedPair) []any {
	return []any{
		string(pair.A), string(pair.B), int64(pair.Common), int64(pair.BuyersOfA), int64(pair.BuyersOfB),
		int64(pair.Buyers), pair.At.UnixMilli(),
	}
}

// DropLinkedPair takes a linked pair out.
func (s *Store) DropLinkedPair(ctx context.Context, a, b cloudtag.MerchantID) error {
	return s.write(ctx, "drop a linked pair", func(w *work) error {
		var linked bool
		err := w.One("SELECT EXISTS (SELECT 1 FROM linked_pairs WHERE a = ? AND b = ?)", []any{string(a), string(b)}, &linked)
		if err != nil || !linked {
			return err
		}
		return w.Write("drop a linked pair", "DELETE FROM linked_pairs WHERE a = ? AND b = ?", string(a), string(b))
	})
}

const (
	linkedPairColumns = "p.a, p.b, p.common, p.buyers_of_a, p.buyers_of_b, p.buyers, p.at"
	allLinkedPairs    = "SELECT " + linkedPairColumns + " FROM linked_pairs p ORDER BY p.a, p.b LIMIT ?"
	linkedPairsAmong  = "SELECT " + linkedPairColumns + ` FROM json_each(?) j CROSS JOIN linked_pairs p ON p.a = j.value
		WHERE p.b IN (SELECT value FROM json_each(?)) ORDER BY p.a, p.b LIMIT ?`
)

// unlimited is a limit that is none.
const unlimited = -1

// LinkedPairs returns linked pairs among shops, or all.
func (s *Store) LinkedPairs(
	ctx context.Context, merchants []cloudtag.MerchantID, limit int,
) (pairs []cloudtag.LinkedPair, err error) {
	err = s.read(ctx, "read linked pairs", func(r *reading) error {
		if len(merchants) == 0 {
			pairs, err = scanLinkedPairs(r, allLinkedPairs, int64(limit))
			return err
		}
		pairs, err = readLinkedPairs(r, merchants, limit)
		return err
	})
	return pairs, err
}

// readLinkedPairs returns the linked pairs of which both shops are given.
func readLinkedPairs(q querier, merchants []cloudtag.MerchantID, limit int) ([]cloudtag.LinkedPair, error) {
	if len(merchants) < 2 {
		return nil, nil
	}
	keys, err := sqlitefile.KeyList(merchants)
	if err != nil {
		return nil, err
	}
	return scanLinkedPairs(q, linkedPairsAmong, keys, keys, int64(limit))
}

func scanLinkedPairs(q querier, text string, args ...any) (pairs []cloudtag.LinkedPair, err error) {
	err = q.Each(text, args, func(rows *sql.Rows) error {
		var pair cloudtag.LinkedPair
		var at int64
		err := rows.Scan((*string)(&pair.A), (*string)(&pair.B), &pair.Common, &pair.BuyersOfA, &pair.BuyersOfB,
			&pair.Buyers, &at)
		pair.At = time.UnixMilli(at).UTC()
		pairs = append(pairs, pair)
		return err
	})
	return pairs, err
}
