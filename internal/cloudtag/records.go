package cloudtag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Records reads stored records, and returns to each caller only what rule 15 and its role allow. Methods with several keys
// omit records that do not exist and those that the caller may not see, without distinguishing the two.
type Records struct {
	store recordStore
	clock Clock
}

type recordStore interface {
	TagReader
	CaseReader
	TagShareReader
	Finder
	BatchByID(ctx context.Context, id BatchID) (Batch, error)
	Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error)
	MerchantCounts(ctx context.Context, ids []MerchantID) (map[MerchantID]MerchantCounts, error)
	MerchantPage(ctx context.Context, filter MerchantFilter, slice Slice) ([]Merchant, bool, error)
	CountMerchants(ctx context.Context, filter MerchantFilter, limit int) (int, error)
	Orders(ctx context.Context, orders []OrderNo) (map[OrderNo]Order, error)
	OrdersOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Order, error)
	OrdersPlaced(ctx context.Context, filter OrderFilter, after *Position, limit int) ([]Order, bool, error)
	Exposures(ctx context.Context, buyers []BuyerID, since time.Time) (map[BuyerID]Exposure, error)
	KnownBuyers(ctx context.Context, buyers []BuyerID) (map[BuyerID]bool, error)
	Risks(ctx context.Context, buyers []BuyerID) (map[BuyerID]RiskProfile, error)
	Policy(ctx context.Context, version int) (Policy, error)
	PolicyReader
	Documents(ctx context.Context, kind DocumentKind, ids []string) (map[string]Document, error)
	LogReader
}

// NewRecords returns the service over a store.
func NewRecords(store recordStore, clock Clock) *Records { return &Records{store: store, clock: clock} }

// visible removes what the caller may not see.
func visible[K comparable, V any](found map[K]V, may func(V) bool) map[K]V {
	for key, value := range found {
		if !may(value) {
			delete(found, key)
		}
	}
	return found
}

// findAllowed calls all for callers who may see all records, own for a shop, and returns nothing to others.
func findAllowed[V any](
	what string, caller Caller, maySeeAll bool, own func(MerchantID) (map[OrderNo]V, error), all func() (map[OrderNo]V, error),
) (found map[OrderNo]V, err error) {
	switch {
	case maySeeAll:
		found, err = all()
	case caller.ActsFor(caller.MerchantID):
		found, err = own(caller.MerchantID)
	default:
		return map[OrderNo]V{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", what, err)
	}
	return found, nil
}

// Tags returns tags by order number: a shop's own to the shop, all to reviewers.
func (r *Records) Tags(ctx context.Context, caller Caller, orders []OrderNo) (map[OrderNo]Tag, error) {
	return findAllowed("tags", caller, caller.Reviews(), func(shop MerchantID) (map[OrderNo]Tag, error) {
		return r.store.TagsOf(ctx, shop, orders)
	}, func() (map[OrderNo]Tag, error) { return r.store.TagsByOrder(ctx, orders) })
}

// TagScope restricts a filter to what the caller may see. FORBIDDEN for callers who may see no tags, and for a shop that asks
// for another shop's, or by account, which would reveal which orders are the same person's (rule 15). BAD_USER_INPUT for
// unknown statuses.
func TagScope(caller Caller, filter TagFilter) (TagFilter, error) {
	if err := CheckAllKnown(filter.Statuses, TagStatuses(), "filter", "status"); err != nil {
		return filter, err
	}
	switch {
	case caller.Reviews():
		return filter, nil
	case !caller.ActsFor(caller.MerchantID),
		filter.MerchantID != "" && filter.MerchantID != caller.MerchantID,
		filter.BuyerID != "":
		return filter, Forbidden()
	default:
		filter.MerchantID = caller.MerchantID
		return filter, nil
	}
}

// TagPage returns a page of the tags that match and the caller may see. Errors: FORBIDDEN, BAD_USER_INPUT.
func (r *Records) TagPage(ctx context.Context, caller Caller, filter TagFilter, order TagOrder, request PageRequest) (Page[Tag], error) {
	filter, err := TagScope(caller, filter)
	if err != nil {
		return Page[Tag]{}, err
	}
	if err := CheckKnown(order, TagOrders(), "orderBy"); err != nil {
		return Page[Tag]{}, err
	}
	slice, err := request.slice(order.list())
	if err != nil {
		return Page[Tag]{}, err
	}
	filter, nonEmpty, err := r.resolveBatch(ctx, filter)
	if err != nil {
		return Page[Tag]{}, err
	}
	var tags []Tag
	more := false
	if nonEmpty {
		if tags, more, err = r.store.TagPage(ctx, filter, order, slice); err != nil {
			return Page[Tag]{}, fmt.Errorf("read tags: %w", err)
		}
	}
	return newPage(order.list(), tags, more, slice, order.PositionOf), nil
}

// CountTags counts the tags that match and the caller may see, exactly up to MaxCount, then MaxCount+1. FORBIDDEN as
// for TagPage.
func (r *Records) CountTags(ctx context.Context, caller Caller, filter TagFilter) (int, error) {
	filter, err := TagScope(caller, filter)
	if err != nil {
		return 0, err
	}
	filter, nonEmpty, err := r.resolveBatch(ctx, filter)
	if err != nil || !nonEmpty {
		return 0, err
	}
	return r.store.CountTags(ctx, filter, MaxCount+1)
}

// resolveBatch replaces a filter's batch by the orders of the batch; nonEmpty is false if it selects none. A batch that does not
// exist, or belongs to another shop than the filter's, has no tags.
func (r *Records) resolveBatch(ctx context.Context, filter TagFilter) (resolved TagFilter, nonEmpty bool, err error) {
	if filter.BatchID == "" {
		return filter, true, nil
	}
	batch, err := r.store.BatchByID(ctx, filter.BatchID)
	switch {
	case CodeOf(err) == CodeNotFound:
		return filter, false, nil
	case err != nil:
		return filter, false, fmt.Errorf("find batch: %w", err)
	case filter.MerchantID != "" && filter.MerchantID != batch.MerchantID:
		return filter, false, nil
	}
	asked := filter.OrderNos
	filter.BatchID, filter.MerchantID, filter.OrderNos = "", batch.MerchantID, nil
	for _, result := range batch.Results {
		if result.Accepted() && (len(asked) == 0 || slices.Contains(asked, result.OrderNo)) {
			filter.OrderNos = append(filter.OrderNos, result.OrderNo)
		}
	}
	return filter, len(filter.OrderNos) > 0, nil
}

// Batch returns a submission with its results: its own to a shop, all to reviewers. NOT_FOUND if there is none or the caller
// may not see it.
func (r *Records) Batch(ctx context.Context, caller Caller, id BatchID) (Submitted, error) {
	batch, err := r.store.BatchByID(ctx, id)
	if err != nil {
		return Submitted{}, err
	}
	if !caller.Reviews() && !caller.ActsFor(batch.MerchantID) {
		return Submitted{}, NotFound()
	}
	return withTags(ctx, r.store, batch)
}

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
	if err := cmp.Or(filter.check(), CheckKnown(order, CaseOrders(), "orderBy")); err != nil {
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

// amongList is the name of the list of given cases in cursors.
const amongList = "among"

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
	if err := filter.check(); err != nil {
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

// Votes returns the votes of each case (see [VotesOf]). FORBIDDEN unless the caller reviews.
func (r *Records) Votes(ctx context.Context, caller Caller, cases []CaseID) (map[CaseID][]Vote, error) {
	if !caller.MaySeeCases() {
		return nil, Forbidden()
	}
	live, err := r.store.LiveTags(ctx, cases)
	if err != nil {
		return nil, fmt.Errorf("find live tags: %w", err)
	}
	votes := make(map[CaseID][]Vote, len(live))
	for id, tags := range live {
		votes[id] = VotesOf(tags)
	}
	return votes, nil
}

// Merchants returns shops by identifier: its own to a shop, all to reviewers.
func (r *Records) Merchants(ctx context.Context, caller Caller, ids []MerchantID) (map[MerchantID]Merchant, error) {
	found, err := r.store.Merchants(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find merchants: %w", err)
	}
	return visible(found, func(m Merchant) bool { return caller.MaySeeMerchant(m.ID) }), nil
}

// merchantList is the name of the list of shops in cursors; maxSearchLength is in characters.
const (
	merchantList    = "merchants"
	maxSearchLength = 200
)

// MerchantPage returns a page of the shops that match, by identifier. Errors: FORBIDDEN unless the caller reviews,
// BAD_USER_INPUT.
func (r *Records) MerchantPage(ctx context.Context, caller Caller, filter MerchantFilter, request PageRequest) (Page[Merchant], error) {
	if !caller.Reviews() {
		return Page[Merchant]{}, Forbidden()
	}
	if !ValidText(filter.Search, maxSearchLength) {
		return Page[Merchant]{}, Refuse(CodeBadInput, Text{
			ZH: fmt.Sprintf("搜索内容最多 %d 个字，不能含控制字符。", maxSearchLength),
			EN: fmt.Sprintf("Search for at most %d characters, none of them control characters.", maxSearchLength),
		}, "filter", "search")
	}
	if err := CheckKnownOrEmpty(filter.Permission, Permissions(), "filter", "permission"); err != nil {
		return Page[Merchant]{}, err
	}
	slice, err := request.slice(merchantList)
	if err != nil {
		return Page[Merchant]{}, err
	}
	merchants, more, err := r.store.MerchantPage(ctx, filter, slice)
	if err != nil {
		return Page[Merchant]{}, fmt.Errorf("read merchants: %w", err)
	}
	return newPage(merchantList, merchants, more, slice, func(m Merchant) Position { return Position{ID: string(m.ID)} }), nil
}

// CountMerchants counts the shops that match, exactly up to MaxCount, then MaxCount+1. Errors: FORBIDDEN unless the
// caller reviews, BAD_USER_INPUT.
func (r *Records) CountMerchants(ctx context.Context, caller Caller, filter MerchantFilter) (int, error) {
	if !caller.Reviews() {
		return 0, Forbidden()
	}
	if err := CheckKnownOrEmpty(filter.Permission, Permissions(), "filter", "permission"); err != nil {
		return 0, err
	}
	return r.store.CountMerchants(ctx, filter, MaxCount+1)
}

// Abilities are the operations that a caller may perform; a record may still not allow them.
type Abilities struct {
	SubmitTags     bool // the caller's shop may tag now
	RestrictBuyers bool // for its own shop
	SeeCases       bool // and appeals, restrictions, revocations and the policy
	Decide         bool // cases, restrictions and appeals
	Administrate   bool // the policy and revocations
	Lead           bool // assign cases, take claims over, decide what was escalated
	SeeBuyers      bool
	ImportData     bool
	ReadLog        bool
	ShareViews     bool // save views that others see
	ServeClaims    bool // query freight insurance, file complaints and appeals
	SeeWebhooks    bool // the caller's own, or all
	ManageWebhooks bool // the caller's own
}

// Abilities returns what the caller may do.
func (r *Records) Abilities(ctx context.Context, caller Caller) (Abilities, error) {
	abilities := Abilities{
		SeeCases: caller.MaySeeCases(), Decide: caller.Decides(), Administrate: caller.Has(RoleAdmin), Lead: caller.Leads(),
		SeeBuyers: caller.MaySeeBuyers(), ImportData: caller.MayImport(), ReadLog: caller.Reviews(),
		ShareViews: caller.Decides(), ServeClaims: caller.Serves(),
		SeeWebhooks: caller.SeesWebhooks(), ManageWebhooks: caller.ManagesWebhooks(),
	}
	if !caller.ActsFor(caller.MerchantID) {
		return abilities, nil
	}
	found, err := r.store.Merchants(ctx, []MerchantID{caller.MerchantID})
	if err != nil {
		return abilities, fmt.Errorf("find merchant: %w", err)
	}
	abilities.SubmitTags = found[caller.MerchantID].Permission == PermissionActive
	abilities.RestrictBuyers = true
	return abilities, nil
}

// MerchantsOfOrders returns the shops of orders that the caller has seen: whoever may see an order, services included, may
// see the name of its shop.
func (r *Records) MerchantsOfOrders(ctx context.Context, caller Caller, ids []MerchantID) (map[MerchantID]Merchant, error) {
	found, err := r.store.Merchants(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find merchants: %w", err)
	}
	return visible(found, func(m Merchant) bool { return caller.MaySeeOrder(m.ID) }), nil
}

// MerchantCounts returns the numbers of each shop's tags by outcome. FORBIDDEN for a shop that the caller may not see.
func (r *Records) MerchantCounts(ctx context.Context, caller Caller, ids []MerchantID) (map[MerchantID]MerchantCounts, error) {
	for _, id := range ids {
		if !caller.MaySeeMerchant(id) {
			return nil, Forbidden()
		}
	}
	return r.store.MerchantCounts(ctx, ids)
}

// Orders returns orders by number: its own to a shop, all to reviewers and services.
func (r *Records) Orders(ctx context.Context, caller Caller, orders []OrderNo) (map[OrderNo]Order, error) {
	return findAllowed("orders", caller, caller.Reviews() || caller.Serves(), func(shop MerchantID) (map[OrderNo]Order, error) {
		return r.store.OrdersOf(ctx, shop, orders)
	}, func() (map[OrderNo]Order, error) { return r.store.Orders(ctx, orders) })
}

// KnownBuyers returns which of the accounts exist, to reviewers and services only.
func (r *Records) KnownBuyers(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID]bool, error) {
	if !caller.MaySeeBuyers() {
		return map[BuyerID]bool{}, nil
	}
	return r.store.KnownBuyers(ctx, buyers)
}

// BuyerRisk is the platform's judgement of an account.
type BuyerRisk struct {
	Profile RiskProfile
	Level   RiskLevel // by the current policy
}

// Risks returns risk profiles by account. FORBIDDEN unless the caller may see accounts.
func (r *Records) Risks(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID]BuyerRisk, error) {
	if !caller.MaySeeBuyers() {
		return nil, Forbidden()
	}
	policy, err := PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return nil, err
	}
	found, err := r.store.Risks(ctx, buyers)
	if err != nil {
		return nil, fmt.Errorf("find risk data: %w", err)
	}
	risks := make(map[BuyerID]BuyerRisk, len(found))
	for id, profile := range found {
		risks[id] = BuyerRisk{Profile: profile, Level: policy.RiskLevel(&profile)}
	}
	return risks, nil
}

// Exposures counts each account's orders in the window. FORBIDDEN unless the caller may see accounts.
func (r *Records) Exposures(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID]Exposure, error) {
	if !caller.MaySeeBuyers() {
		return nil, Forbidden()
	}
	policy, err := PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return nil, err
	}
	return r.store.Exposures(ctx, buyers, r.clock.Now().Add(-policy.Window()))
}

// ScenarioRules returns the current policy's rule for every scenario of the catalogue. Everyone may see whether it is enabled,
// only reviewers its threshold.
func (r *Records) ScenarioRules(ctx context.Context) (map[ScenarioCode]PolicyRule, error) {
	policy, err := PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return nil, err
	}
	rules := make(map[ScenarioCode]PolicyRule)
	for _, scenario := range Scenarios() {
		rules[scenario.Code] = policy.Rule(scenario.Code)
	}
	return rules, nil
}

// LogPage returns a page of the log, oldest first. Errors: FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (r *Records) LogPage(ctx context.Context, caller Caller, filter LogFilter, request PageRequest) (Page[Entry], error) {
	if !caller.Reviews() {
		return Page[Entry]{}, Forbidden()
	}
	slice, err := request.LogSlice(ctx, r.store)
	if err != nil {
		return Page[Entry]{}, err
	}
	entries, more, err := r.store.LogPage(ctx, filter, slice)
	if err != nil {
		return Page[Entry]{}, fmt.Errorf("read log: %w", err)
	}
	return NewLogPage(entries, more, slice), nil
}

// CountLog counts the entries that match, exactly up to MaxCount, then MaxCount+1. FORBIDDEN unless the caller reviews.
func (r *Records) CountLog(ctx context.Context, caller Caller, filter LogFilter) (int, error) {
	if !caller.Reviews() {
		return 0, Forbidden()
	}
	return r.store.CountLog(ctx, filter, MaxCount+1)
}
