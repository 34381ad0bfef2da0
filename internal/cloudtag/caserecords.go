package cloudtag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Cases returns cases by identifier, to reviewers only.
func (r *Records) Cases(ctx context.Context, caller Caller, ids []CaseID) (map[CaseID]Case, error) {
	if !caller.MaySeeCases() {
		return map[CaseID]Case{}, nil
	}
	return r.store.Cases(ctx, ids)
}

// CasesOfBuyers returns each account's cases, by time of opening. FORBIDDEN unless the caller reviews.
func (r *Records) CasesOfBuyers(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID][]Case, error) {
	if !caller.MaySeeCases() {
		return nil, Forbidden()
	}
	return r.store.CasesOfBuyers(ctx, buyers)
}

// CasePage returns a page of the cases that match. Errors: FORBIDDEN, BAD_USER_INPUT.
func (r *Records) CasePage(ctx context.Context, caller Caller, filter CaseFilter, order CaseOrder, request PageRequest) (Page[Case], error) {
	if !caller.MaySeeCases() {
		return Page[Case]{}, Forbidden()
	}
	if err := cmp.Or(filter.Check(), CheckKnown(order, CaseOrders(), "orderBy")); err != nil {
		return Page[Case]{}, err
	}
	slice, err := request.slice(order.list())
	if err != nil {
		return Page[Case]{}, err
	}
	cases, more, err := r.store.CasePage(ctx, filter, order, slice)
	if err != nil {
		return Page[Case]{}, fmt.Errorf("read cases: %w", err)
	}
	return newPage(order.list(), cases, more, slice, order.PositionOf), nil
}

// amongList is the name of the list of given cases in cursors.
const amongList = "among"

// CasesAmong returns a page of the given cases, which are sorted by identifier; it omits those that do not exist. Errors:
// FORBIDDEN, BAD_USER_INPUT.
func (r *Records) CasesAmong(ctx context.Context, caller Caller, ids []CaseID, request PageRequest) (Page[Case], error) {
	if !caller.MaySeeCases() {
		return Page[Case]{}, Forbidden()
	}
	slice, err := request.slice(amongList)
	if err != nil {
		return Page[Case]{}, err
	}
	within, more := sliceIDs(ids, slice)
	found, err := r.store.Cases(ctx, within)
	if err != nil {
		return Page[Case]{}, fmt.Errorf("find cases: %w", err)
	}
	cases := make([]Case, 0, len(within))
	for _, id := range within {
		if c, known := found[id]; known {
			cases = append(cases, c)
		}
	}
	return newPage(amongList, cases, more, slice, func(c Case) Position { return Position{ID: string(c.ID)} }), nil
}

// sliceIDs returns a slice of sorted identifiers; more reports whether others follow in the direction of reading.
func sliceIDs(ids []CaseID, slice Slice) (within []CaseID, more bool) {
	if slice.After != nil {
		i, found := slices.BinarySearch(ids, CaseID(slice.After.ID))
		if found {
			i++
		}
		ids = ids[i:]
	}
	if slice.Before != nil {
		i, _ := slices.BinarySearch(ids, CaseID(slice.Before.ID))
		ids = ids[:i]
	}
	if more = len(ids) > slice.Limit; !more {
		return ids, false
	}
	if slice.Backward {
		return ids[len(ids)-slice.Limit:], true
	}
	return ids[:slice.Limit], true
}

// CountCases counts the cases that match, exactly up to MaxCount, then MaxCount+1. Errors: FORBIDDEN unless the caller
// reviews, BAD_USER_INPUT.
func (r *Records) CountCases(ctx context.Context, caller Caller, filter CaseFilter) (int, error) {
	if !caller.MaySeeCases() {
		return 0, Forbidden()
	}
	if err := filter.Check(); err != nil {
		return 0, err
	}
	return r.store.CountCases(ctx, filter, MaxCount+1)
}

// Explain explains the state of each case (rule 8), without its votes, see [Records.Votes]. FORBIDDEN unless the caller
// reviews.
func (r *Records) Explain(ctx context.Context, caller Caller, cases []Case) (map[CaseID]Explanation, error) {
	if !caller.MaySeeCases() {
		return nil, Forbidden()
	}
	policies := map[int]Policy{} // cases have few versions: at most those of a rollout in progress
	explanations := make(map[CaseID]Explanation, len(cases))
	now := r.clock.Now()
	for _, c := range cases {
		policy, known := policies[c.PolicyVersion]
		if !known {
			var err error
			if policy, err = r.store.Policy(ctx, c.PolicyVersion); err != nil {
				return nil, fmt.Errorf("find policy: %w", err)
			}
			policies[c.PolicyVersion] = policy
		}
		explanations[c.ID] = ExplainBy(c, policy, now)
	}
	return explanations, r.explainWeights(ctx, cases, policies, explanations)
}

// explainWeights adds the weights of the votes by the current records of the shops, if the policy of a case weighs votes.
func (r *Records) explainWeights(ctx context.Context, cases []Case, policies map[int]Policy, explanations map[CaseID]Explanation) error {
	weighed := slices.DeleteFunc(slices.Clone(cases), func(c Case) bool { return !policies[c.PolicyVersion].WeighsRecords() })
	if len(weighed) == 0 {
		return nil
	}
	ids := make([]CaseID, len(weighed))
	for i, c := range weighed {
		ids[i] = c.ID
	}
	live, err := r.store.LiveTags(ctx, ids)
	if err != nil {
		return fmt.Errorf("find live tags: %w", err)
	}
	for _, c := range weighed {
		policy := policies[c.PolicyVersion]
		file := OpenCaseFile(c.ID, &c, live[c.ID], policy.Always(), nil)
		documents, err := r.store.Documents(ctx, KindCollusion, file.RecordIDs(nil))
		if err != nil {
			return fmt.Errorf("find records of shops: %w", err)
		}
		if err := file.Weigh(documents); err != nil {
			return err
		}
		explanation := explanations[c.ID]
		explanation.Weighing = file.weighVotes()
		explanations[c.ID] = explanation
	}
	return nil
}

// LiveTags returns the live tags of each case, in order of submission. FORBIDDEN unless the caller reviews.
func (r *Records) LiveTags(ctx context.Context, caller Caller, cases []CaseID) (map[CaseID][]Tag, error) {
	if !caller.MaySeeCases() {
		return nil, Forbidden()
	}
	live, err := r.store.LiveTags(ctx, cases)
	if err != nil {
		return nil, fmt.Errorf("find live tags: %w", err)
	}
	return live, nil
}

// Votes returns the votes of each case (see [VotesOf]). FORBIDDEN unless the caller reviews.
func (r *Records) Votes(ctx context.Context, caller Caller, cases []CaseID) (map[CaseID][]Vote, error) {
	live, err := r.LiveTags(ctx, caller, cases)
	if err != nil {
		return nil, err
	}
	votes := make(map[CaseID][]Vote, len(live))
	for id, tags := range live {
		votes[id] = VotesOf(tags)
	}
	return votes, nil
}
