package store

import (
	"context"

	"cloudtag/internal/cloudtag"
)

// behindIdentifiers comes after every character of an identifier.
const behindIdentifiers = "\x7f"

// Find returns records of each kind whose identifier begins with a prefix, by identifier: a stretch of the identifiers.
func (s *Store) Find(ctx context.Context, prefix string, limit int) (found cloudtag.Found, err error) {
	if found.Cases, err = beginning(ctx, s, s.kinds.Cases, prefix, limit, caseOf); err != nil {
		return cloudtag.Found{}, err
	}
	if found.Merchants, err = beginning(ctx, s, s.kinds.Merchants, prefix, limit, merchantOf); err != nil {
		return cloudtag.Found{}, err
	}
	if found.Orders, err = beginning(ctx, s, s.kinds.Orders, prefix, limit, itself[cloudtag.Order]); err != nil {
		return cloudtag.Found{}, err
	}
	if found.Buyers, err = s.buyersBeginning(ctx, cloudtag.BuyerID(prefix), limit); err != nil {
		return cloudtag.Found{}, err
	}
	return found, nil
}

// buyersBeginning returns the account of an identifier, which may have orders alone, and those with risk data whose identifier
// begins with it.
func (s *Store) buyersBeginning(ctx context.Context, prefix cloudtag.BuyerID, limit int) ([]cloudtag.BuyerID, error) {
	known, err := s.KnownBuyers(ctx, []cloudtag.BuyerID{prefix})
	if err != nil {
		return nil, err
	}
	var buyers []cloudtag.BuyerID
	if known[prefix] {
		buyers = append(buyers, prefix)
	}
	assessed, _, err := list(ctx, s, stretchOf(s.kinds.Risks, string(prefix), limit), func(r *riskRecord) cloudtag.BuyerID { return r.BuyerID })
	buyers = append(buyers, assessed...)
	return buyers[:min(limit, len(buyers))], err
}

// beginning returns the records of a kind whose identifier is a prefix or begins with it.
func beginning[T, V any](ctx context.Context, s *Store, kind *Kind, prefix string, limit int, value func(*T) V) ([]V, error) {
	exact, err := find(ctx, s, kind, []string{prefix}, value)
	if err != nil {
		return nil, err
	}
	var all []V
	if record, known := exact[prefix]; known {
		all = append(all, record)
	}
	longer, _, err := list(ctx, s, stretchOf(kind, prefix, limit), value)
	all = append(all, longer...)
	return all[:min(limit, len(all))], err
}

// stretchOf selects the records of a kind whose identifier is longer than a prefix and begins with it.
func stretchOf(kind *Kind, prefix string, limit int) Query {
	return Query{Kind: kind, Above: &Place{ID: prefix}, Below: &Place{ID: prefix + behindIdentifiers}, Limit: limit}
}
