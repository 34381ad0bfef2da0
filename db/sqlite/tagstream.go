package sqlite

import (
	"context"
	"database/sql"

	"cloudtag/internal/cloudtag"
)

// streamPiece is how many tags TagsByCase holds at once, unless a single case has more.
const streamPiece = 4_096

// TagsByCase hands over all tags. It reads a piece of whole cases at a time, each on a snapshot of its own, so that
// neither a connection nor old pages are held while visit works. A case is never handed over twice, and one that is
// there from the beginning is never left out: cases do not go away or change their identifier.
func (s *Store) TagsByCase(
	ctx context.Context, visit func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error,
) error {
	var after cloudtag.CaseID
	for more := true; more; {
		var cases []tagsOfCase
		err := s.read(ctx, "read tags by case", func(r *reading) (err error) {
			cases, more, err = readTagsByCase(r, after, streamPiece)
			return err
		})
		if err != nil {
			return err
		}
		for _, c := range cases {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := visit(c.id, c.tags, c.risk); err != nil {
				return err
			}
			after = c.id
		}
	}
	return nil
}

// tagsOfCase are all tags of a case, with the account's risk profile.
type tagsOfCase struct {
	id   cloudtag.CaseID
	tags []cloudtag.Tag
	risk *cloudtag.RiskProfile
}

const (
	tagsByCase = "SELECT " + tagColumns + ` FROM cases c INDEXED BY cases_by_id
		CROSS JOIN tags t INDEXED BY tags_by_case ON t.case_no = c.no` + tagNames + `
		WHERE c.id > ? ORDER BY c.id, t.submitted_at, t.order_no LIMIT ?`
	tagsOfCaseInOrder = "SELECT " + tagColumns + ` FROM cases c INDEXED BY cases_by_id
		CROSS JOIN tags t INDEXED BY tags_by_case ON t.case_no = c.no` + tagNames + `
		WHERE c.id = ? ORDER BY t.submitted_at, t.order_no`
)

// readTagsByCase returns the next cases with all their tags, about as many tags as limit.
func readTagsByCase(q querier, after cloudtag.CaseID, limit int) (cases []tagsOfCase, more bool, err error) {
	cases, count, err := gatherTags(q, tagsByCase, string(after), int64(limit))
	if err != nil {
		return nil, false, err
	}
	more = count == limit
	switch {
	case more && len(cases) > 1:
		cases = cases[:len(cases)-1] // the last may be cut off
	case more:
		if cases, _, err = gatherTags(q, tagsOfCaseInOrder, string(cases[0].id)); err != nil {
			return nil, false, err
		}
	}
	return cases, more, addRisks(q, cases)
}

// gatherTags returns the rows of a query for tags, which come case by case.
func gatherTags(q querier, text string, args ...any) (cases []tagsOfCase, count int, err error) {
	err = q.each(text, args, func(rows *sql.Rows) error {
		tag, id, err := scanTag(rows)
		if len(cases) == 0 || cases[len(cases)-1].id != id {
			cases = append(cases, tagsOfCase{id: id})
		}
		last := &cases[len(cases)-1]
		last.tags = append(last.tags, tag)
		count++
		return err
	})
	return cases, count, err
}

// addRisks gives the cases the risk profiles of their accounts.
func addRisks(q querier, cases []tagsOfCase) error {
	buyers := make([]cloudtag.BuyerID, len(cases))
	for i, c := range cases {
		_, buyers[i], _ = c.id.Parts()
	}
	profiles, err := readRisks(q, buyers)
	if err != nil {
		return err
	}
	for i, buyer := range buyers {
		if profile, known := profiles[buyer]; known {
			cases[i].risk = &profile
		}
	}
	return nil
}
