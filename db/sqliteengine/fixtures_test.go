package sqliteengine

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// start is when the tests' world begins.
var start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

const scenario = cloudtag.ScenarioCode("RETURN_SWAPPED")

// opened is a store over an engine of this package.
type opened struct {
	*store.Store
	engine *Engine
	kinds  *store.Catalogue
}

func open(ctx context.Context, file string, options Options) (*opened, error) {
	kinds := store.NewCatalogue()
	engine, err := Open(ctx, Scheme+file, kinds, options)
	return &opened{Store: store.New(engine, kinds), engine: engine, kinds: kinds}, err
}

// openStore opens a store in a file of the test's own.
func openStore(t testing.TB, options Options) *opened {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "cloudtag.db"), options)
}

func openAt(t testing.TB, file string, options Options) *opened {
	t.Helper()
	s, err := open(context.Background(), file, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// furnish stores the default policy and shops m0, m1, ….
func furnish(t testing.TB, s *opened, shops int) {
	t.Helper()
	ctx := context.Background()
	policy := cloudtag.DefaultPolicy(start)
	entry := cloudtag.Entry{At: start, Actor: "test", Action: cloudtag.ActionPolicyCreated}
	if err := s.AddPolicy(ctx, policy, entry); err != nil {
		t.Fatal(err)
	}
	merchants := make([]cloudtag.Merchant, shops)
	for i := range merchants {
		merchants[i] = cloudtag.Merchant{
			ID: shop(i), Name: "shop", EntityID: cloudtag.EntityID(shop(i)),
			Permission: cloudtag.PermissionActive, CreatedAt: start,
		}
	}
	_, err := s.PutMerchants(ctx, merchants, func(_ *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry {
		return cloudtag.Entry{
			At: start, Actor: "test", Action: cloudtag.ActionMerchantImported,
			Subjects: []cloudtag.Subject{cloudtag.MerchantSubject(after.ID)},
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func shop(i int) cloudtag.MerchantID { return cloudtag.MerchantID(fmt.Sprintf("m%d", i)) }

// submissionOf returns a batch of a shop about orders, whose buyers are given.
func submissionOf(
	merchant cloudtag.MerchantID, key string, at time.Time, orders []cloudtag.OrderNo, buyers []cloudtag.BuyerID,
) cloudtag.Submission {
	submission := cloudtag.Submission{Batch: cloudtag.Batch{
		ID: cloudtag.BatchID("batch-" + key), MerchantID: merchant, Key: key, InputHash: "hash", Scenario: scenario,
		SubmittedAt: at,
	}}
	for i, order := range orders {
		submission.Tags = append(submission.Tags, cloudtag.Tag{
			OrderNo: order, Scenario: scenario, MerchantID: merchant, BuyerID: buyers[i], SubmittedAt: at,
			HandleBy: at.Add(48 * time.Hour), BatchID: submission.Batch.ID,
		})
		submission.Batch.Results = append(submission.Batch.Results, cloudtag.OrderResult{OrderNo: order})
	}
	return submission
}

// add is the edit of a submission.
func add(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
	for _, tag := range tags {
		file.Add(tag, "merchant:test")
	}
}
