package dbtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

// Start is the time of the first submission in benchmarks and in tests of one engine.
var Start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// Scenario is the scenario of [SubmissionOf].
const Scenario = cloudtag.ScenarioCode("RETURN_SWAPPED")

// Seed stores the default policy and shops m0, m1, ….
func Seed(t testing.TB, store Store, shops int) {
	t.Helper()
	ctx := context.Background()
	policy := cloudtag.DefaultPolicy(Start)
	entry := cloudtag.Entry{At: Start, Actor: "test", Action: cloudtag.ActionPolicyCreated}
	if err := store.AddPolicy(ctx, policy, []cloudtag.Entry{entry}); err != nil {
		t.Fatal(err)
	}
	merchants := make([]cloudtag.Merchant, shops)
	for i := range merchants {
		merchants[i] = cloudtag.Merchant{
			ID: Shop(i), Name: "shop", EntityID: cloudtag.EntityID(Shop(i)),
			Permission: cloudtag.PermissionActive, CreatedAt: Start,
		}
	}
	_, err := store.PutMerchants(ctx, merchants, func(_ *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry {
		return cloudtag.Entry{
			At: Start, Actor: "test", Action: cloudtag.ActionMerchantImported,
			Subjects: []cloudtag.Subject{cloudtag.MerchantSubject(after.ID)},
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Shop returns the shop with a number that [Seed] stores.
func Shop(i int) cloudtag.MerchantID { return cloudtag.MerchantID(fmt.Sprintf("m%d", i)) }

// SubmissionOf returns a batch of a shop with orders and their buyers.
func SubmissionOf(
	merchant cloudtag.MerchantID, key string, at time.Time, orders []cloudtag.OrderNo, buyers []cloudtag.BuyerID,
) cloudtag.Submission {
	submission := cloudtag.Submission{Batch: cloudtag.Batch{
		ID: cloudtag.BatchID("batch-of-" + string(merchant) + "-" + key), MerchantID: merchant, Key: key, InputHash: "hash", Scenario: Scenario,
		SubmittedAt: at,
	}}
	for i, order := range orders {
		submission.Tags = append(submission.Tags, cloudtag.Tag{
			OrderNo: order, Scenario: Scenario, MerchantID: merchant, BuyerID: buyers[i], SubmittedAt: at,
			HandleBy: at.Add(48 * time.Hour), BatchID: submission.Batch.ID,
		})
		submission.Batch.Results = append(submission.Batch.Results, cloudtag.OrderResult{OrderNo: order})
	}
	return submission
}

// Add is the edit of a submission.
func Add(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
	for _, tag := range tags {
		file.Add(tag, "merchant:test")
	}
}
