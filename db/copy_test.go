package db_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudtag/db"
	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/auditlog"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/copying"
	"cloudtag/internal/store"
)

var copyStart = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)

func copyEntry(action cloudtag.Action, subjects ...cloudtag.Subject) cloudtag.Entry {
	return cloudtag.Entry{At: copyStart, Actor: "tester", Action: action, Subjects: subjects, Reason: "原因", After: []byte(`{"b":1, "a":[]}`)}
}

// copyShops and copyBuyers are those of the filled store; every shop tags an order of every buyer.
const copyShops, copyBuyers = 6, 6

func copyShop(n int) cloudtag.MerchantID  { return cloudtag.MerchantID(fmt.Sprint("shop-", n)) }
func copyBuyer(n int) cloudtag.BuyerID    { return cloudtag.BuyerID(fmt.Sprint("买家 ", n)) }
func copyOrder(s, b int) cloudtag.OrderNo { return cloudtag.OrderNo(fmt.Sprintf("%d-%d", s, b)) }

func copyCase(b int) cloudtag.CaseID { return cloudtag.NewCaseID("RETURN_SWAPPED", copyBuyer(b)) }

// fillStore stores records of every kind through the ports.
func fillStore(t *testing.T, store *store.Store) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	policy := cloudtag.DefaultPolicy(copyStart)
	must(store.AddPolicy(ctx, policy, []cloudtag.Entry{copyEntry(cloudtag.ActionPolicyCreated)}))
	policy.Version, policy.Reason = 2, "second"
	must(store.AddPolicy(ctx, policy, []cloudtag.Entry{copyEntry(cloudtag.ActionPolicyCreated)}))
	putMerchants := func(entity string) {
		shops := make([]cloudtag.Merchant, copyShops)
		for s := range shops {
			shops[s] = cloudtag.Merchant{ID: copyShop(s), Name: "店 " + fmt.Sprint(s), EntityID: cloudtag.EntityID(fmt.Sprint("e-", s)),
				Permission: cloudtag.PermissionActive, CreatedAt: copyStart}
		}
		shops[0].EntityID = cloudtag.EntityID(entity)
		_, err := store.PutMerchants(ctx, shops, func(*cloudtag.Merchant, cloudtag.Merchant) cloudtag.Entry {
			return copyEntry(cloudtag.ActionMerchantImported)
		})
		must(err)
	}
	putMerchants("e-0")
	for b := range copyBuyers {
		_, err := store.PutRisks(ctx, []cloudtag.RiskProfile{{BuyerID: copyBuyer(b), Score: min(20*b, 60), UpdatedAt: copyStart,
			Signals: []cloudtag.RiskSignal{{Code: "RETURN_RATE", Value: 0.25, Weight: 1.5}}[:b%2]}},
			func(*cloudtag.RiskProfile, cloudtag.RiskProfile) cloudtag.Entry {
				return copyEntry(cloudtag.ActionRiskImported)
			})
		must(err)
	}
	must(store.RiskEvaluated(ctx, cloudtag.RiskProfile{BuyerID: copyBuyer(1), Score: 20, UpdatedAt: copyStart,
		Signals: []cloudtag.RiskSignal{{Code: "RETURN_RATE", Value: 0.25, Weight: 1.5}}}))
	for s := range copyShops {
		putOrders(t, store, s)
		_, _, err := store.Record(ctx, copySubmission(s), addCopied)
		must(err)
	}
	amend(t, store, 5, func(f *cloudtag.CaseFile) error {
		return f.Void(copyOrder(1, 5), "tester", "wrong", copyStart.Add(time.Minute))
	})
	amend(t, store, 3, func(f *cloudtag.CaseFile) error { return f.Claim("li", "", "token-1", copyStart.Add(7*time.Hour)) })
	amend(t, store, 3, func(f *cloudtag.CaseFile) error { return f.Assign("li", "wang", copyStart.Add(7*time.Hour)) })
	amend(t, store, 3, func(f *cloudtag.CaseFile) error {
		return f.Note("@wang 看看", []string{"wang"}, "li", copyStart.Add(7*time.Hour))
	})
	amend(t, store, 4, func(f *cloudtag.CaseFile) error {
		return f.Decide(cloudtag.Ruling{Decision: cloudtag.DecisionConfirm, Reason: "seen", ExpectedVersion: f.Case.Version, By: "li"}, copyStart.Add(7*time.Hour))
	})
	putMerchants("other") // marks the shop for recounting
	must(store.SetPermission(ctx, copyShop(5), cloudtag.PermissionSuspended, copyEntry(cloudtag.ActionPermissionChanged, cloudtag.MerchantSubject(copyShop(5)))))
	for n, document := range []cloudtag.Document{
		{Kind: cloudtag.KindView, ID: "v", State: "SHARED", Owner: "li", Topic: "queue", Body: []byte(`{"query":"a=1"}`)},
		{Kind: cloudtag.KindComplaint, ID: "c", State: "OPEN", MerchantID: copyShop(0), BuyerID: copyBuyer(0), OrderNo: copyOrder(0, 0),
			CaseID: copyCase(0), Unique: "one", WakeAt: copyStart.Add(time.Hour), Body: []byte(`{"x":null,"y":[1.50]}`)},
	} {
		document.Version, document.Rank = 1, int64(n)-1<<53
		must(store.SaveDocument(ctx, document, []cloudtag.Entry{copyEntry("document.saved", cloudtag.OrderSubject(document.OrderNo))}))
	}
}

func putOrders(t *testing.T, store *store.Store, s int) {
	t.Helper()
	orders := make([]cloudtag.Order, copyBuyers)
	for b := range orders {
		orders[b] = cloudtag.Order{OrderNo: copyOrder(s, b), MerchantID: copyShop(s), BuyerID: copyBuyer(b), PlacedAt: copyStart,
			AmountCents: 100, Currency: "CNY", FreightInsured: b == 1, ReportOutcome: cloudtag.ReportRejected}
	}
	_, err := store.PutOrders(t.Context(), orders, func(_, _ cloudtag.Order) cloudtag.Entry { return copyEntry(cloudtag.ActionOrderChanged) },
		func(int) cloudtag.Entry { return copyEntry(cloudtag.ActionOrdersImported) })
	if err != nil {
		t.Fatal(err)
	}
}

// copySubmission returns the batch of a shop; the first shop's tags are so early that they leave the window.
func copySubmission(s int) cloudtag.Submission {
	at := copyStart.Add(time.Duration(s) * time.Hour)
	if s == 0 {
		at = copyStart.AddDate(0, 0, -200)
	}
	submission := cloudtag.Submission{Batch: cloudtag.Batch{ID: cloudtag.BatchID(fmt.Sprint("batch-", s)), MerchantID: copyShop(s),
		Key: fmt.Sprint("key-", s), InputHash: "hash", Scenario: "RETURN_SWAPPED", SubmittedAt: at}}
	for b := range copyBuyers {
		if b >= 3 && s > 2 {
			break // the last buyers' cases are pending, one vote short
		}
		submission.Batch.Results = append(submission.Batch.Results, cloudtag.OrderResult{OrderNo: copyOrder(s, b)})
		submission.Tags = append(submission.Tags, cloudtag.Tag{OrderNo: copyOrder(s, b), Scenario: "RETURN_SWAPPED", MerchantID: copyShop(s),
			BuyerID: copyBuyer(b), Note: "备注", SubmittedAt: at, HandleBy: at.Add(48 * time.Hour), BatchID: submission.Batch.ID})
	}
	return submission
}

func addCopied(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
	for _, tag := range tags {
		file.Add(tag, "tester")
	}
}

func amend(t *testing.T, store *store.Store, buyer int, edit func(*cloudtag.CaseFile) error) {
	t.Helper()
	if _, err := store.Amend(t.Context(), copyCase(buyer), edit); err != nil {
		t.Fatal(err)
	}
}

// content is what other queries than a copy's return.
type content struct {
	Cases     map[cloudtag.CaseID]cloudtag.Case
	Live      map[cloudtag.CaseID][]cloudtag.Tag
	Tags      []cloudtag.Tag
	Counts    map[cloudtag.MerchantID]cloudtag.MerchantCounts
	Entries   map[string][]cloudtag.Entry
	Waiting   []cloudtag.Case
	Batch     cloudtag.Batch
	Documents []cloudtag.Document
	Views     []cloudtag.Document
	Recount   []cloudtag.Merchant
	Evaluate  []cloudtag.RiskProfile
	Actions   int
	Head      cloudtag.Entry // of the log after another tag
}

// readContent reads a store, and then records a tag, so that what the copy derived is used.
func readContent(t *testing.T, store *store.Store) (l content) {
	t.Helper()
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	ids, shops := []cloudtag.CaseID{}, []cloudtag.MerchantID{}
	for b := range copyBuyers {
		ids = append(ids, copyCase(b))
	}
	for s := range copyShops {
		shops = append(shops, copyShop(s))
	}
	l.Cases, err = store.Cases(ctx, ids)
	check(err)
	l.Live, err = store.LiveTags(ctx, ids)
	check(err)
	l.Tags, _, err = store.TagPage(ctx, cloudtag.TagFilter{}, cloudtag.TagsBySubmittedAsc, cloudtag.Slice{Limit: 100})
	check(err)
	l.Counts, err = store.MerchantCounts(ctx, shops)
	check(err)
	l.Entries = map[string][]cloudtag.Entry{}
	for _, filter := range []cloudtag.LogFilter{
		{}, {Action: cloudtag.ActionTagSucceeded}, {Actor: "tester"}, {Subject: cloudtag.CaseSubject(ids[0])},
		{Subject: cloudtag.BuyerSubject(copyBuyer(0))}, {Subject: cloudtag.TagSubject(copyOrder(1, 5))},
		{Subject: cloudtag.MerchantSubject(copyShop(5))}, {Subject: cloudtag.OrderSubject(copyOrder(0, 0)), Action: "document.saved"},
	} {
		l.Entries[fmt.Sprint(filter)], _, err = store.LogPage(ctx, filter, cloudtag.Slice{Limit: 1000})
		check(err)
	}
	l.Waiting, _, err = store.CasePage(ctx, cloudtag.CaseFilter{Handling: cloudtag.HandlingPending}, cloudtag.CasesByPriorityDesc, cloudtag.Slice{Limit: 100})
	check(err)
	l.Batch, err = store.Batch(ctx, copyShop(2), "key-2")
	check(err)
	l.Documents, _, err = store.DocumentPage(ctx, cloudtag.KindComplaint, cloudtag.DocumentFilter{BuyerID: copyBuyer(0)}, cloudtag.Slice{Limit: 10})
	check(err)
	l.Views, _, err = store.DocumentPage(ctx, cloudtag.KindView, cloudtag.DocumentFilter{Owner: "li", Topic: "queue"}, cloudtag.Slice{Limit: 10})
	check(err)
	l.Recount, err = store.MerchantsToRecount(ctx, 10)
	check(err)
	l.Evaluate, err = store.RisksToEvaluate(ctx, 10)
	check(err)
	l.Actions, err = store.CountLog(ctx, cloudtag.LogFilter{Action: cloudtag.ActionTagSubmitted}, 1000)
	check(err)
	again := copySubmission(4)
	again.Batch.Key, again.Batch.SubmittedAt = "later", copyStart.AddDate(0, 0, 2)
	again.Batch.Results, again.Tags = again.Batch.Results[:1], again.Tags[:1]
	again.Batch.Results[0].OrderNo, again.Tags[0].OrderNo, again.Tags[0].SubmittedAt = "later", "later", again.Batch.SubmittedAt
	_, _, err = store.Record(ctx, again, addCopied)
	check(err)
	newest, _, err := store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, Backward: true})
	check(err)
	l.Head = newest[0]
	return l
}

// interrupted is a target whose process dies at two of every so many writes: before one, and after the next.
type interrupted struct {
	copying.Target
	every  int
	writes *int
}

var errEnded = errors.New("the process died here")

func (i interrupted) PutRows(ctx context.Context, kind copying.Kind, rows []copying.Row, next copying.State) error {
	*i.writes++
	if *i.writes%i.every == 1 {
		return errEnded
	}
	if err := i.Target.PutRows(ctx, kind, rows, next); err != nil || *i.writes%i.every == 2 {
		return errors.Join(errEnded, err)
	}
	return nil
}

// copyThrough resumes a copy after each interruption until it is complete. Until then the target can't be opened.
func copyThrough(t *testing.T, from, to string, every int) {
	t.Helper()
	writes := 0
	for attempt := 0; ; attempt++ {
		err := copyOnce(t, from, to, every, &writes)
		if err == nil {
			break
		}
		if !errors.Is(err, errEnded) || attempt > 100 {
			t.Fatal(err)
		}
		if attempt%5 == 0 {
			if store, err := db.Open(t.Context(), to, db.Options{Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), "a copy into it was begun") {
				t.Fatalf("an incomplete copy opens: %v, %v", store, err)
			}
		}
	}
	if writes < len(copying.Kinds()) {
		t.Errorf("it took only %d writes", writes)
	}
}

func copyOnce(t *testing.T, from, to string, every int, writes *int) error {
	t.Helper()
	source, target := opened(t, db.OpenToCopyFrom, from), opened(t, db.OpenToCopyInto, to)
	_, err := copying.Copy(t.Context(), source, interrupted{target, every, writes}, func(string, copying.Kind, int) {})
	return errors.Join(err, source.Close(), target.Close())
}

func opened(t *testing.T, open func(context.Context, string, *slog.Logger) (*store.Store, error), uri string) *store.Store {
	t.Helper()
	store, err := open(t.Context(), uri, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func openFilled(t *testing.T, uri string) *store.Store {
	t.Helper()
	store, err := db.Open(t.Context(), uri, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// trimLog drops the first entries of a store's log.
func trimLog(t *testing.T, store *store.Store) {
	t.Helper()
	entries, _, err := store.LogPage(t.Context(), cloudtag.LogFilter{}, cloudtag.Slice{Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	to := auditlog.Start{Seq: 6, Before: entries[4].Hash, Until: entries[4].At}
	if err := auditlog.NewRetention(store, cloudtag.SystemClock{}).Trim(t.Context(), to, "file", "sum"); err != nil {
		t.Fatal(err)
	}
}

// TestCopy copies a store with records of every kind through stores of both kinds, interrupted again and again, and compares
// the first with the last one.
func TestCopy(t *testing.T) {
	newFile := func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "copy.db") }
	newDatabase := func(t *testing.T) string { return mongotest.FreshURI(t) }
	for name, test := range map[string]struct {
		stores  []func(*testing.T) string
		every   int
		trimmed bool
	}{
		"SQLite":                     {[]func(*testing.T) string{newFile, newFile}, 3, false},
		"SQLite to MongoDB and back": {[]func(*testing.T) string{newFile, newDatabase, newFile}, 8, true},
		"MongoDB to SQLite and back": {[]func(*testing.T) string{newDatabase, newFile, newDatabase}, 8, false},
		"MongoDB, trimmed":           {[]func(*testing.T) string{newDatabase, newFile}, 8, true},
	} {
		t.Run(name, func(t *testing.T) {
			uris := make([]string, len(test.stores))
			for i, make := range test.stores {
				uris[i] = make(t)
			}
			first := openFilled(t, uris[0])
			fillStore(t, first)
			if test.trimmed {
				trimLog(t, first)
			}
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			for i := range uris[1:] {
				copyThrough(t, uris[i], uris[i+1], test.every)
			}
			first, last := openFilled(t, uris[0]), openFilled(t, uris[len(uris)-1])
			want, got := readContent(t, first), readContent(t, last)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the copy differs (- first, + last):\n%s", diff)
			}
			if result, err := auditlog.Verify(t.Context(), last, nil); err != nil || result.Break != nil || (result.First > 1) != test.trimmed {
				t.Errorf("the copy's log: %+v, %v", result, err)
			}
			if err := errors.Join(first.Close(), last.Close()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestCopiedEntriesContinueTheLog: an entry is stored only with the number and the hash that it has in its own log.
func TestCopiedEntriesContinueTheLog(t *testing.T) {
	store := openFilled(t, "sqlite:"+filepath.Join(t.TempDir(), "log.db"))
	defer store.Close()
	fillStore(t, store)
	last, err := store.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entry := copyEntry(cloudtag.ActionTagVoided, cloudtag.TagSubject("1-1"))
	entry.Seq, entry.Hash = last+1, []byte("of another log")
	err = store.PutRows(t.Context(), copying.Log, []copying.Row{{Key: "1", Value: entry}}, copying.State{})
	if err == nil || !strings.Contains(err.Error(), "the log does not hold") {
		t.Errorf("an entry of another log: %v", err)
	}
}

// TestCopyRefuses: a target with something in it, a source that has changed since, and a copy that differs.
func TestCopyRefuses(t *testing.T) {
	file := func(name string) string { return "sqlite:" + filepath.Join(t.TempDir(), name) }
	from, to, full := file("from.db"), file("to.db"), file("full.db")
	for _, uri := range []string{from, full} {
		store := openFilled(t, uri)
		fillStore(t, store)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	writes := 2 // the third is done, the fourth not
	if err := copyOnce(t, from, full, 3, &writes); !errors.Is(err, copying.ErrNotEmpty) {
		t.Errorf("into a store that is not empty: %v", err)
	}
	if err := copyOnce(t, from, to, 3, &writes); !errors.Is(err, errEnded) {
		t.Fatal(err)
	}
	wantNoSource(t, to, "a copy into it was begun")
	missing := file("missing.db")
	wantNoSource(t, missing, "there is no store")
	if _, err := os.Stat(strings.TrimPrefix(missing, "sqlite:")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the missing store was created: %v", err)
	}
	store := openFilled(t, from)
	putOrders(t, store, 100)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := copyOnce(t, from, to, 3, &writes); err == nil || !strings.Contains(err.Error(), "the source is not what the copy was begun with") {
		t.Errorf("from a source that has changed: %v", err)
	}
}

// A mistyped URI of a source is an error, and creates nothing.
func TestCopyFromMissingDatabaseFails(t *testing.T) {
	wantNoSource(t, mongotest.FreshURI(t), "there is no store")
}

// wantNoSource checks that a store is rejected as a source, for a reason.
func wantNoSource(t *testing.T, uri, reason string) {
	t.Helper()
	store, err := db.OpenToCopyFrom(t.Context(), uri, slog.New(slog.DiscardHandler))
	if err == nil {
		t.Fatalf("opened, Close returns %v", store.Close())
	}
	if !strings.Contains(err.Error(), reason) {
		t.Errorf("rejected with %q, want %q", err, reason)
	}
}
