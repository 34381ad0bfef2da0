package secondreview

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/logview"
)

// drawn reports whether an entry belongs to the sample of percent (0 to 100) of all confirmations.
func drawn(secret []byte, seq int64, hash []byte, percent int) bool {
	digest := hmac.New(sha256.New, secret)
	digest.Write(binary.BigEndian.AppendUint64(nil, uint64(seq)))
	digest.Write(hash)
	// The first eight bytes, scaled to 0 to 99.
	place, _ := bits.Mul64(binary.BigEndian.Uint64(digest.Sum(nil)), 100)
	return int(place) < percent
}

// draw draws second reviews from one page of the log.
type draw struct {
	*Service
	secret   []byte
	policies map[int]cloudtag.Policy
	cases    map[cloudtag.CaseID]bool // with changed second reviews
	step     logview.Step
}

func (d *draw) fold(ctx context.Context, page logview.Page) (logview.Step, error) {
	for _, entry := range page.Entries {
		if entry.Action == cloudtag.ActionCaseUndone && d.cases[cloudtag.CaseID(entry.Subject("case"))] {
			break // the second review that it drops must be stored first
		}
		if err := d.from(ctx, entry); err != nil {
			return logview.Step{}, err
		}
		d.step.Folded++
	}
	return d.step, nil
}

// from draws the confirmation that an entry records, or drops its second review when the decision was undone.
func (d *draw) from(ctx context.Context, entry cloudtag.Entry) error {
	switch entry.Action {
	case cloudtag.ActionCaseDecided, cloudtag.ActionCaseConfirmed:
		_, after, err := entry.CaseSummaries()
		if err != nil || after.Decision == nil || after.Decision.Decision != cloudtag.DecisionConfirm {
			return err
		}
		policy, err := d.policy(ctx, after.Decision.PolicyVersion)
		if err != nil || !drawn(d.secret, entry.Seq, entry.Hash, policy.SecondReviewPercent) {
			return err
		}
		return d.open(ctx, entry, *after.Decision)
	case cloudtag.ActionCaseUndone:
		before, _, err := entry.CaseSummaries()
		if err != nil || before.Decision == nil {
			return err
		}
		return d.drop(ctx, entry, before.Decision.At)
	default:
		return nil
	}
}

func (d *draw) policy(ctx context.Context, version int) (cloudtag.Policy, error) {
	policy, known := d.policies[version]
	if known {
		return policy, nil
	}
	policy, err := d.store.Policy(ctx, version)
	if err != nil {
		return policy, fmt.Errorf("find policy: %w", err)
	}
	d.policies[version] = policy
	return policy, nil
}

// open adds the second review of a confirmation, unless it exists.
func (d *draw) open(ctx context.Context, entry cloudtag.Entry, decision cloudtag.CaseDecision) error {
	_, err := reviewCodec().Find(ctx, d.store, fmt.Sprint(entry.Seq))
	if cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
		return err
	}
	id := cloudtag.CaseID(entry.Subject("case"))
	live, err := d.store.LiveTags(ctx, []cloudtag.CaseID{id})
	if err != nil {
		return fmt.Errorf("find live tags: %w", err)
	}
	var shops []cloudtag.MerchantID
	for _, tag := range live[id] {
		if !slices.Contains(shops, tag.MerchantID) {
			shops = append(shops, tag.MerchantID)
		}
	}
	_, buyer, _ := id.Parts()
	review := Review{
		ID: fmt.Sprint(entry.Seq), Version: 1, CaseID: id, BuyerID: buyer, State: cloudtag.SecondReviewOpen, Seq: entry.Seq,
		FirstBy: decision.By, FirstAutomatic: decision.Automatic, FirstReason: decision.Reason, FirstAt: decision.At,
		PolicyVersion: decision.PolicyVersion, Shops: shops, DrawnAt: d.clock.Now(),
	}
	d.put(nil, review, review.entry(cloudtag.EngineActor, cloudtag.ActionSecondReviewDrawn, review.DrawnAt, ""))
	return nil
}

// drop ends the open second review of an undone decision.
func (d *draw) drop(ctx context.Context, entry cloudtag.Entry, decided time.Time) error {
	of := cloudtag.DocumentFilter{CaseID: cloudtag.CaseID(entry.Subject("case")), State: string(cloudtag.SecondReviewOpen)}
	open, err := reviewCodec().List(ctx, d.store, of, cloudtag.MaxListed)
	if err != nil {
		return err
	}
	for _, before := range open {
		if !before.FirstAt.Equal(decided) || before.Seq > entry.Seq {
			continue
		}
		after := before
		after.Version++
		after.State = cloudtag.SecondReviewDropped
		d.put(&before, after, after.entry(cloudtag.EngineActor, cloudtag.ActionSecondReviewDropped, d.clock.Now(), cloudtag.ReasonTakenBack))
	}
	return nil
}

// put adds a changed second review, with its log entry, to the step to be stored.
func (d *draw) put(before *Review, after Review, entry cloudtag.Entry) {
	document, entry := reviewCodec().Change(before, after, entry)
	d.step.Documents, d.step.Entries = append(d.step.Documents, document), append(d.step.Entries, entry)
	d.cases[after.CaseID] = true
}
