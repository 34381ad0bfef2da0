package sqlite

import (
	"database/sql"
	"encoding/json"

	"cloudtag/internal/cloudtag"
)

// What a change of a case may write; "no" and "id" come with the first version only.
var caseChangeColumns = []string{
	"lane", "version", "opened_at", "evaluated_at", "due_at", "rank", "next_expiry_at", "wake_at", "live_since",
	"votes", "threshold", "policy_version", "holds", "decision", "entries", "claim_changes", "reviewed_votes", "warnings",
	"claimed_by", "claim_token", "claimed_until", "undo",
}

var casesTable = &table{name: "cases", columns: append([]string{"no", "id"}, caseChangeColumns...)}

var updateCase = updateText("cases", "no", caseChangeColumns...)

// storeCases writes the rows of changed cases and gives new ones their numbers.
func storeCases(w *work, changes []*fileChange) error {
	added := make([]any, 0, len(changes)*len(casesTable.columns))
	for _, change := range changes {
		values, err := caseValues(w, change)
		if err != nil {
			return err
		}
		if change.no == 0 {
			w.numbers.caseNo++
			change.no = w.numbers.caseNo
			added = append(append(added, change.no, string(change.id)), values...)
			continue
		}
		if err := w.Write("update cases", updateCase, append(values, change.no)...); err != nil {
			return err
		}
	}
	return w.insert(casesTable, added)
}

// caseValues returns the values of caseChangeColumns.
func caseValues(w *work, change *fileChange) ([]any, error) {
	c := change.after
	scenario, err := w.scenario(c.Scenario)
	if err != nil {
		return nil, err
	}
	lane, err := caseLane{
		scenario: scenario, handling: c.Handling, state: c.State, risk: c.RiskLevel, votes: votesClass(c.Votes),
	}.number()
	if err != nil {
		return nil, err
	}
	holds, err := optionalJSON(c.Holds, len(c.Holds) > 0)
	if err != nil {
		return nil, err
	}
	decision, err := optionalJSON(c.Decision, c.Decision != nil)
	if err != nil {
		return nil, err
	}
	undo, err := optionalJSON(c.Undo, c.Undo != nil)
	if err != nil {
		return nil, err
	}
	entries, err := storeTail(w, change.openedFile)
	if err != nil {
		return nil, err
	}
	var rank, liveSince, claimedBy, claimToken, claimedUntil any
	if c.Handling == cloudtag.HandlingPending {
		rank = c.Rank()
	}
	if live := change.LiveTags(); len(live) > 0 {
		liveSince = storedTime(live[0].SubmittedAt)
	}
	if claim := c.Claim; claim != nil {
		claimedBy, claimToken, claimedUntil = claim.By, claim.Token, claim.Until.UnixMilli()
	}
	return []any{
		lane, int64(c.Version), c.OpenedAt.UnixMilli(), storedTime(c.EvaluatedAt), storedTime(c.DueAt), rank,
		storedTime(c.NextExpiryAt), storedTime(c.WakeAt()), liveSince,
		int64(c.Votes), int64(c.Threshold), int64(c.PolicyVersion), holds, decision, entries,
		int64(c.Revision - c.Version), int64(c.ReviewedVotes), int64(c.Warnings), claimedBy, claimToken, claimedUntil, undo,
	}, nil
}

// optionalJSON encodes a value, or NULL when it is not there.
func optionalJSON(value any, there bool) (sql.NullString, error) {
	if !there {
		return sql.NullString{}, nil
	}
	encoded, err := json.Marshal(value)
	return sql.NullString{String: string(encoded), Valid: true}, err
}
