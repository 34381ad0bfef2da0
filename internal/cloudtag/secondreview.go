package cloudtag

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"time"
)

// SecondReviewState is where a second review stands.
type SecondReviewState string

// The states of a second review.
const (
	SecondReviewOpen      SecondReviewState = "OPEN"
	SecondReviewAgreed    SecondReviewState = "AGREED"
	SecondReviewDisagreed SecondReviewState = "DISAGREED"
	SecondReviewDropped   SecondReviewState = "DROPPED" // the decision was taken back before anybody looked
)

// SecondReviewStates lists every state.
func SecondReviewStates() []SecondReviewState {
	return []SecondReviewState{SecondReviewOpen, SecondReviewAgreed, SecondReviewDisagreed, SecondReviewDropped}
}

// SecondReview is another person's look at a confirmation that was drawn at random. It measures how reliable
// confirmations are; by itself it never changes one.
type SecondReview struct {
	ID      string            `json:"id"`
	Version int               `json:"version"`
	CaseID  CaseID            `json:"caseId"`
	BuyerID BuyerID           `json:"buyerId"`
	State   SecondReviewState `json:"state"`
	// The confirmation: the number of its entry, and what it says.
	Seq            int64     `json:"seq"`
	FirstBy        string    `json:"firstBy"`
	FirstAutomatic bool      `json:"firstAutomatic"`
	FirstReason    string    `json:"firstReason"`
	FirstAt        time.Time `json:"firstAt"`
	PolicyVersion  int       `json:"policyVersion"`

	Shops     []MerchantID `json:"shops,omitempty"` // whose tags counted when it was drawn: nobody who acts for one decides
	DrawnAt   time.Time    `json:"drawnAt"`
	DecidedBy string       `json:"decidedBy,omitempty"`
	DecidedAt time.Time    `json:"decidedAt,omitzero"`
	Reason    string       `json:"reason,omitempty"`
	QueuedAt  time.Time    `json:"queuedAt,omitzero"` // when a disagreement had reached the case
}

// secondReviewCodec names the first reviewer once the second has decided: before, no list may tell.
func secondReviewCodec() Codec[SecondReview] {
	return Codec[SecondReview]{KindSecondReview, func(r SecondReview) Document {
		scenario, _, _ := r.CaseID.Parts()
		document := Document{
			ID: r.ID, Version: r.Version, State: string(r.State), CaseID: r.CaseID, BuyerID: r.BuyerID, Topic: string(scenario),
			Rank: LatestFirst(r.DecidedAt),
		}
		switch r.State {
		case SecondReviewOpen:
			document.Rank = DueFirst(r.FirstAt)
		case SecondReviewDropped:
			document.Rank = LatestFirst(r.FirstAt)
		case SecondReviewAgreed, SecondReviewDisagreed:
			document.Owner = r.FirstBy
		}
		if r.State == SecondReviewDisagreed && r.QueuedAt.IsZero() {
			document.WakeAt = r.DecidedAt
		}
		return document
	}}
}

// SecondReviews draws confirmations, those of rules too, and lets another person look at each. The draw is a view of the log.
//
// What is drawn depends on the entry that confirmed and on a secret of the store, and on nothing else: the entry's hash
// covers all that was there before, and the secret is known to nobody outside of the store, so that neither a shop nor a
// reviewer can know beforehand or bring about which one it will be. Drawing again, by another instance or after a crash,
// draws the same.
type SecondReviews struct {
	store secondReviewStore
	clock Clock
	fresh func() []byte
}

type secondReviewStore interface {
	DocumentStore
	LogReader
	CaseWriter
	Policy(ctx context.Context, version int) (Policy, error)
	LiveTags(ctx context.Context, cases []CaseID) (map[CaseID][]Tag, error)
}

// NewSecondReviews returns the service over a store; fresh makes a secret that nobody can guess, for a store without one.
func NewSecondReviews(store secondReviewStore, clock Clock, fresh func() []byte) *SecondReviews {
	return &SecondReviews{store: store, clock: clock, fresh: fresh}
}

// drawn reports whether an entry is among so many per cent.
func drawn(secret []byte, seq int64, hash []byte, percent int) bool {
	digest := hmac.New(sha256.New, secret)
	digest.Write(binary.BigEndian.AppendUint64(nil, uint64(seq)))
	digest.Write(hash)
	// The first eight bytes, scaled to 0 to 99.
	place, _ := bits.Mul64(binary.BigEndian.Uint64(digest.Sum(nil)), 100)
	return int(place) < percent
}

func (s *SecondReviews) view() LogView {
	return LogView{Store: s.store, Kind: KindSecondReviewPosition, ID: "position"}
}

// Counted implements [CountedView].
func (s *SecondReviews) Counted(ctx context.Context) (int64, error) { return s.view().Counted(ctx) }

// CatchUp draws from the log to its end, and puts the cases of disagreements before the reviewers whose process died before it
// had.
func (s *SecondReviews) CatchUp(ctx context.Context) error {
	secret, err := StoredSecret(ctx, s.store, "second_reviews", s.fresh)
	if err != nil {
		return fmt.Errorf("find the secret that second reviews are drawn with: %w", err)
	}
	view := s.view()
	view.Fold = func(ctx context.Context, page LogViewPage) (LogViewStep, error) {
		draw := draw{SecondReviews: s, secret: secret, policies: map[int]Policy{}, cases: map[CaseID]bool{}}
		return draw.fold(ctx, page)
	}
	if err := view.CatchUp(ctx); err != nil {
		return err
	}
	return s.queueDisagreements(ctx)
}

// draw is what is drawn from a page of the log.
type draw struct {
	*SecondReviews
	secret   []byte
	policies map[int]Policy
	cases    map[CaseID]bool // whose second reviews change
	step     LogViewStep
}

func (d *draw) fold(ctx context.Context, page LogViewPage) (LogViewStep, error) {
	for _, entry := range page.Entries {
		if entry.Action == ActionCaseUndone && d.cases[CaseID(entry.Subject("case"))] {
			break // what it drops is to be stored first
		}
		if err := d.from(ctx, entry); err != nil {
			return LogViewStep{}, err
		}
		d.step.Folded++
	}
	return d.step, nil
}

// from draws the confirmation that an entry is about, or drops what was drawn when a decision is taken back.
func (d *draw) from(ctx context.Context, entry Entry) error {
	switch entry.Action {
	case ActionCaseDecided, ActionCaseConfirmed:
		_, after, err := caseSummaries(entry)
		if err != nil || after.Decision == nil || after.Decision.Decision != DecisionConfirm {
			return err
		}
		policy, err := d.policy(ctx, after.Decision.PolicyVersion)
		if err != nil || !drawn(d.secret, entry.Seq, entry.Hash, policy.SecondReviewPercent) {
			return err
		}
		return d.open(ctx, entry, *after.Decision)
	case ActionCaseUndone:
		before, _, err := caseSummaries(entry)
		if err != nil || before.Decision == nil {
			return err
		}
		return d.drop(ctx, entry, before.Decision.At)
	default:
		return nil
	}
}

func (d *draw) policy(ctx context.Context, version int) (Policy, error) {
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

// open adds the second review of a confirmation; one that is there already stays as it is.
func (d *draw) open(ctx context.Context, entry Entry, decision CaseDecision) error {
	_, err := secondReviewCodec().Find(ctx, d.store, fmt.Sprint(entry.Seq))
	if CodeOf(err) != CodeNotFound {
		return err
	}
	id := CaseID(entry.Subject("case"))
	live, err := d.store.LiveTags(ctx, []CaseID{id})
	if err != nil {
		return fmt.Errorf("find live tags: %w", err)
	}
	var shops []MerchantID
	for _, tag := range live[id] {
		if !slices.Contains(shops, tag.MerchantID) {
			shops = append(shops, tag.MerchantID)
		}
	}
	_, buyer, _ := id.Parts()
	review := SecondReview{
		ID: fmt.Sprint(entry.Seq), Version: 1, CaseID: id, BuyerID: buyer, State: SecondReviewOpen, Seq: entry.Seq,
		FirstBy: decision.By, FirstAutomatic: decision.Automatic, FirstReason: decision.Reason, FirstAt: decision.At,
		PolicyVersion: decision.PolicyVersion, Shops: shops, DrawnAt: d.clock.Now(),
	}
	d.put(nil, review, review.entry(EngineActor, ActionSecondReviewDrawn, review.DrawnAt, ""))
	return nil
}

// drop ends the open second review of a decision that was taken back.
func (d *draw) drop(ctx context.Context, entry Entry, decided time.Time) error {
	of := DocumentFilter{CaseID: CaseID(entry.Subject("case")), State: string(SecondReviewOpen)}
	open, err := secondReviewCodec().List(ctx, d.store, of, MaxListed)
	if err != nil {
		return err
	}
	for _, before := range open {
		if !before.FirstAt.Equal(decided) || before.Seq > entry.Seq {
			continue
		}
		after := before
		after.Version++
		after.State = SecondReviewDropped
		d.put(&before, after, after.entry(EngineActor, ActionSecondReviewDropped, d.clock.Now(), ReasonTakenBack))
	}
	return nil
}

// put has a second review stored with what was drawn.
func (d *draw) put(before *SecondReview, after SecondReview, entry Entry) {
	document, entry := secondReviewCodec().Change(before, after, entry)
	d.step.Documents, d.step.Entries = append(d.step.Documents, document), append(d.step.Entries, entry)
	d.cases[after.CaseID] = true
}

// Decide says whether a second reviewer agrees with a confirmation. A disagreement changes nothing about the case but puts it
// before the reviewers again, of whom neither of the two decides it. Errors: FORBIDDEN unless the caller is a reviewer,
// NOT_FOUND, REASON_REQUIRED, SAME_PERSON for who confirmed the case, and for who acts for a shop that tagged in it,
// INVALID_STATE unless the second review is open.
func (s *SecondReviews) Decide(ctx context.Context, caller Caller, id string, agree bool, reason string) (SecondReview, error) {
	if !caller.Decides() {
		return SecondReview{}, Forbidden()
	}
	if err := CheckReason(reason, "reason"); err != nil {
		return SecondReview{}, err
	}
	codec := secondReviewCodec()
	before, err := codec.Find(ctx, s.store, id)
	if err != nil {
		return SecondReview{}, err
	}
	switch {
	case before.State != SecondReviewOpen:
		return SecondReview{}, InvalidState("id")
	case before.FirstBy == caller.Subject:
		return SecondReview{}, SamePerson("id")
	case before.taggedBy(caller.MerchantID):
		return SecondReview{}, OwnShop("id")
	}
	after := before
	after.Version++
	after.State, after.DecidedBy, after.DecidedAt, after.Reason = SecondReviewAgreed, caller.Subject, s.clock.Now(), reason
	if !agree {
		after.State = SecondReviewDisagreed
	}
	err = codec.Save(ctx, s.store, &before, after, after.entry(caller.Subject, ActionSecondReviewDecided, after.DecidedAt, reason))
	if CodeOf(err) == CodeConflict {
		return SecondReview{}, InvalidState("id")
	}
	if err != nil || agree {
		return after, err
	}
	return s.queue(ctx, after)
}

// queue puts the case of a disagreement before the reviewers, and can be repeated after a crash at any point.
func (s *SecondReviews) queue(ctx context.Context, review SecondReview) (SecondReview, error) {
	dispute := Dispute{Review: review.ID, Between: []string{review.DecidedBy}}
	if !review.FirstAutomatic {
		dispute.Between = append(dispute.Between, review.FirstBy)
	}
	_, err := s.store.Amend(ctx, review.CaseID, func(file *CaseFile) error {
		file.QueueDisputed(dispute, review.DecidedBy, review.Reason, s.clock.Now())
		return nil
	})
	if err != nil {
		return review, fmt.Errorf("queue case: %w", err)
	}
	done := review
	done.Version++
	done.QueuedAt = s.clock.Now()
	return done, IgnoreConflict(s.store.SaveDocument(ctx, secondReviewCodec().Document(done), nil))
}

func (s *SecondReviews) queueDisagreements(ctx context.Context) error {
	for {
		waiting, err := s.store.WakingDocuments(ctx, KindSecondReview, s.clock.Now(), 1)
		if err != nil {
			return fmt.Errorf("find disagreements to carry on: %w", err)
		}
		if len(waiting) == 0 {
			return nil
		}
		review, err := secondReviewCodec().Record(waiting[0])
		if err != nil {
			return err
		}
		if _, err := s.queue(ctx, review); err != nil {
			return err
		}
	}
}

func (r SecondReview) taggedBy(shop MerchantID) bool {
	return shop != "" && slices.Contains(r.Shops, shop)
}

// MayDecide reports whether the caller may decide the second review now.
func (r SecondReview) MayDecide(caller Caller) bool {
	return caller.Decides() && r.State == SecondReviewOpen && r.FirstBy != caller.Subject && !r.taggedBy(caller.MerchantID)
}

// First is the confirmation itself: nil until the second reviewer has decided, who is not to know who did so and why.
func (r SecondReview) First() *CaseDecision {
	if r.State == SecondReviewOpen {
		return nil
	}
	return &CaseDecision{
		Decision: DecisionConfirm, By: r.FirstBy, Automatic: r.FirstAutomatic, Reason: r.FirstReason, At: r.FirstAt, PolicyVersion: r.PolicyVersion,
	}
}

// SecondReviewQuery selects second reviews; zero fields select all.
type SecondReviewQuery struct {
	State    SecondReviewState
	Scenario ScenarioCode
	CaseID   CaseID
	BuyerID  BuyerID
	FirstBy  string // who had confirmed, of those that are decided
}

// filter is what the query selects. Errors: FORBIDDEN unless the caller reviews, and for another reviewer's, as of
// [Metrics.Reviewers]; BAD_USER_INPUT.
func (q SecondReviewQuery) filter(caller Caller) (DocumentFilter, error) {
	if !caller.Reviews() || q.FirstBy != "" && q.FirstBy != EngineActor && !caller.maySeeReviewer(q.FirstBy) {
		return DocumentFilter{}, Forbidden()
	}
	if err := CheckKnownOrEmpty(q.State, SecondReviewStates(), "filter", "state"); err != nil {
		return DocumentFilter{}, err
	}
	return DocumentFilter{State: string(q.State), Topic: string(q.Scenario), CaseID: q.CaseID, BuyerID: q.BuyerID, Owner: q.FirstBy}, nil
}

// Page returns a page of second reviews: the open ones, the earliest confirmation first, then the latest decided. Errors:
// FORBIDDEN unless the caller reviews; BAD_USER_INPUT.
func (s *SecondReviews) Page(ctx context.Context, caller Caller, query SecondReviewQuery, request PageRequest) (Page[SecondReview], error) {
	filter, err := query.filter(caller)
	if err != nil {
		return Page[SecondReview]{}, err
	}
	return secondReviewCodec().Page(ctx, s.store, filter, request)
}

// Count counts second reviews, exactly up to MaxCount, then MaxCount+1. Errors as of Page.
func (s *SecondReviews) Count(ctx context.Context, caller Caller, query SecondReviewQuery) (int, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return 0, err
	}
	return secondReviewCodec().Count(ctx, s.store, filter)
}

// Find returns a second review. FORBIDDEN unless the caller reviews, NOT_FOUND when there is none.
func (s *SecondReviews) Find(ctx context.Context, caller Caller, id string) (SecondReview, error) {
	if !caller.Reviews() {
		return SecondReview{}, Forbidden()
	}
	return secondReviewCodec().Find(ctx, s.store, id)
}

func (r SecondReview) entry(actor string, action Action, at time.Time, reason string) Entry {
	return Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []Subject{"second_review:" + Subject(r.ID), CaseSubject(r.CaseID), BuyerSubject(r.BuyerID)},
	}
}
