package mongo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/cloudtag"
)

const (
	instShops  = 8
	instBuyers = 6
	instRounds = 12
)

func instShop(n int) cloudtag.MerchantID { return cloudtag.MerchantID(fmt.Sprintf("shop-%d", n)) }

// prepareInstances opens two stores on one database with a policy and shops.
func prepareInstances(t *testing.T) []*Store {
	t.Helper()
	uri := mongotest.FreshURI(t)
	stores := []*Store{openAt(t, uri, Options{monitor: wantSingles(t)}), openAt(t, uri, Options{monitor: wantSingles(t)})}
	addFirstPolicy(t, stores[0])
	shops := make([]cloudtag.Merchant, instShops)
	for n := range shops {
		shops[n] = cloudtag.Merchant{
			ID: instShop(n), Name: "x", EntityID: cloudtag.EntityID(fmt.Sprint("entity-", n)),
			Permission: cloudtag.PermissionActive, CreatedAt: explainStart,
		}
	}
	if _, err := stores[0].PutMerchants(t.Context(), shops, merchantImported); err != nil {
		t.Fatal(err)
	}
	return stores
}

// wantSingles fails the test at a write that is about any number of documents: see [Store.writeEach].
func wantSingles(t *testing.T) *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, command *event.CommandStartedEvent) {
		var sent struct {
			Updates []struct {
				Multi bool `bson:"multi"`
			} `bson:"updates"`
			Deletes []struct {
				Limit int `bson:"limit"`
			} `bson:"deletes"`
		}
		if err := bson.Unmarshal(command.Command, &sent); err != nil {
			t.Errorf("read a command: %v", err)
		}
		for _, update := range sent.Updates {
			if update.Multi {
				t.Errorf("one update of many documents: %s", command.Command)
			}
		}
		for _, deletion := range sent.Deletes {
			if deletion.Limit != 1 {
				t.Errorf("one deletion of many documents: %s", command.Command)
			}
		}
	}}
}

func addFirstPolicy(t *testing.T, s *Store) {
	t.Helper()
	err := s.AddPolicy(t.Context(), cloudtag.DefaultPolicy(explainStart), cloudtag.Entry{At: explainStart, Action: cloudtag.ActionPolicyCreated})
	if err != nil {
		t.Fatal(err)
	}
}

func merchantImported(_ *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry {
	return cloudtag.Entry{
		At: explainStart, Action: cloudtag.ActionMerchantImported, Subjects: []cloudtag.Subject{cloudtag.MerchantSubject(after.ID)},
	}
}

// instBatch is a batch of a shop with one order of each buyer, in an order of its own.
func instBatch(shop, round int) cloudtag.Submission {
	random := rand.New(rand.NewPCG(uint64(shop), uint64(round)))
	key := fmt.Sprintf("%d-%d", shop, round)
	s := cloudtag.Submission{Batch: cloudtag.Batch{
		ID: cloudtag.BatchID("batch-" + key), MerchantID: instShop(shop), Key: key, Scenario: "RETURN_SWAPPED", SubmittedAt: explainStart,
	}}
	for _, buyer := range random.Perm(instBuyers) {
		order := cloudtag.OrderNo(fmt.Sprintf("%s-%d", key, buyer))
		s.Batch.Results = append(s.Batch.Results, cloudtag.OrderResult{OrderNo: order})
		s.Tags = append(s.Tags, cloudtag.Tag{
			OrderNo: order, Scenario: "RETURN_SWAPPED", MerchantID: instShop(shop), BuyerID: cloudtag.BuyerID(fmt.Sprint("buyer-", buyer)),
			SubmittedAt: explainStart, HandleBy: explainStart.Add(48 * time.Hour), BatchID: s.Batch.ID,
		})
	}
	return s
}

func submitAll(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
	for _, tag := range tags {
		file.Add(tag, "tester")
	}
}

// TestInstancesAtOnce: shops submit through two stores, every batch through both at the same moment, while both
// recover without any patience, so that each piece of work has several who do it. Everything happens once.
func TestInstancesAtOnce(t *testing.T) {
	stores := prepareInstances(t)
	begun, err := stores[0].LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first := submitThroughBoth(t, stores)
	if want := instShops * instRounds; first != want {
		t.Errorf("%d calls were told that they are the first, want %d", first, want)
	}
	for _, s := range stores {
		if recovered, err := s.Recover(t.Context()); err != nil || recovered != 0 {
			t.Errorf("recovered %d (%v) when all had ended", recovered, err)
		}
	}
	ids := make([]cloudtag.CaseID, instBuyers)
	for n := range ids {
		ids[n] = cloudtag.NewCaseID("RETURN_SWAPPED", cloudtag.BuyerID(fmt.Sprint("buyer-", n)))
	}
	cases, err := stores[1].Cases(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		c := cases[id]
		if c.Votes != instShops || c.State != cloudtag.CaseConfirmed || c.Version != instShops*instRounds {
			t.Errorf("case %s is %s, %d votes, version %d, want CONFIRMED, %d, %d", id, c.State, c.Votes, c.Version, instShops, instShops*instRounds)
		}
	}
	wantLog(t, stores[0], begun, map[cloudtag.Action]int{
		cloudtag.ActionTagSubmitted: instShops * instRounds * instBuyers, cloudtag.ActionTagSucceeded: instShops * instRounds * instBuyers,
		cloudtag.ActionCaseOpened: instBuyers, cloudtag.ActionCaseConfirmed: instBuyers,
	})
	wantNothingLeft(t, stores[0])
}

// submitThroughBoth returns how many calls were told that theirs is the first.
func submitThroughBoth(t *testing.T, stores []*Store) (first int) {
	t.Helper()
	var mu sync.Mutex
	var submitting, recovering sync.WaitGroup
	recovery, stop := context.WithCancel(t.Context())
	for _, s := range stores {
		recovering.Go(func() {
			for recovery.Err() == nil {
				if _, err := s.Recover(recovery); err != nil && recovery.Err() == nil {
					t.Errorf("recover: %v", err)
				}
			}
		})
		for shop := range instShops {
			submitting.Go(func() {
				for round := range instRounds {
					_, repeated, err := s.Record(t.Context(), instBatch(shop, round), submitAll)
					mu.Lock()
					if err != nil {
						t.Errorf("record: %v", err)
					}
					if !repeated {
						first++
					}
					mu.Unlock()
				}
			})
		}
	}
	submitting.Wait()
	stop()
	recovering.Wait()
	return first
}

// wantLog checks that the log goes on without a gap and how often it tells of some actions.
func wantLog(t *testing.T, s *Store, after int64, want map[cloudtag.Action]int) {
	t.Helper()
	got := make(map[cloudtag.Action]int)
	for more := true; more; {
		var entries []cloudtag.Entry
		var err error
		entries, more, err = s.LogPage(t.Context(), cloudtag.LogFilter{}, cloudtag.Slice{Limit: 100, After: &cloudtag.Position{Key: after}})
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if after++; entry.Seq != after {
				t.Fatalf("entry %d comes where %d should", entry.Seq, after)
			}
			got[entry.Action]++
		}
	}
	for action, count := range want {
		if got[action] != count {
			t.Errorf("the log tells %s %d times, want %d", action, got[action], count)
		}
	}
}

// wantNothingLeft checks that no document says that anything is still to be done.
func wantNothingLeft(t *testing.T, s *Store) {
	t.Helper()
	for name, query := range map[string]bson.D{"cases": existing("spread"), "tags": existing("pending"), "batches": existing("since")} {
		left, err := s.cases.Database().Collection(name).CountDocuments(t.Context(), query)
		if err != nil || left != 0 {
			t.Errorf("%d documents of %s are unfinished (%v)", left, name, err)
		}
	}
}

// TestAbandonedClaim: a claim whose batch was refused and is gone, made by somebody who was still claiming, keeps
// nobody from tagging the order, and a recovery takes it away.
func TestAbandonedClaim(t *testing.T) {
	s := prepareInstances(t)[0]
	abandon := func(order string) {
		t.Helper()
		_, err := s.tags.InsertOne(t.Context(), claimDoc{Order: order, Claim: "gone", Pending: "shop-1 gone", Since: explainStart})
		if err != nil {
			t.Fatal(err)
		}
	}
	submission := instBatch(1, 1)
	abandon(string(submission.Tags[0].OrderNo))
	batch, _, err := s.Record(t.Context(), submission, submitAll)
	if err != nil || batch.AcceptedCount() != instBuyers {
		t.Errorf("accepted %d (%v), want %d", batch.AcceptedCount(), err, instBuyers)
	}
	abandon("another")
	if _, err := s.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	wantNothingLeft(t, s)
}

// TestRiskWhileOpening: a profile that is stored, and evaluated, while a case is being opened on the one before,
// reaches the case at the next sweep (rule 6).
func TestRiskWhileOpening(t *testing.T) {
	uri := mongotest.FreshURI(t)
	other := openAt(t, uri, Options{})
	upkeep := cloudtag.NewUpkeep(other, cloudtag.SystemClock{})
	submission := instBatch(1, 1)
	judge := func() {
		profiles := make([]cloudtag.RiskProfile, instBuyers)
		for i, tag := range submission.Tags {
			profiles[i] = cloudtag.RiskProfile{BuyerID: tag.BuyerID, Score: 90, UpdatedAt: explainStart}
		}
		_, err := other.PutRisks(t.Context(), profiles, func(*cloudtag.RiskProfile, cloudtag.RiskProfile) cloudtag.Entry {
			return cloudtag.Entry{At: explainStart, Action: cloudtag.ActionRiskImported}
		})
		if err = errors.Join(err, upkeep.EvaluateMarkedRisks(t.Context(), explainStart)); err != nil {
			t.Error(err)
		}
	}
	s := openAt(t, uri, Options{Fault: func(step string) error {
		if step == "open cases" {
			judge()
		}
		return nil
	}})
	addFirstPolicy(t, s)
	_, err := s.PutMerchants(t.Context(), []cloudtag.Merchant{{ID: instShop(1), Permission: cloudtag.PermissionActive}}, merchantImported)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Record(t.Context(), submission, submitAll); err != nil {
		t.Fatal(err)
	}
	if _, err := upkeep.Sweep(t.Context(), explainStart); err != nil {
		t.Fatal(err)
	}
	for _, tag := range submission.Tags {
		cases, err := other.Cases(t.Context(), []cloudtag.CaseID{tag.CaseID()})
		if err != nil || cases[tag.CaseID()].RiskLevel != cloudtag.RiskHigh {
			t.Errorf("case %s has risk %s (%v), want HIGH", tag.CaseID(), cases[tag.CaseID()].RiskLevel, err)
		}
	}
	if due, err := other.WakingCases(t.Context(), explainStart, 10); err != nil || len(due) > 0 {
		t.Errorf("after the sweep %v are due (%v)", due, err)
	}
}

// TestAppendOnce: changes told by several at once are told once, and those that share an entry are told with
// whatever of them was not.
func TestAppendOnce(t *testing.T) {
	stores := prepareInstances(t)
	before, err := stores[0].LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entry := entryDoc{At: explainStart, Actor: "a", Action: "x", Subjects: []string{}}
	var appending sync.WaitGroup
	for i := range 12 {
		appending.Go(func() {
			for n := range 10 {
				told := []*change{{ids: []string{fmt.Sprint("same-", n)}, entries: []entryDoc{entry, entry}}}
				if err := stores[i%2].appender.append(t.Context(), told); err != nil {
					t.Error(err)
				}
			}
		})
	}
	appending.Wait()
	shared := &change{ids: []string{"new-1", "same-3", "new-2"}, entries: []entryDoc{entry}}
	if err := stores[1].appender.append(t.Context(), []*change{shared}); err != nil || !slices.Equal(shared.told, []string{"same-3"}) {
		t.Errorf("told before: %v (%v), want same-3", shared.told, err)
	}
	after, err := stores[1].LastSeq(t.Context())
	if err != nil || after-before != 20 {
		t.Errorf("%d entries were appended (%v), want 20", after-before, err)
	}
}
