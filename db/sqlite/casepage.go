package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// CasePage returns cases that match. A buyer's cases, at most one per scenario, and those with a standing claim of
// somebody, at most what a person claims within the time of a lease, are sorted in memory. Everything else is a merge
// of the lanes that the filter selects; what is left to look at row by row is:
//   - MinVotes of 5, and from 7 on those that no class of votes begins with (votesFrom): bounded by the cases of the
//     class it lies in, which have 4 votes or more;
//   - OverdueAt and NotOverdue by opening, and NotOverdue by priority: bounded by the reviewers' queue;
//   - by due time, the cases without one (those not in the queue) in the order of their identifiers: see undueIDs.
func (s *Store) CasePage(
	ctx context.Context, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, slice cloudtag.Slice,
) (cases []cloudtag.Case, more bool, err error) {
	err = s.read(ctx, "read a page of cases", func(r *reading) error {
		listed, all, err := fewCases(r, filter)
		if err != nil {
			return err
		}
		if all {
			cases, more = pageOf(listed, order.PositionOf, casesDescend(order), slice)
			return nil
		}
		cases, more, err = caseWalkPage(r, filter, order, slice)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return cases, more, nil
}

func casesDescend(order cloudtag.CaseOrder) bool { return order != cloudtag.CasesByDueAsc }

const claimedCases = "SELECT id FROM cases INDEXED BY cases_by_claim WHERE claimed_until > ? AND claimed_by = ?"

// fewCases returns all cases that match where the filter names few of them; all tells whether that is so.
func fewCases(q querier, filter cloudtag.CaseFilter) (cases []cloudtag.Case, all bool, err error) {
	var ids []cloudtag.CaseID
	switch {
	case filter.BuyerID != "":
		ids, err = caseIDsOf(q, filter.BuyerID, filter.Scenario)
	case filter.ClaimedBy != "":
		ids, err = readCaseIDs(q, claimedCases, filter.ClaimedAt.UnixMilli(), filter.ClaimedBy)
	default:
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	found, err := readCases(q, ids)
	for _, c := range found {
		if filter.Matches(c) {
			cases = append(cases, c)
		}
	}
	return cases, true, err
}

func caseWalkPage(
	q querier, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, slice cloudtag.Slice,
) ([]cloudtag.Case, bool, error) {
	lanes, err := caseLanes(q, filter)
	if err != nil {
		return nil, false, err
	}
	sp, desc := sliceSpan(slice, casesDescend(order))
	positions, err := casePositions(q, lanes, filter, order, sp, desc, slice.Limit+1)
	if err != nil {
		return nil, false, err
	}
	positions, more := finish(positions, slice)
	ids := make([]cloudtag.CaseID, len(positions))
	for i, position := range positions {
		ids[i] = cloudtag.CaseID(position.ID)
	}
	found, err := readCases(q, ids)
	if err != nil {
		return nil, false, err
	}
	cases := make([]cloudtag.Case, len(ids))
	for i, id := range ids {
		cases[i] = found[id]
	}
	return cases, more, nil
}

// selectedLanes are the lanes of cases that a filter selects.
type selectedLanes struct {
	queued, other []int64 // in the reviewers' queue, and not
	all           bool    // no lane there is was left out of other
	prefix        string  // what the identifiers of all of them begin with
}

func caseLanes(q querier, filter cloudtag.CaseFilter) (selectedLanes, error) {
	selected := selectedLanes{all: true}
	var scenario int64
	if filter.Scenario != "" {
		var err error
		scenario, err = wordNumber(q, "SELECT no FROM scenarios WHERE code = ?", string(filter.Scenario))
		if err != nil || scenario == 0 {
			return selectedLanes{}, err
		}
		selected.prefix = string(cloudtag.NewCaseID(filter.Scenario, ""))
	}
	lanes, err := readNumbers(q, lanesOfCases)
	if err != nil {
		return selectedLanes{}, err
	}
	for _, number := range lanes {
		lane := caseLaneOf(number)
		switch {
		case !lane.selected(filter, scenario):
			ofOthers := scenario != 0 && lane.scenario != scenario
			selected.all = selected.all && (lane.pending() || ofOthers)
		case lane.pending():
			selected.queued = append(selected.queued, number)
		default:
			selected.other = append(selected.other, number)
		}
	}
	return selected, nil
}

// casePositions returns the first positions in the order, in the direction of reading.
func casePositions(
	q querier, lanes selectedLanes, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, sp span, desc bool, limit int,
) ([]cloudtag.Position, error) {
	switch order {
	case cloudtag.CasesByDueAsc:
		return byDue(q, lanes, filter, sp, desc, limit)
	case cloudtag.CasesByOpenedDesc:
		walks := caseWalks(append(lanes.queued, lanes.other...), openedSource, filter, sp)
		return mergeWalks(q, walks, desc, limit)
	default:
		queued := caseWalks(lanes.queued, rankSource, filter, sp)
		other := caseWalks(lanes.other, openedSource, filter, sp)
		for _, w := range other {
			w.shift = cloudtag.Case{OpenedAt: time.UnixMilli(0)}.Rank()
		}
		return mergeWalks(q, append(queued, other...), desc, limit)
	}
}

// The ways to read a lane of cases.
var (
	openedSource = source{table: "cases", index: "cases_by_lane", lead: []string{"lane"}, key: "opened_at", id: "id"}
	rankSource   = source{table: "cases", index: "cases_by_rank", lead: []string{"lane"}, key: "rank", id: "id", present: true}
	dueSource    = source{table: "cases", index: "cases_by_due", lead: []string{"lane"}, key: "due_at", id: "id", present: true}
)

// caseWalks returns a walk per lane, with the conditions that the lane does not stand for.
func caseWalks(lanes []int64, from source, filter cloudtag.CaseFilter, sp span) []*walk {
	walks := make([]*walk, len(lanes))
	for i, number := range lanes {
		w := &walk{source: from, span: sp}
		w.leadValues = []any{number}
		lane := caseLaneOf(number)
		if lane.pending() {
			limitDue(w, filter)
		}
		if !lane.exactVotes(filter) {
			w.rest, w.restValues = and(w.rest, "votes >= ?"), append(w.restValues, int64(filter.MinVotes))
		}
		walks[i] = w
	}
	return walks
}

func and(condition, other string) string {
	if condition == "" {
		return other
	}
	return condition + " AND " + other
}

// limitDue applies the filter's due times to a walk through the queue.
func limitDue(w *walk, filter cloudtag.CaseFilter) {
	if due := filter.OverdueAt; !due.IsZero() {
		latest := due.UnixMilli()
		switch w.key {
		case "due_at":
			w.span.below(latest + 1)
		case "rank":
			w.span.atLeast(rankWithoutHeadStart(latest)) // a head start only adds to the rank
			fallthrough
		default:
			w.rest, w.restValues = and(w.rest, "due_at <= ?"), append(w.restValues, latest)
		}
	}
	if due := filter.NotOverdue; !due.IsZero() {
		earliest := due.UnixMilli() + 1
		if w.key == "due_at" {
			w.span.atLeast(earliest)
			return
		}
		w.rest, w.restValues = and(w.rest, "due_at >= ?"), append(w.restValues, earliest)
	}
}

// rankWithoutHeadStart is the rank of a queued case with nothing that makes it more urgent than its due time.
func rankWithoutHeadStart(due int64) int64 {
	return cloudtag.Case{
		Handling: cloudtag.HandlingPending, DueAt: time.UnixMilli(due), Threshold: 1 << 20,
	}.Rank()
}

// byDue returns positions by due time: the queue, then the cases without a due time.
func byDue(
	q querier, lanes selectedLanes, filter cloudtag.CaseFilter, sp span, desc bool, limit int,
) ([]cloudtag.Position, error) {
	queue := func(limit int) ([]cloudtag.Position, error) {
		return mergeWalks(q, caseWalks(lanes.queued, dueSource, filter, sp), desc, limit)
	}
	undue := func(limit int) ([]cloudtag.Position, error) { return undueIDs(q, lanes, filter, sp, desc, limit) }
	parts := []func(int) ([]cloudtag.Position, error){queue, undue}
	if desc {
		slices.Reverse(parts)
	}
	positions, err := parts[0](limit)
	if err != nil || len(positions) == limit {
		return positions, err
	}
	rest, err := parts[1](limit - len(positions))
	return append(positions, rest...), err
}

// maxGathered is how many identifiers are sorted in memory rather than picked out of a walk over all cases.
const maxGathered = 5_000

// undueIDs returns the positions of cases without a due time, which are in the order of their identifiers. Where the
// filter selects few of them they are gathered from their lanes and sorted; otherwise it walks all identifiers and
// picks. A walk is thus bounded by the share of the cases selected: more than maxGathered of all.
func undueIDs(
	q querier, lanes selectedLanes, filter cloudtag.CaseFilter, sp span, desc bool, limit int,
) ([]cloudtag.Position, error) {
	key := cloudtag.Case{}.DueKey()
	ids := span{lower: cloudtag.Position{Key: key}, upper: cloudtag.Position{Key: key + 1}}
	ids.above(sp.lower)
	ids.under(sp.upper)
	if len(lanes.other) == 0 || comparePositions(ids.lower, ids.upper) >= 0 {
		return nil, nil
	}
	if !lanes.all {
		gathered, few, err := gatherUndue(q, lanes, filter)
		if err != nil {
			return nil, err
		}
		if few {
			gathered, _ = pageOf(gathered, func(p cloudtag.Position) cloudtag.Position { return p }, false,
				cloudtag.Slice{Limit: limit, After: &ids.lower, Before: &ids.upper, Backward: desc})
			if desc {
				slices.Reverse(gathered)
			}
			return gathered, nil
		}
	}
	return pickUndue(q, lanes, filter, ids, desc, limit)
}

// gatherUndue returns the positions of all undue cases of the lanes, unless they are many.
func gatherUndue(
	q querier, lanes selectedLanes, filter cloudtag.CaseFilter,
) (positions []cloudtag.Position, few bool, err error) {
	walks := caseWalks(lanes.other, openedSource, filter, wholeSpan())
	count, err := countWalks(q, walks, maxGathered+1)
	if err != nil || count > maxGathered {
		return nil, false, err
	}
	for _, w := range walks {
		if err := w.fill(q, false, maxGathered); err != nil {
			return nil, false, err
		}
		for _, row := range w.rows {
			positions = append(positions, cloudtag.Position{Key: cloudtag.Case{}.DueKey(), ID: row.ID})
		}
	}
	return positions, true, nil
}

// pickStatement returns the statement of pickUndue.
func pickStatement(desc bool) string {
	direction := ""
	if desc {
		direction = " DESC"
	}
	return `SELECT id FROM cases INDEXED BY cases_by_id
		WHERE id > ? AND id < ? AND due_at IS NULL AND votes >= ? AND lane IN (SELECT value FROM json_each(?))
		ORDER BY id` + direction + " LIMIT ?"
}

// beyondIDs is greater than every identifier: no UTF-8 text begins with this byte.
const beyondIDs = "\xff"

// pickUndue walks identifiers between two positions and picks those of the lanes.
func pickUndue(
	q querier, lanes selectedLanes, filter cloudtag.CaseFilter, ids span, desc bool, limit int,
) (positions []cloudtag.Position, err error) {
	lower, upper := max(ids.lower.ID, lanes.prefix), cmp.Or(ids.upper.ID, beyondIDs)
	if lanes.prefix != "" {
		upper = min(upper, lanes.prefix+beyondIDs)
	}
	listed, err := json.Marshal(lanes.other)
	if err != nil {
		return nil, err
	}
	args := []any{lower, upper, int64(filter.MinVotes), string(listed), int64(limit)}
	err = q.Each(pickStatement(desc), args, func(rows *sql.Rows) error {
		position := cloudtag.Position{Key: cloudtag.Case{}.DueKey()}
		err := rows.Scan(&position.ID)
		positions = append(positions, position)
		return err
	})
	return positions, err
}

// CountCases counts cases that match.
func (s *Store) CountCases(ctx context.Context, filter cloudtag.CaseFilter, limit int) (count int, err error) {
	err = s.read(ctx, "count cases", func(r *reading) error {
		cases, all, err := fewCases(r, filter)
		if err != nil {
			return err
		}
		if all {
			count = min(len(cases), limit)
			return nil
		}
		lanes, err := caseLanes(r, filter)
		if err != nil {
			return err
		}
		walks := append(caseWalks(lanes.queued, dueSource, filter, wholeSpan()),
			caseWalks(lanes.other, openedSource, filter, wholeSpan())...)
		count, err = countWalks(r, walks, limit)
		return err
	})
	return count, err
}

// CountPending counts the queue up to a due time.
func (s *Store) CountPending(ctx context.Context, dueBefore time.Time) (count int, err error) {
	err = s.read(ctx, "count the queue", func(r *reading) error {
		lanes, err := caseLanes(r, cloudtag.CaseFilter{Handling: cloudtag.HandlingPending})
		if err != nil {
			return err
		}
		early := wholeSpan()
		early.below(earliestMilli(dueBefore))
		count, err = countWalks(r, caseWalks(lanes.queued, dueSource, cloudtag.CaseFilter{}, early), math.MaxInt)
		return err
	})
	return count, err
}

const countClaimed = "SELECT count(*) FROM cases INDEXED BY cases_by_claim WHERE claimed_until > ? AND due_at IS NOT NULL"

// CountClaimed counts the standing claims on cases in the queue.
func (s *Store) CountClaimed(ctx context.Context, now time.Time) (count int, err error) {
	err = s.read(ctx, "count claims", func(r *reading) error {
		return r.One(countClaimed, []any{now.UnixMilli()}, &count)
	})
	return count, err
}
