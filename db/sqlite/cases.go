package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

const caseColumns = `c.id, c.lane, c.version, c.opened_at, c.evaluated_at, c.due_at, c.next_expiry_at, c.votes,
	c.threshold, c.policy_version, c.holds, c.decision, c.claim_changes, c.reviewed_votes, c.warnings,
	c.claimed_by, c.claim_token, c.claimed_until, c.undo`

// caseRow holds the columns of caseColumns.
type caseRow struct {
	id                                     string
	lane, version, votes, threshold, rules int64
	opened, evaluated, due, nextExpiry     sql.NullInt64
	holds, decision, undo                  sql.NullString
	claimChanges, reviewedVotes, warnings  int64
	claimedBy, claimToken                  sql.NullString
	claimedUntil                           sql.NullInt64
}

func (r *caseRow) fields() []any {
	return []any{
		&r.id, &r.lane, &r.version, &r.opened, &r.evaluated, &r.due, &r.nextExpiry, &r.votes,
		&r.threshold, &r.rules, &r.holds, &r.decision, &r.claimChanges, &r.reviewedVotes, &r.warnings,
		&r.claimedBy, &r.claimToken, &r.claimedUntil, &r.undo,
	}
}

func (r *caseRow) toCase() (cloudtag.Case, error) {
	lane := caseLaneOf(r.lane)
	id := cloudtag.CaseID(r.id)
	scenario, buyer, _ := id.Parts()
	c := cloudtag.Case{
		ID: id, BuyerID: buyer, Scenario: scenario, State: lane.state, Handling: lane.handling,
		Version: int(r.version), Revision: int(r.version + r.claimChanges),
		OpenedAt: timeOf(r.opened), EvaluatedAt: timeOf(r.evaluated), DueAt: timeOf(r.due),
		NextExpiryAt: timeOf(r.nextExpiry), Votes: int(r.votes), Threshold: int(r.threshold), RiskLevel: lane.risk,
		PolicyVersion: int(r.rules), ReviewedVotes: int(r.reviewedVotes), Warnings: int(r.warnings),
	}
	if r.claimedUntil.Valid {
		c.Claim = &cloudtag.Claim{By: r.claimedBy.String, Token: r.claimToken.String, Until: timeOf(r.claimedUntil)}
	}
	for _, field := range [...]struct {
		name   string
		stored sql.NullString
		into   any
	}{{"holds", r.holds, &c.Holds}, {"decision", r.decision, &c.Decision}, {"undo", r.undo, &c.Undo}} {
		if !field.stored.Valid {
			continue
		}
		if err := json.Unmarshal([]byte(field.stored.String), field.into); err != nil {
			return c, fmt.Errorf("%s of case %s: %w", field.name, id, err)
		}
	}
	return c, nil
}

// caseWithEntries is a stored case with its number and the sequence numbers of its latest log entries.
type caseWithEntries struct {
	cloudtag.Case
	no      int64
	entries []int64
}

const casesByID = "SELECT c.no, c.entries, " + caseColumns + `
	FROM json_each(?) j CROSS JOIN cases c INDEXED BY cases_by_id ON c.id = j.value`

// casesWithEntries returns the stored ones of some cases.
func casesWithEntries(q querier, ids []cloudtag.CaseID) (map[cloudtag.CaseID]caseWithEntries, error) {
	keys, err := sqlitefile.KeyList(ids)
	if err != nil {
		return nil, err
	}
	cases := make(map[cloudtag.CaseID]caseWithEntries)
	err = q.Each(casesByID, []any{keys}, func(rows *sql.Rows) error {
		var row caseRow
		var no int64
		var entries []byte
		if err := rows.Scan(append([]any{&no, &entries}, row.fields()...)...); err != nil {
			return err
		}
		c, err := row.toCase()
		if err != nil {
			return err
		}
		seqs, err := decodeTail(entries)
		cases[c.ID] = caseWithEntries{Case: c, no: no, entries: seqs}
		return err
	})
	return cases, err
}

// Cases returns cases by identifier.
func (s *Store) Cases(ctx context.Context, ids []cloudtag.CaseID) (cases map[cloudtag.CaseID]cloudtag.Case, err error) {
	err = s.read(ctx, "read cases", func(r *reading) error {
		cases, err = readCases(r, ids)
		return err
	})
	return cases, err
}

func readCases(q querier, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	stored, err := casesWithEntries(q, ids)
	if err != nil {
		return nil, err
	}
	cases := make(map[cloudtag.CaseID]cloudtag.Case, len(stored))
	for id, c := range stored {
		cases[id] = c.Case
	}
	return cases, nil
}

// scenarioNumbers returns every scenario that a case was ever stored for.
func scenarioNumbers(q querier) (map[cloudtag.ScenarioCode]int64, error) {
	numbers := make(map[cloudtag.ScenarioCode]int64)
	err := q.Each("SELECT code, no FROM scenarios", nil, func(rows *sql.Rows) error {
		var code string
		var no int64
		err := rows.Scan(&code, &no)
		numbers[cloudtag.ScenarioCode(code)] = no
		return err
	})
	return numbers, err
}

// caseIDsOf returns the identifiers that cases of a buyer can have, under one scenario or ("") any.
func caseIDsOf(q querier, buyer cloudtag.BuyerID, scenario cloudtag.ScenarioCode) ([]cloudtag.CaseID, error) {
	if scenario != "" {
		return []cloudtag.CaseID{cloudtag.NewCaseID(scenario, buyer)}, nil
	}
	scenarios, err := scenarioNumbers(q)
	if err != nil {
		return nil, err
	}
	ids := make([]cloudtag.CaseID, 0, len(scenarios))
	for code := range scenarios {
		ids = append(ids, cloudtag.NewCaseID(code, buyer))
	}
	return ids, nil
}

// CasesOfBuyers returns the cases of accounts. An account has at most one per scenario, so that they are found by
// identifier.
func (s *Store) CasesOfBuyers(
	ctx context.Context, buyers []cloudtag.BuyerID,
) (cases map[cloudtag.BuyerID][]cloudtag.Case, err error) {
	cases = make(map[cloudtag.BuyerID][]cloudtag.Case)
	err = s.read(ctx, "read the cases of buyers", func(r *reading) error {
		scenarios, err := scenarioNumbers(r)
		if err != nil {
			return err
		}
		ids := make([]cloudtag.CaseID, 0, len(buyers)*len(scenarios))
		for _, buyer := range buyers {
			for code := range scenarios {
				ids = append(ids, cloudtag.NewCaseID(code, buyer))
			}
		}
		found, err := readCases(r, ids)
		for _, c := range found {
			cases[c.BuyerID] = append(cases[c.BuyerID], c)
		}
		return err
	})
	for _, list := range cases {
		slices.SortFunc(list, func(a, b cloudtag.Case) int {
			return cmp.Or(a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.ID, b.ID))
		})
	}
	return cases, err
}

const wakingCases = `SELECT id FROM cases INDEXED BY cases_by_wake
	WHERE wake_at IS NOT NULL AND wake_at <= ? ORDER BY wake_at, no LIMIT ?`

// WakingCases returns the cases whose time has come.
func (s *Store) WakingCases(ctx context.Context, asOf time.Time, limit int) (ids []cloudtag.CaseID, err error) {
	err = s.read(ctx, "read the cases that wake", func(r *reading) error {
		ids, err = readCaseIDs(r, wakingCases, asOf.UnixMilli(), int64(limit))
		return err
	})
	return ids, err
}

const caseIDs = "SELECT id FROM cases INDEXED BY cases_by_id WHERE id > ? ORDER BY id LIMIT ?"

// CaseIDs returns identifiers in order.
func (s *Store) CaseIDs(ctx context.Context, after cloudtag.CaseID, limit int) (ids []cloudtag.CaseID, err error) {
	err = s.read(ctx, "list cases", func(r *reading) error {
		ids, err = readCaseIDs(r, caseIDs, string(after), int64(limit))
		return err
	})
	return ids, err
}

func readCaseIDs(q querier, text string, args ...any) (ids []cloudtag.CaseID, err error) {
	err = q.Each(text, args, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, cloudtag.CaseID(id))
		return err
	})
	return ids, err
}
