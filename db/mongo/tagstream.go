package mongo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"cloudtag/internal/cloudtag"
)

// What TagsByCase holds at once: the identifiers and sizes of a page of cases, and the tags of a piece of it, unless a
// single case has more.
const (
	streamCases = 500
	streamPiece = 4_096
)

// TagsByCase hands over all tags. It reads a piece of whole cases at a time, so that no cursor is held while visit
// works. A case is never handed over twice, and one that is there from the beginning is never left out: cases do not
// go away or change their identifier.
func (s *Store) TagsByCase(
	ctx context.Context, visit func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error,
) error {
	var after cloudtag.CaseID
	for {
		ids, err := s.CaseIDs(ctx, after, streamCases)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		sizes, err := s.caseSizes(ctx, ids)
		if err != nil {
			return explain("count the tags of cases", err)
		}
		for len(ids) > 0 {
			n := pieceOf(ids, sizes)
			if err := s.visitPiece(ctx, ids[:n], visit); err != nil {
				return err
			}
			ids = ids[n:]
		}
	}
}

// caseGroup is a case as the tags name it.
type caseGroup struct {
	Scenario string `bson:"scenario"`
	Buyer    string `bson:"buyer"`
}

func (g caseGroup) id() cloudtag.CaseID {
	return cloudtag.NewCaseID(cloudtag.ScenarioCode(g.Scenario), cloudtag.BuyerID(g.Buyer))
}

// ofCases selects the tags of cases, and perhaps of others of the same accounts.
func ofCases(ids []cloudtag.CaseID) bson.D {
	scenarios, buyers := make([]cloudtag.ScenarioCode, len(ids)), make([]cloudtag.BuyerID, len(ids))
	for i, id := range ids {
		scenarios[i], buyers[i], _ = id.Parts()
	}
	return append(bson.D{
		{Key: "buyer", Value: anyOf(uniqueNames(buyers))}, {Key: "scenario", Value: anyOf(uniqueNames(scenarios))},
	}, carried()...)
}

// caseSizes counts the tags of cases.
func (s *Store) caseSizes(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]int, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	cursor, err := s.tags.Aggregate(ctx, driver.Pipeline{
		{{Key: "$match", Value: ofCases(ids)}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{{Key: "scenario", Value: "$scenario"}, {Key: "buyer", Value: "$buyer"}}},
			{Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
		}}},
	})
	if err != nil {
		return nil, err
	}
	var groups []struct {
		Case  caseGroup `bson:"_id"`
		Count int       `bson:"n"`
	}
	if err := cursor.All(ctx, &groups); err != nil {
		return nil, err
	}
	sizes := make(map[cloudtag.CaseID]int, len(groups))
	for _, group := range groups {
		sizes[group.Case.id()] = group.Count
	}
	return sizes, nil
}

// pieceOf is how many of the cases make the next piece: one scenario's, so that no other tags of the same accounts are
// read with theirs.
func pieceOf(ids []cloudtag.CaseID, sizes map[cloudtag.CaseID]int) int {
	scenario, _, _ := ids[0].Parts()
	tags := 0
	for n, id := range ids {
		tags += sizes[id]
		if other, _, _ := id.Parts(); n > 0 && (other != scenario || tags > streamPiece) {
			return n
		}
	}
	return len(ids)
}

func (s *Store) visitPiece(
	ctx context.Context, ids []cloudtag.CaseID,
	visit func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error,
) error {
	byCase, err := s.tagsOfCases(ctx, ids)
	if err != nil {
		return explain("read tags by case", err)
	}
	buyers := make([]cloudtag.BuyerID, len(ids))
	for i, id := range ids {
		_, buyers[i], _ = id.Parts()
	}
	risks, err := s.Risks(ctx, buyers)
	if err != nil {
		return fmt.Errorf("read tags by case: %w", err)
	}
	for i, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		tags := byCase[id]
		if len(tags) == 0 {
			continue // a new case whose first tags are still on their way
		}
		var risk *cloudtag.RiskProfile
		if profile, known := risks[buyers[i]]; known {
			risk = &profile
		}
		if err := visit(id, tags, risk); err != nil {
			return err
		}
	}
	return nil
}

// tagsOfCases returns the tags of cases, by time of submission, then order number; perhaps also those of others of the
// same accounts.
func (s *Store) tagsOfCases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	docs, err := findAll[tagDoc](ctx, s, s.tags, ofCases(ids))
	if err != nil {
		return nil, err
	}
	byCase := make(map[cloudtag.CaseID][]cloudtag.Tag, len(ids))
	for _, doc := range docs {
		tag := doc.tag()
		byCase[tag.CaseID()] = append(byCase[tag.CaseID()], tag)
	}
	for _, tags := range byCase {
		slices.SortFunc(tags, func(a, b cloudtag.Tag) int {
			return cmp.Or(a.SubmittedAt.Compare(b.SubmittedAt), strings.Compare(string(a.OrderNo), string(b.OrderNo)))
		})
	}
	return byCase, nil
}
