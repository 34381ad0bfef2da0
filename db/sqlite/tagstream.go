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
	stream := tagStream{names: make(map[int64]string)}
	for more := true; more; {
		var cases []tagsOfCase
		err := s.read(ctx, "read tags by case", func(r *reading) (err error) {
			cases, more, err = stream.next(r, streamPiece)
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
		}
	}
	return nil
}

// tagStream is where a walk through all tags stands.
type tagStream struct {
	after cloudtag.CaseID
	// names are those of shops and entities that were met: few, and looked up again and again. Numbers are for ever.
	names map[int64]string
}

// tagsOfCase are all tags of a case, with the account's risk profile.
type tagsOfCase struct {
	id   cloudtag.CaseID
	tags []cloudtag.Tag
	risk *cloudtag.RiskProfile
}

const (
	tagsByCase = "SELECT t.merchant_no, t.entity_no, " + tagOwnColumns + ` FROM cases c INDEXED BY cases_by_id
		CROSS JOIN tags t INDEXED BY tags_by_case ON t.case_no = c.no
		WHERE c.id > ? ORDER BY c.id, t.submitted_at, t.order_no LIMIT ?`
	tagsOfCaseInOrder = "SELECT t.merchant_no, t.entity_no, " + tagOwnColumns + ` FROM cases c INDEXED BY cases_by_id
		CROSS JOIN tags t INDEXED BY tags_by_case ON t.case_no = c.no
		WHERE c.id = ? ORDER BY c.id, t.submitted_at, t.order_no`
)

// next returns the next cases with all their tags, about as many tags as limit.
func (s *tagStream) next(q querier, limit int) (cases []tagsOfCase, more bool, err error) {
	cases, count, err := s.gather(q, tagsByCase, string(s.after), int64(limit))
	if err != nil {
		return nil, false, err
	}
	more = count == limit
	switch {
	case more && len(cases) > 1:
		cases = cases[:len(cases)-1] // the last may be cut off
	case more:
		if cases, _, err = s.gather(q, tagsOfCaseInOrder, string(cases[0].id)); err != nil {
			return nil, false, err
		}
	}
	if len(cases) > 0 {
		s.after = cases[len(cases)-1].id
	}
	return cases, more, addRisks(q, cases)
}

// gather returns the rows of a query for tags, which come case by case.
func (s *tagStream) gather(q querier, text string, args ...any) (cases []tagsOfCase, count int, err error) {
	var owners [][2]int64
	err = q.Each(text, args, func(rows *sql.Rows) error {
		var row tagRow
		var owner [2]int64 // shop and entity
		if err := rows.Scan(append([]any{&owner[0], &owner[1]}, row.fields()...)...); err != nil {
			return err
		}
		id := cloudtag.CaseID(row.caseID)
		if len(cases) == 0 || cases[len(cases)-1].id != id {
			cases = append(cases, tagsOfCase{id: id})
		}
		last := &cases[len(cases)-1]
		last.tags, owners = append(last.tags, row.tag("", "")), append(owners, owner)
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	for _, c := range cases {
		for i := range c.tags {
			if err := s.nameOwner(q, &c.tags[i], owners[count]); err != nil {
				return nil, 0, err
			}
			count++
		}
	}
	return cases, count, nil
}

// nameOwner gives a tag the names of its shop and entity.
func (s *tagStream) nameOwner(q querier, tag *cloudtag.Tag, owner [2]int64) error {
	if len(s.names) > maxKnownWords {
		clear(s.names)
	}
	for _, no := range owner {
		if _, known := s.names[no]; known {
			continue
		}
		var name string
		if err := q.One("SELECT word FROM words WHERE no = ?", []any{no}, &name); err != nil {
			return err
		}
		s.names[no] = name
	}
	tag.MerchantID, tag.EntityID = cloudtag.MerchantID(s.names[owner[0]]), cloudtag.EntityID(s.names[owner[1]])
	return nil
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
