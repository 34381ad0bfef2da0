package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// ViolationKind is a kind of abuse for which a shop loses its permission (rule 13).
type ViolationKind string

// The kinds of abuse.
const (
	ViolationFalseReport     ViolationKind = "FALSE_REPORT"     // the event did not happen
	ViolationWrongScenario   ViolationKind = "WRONG_SCENARIO"   // deliberately
	ViolationLeakedToBuyer   ViolationKind = "LEAKED_TO_BUYER"  // disclosed the tag to the buyer
	ViolationThreatenedBuyer ViolationKind = "THREATENED_BUYER" // threatened the buyer with it
)

// RevocationState is the state of a revocation.
type RevocationState string

// The states of a revocation.
const (
	RevocationProposed RevocationState = "PROPOSED"
	RevocationApproved RevocationState = "APPROVED"
	RevocationDeclined RevocationState = "DECLINED"
)

// maxEvidence is the maximum number of pieces of evidence of a proposal, each of at most MaxReasonLength characters.
const maxEvidence = 20

// Revocation permanently revokes a shop's permission to tag. It needs two different people, a reason and evidence.
type Revocation struct {
	ID             string          `json:"id"`
	Version        int             `json:"version"`
	MerchantID     MerchantID      `json:"merchantId"`
	Kind           ViolationKind   `json:"kind"`
	State          RevocationState `json:"state"`
	Reason         string          `json:"reason"`
	Evidence       []string        `json:"evidence"`
	Suspended      bool            `json:"suspended"` // the shop may not tag while the proposal is open
	ProposedBy     string          `json:"proposedBy"`
	ProposedAt     time.Time       `json:"proposedAt"`
	DecidedBy      string          `json:"decidedBy,omitempty"`
	DecidedAt      time.Time       `json:"decidedAt,omitzero"`
	DecisionReason string          `json:"decisionReason,omitempty"`
	// CasesToRecount is how many cases had live tags of the shop when its permission was revoked; -1 until counted.
	CasesToRecount int       `json:"casesToRecount"`
	CompletedAt    time.Time `json:"completedAt,omitzero"` // when the last of them was recounted
}

func revocationCodec() Codec[Revocation] {
	return Codec[Revocation]{KindRevocation, func(r Revocation) Document {
		document := Document{
			ID: r.ID, Version: r.Version, State: string(r.State), MerchantID: r.MerchantID, Owner: r.ProposedBy,
			Topic: string(r.Kind), Rank: LatestFirst(r.ProposedAt),
		}
		if r.State == RevocationProposed {
			document.Rank = DueFirst(r.ProposedAt)
		}
		if r.State != RevocationDeclined {
			document.Unique = string(r.MerchantID)
		}
		if r.State != RevocationProposed && r.CompletedAt.IsZero() {
			document.WakeAt = r.DecidedAt
		}
		return document
	}}
}

// Revocations revokes the permission of shops that abuse it (rule 13).
type Revocations struct {
	store  revocationStore
	upkeep *Upkeep
	clock  Clock
	ids    IDSource
}

type revocationStore interface {
	DocumentStore
	Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error)
	SetPermission(ctx context.Context, merchant MerchantID, permission Permission, entry Entry) error
	CountLiveCasesOf(ctx context.Context, merchant MerchantID) (int, error)
}

// NewRevocations returns the service over a store; upkeep recounts the cases.
func NewRevocations(store revocationStore, upkeep *Upkeep, clock Clock, ids IDSource) *Revocations {
	return &Revocations{store: store, upkeep: upkeep, clock: clock, ids: ids}
}

// Proposal is a reviewer's proposal to revoke a shop's permission.
type Proposal struct {
	MerchantID MerchantID
	Kind       ViolationKind
	Reason     string
	Evidence   []string
	Suspend    bool // the shop may not tag until the proposal is decided
}

// Propose proposes a revocation. Errors: FORBIDDEN unless the caller is a reviewer, NOT_FOUND for an unknown shop,
// REASON_REQUIRED without reason or evidence, INVALID_STATE if the shop is already revoked or a proposal is open.
func (r *Revocations) Propose(ctx context.Context, caller Caller, proposal Proposal) (Revocation, error) {
	if !caller.Decides() {
		return Revocation{}, Forbidden()
	}
	if err := proposal.check(); err != nil {
		return Revocation{}, err
	}
	found, err := r.store.Merchants(ctx, []MerchantID{proposal.MerchantID})
	if err != nil {
		return Revocation{}, fmt.Errorf("find merchant: %w", err)
	}
	merchant, known := found[proposal.MerchantID]
	if !known {
		return Revocation{}, NotFound()
	}
	if merchant.Permission == PermissionRevoked {
		return Revocation{}, InvalidState("merchantId")
	}
	now := r.clock.Now()
	revocation := Revocation{
		ID: r.ids.NewID(), Version: 1, MerchantID: merchant.ID, Kind: proposal.Kind, State: RevocationProposed,
		Reason: proposal.Reason, Evidence: proposal.Evidence, Suspended: proposal.Suspend, ProposedBy: caller.Subject,
		ProposedAt: now, CasesToRecount: -1,
	}
	err = revocationCodec().Save(ctx, r.store, nil, revocation, revocation.entry(caller.Subject, ActionRevocationProposed, now, proposal.Reason))
	if CodeOf(err) == CodeConflict {
		return Revocation{}, InvalidState("merchantId")
	}
	if err != nil {
		return Revocation{}, err
	}
	if proposal.Suspend {
		err = r.setPermission(ctx, revocation, PermissionSuspended, caller.Subject)
	}
	return revocation, err
}

func (p Proposal) check() error {
	if err := CheckKnown(p.Kind, ViolationKinds(), "input", "kind"); err != nil {
		return err
	}
	if err := CheckReason(p.Reason, "reason"); err != nil {
		return err
	}
	bad := slices.ContainsFunc(p.Evidence, func(piece string) bool { return CheckReason(piece, "evidence") != nil })
	if len(p.Evidence) == 0 || len(p.Evidence) > maxEvidence || bad {
		return Refuse(CodeReasonRequired, Text{
			ZH: fmt.Sprintf("请提供 1 至 %d 条证据，每条 1 至 %d 个字。", maxEvidence, MaxReasonLength),
			EN: fmt.Sprintf("Give 1 to %d pieces of evidence of 1 to %d characters each.", maxEvidence, MaxReasonLength),
		}, "input", "evidence")
	}
	return nil
}

// Decide approves or declines a proposal. An approval revokes the permission at once; Apply then recounts the shop's cases,
// resuming after crashes. Errors: FORBIDDEN unless the caller is an administrator, NOT_FOUND, REASON_REQUIRED, SAME_PERSON for
// the proposer, INVALID_STATE unless the proposal is open.
func (r *Revocations) Decide(ctx context.Context, caller Caller, id string, approve bool, reason string) (Revocation, error) {
	if !caller.Has(RoleAdmin) {
		return Revocation{}, Forbidden()
	}
	if err := CheckReason(reason, "reason"); err != nil {
		return Revocation{}, err
	}
	codec := revocationCodec()
	before, err := codec.Find(ctx, r.store, id)
	if err != nil {
		return Revocation{}, err
	}
	if before.State != RevocationProposed {
		return Revocation{}, InvalidState("id")
	}
	if before.ProposedBy == caller.Subject {
		return Revocation{}, SamePerson("id")
	}
	after := before
	after.Version++
	after.State, after.DecidedBy, after.DecidedAt, after.DecisionReason = RevocationDeclined, caller.Subject, r.clock.Now(), reason
	if approve {
		after.State = RevocationApproved
	}
	err = codec.Save(ctx, r.store, &before, after, after.entry(caller.Subject, ActionRevocationDecided, after.DecidedAt, reason))
	if CodeOf(err) == CodeConflict {
		return Revocation{}, InvalidState("id")
	}
	if err != nil {
		return Revocation{}, err
	}
	return r.begin(ctx, after)
}

// begin applies the part of a decision that must not wait for Apply: the permission.
func (r *Revocations) begin(ctx context.Context, decided Revocation) (Revocation, error) {
	if decided.State == RevocationDeclined {
		return r.complete(ctx, decided)
	}
	if err := r.setPermission(ctx, decided, PermissionRevoked, decided.DecidedBy); err != nil {
		return decided, err
	}
	return r.countCases(ctx, decided)
}

// setPermission changes the shop's permission on behalf of a revocation; a revoked shop stays revoked.
func (r *Revocations) setPermission(ctx context.Context, revocation Revocation, permission Permission, actor string) error {
	found, err := r.store.Merchants(ctx, []MerchantID{revocation.MerchantID})
	if err != nil {
		return fmt.Errorf("find merchant: %w", err)
	}
	before := found[revocation.MerchantID].Permission
	if before == permission || before == PermissionRevoked {
		return nil
	}
	err = r.store.SetPermission(ctx, revocation.MerchantID, permission, Entry{
		At: r.clock.Now(), Actor: actor, Action: ActionPermissionChanged, Reason: revocation.Reason,
		Subjects: []Subject{MerchantSubject(revocation.MerchantID), "revocation:" + Subject(revocation.ID)},
		Before:   MustJSON(before), After: MustJSON(permission),
	})
	if err != nil && CodeOf(err) != CodeInvalidState {
		return fmt.Errorf("change permission: %w", err)
	}
	return nil
}

// countCases stores how many cases are to be recounted. The shop gets no new live tags once its permission is revoked.
func (r *Revocations) countCases(ctx context.Context, approved Revocation) (Revocation, error) {
	if approved.CasesToRecount >= 0 {
		return approved, nil
	}
	count, err := r.store.CountLiveCasesOf(ctx, approved.MerchantID)
	if err != nil {
		return approved, fmt.Errorf("count cases to recount: %w", err)
	}
	counted := approved
	counted.CasesToRecount = count
	counted.Version++
	return counted, IgnoreConflict(r.store.SaveDocument(ctx, revocationCodec().Document(counted), nil))
}

// complete completes a revocation: it restores the permission after a declined proposal, and marks the recount as done.
func (r *Revocations) complete(ctx context.Context, decided Revocation) (Revocation, error) {
	if decided.State == RevocationDeclined && decided.Suspended {
		if err := r.setPermission(ctx, decided, PermissionActive, decided.DecidedBy); err != nil {
			return decided, err
		}
	}
	done := decided
	done.CompletedAt = r.clock.Now()
	done.Version++
	if done.State == RevocationDeclined {
		return done, IgnoreConflict(r.store.SaveDocument(ctx, revocationCodec().Document(done), nil))
	}
	entry := done.entry(EngineActor, ActionRevocationCompleted, done.CompletedAt, fmt.Sprintf("%d cases recounted", done.CasesToRecount))
	return done, IgnoreConflict(revocationCodec().Save(ctx, r.store, &decided, done, entry))
}

// Apply completes every decided revocation: it recounts the shop's cases, and finishes what a crash interrupted. Each step
// derives from the store whether it has been done.
func (r *Revocations) Apply(ctx context.Context, asOf time.Time) error {
	return revocationCodec().ForEachWaking(ctx, r.store, asOf, func(revocation Revocation) error { return r.apply(ctx, revocation) })
}

func (r *Revocations) apply(ctx context.Context, revocation Revocation) error {
	if revocation.State == RevocationApproved {
		var err error
		if revocation, err = r.begin(ctx, revocation); err != nil {
			return err
		}
		if _, err := r.upkeep.Discount(ctx, revocation.MerchantID, revocation.DecidedBy, reasonRevoked+string(revocation.Kind)); err != nil {
			return err
		}
	}
	_, err := r.complete(ctx, revocation)
	return err
}

// Recounted is how many of a revocation's cases have been recounted: those without live tags of the shop.
func (r *Revocations) Recounted(ctx context.Context, revocation Revocation) (int, error) {
	switch {
	case revocation.CasesToRecount < 0:
		return 0, nil
	case !revocation.CompletedAt.IsZero():
		return revocation.CasesToRecount, nil
	}
	left, err := r.store.CountLiveCasesOf(ctx, revocation.MerchantID)
	if err != nil {
		return 0, fmt.Errorf("count cases left: %w", err)
	}
	return max(0, revocation.CasesToRecount-left), nil
}

// RevokedFor returns why a shop's permission was revoked, to the shop itself and to reviewers; empty if it was not, and for
// other callers.
func (r *Revocations) RevokedFor(ctx context.Context, caller Caller, merchant MerchantID) (ViolationKind, error) {
	if !caller.MaySeeMerchant(merchant) {
		return "", nil
	}
	approved, err := revocationCodec().List(ctx, r.store, DocumentFilter{MerchantID: merchant, State: string(RevocationApproved)}, 1)
	if err != nil || len(approved) == 0 {
		return "", err
	}
	return approved[0].Kind, nil
}

// RevocationQuery selects revocations; zero fields select all.
type RevocationQuery struct {
	State      RevocationState
	MerchantID MerchantID
	Kind       ViolationKind
	ProposedBy string
}

// filter converts the query. Errors: FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (q RevocationQuery) filter(caller Caller) (DocumentFilter, error) {
	if !caller.Reviews() {
		return DocumentFilter{}, Forbidden()
	}
	if err := CheckKnownOrEmpty(q.State, RevocationStates(), "state"); err != nil {
		return DocumentFilter{}, err
	}
	if err := CheckKnownOrEmpty(q.Kind, ViolationKinds(), "kind"); err != nil {
		return DocumentFilter{}, err
	}
	return DocumentFilter{State: string(q.State), MerchantID: q.MerchantID, Topic: string(q.Kind), Owner: q.ProposedBy}, nil
}

// List returns up to 1,000 revocations: open proposals, longest waiting first, then the others, latest proposed first.
// FORBIDDEN unless the caller reviews.
func (r *Revocations) List(ctx context.Context, caller Caller, query RevocationQuery) ([]Revocation, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return nil, err
	}
	return revocationCodec().List(ctx, r.store, filter, MaxListed)
}

// Page returns a page of revocations in the order of List. Errors: FORBIDDEN unless the caller reviews; BAD_USER_INPUT.
func (r *Revocations) Page(ctx context.Context, caller Caller, query RevocationQuery, request PageRequest) (Page[Revocation], error) {
	filter, err := query.filter(caller)
	if err != nil {
		return Page[Revocation]{}, err
	}
	return revocationCodec().Page(ctx, r.store, filter, request)
}

// Count counts revocations, exactly up to MaxCount, then MaxCount+1. FORBIDDEN unless the caller reviews.
func (r *Revocations) Count(ctx context.Context, caller Caller, query RevocationQuery) (int, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return 0, err
	}
	return revocationCodec().Count(ctx, r.store, filter)
}

// MayDecide reports whether the caller may approve or decline the proposal now.
func (r Revocation) MayDecide(caller Caller) bool {
	return caller.Has(RoleAdmin) && r.State == RevocationProposed && r.ProposedBy != caller.Subject
}

func (r Revocation) entry(actor string, action Action, at time.Time, reason string) Entry {
	return Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []Subject{"revocation:" + Subject(r.ID), MerchantSubject(r.MerchantID)},
	}
}
