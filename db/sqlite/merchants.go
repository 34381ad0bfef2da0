package sqlite

import (
	"context"
	"database/sql"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

const merchantColumns = "m.id, m.name, m.entity_id, m.permission, m.created_at"

// scanMerchant reads merchantColumns, and others that a query has behind.
func scanMerchant(rows *sql.Rows, behind ...any) (cloudtag.Merchant, error) {
	var id, name, entity string
	var permission int64
	var created sql.NullInt64
	err := rows.Scan(append([]any{&id, &name, &entity, &permission, &created}, behind...)...)
	return cloudtag.Merchant{
		ID: cloudtag.MerchantID(id), Name: name, EntityID: cloudtag.EntityID(entity),
		Permission: permissions.value(permission), CreatedAt: timeOf(created),
	}, err
}

// Merchants returns shops by identifier.
func (s *Store) Merchants(
	ctx context.Context, ids []cloudtag.MerchantID,
) (merchants map[cloudtag.MerchantID]cloudtag.Merchant, err error) {
	err = s.read(ctx, "read shops", func(r *reading) error {
		merchants, err = readMerchants(r, ids)
		return err
	})
	return merchants, err
}

const merchantsByID = "SELECT " + merchantColumns + " FROM json_each(?) j CROSS JOIN merchants m ON m.id = j.value"

func readMerchants(
	q querier, ids []cloudtag.MerchantID,
) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	keys, err := sqlitefile.KeyList(ids)
	if err != nil {
		return nil, err
	}
	merchants := make(map[cloudtag.MerchantID]cloudtag.Merchant)
	err = q.Each(merchantsByID, []any{keys}, func(rows *sql.Rows) error {
		merchant, err := scanMerchant(rows)
		merchants[merchant.ID] = merchant
		return err
	})
	return merchants, err
}

// merchantsMatching goes on behind FROM merchants m, with the arguments of merchantArgs.
const merchantsMatching = `WHERE m.id > ? AND m.id < ? AND m.permission = ifnull(?, m.permission)
	AND (instr(lower(m.id), lower(?)) > 0 OR instr(lower(m.name), lower(?)) > 0)`

// merchantArgs selects shops between two identifiers, exclusive.
func merchantArgs(filter cloudtag.MerchantFilter, lower, upper string) ([]any, error) {
	var permission any
	if filter.Permission != "" {
		number, err := permissions.number(filter.Permission)
		if err != nil {
			return nil, err
		}
		permission = number
	}
	return []any{lower, upper, permission, filter.Search, filter.Search}, nil
}

// merchantPage is the statement of MerchantPage.
func merchantPage(desc bool) string {
	text := "SELECT " + merchantColumns + " FROM merchants m " + merchantsMatching + " ORDER BY m.id"
	if desc {
		text += " DESC"
	}
	return text + " LIMIT ?"
}

// MerchantPage returns a page of the shops that match.
func (s *Store) MerchantPage(
	ctx context.Context, filter cloudtag.MerchantFilter, slice cloudtag.Slice,
) (merchants []cloudtag.Merchant, more bool, err error) {
	lower, upper := "", beyondIDs
	if slice.After != nil {
		lower = slice.After.ID
	}
	if slice.Before != nil {
		upper = slice.Before.ID
	}
	args, err := merchantArgs(filter, lower, upper)
	if err != nil {
		return nil, false, err
	}
	err = s.read(ctx, "read a page of shops", func(r *reading) error {
		return r.Each(merchantPage(slice.Backward), append(args, int64(slice.Limit)+1), func(rows *sql.Rows) error {
			merchant, err := scanMerchant(rows)
			merchants = append(merchants, merchant)
			return err
		})
	})
	if err != nil {
		return nil, false, err
	}
	merchants, more = finish(merchants, slice)
	return merchants, more, nil
}

const countMerchants = "SELECT count(*) FROM (SELECT 1 FROM merchants m " + merchantsMatching + " LIMIT ?)"

// CountMerchants counts the shops that match.
func (s *Store) CountMerchants(ctx context.Context, filter cloudtag.MerchantFilter, limit int) (count int, err error) {
	args, err := merchantArgs(filter, "", beyondIDs)
	if err != nil {
		return 0, err
	}
	err = s.read(ctx, "count shops", func(r *reading) error {
		return r.One(countMerchants, append(args, int64(limit)), &count)
	})
	return count, err
}

const (
	addMerchant = `INSERT INTO merchants (id, name, entity_id, permission, created_at) VALUES (?, ?, ?, ?, ?)`
	setMerchant = `UPDATE merchants SET name = ?, entity_id = ?, recount = max(recount, ?) WHERE id = ?`
)

// PutMerchants stores shops.
func (s *Store) PutMerchants(
	ctx context.Context, merchants []cloudtag.Merchant,
	entryFor func(before *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry,
) (results []cloudtag.PutResult, err error) {
	err = s.write(ctx, "store shops", func(w *work) error {
		ids := make([]cloudtag.MerchantID, len(merchants))
		for i, merchant := range merchants {
			ids[i] = merchant.ID
		}
		stored, err := readMerchants(w, ids)
		if err != nil {
			return err
		}
		results = make([]cloudtag.PutResult, len(merchants))
		var entries []cloudtag.Entry
		for i, merchant := range merchants {
			var before *cloudtag.Merchant
			if known, found := stored[merchant.ID]; found {
				before = &known
				merchant.Permission, merchant.CreatedAt = known.Permission, known.CreatedAt
			}
			if before != nil && *before == merchant {
				results[i] = cloudtag.PutUnchanged
				continue
			}
			if err := putMerchant(w, before, merchant); err != nil {
				return err
			}
			stored[merchant.ID], results[i] = merchant, cloudtag.PutStored
			entries = append(entries, entryFor(before, merchant))
		}
		return appendEntries(w, entries)
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

func putMerchant(w *work, before *cloudtag.Merchant, merchant cloudtag.Merchant) error {
	if before != nil {
		return w.Write("update a shop", setMerchant, merchant.Name, string(merchant.EntityID),
			bit(before.EntityID != merchant.EntityID), string(merchant.ID))
	}
	permission, err := permissions.number(merchant.Permission)
	if err != nil {
		return err
	}
	return w.Write("add a shop", addMerchant, string(merchant.ID), merchant.Name, string(merchant.EntityID), permission,
		storedTime(merchant.CreatedAt))
}

// SetPermission changes what a shop may do.
func (s *Store) SetPermission(
	ctx context.Context, merchant cloudtag.MerchantID, permission cloudtag.Permission, entry cloudtag.Entry,
) error {
	return s.write(ctx, "set a shop's permission", func(w *work) error {
		stored, err := readMerchants(w, []cloudtag.MerchantID{merchant})
		if err != nil {
			return err
		}
		known, found := stored[merchant]
		if !found {
			return cloudtag.NotFound()
		}
		if known.Permission == cloudtag.PermissionRevoked {
			return cloudtag.Refuse(cloudtag.CodeInvalidState, cloudtag.Text{
				ZH: "该店铺的权限已被永久取消，不能再更改。",
				EN: "The shop's permission was revoked for good and can't be changed.",
			})
		}
		number, err := permissions.number(permission)
		if err != nil {
			return err
		}
		err = w.Write("set a permission", "UPDATE merchants SET permission = ? WHERE id = ?", number, string(merchant))
		if err != nil {
			return err
		}
		return appendEntries(w, []cloudtag.Entry{entry})
	})
}

const merchantsToRecount = "SELECT " + merchantColumns + `
	FROM merchants m INDEXED BY merchants_to_recount WHERE m.recount = 1 ORDER BY m.id LIMIT ?`

// MerchantsToRecount returns the shops whose entity changed.
func (s *Store) MerchantsToRecount(ctx context.Context, limit int) (merchants []cloudtag.Merchant, err error) {
	err = s.read(ctx, "read the shops to recount", func(r *reading) error {
		return r.Each(merchantsToRecount, []any{int64(limit)}, func(rows *sql.Rows) error {
			merchant, err := scanMerchant(rows)
			merchants = append(merchants, merchant)
			return err
		})
	})
	return merchants, err
}

// MerchantRecounted takes the mark away while the entity is still the one that was counted.
func (s *Store) MerchantRecounted(
	ctx context.Context, merchant cloudtag.MerchantID, entity cloudtag.EntityID,
) error {
	return s.write(ctx, "mark a shop as recounted", func(w *work) error {
		return w.Write("unmark a shop", "UPDATE merchants SET recount = 0 WHERE id = ? AND entity_id = ? AND recount = 1",
			string(merchant), string(entity))
	})
}

const countsOfMerchants = `SELECT shop.word, n.tags, n.succeeded, n.overturned
	FROM json_each(?) j CROSS JOIN words shop ON shop.word = j.value
	CROSS JOIN merchant_counts n ON n.merchant_no = shop.no`

// MerchantCounts returns how many tags shops have; the numbers are kept up with every change of a tag.
func (s *Store) MerchantCounts(
	ctx context.Context, ids []cloudtag.MerchantID,
) (counts map[cloudtag.MerchantID]cloudtag.MerchantCounts, err error) {
	keys, err := sqlitefile.KeyList(ids)
	if err != nil {
		return nil, err
	}
	counts = make(map[cloudtag.MerchantID]cloudtag.MerchantCounts)
	err = s.read(ctx, "read the counts of shops", func(r *reading) error {
		return r.Each(countsOfMerchants, []any{keys}, func(rows *sql.Rows) error {
			var id string
			var count cloudtag.MerchantCounts
			err := rows.Scan(&id, &count.Tags, &count.Succeeded, &count.Overturned)
			counts[cloudtag.MerchantID(id)] = count
			return err
		})
	})
	return counts, err
}
