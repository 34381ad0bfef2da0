package dbtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func pairCases() []testCase {
	return []testCase{
		inWorld("CountsExactly", pairsCounted),
		inWorld("Limit", pairsLimited),
		inWorld("SameMeetingsAtOnce", pairsAtOnce),
		{"CrashAtEveryWrite", pairsCrash},
		inWorld("LinkedPairs", linkedPairs),
		inWorld("LinksReachTheFile", linksReachTheFile),
	}
}

// meeting is one account tagged by one shop.
type meeting struct {
	shop  cloudtag.MerchantID
	buyer cloudtag.BuyerID
	at    time.Time
}

// meetings is an independent count of who met whom.
type meetings struct {
	limit  int
	at     map[cloudtag.BuyerID][]meeting
	common map[[2]cloudtag.MerchantID]int
	tagged map[cloudtag.MerchantID]int
}

func newMeetings(limit int) *meetings {
	return &meetings{
		limit: limit, at: map[cloudtag.BuyerID][]meeting{}, common: map[[2]cloudtag.MerchantID]int{},
		tagged: map[cloudtag.MerchantID]int{},
	}
}

func pairOf(a, b cloudtag.MerchantID) [2]cloudtag.MerchantID {
	return [...]cloudtag.MerchantID{min(a, b), max(a, b)}
}

// meet returns what the store must answer.
func (m *meetings) meet(met meeting) []cloudtag.PairCounts {
	var others []meeting
	again := false
	for _, earlier := range m.at[met.buyer] {
		if again = again || earlier.shop == met.shop; earlier.shop != met.shop {
			others = append(others, earlier)
		}
	}
	slices.SortFunc(others, func(a, b meeting) int { return b.at.Compare(a.at) })
	others = others[:min(m.limit, len(others))]
	if !again {
		m.at[met.buyer] = append(m.at[met.buyer], met)
		m.tagged[met.shop]++
		for _, other := range others {
			m.common[pairOf(met.shop, other.shop)]++
		}
	}
	pairs := make([]cloudtag.PairCounts, len(others))
	for i, other := range others {
		pair := pairOf(met.shop, other.shop)
		pairs[i] = cloudtag.PairCounts{
			A: pair[0], B: pair[1], Common: m.common[pair], BuyersOfA: m.tagged[pair[0]], BuyersOfB: m.tagged[pair[1]], Buyers: len(m.at),
		}
	}
	return pairs
}

func (w *world) meet(met meeting, limit int) []cloudtag.PairCounts {
	w.Helper()
	pairs, err := w.store.Meet(w.ctx, met.shop, met.buyer, met.at, limit)
	w.noError(err, "meet")
	return pairs
}

// someMeetings are random ones, many of them more than once; no two of an account are at the same time.
func (w *world) someMeetings(count, shops, buyers int) []meeting {
	random := rand.New(rand.NewPCG(13, 17))
	first := map[[2]string]meeting{}
	all := make([]meeting, count)
	for n := range all {
		met := meeting{w.shop(random.IntN(shops)), w.buyer(fmt.Sprint(random.IntN(buyers))), day0.Add(time.Duration(n) * time.Second)}
		key := [2]string{string(met.shop), string(met.buyer)}
		if earlier, known := first[key]; known {
			met = earlier
		}
		first[key], all[n] = met, met
	}
	return all
}

func pairsCounted(w *world) {
	const shops, limit = 8, 20
	model := newMeetings(limit)
	again := 0
	for n, met := range w.someMeetings(scaled(400, 150), shops, 30) {
		if slices.Contains(model.at[met.buyer], met) {
			again++
		}
		equal(w, fmt.Sprintf("meeting %d, %+v", n, met), w.meet(met, limit), model.meet(met))
	}
	if again < 20 {
		w.Fatalf("%d meetings took place again: the test shows nothing", again)
	}
	// Counted once more from the meetings alone: with no account beyond the limit, a pair has in common what both have.
	for pair, common := range model.common {
		both := 0
		for _, met := range model.at {
			has := func(shop cloudtag.MerchantID) bool {
				return slices.ContainsFunc(met, func(m meeting) bool { return m.shop == shop })
			}
			if has(pair[0]) && has(pair[1]) {
				both++
			}
		}
		equal(w, fmt.Sprint("accounts in common of ", pair), common, both)
	}
	equal(w, "last sequence number", w.lastSeq(), 1) // what is derived from the log is not in it
}

// pairsLimited: an account that many shops tagged pairs each with the latest few, whatever it costs were else.
func pairsLimited(w *world) {
	const limit = 3
	model := newMeetings(limit)
	for n := range 12 {
		met := meeting{w.shop(n), w.buyer("x"), day0.Add(time.Duration(n) * time.Second)}
		pairs := w.meet(met, limit)
		equal(w, fmt.Sprint("shop ", n), pairs, model.meet(met))
		equal(w, "pairs", len(pairs), min(n, limit))
	}
	early := meeting{w.shop(50), w.buyer("x"), day0.Add(-time.Hour)} // comes late, was early
	equal(w, "one of before", w.meet(early, limit), model.meet(early))
	next := meeting{w.shop(51), w.buyer("x"), day0.Add(time.Hour)}
	pairs := w.meet(next, limit)
	equal(w, "the latest first", pairs, model.meet(next))
	equal(w, "the latest", pairs[0].A, w.shop(11))
	first := meeting{w.shop(0), w.buyer("x"), day0}
	equal(w, "the first again", w.meet(first, limit), model.meet(first))
	equal(w, "nobody else", len(w.meet(meeting{w.shop(1), w.buyer("y"), day0}, limit)), 0)
}

// pairsAtOnce: the same meetings from several instances at once are counted once.
func pairsAtOnce(w *world) {
	const shops, limit = 6, 20
	all := w.someMeetings(scaled(120, 60), shops, 12)
	w.parallel(4, func(i int) error {
		order := rand.New(rand.NewPCG(uint64(i), 19)).Perm(len(all))
		for _, n := range order {
			if _, err := w.store.Meet(w.ctx, all[n].shop, all[n].buyer, all[n].at, limit); err != nil {
				return err
			}
		}
		return nil
	})
	model := newMeetings(limit)
	for _, met := range all {
		model.meet(met)
	}
	for _, met := range all {
		equal(w, fmt.Sprintf("%+v", met), w.meet(met, limit), model.meet(met))
	}
}

// pairsCrash lets the process die at each write of a meeting; the same meeting again counts it once.
func pairsCrash(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	const limit = 20
	model := newMeetings(limit)
	for n := 1; ; n++ {
		if n > maxWrites {
			w.Fatalf("still dying at write %d", n)
		}
		buyer := w.buyer(fmt.Sprint(n))
		for shop := range 4 {
			met := meeting{w.shop(shop), buyer, day0.Add(time.Duration(shop) * time.Second)}
			equal(w, "before", w.meet(met, limit), model.meet(met))
		}
		last := meeting{w.shop(9), buyer, day0.Add(time.Minute)}
		w.faults.dieAt(n)
		_, err := w.store.Meet(w.ctx, last.shop, last.buyer, last.at, limit)
		died, step := w.faults.calm()
		doing := fmt.Sprintf("died at write %d (%s)", n, step)
		if died {
			w.reopenDead()
			w.recoverDying(doing)
		} else {
			w.noError(err, "a meeting that nothing disturbed")
		}
		want := model.meet(last)
		equal(w, doing+": again", w.meet(last, limit), want)
		equal(w, doing+": and again", w.meet(last, limit), want)
		if !died {
			return
		}
	}
}

func linkedPairs(w *world) {
	pair := func(a, b int, at time.Time) cloudtag.LinkedPair {
		counts := cloudtag.PairCounts{A: w.shop(a), B: w.shop(b), Common: a + b, BuyersOfA: a, BuyersOfB: b, Buyers: 100}
		return cloudtag.LinkedPair{PairCounts: counts, At: at}
	}
	list := func(limit int, shops ...int) []cloudtag.LinkedPair {
		w.Helper()
		var ids []cloudtag.MerchantID
		for _, shop := range shops {
			ids = append(ids, w.shop(shop))
		}
		found, err := w.store.LinkedPairs(w.ctx, ids, limit)
		w.noError(err, "linked pairs")
		return found
	}
	save := func(p cloudtag.LinkedPair) {
		w.Helper()
		w.noError(w.store.SaveLinkedPair(w.ctx, p), "save a linked pair")
	}
	equal(w, "none", len(list(10)), 0)
	all := []cloudtag.LinkedPair{pair(1, 2, day0), pair(1, 10, day0), pair(2, 3, day0), pair(3, 4, day0)}
	for _, i := range []int{2, 0, 3, 1} {
		save(all[i])
	}
	w.reopen()
	equal(w, "all", list(10), all)
	equal(w, "two of all", list(2), all[:2])
	equal(w, "among three", list(10, 3, 2, 1), []cloudtag.LinkedPair{all[0], all[2]})
	equal(w, "among three, one of them", list(1, 1, 2, 3), all[:1])
	equal(w, "among shops named twice", list(10, 1, 1, 2, 2), all[:1])
	equal(w, "of one shop", len(list(10, 1)), 0)
	equal(w, "among strangers", len(list(10, 1, 4, 99)), 0)

	newer := pair(1, 2, day0.Add(time.Hour))
	newer.Common = 77
	save(newer)
	save(all[0]) // evidence of before
	equal(w, "the newer evidence", list(10, 1, 2), []cloudtag.LinkedPair{newer})
	for range 2 {
		w.noError(w.store.DropLinkedPair(w.ctx, w.shop(1), w.shop(2)), "drop")
	}
	w.noError(w.store.DropLinkedPair(w.ctx, w.shop(4), w.shop(3)), "drop a pair the other way round")
	equal(w, "after one was dropped", list(10), all[1:])
	save(all[0])
	equal(w, "linked again", list(10, 1, 2), all[:1])
}

// linksReachTheFile: when the policy asks for it a file knows which of its shops are linked: those with live tags,
// those that tag at this moment, and those whose tags a decision that is taken back brings back.
func linksReachTheFile(w *world) {
	w.openShops(4)
	for _, other := range []int{2, 3} {
		counts := cloudtag.PairCounts{A: w.shop(1), B: w.shop(other), Common: 9, BuyersOfA: 9, BuyersOfB: 9, Buyers: 900}
		w.noError(w.store.SaveLinkedPair(w.ctx, cloudtag.LinkedPair{PairCounts: counts, At: day0}), "save")
	}
	w.from(1, "off").tag("off", "1").record()
	w.from(2, "off").tag("off", "2").record()
	equal(w, "votes by the default policy", w.oneCase(w.caseOf("off")).Votes, 2)

	policy := w.nextPolicy(3)
	policy.LinkedPairsCountOnce = true
	w.noError(w.store.AddPolicy(w.ctx, policy, policyEntry(policy)), "add the policy")
	equal(w, "votes after an amendment", w.amend(w.caseOf("off"), func(file *cloudtag.CaseFile) { file.Evaluate(day0) }).Votes, 1)
	for shop, want := range []int{1: 1, 2: 1, 3: 1, 4: 2} {
		if shop > 0 {
			w.from(shop, "on").tag("on", fmt.Sprint("on-", shop)).record()
			equal(w, fmt.Sprint("votes with shop ", shop), w.oneCase(w.caseOf("on")).Votes, want)
		}
	}
	w.fromBoth()
	c := w.oneCase(w.caseOf("on"))
	equal(w, "handling", c.Handling, cloudtag.HandlingPending)
	w.decide("on", cloudtag.DecisionReject, c.Version, day0)
	equal(w, "votes after a rejection", w.oneCase(w.caseOf("on")).Votes, 0)
	w.noError(w.undo("on", day0), "undo")
	equal(w, "votes after it was taken back", w.oneCase(w.caseOf("on")).Votes, 2)
}

// fromBoth records the tags of two linked shops for one new case with one call.
func (w *world) fromBoth() {
	w.Helper()
	s := w.fromHistory().by(1).tag("both", "both-1")
	other := w.fromHistory().by(2).tag("both", "both-2")
	s.sent.Tags = append(s.sent.Tags, other.sent.Tags...)
	s.sent.Batch.Results = append(s.sent.Batch.Results, other.sent.Batch.Results...)
	s.record()
	equal(w, "votes of two linked shops in one call", w.oneCase(w.caseOf("both")).Votes, 1)
}
