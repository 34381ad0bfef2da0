package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

// scanRisk reads account, score, signals and time, and others that a query has behind.
func scanRisk(rows *sql.Rows, behind ...any) (cloudtag.RiskProfile, error) {
	var buyer, signals string
	var score int
	var updated sql.NullInt64
	if err := rows.Scan(append([]any{&buyer, &score, &signals, &updated}, behind...)...); err != nil {
		return cloudtag.RiskProfile{}, err
	}
	profile := cloudtag.RiskProfile{BuyerID: cloudtag.BuyerID(buyer), Score: score, UpdatedAt: timeOf(updated)}
	if err := json.Unmarshal([]byte(signals), &profile.Signals); err != nil {
		return profile, fmt.Errorf("risk signals of buyer %s: %w", buyer, err)
	}
	return profile, nil
}

const risksByBuyer = `SELECT r.buyer_id, r.score, r.signals, r.updated_at
	FROM json_each(?) j CROSS JOIN risks r ON r.buyer_id = j.value`

func readRisks(q querier, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.RiskProfile, error) {
	keys, err := sqlitefile.KeyList(buyers)
	if err != nil {
		return nil, err
	}
	profiles := make(map[cloudtag.BuyerID]cloudtag.RiskProfile)
	err = q.Each(risksByBuyer, []any{keys}, func(rows *sql.Rows) error {
		profile, err := scanRisk(rows)
		profiles[profile.BuyerID] = profile
		return err
	})
	return profiles, err
}

// Risks returns profiles by buyer.
func (s *Store) Risks(
	ctx context.Context, buyers []cloudtag.BuyerID,
) (profiles map[cloudtag.BuyerID]cloudtag.RiskProfile, err error) {
	err = s.read(ctx, "read risk profiles", func(r *reading) error {
		profiles, err = readRisks(r, buyers)
		return err
	})
	return profiles, err
}

const putRisk = `INSERT INTO risks (buyer_id, score, signals, updated_at, evaluate) VALUES (?, ?, ?, ?, 1)
	ON CONFLICT (buyer_id) DO UPDATE SET score = excluded.score, signals = excluded.signals,
		updated_at = excluded.updated_at, evaluate = 1`

// PutRisks stores profiles and marks them for evaluation.
func (s *Store) PutRisks(
	ctx context.Context, profiles []cloudtag.RiskProfile,
	entryFor func(before *cloudtag.RiskProfile, after cloudtag.RiskProfile) cloudtag.Entry,
) (results []cloudtag.PutResult, err error) {
	err = s.write(ctx, "store risk profiles", func(w *work) error {
		buyers := make([]cloudtag.BuyerID, len(profiles))
		for i, profile := range profiles {
			buyers[i] = profile.BuyerID
		}
		stored, err := readRisks(w, buyers)
		if err != nil {
			return err
		}
		results = make([]cloudtag.PutResult, len(profiles))
		var entries []cloudtag.Entry
		for i, profile := range profiles {
			var before *cloudtag.RiskProfile
			if known, found := stored[profile.BuyerID]; found {
				before = &known
			}
			if results[i] = profile.PutOver(before); results[i] != cloudtag.PutStored {
				continue
			}
			if err := storeRisk(w, profile); err != nil {
				return err
			}
			stored[profile.BuyerID] = profile
			entries = append(entries, entryFor(before, profile))
		}
		return appendEntries(w, entries)
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// storeRisk stores a profile and marks it.
func storeRisk(w *work, profile cloudtag.RiskProfile) error {
	signals, err := json.Marshal(profile.Signals)
	if err != nil {
		return err
	}
	return w.Write("store a risk profile", putRisk, string(profile.BuyerID), int64(profile.Score), string(signals),
		storedTime(profile.UpdatedAt))
}

const risksToEvaluate = `SELECT buyer_id, score, signals, updated_at
	FROM risks INDEXED BY risks_to_evaluate WHERE evaluate = 1 ORDER BY buyer_id LIMIT ?`

// RisksToEvaluate returns the profiles that are marked.
func (s *Store) RisksToEvaluate(ctx context.Context, limit int) (profiles []cloudtag.RiskProfile, err error) {
	err = s.read(ctx, "read the risk profiles to evaluate", func(r *reading) error {
		return r.Each(risksToEvaluate, []any{int64(limit)}, func(rows *sql.Rows) error {
			profile, err := scanRisk(rows)
			profiles = append(profiles, profile)
			return err
		})
	})
	return profiles, err
}

// RiskEvaluated takes the mark away while the profile is still the one that was evaluated.
func (s *Store) RiskEvaluated(ctx context.Context, profile cloudtag.RiskProfile) error {
	return s.write(ctx, "mark a risk profile as evaluated", func(w *work) error {
		stored, err := readRisks(w, []cloudtag.BuyerID{profile.BuyerID})
		if err != nil {
			return err
		}
		if known, found := stored[profile.BuyerID]; !found || !known.Same(profile) {
			return nil
		}
		return w.Write("unmark a risk profile", "UPDATE risks SET evaluate = 0 WHERE buyer_id = ? AND evaluate = 1",
			string(profile.BuyerID))
	})
}
