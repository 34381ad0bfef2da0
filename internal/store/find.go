package store

import (
	"context"

	"cloudtag/internal/cloudtag"
)

// afterIdentifiers is greater than every character of an identifier.
const afterIdentifiers = "\x7f"

// Find returns records of each kind whose identifier begins with a prefix, by identifier.
func (s *Store) Find(ctx context.Context, prefix string, limit int) (found cloudtag.Found, err error) {
	if found.Cases, err = byPrefix(ctx, s, s.kinds.Cases, prefix, limit, caseOf); err != nil {
		return cloudtag.Found{}, err
	}
	if found.Merchants, err = byPrefix(ctx, s, s.kinds.Merchants, prefix, limit, merchantOf); err != nil {
		return cloudtag.Found{}, err
	}
	if found.Orders, err = byPrefix(ctx, s, s.kinds.Orders, prefix, limit, itself[cloudtag.Order]); err != nil {
		return cloudtag.Found{}, err
	}
	if found.Buyers, err = s.buyersByPrefix(ctx, cloudtag.BuyerID(prefix), limit); err != nil {
		return cloudtag.Found{}, err
	}
	return found, nil
}

// buyersByPrefix returns the account with the prefix as its identifier, which may be known only by its orders, and the
// accounts with risk data whose identifier begins with it.
func (s *Store) buyersByPrefix(ctx context.Context, prefix cloudtag.BuyerID, limit int) ([]cloudtag.BuyerID, error) {
	known, err := s.KnownBuyers(ctx, []cloudtag.BuyerID{prefix})
	if err != nil {
		return nil, err
	}
	var buyers []cloudtag.BuyerID
	if known[prefix] {
		buyers = append(buyers, prefix)
	}
	assessed, _, err := list(ctx, s, prefixQuery(s.kinds.Risks, string(prefix), limit), func(r *riskRecord) cloudtag.BuyerID { return r.BuyerID })
	buyers = append(buyers, assessed...)
	return buyers[:min(limit, len(buyers))], err
}

// byPrefix returns the records of a kind whose identifier begins with a prefix.
func byPrefix[T, V any](ctx context.Context, s *Store, kind *Kind, prefix string, limit int, value func(*T) V) ([]V, error) {
	exact, err := find(ctx, s, kind, []string{prefix}, value)
	if err != nil {
		return nil, err
	}
	var all []V
	if record, known := exact[prefix]; known {
		all = append(all, record)
	}
	longer, _, err := list(ctx, s, prefixQuery(kind, prefix, limit), value)
	all = append(all, longer...)
	return all[:min(limit, len(all))], err
}

// prefixQuery selects the records of a kind whose identifier is longer than a prefix and begins with it.
func prefixQuery(kind *Kind, prefix string, limit int) Query {
	return Query{Kind: kind, Above: &Position{ID: prefix}, Below: &Position{ID: prefix + afterIdentifiers}, Limit: limit}
}
