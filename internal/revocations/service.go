package revocations

import (
	"context"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// Service revokes the permission of shops that abuse it (rule 13).
type Service struct {
	store revocationStore
	cases recounter
	clock cloudtag.Clock
	ids   cloudtag.IDSource
}

type revocationStore interface {
	cloudtag.DocumentStore
	Merchants(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error)
	SetPermission(ctx context.Context, merchant cloudtag.MerchantID, permission cloudtag.Permission, entry cloudtag.Entry) error
	CountLiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID) (int, error)
}

// recounter recounts the cases of a shop without it.
type recounter interface {
	Discount(ctx context.Context, merchant cloudtag.MerchantID, actor, reason string) (int, error)
}

// New returns the service over a store; cases recounts the cases.
func New(store revocationStore, cases recounter, clock cloudtag.Clock, ids cloudtag.IDSource) *Service {
	return &Service{store: store, cases: cases, clock: clock, ids: ids}
}

// Propose proposes a revocation. Errors: FORBIDDEN unless the caller is a reviewer, NOT_FOUND for an unknown shop,
// REASON_REQUIRED without reason or evidence, INVALID_STATE if the shop is already revoked or a proposal is open.
func (r *Service) Propose(ctx context.Context, caller cloudtag.Caller, proposal Proposal) (Revocation, error) {
	if !caller.Decides() {
		return Revocation{}, cloudtag.Forbidden()
	}
	if err := proposal.check(); err != nil {
		return Revocation{}, err
	}
	found, err := r.store.Merchants(ctx, []cloudtag.MerchantID{proposal.MerchantID})
	if err != nil {
		return Revocation{}, fmt.Errorf("find merchant: %w", err)
	}
	merchant, known := found[proposal.MerchantID]
	if !known {
		return Revocation{}, cloudtag.NotFound()
	}
	if merchant.Permission == cloudtag.PermissionRevoked {
		return Revocation{}, cloudtag.InvalidState("merchantId")
	}
	now := r.clock.Now()
	revocation := Revocation{
		ID: r.ids.NewID(), Version: 1, MerchantID: merchant.ID, Kind: proposal.Kind, State: Proposed,
		Reason: proposal.Reason, Evidence: proposal.Evidence, Suspended: proposal.Suspend, ProposedBy: caller.Subject,
		ProposedAt: now, CasesToRecount: -1,
	}
	err = revocationCodec().Save(ctx, r.store, nil, revocation, revocation.entry(caller.Subject, cloudtag.ActionRevocationProposed, now, proposal.Reason))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Revocation{}, cloudtag.InvalidState("merchantId")
	}
	if err != nil {
		return Revocation{}, err
	}
	if proposal.Suspend {
		err = r.setPermission(ctx, revocation, cloudtag.PermissionSuspended, caller.Subject)
	}
	return revocation, err
}

// Decide approves or declines a proposal. An approval revokes the permission at once; Apply then recounts the shop's cases,
// resuming after crashes. Errors: FORBIDDEN unless the caller is an administrator, NOT_FOUND, REASON_REQUIRED, SAME_PERSON for
// the proposer, INVALID_STATE unless the proposal is open.
func (r *Service) Decide(ctx context.Context, caller cloudtag.Caller, id string, approve bool, reason string) (Revocation, error) {
	if !caller.Has(cloudtag.RoleAdmin) {
		return Revocation{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reason, "reason"); err != nil {
		return Revocation{}, err
	}
	codec := revocationCodec()
	before, err := codec.Find(ctx, r.store, id)
	if err != nil {
		return Revocation{}, err
	}
	if before.State != Proposed {
		return Revocation{}, cloudtag.InvalidState("id")
	}
	if before.ProposedBy == caller.Subject {
		return Revocation{}, cloudtag.SamePerson("id")
	}
	after := before
	after.Version++
	after.State, after.DecidedBy, after.DecidedAt, after.DecisionReason = Declined, caller.Subject, r.clock.Now(), reason
	if approve {
		after.State = Approved
	}
	err = codec.Save(ctx, r.store, &before, after, after.entry(caller.Subject, cloudtag.ActionRevocationDecided, after.DecidedAt, reason))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Revocation{}, cloudtag.InvalidState("id")
	}
	if err != nil {
		return Revocation{}, err
	}
	return r.begin(ctx, after)
}

// begin applies the part of a decision that must not wait for Apply: the permission.
func (r *Service) begin(ctx context.Context, decided Revocation) (Revocation, error) {
	if decided.State == Declined {
		return r.complete(ctx, decided)
	}
	if err := r.setPermission(ctx, decided, cloudtag.PermissionRevoked, decided.DecidedBy); err != nil {
		return decided, err
	}
	return r.countCases(ctx, decided)
}

// setPermission changes the shop's permission on behalf of a revocation; a revoked shop stays revoked.
func (r *Service) setPermission(ctx context.Context, revocation Revocation, permission cloudtag.Permission, actor string) error {
	found, err := r.store.Merchants(ctx, []cloudtag.MerchantID{revocation.MerchantID})
	if err != nil {
		return fmt.Errorf("find merchant: %w", err)
	}
	before := found[revocation.MerchantID].Permission
	if before == permission || before == cloudtag.PermissionRevoked {
		return nil
	}
	err = r.store.SetPermission(ctx, revocation.MerchantID, permission, cloudtag.Entry{
		At: r.clock.Now(), Actor: actor, Action: cloudtag.ActionPermissionChanged, Reason: revocation.Reason,
		Subjects: []cloudtag.Subject{cloudtag.MerchantSubject(revocation.MerchantID), "revocation:" + cloudtag.Subject(revocation.ID)},
		Before:   cloudtag.MustJSON(before), After: cloudtag.MustJSON(permission),
	})
	if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeInvalidState {
		return fmt.Errorf("change permission: %w", err)
	}
	return nil
}

// countCases stores how many cases are to be recounted. The shop gets no new live tags once its permission is revoked.
func (r *Service) countCases(ctx context.Context, approved Revocation) (Revocation, error) {
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
	return counted, cloudtag.IgnoreConflict(r.store.SaveDocument(ctx, revocationCodec().Document(counted), nil))
}

// complete completes a revocation: it restores the permission after a declined proposal, and marks the recount as done.
func (r *Service) complete(ctx context.Context, decided Revocation) (Revocation, error) {
	if decided.State == Declined && decided.Suspended {
		if err := r.setPermission(ctx, decided, cloudtag.PermissionActive, decided.DecidedBy); err != nil {
			return decided, err
		}
	}
	done := decided
	done.CompletedAt = r.clock.Now()
	done.Version++
	if done.State == Declined {
		return done, cloudtag.IgnoreConflict(r.store.SaveDocument(ctx, revocationCodec().Document(done), nil))
	}
	entry := done.entry(cloudtag.EngineActor, cloudtag.ActionRevocationCompleted, done.CompletedAt, fmt.Sprintf("%d cases recounted", done.CasesToRecount))
	return done, cloudtag.IgnoreConflict(revocationCodec().Save(ctx, r.store, &decided, done, entry))
}

// Apply completes every decided revocation: it recounts the shop's cases, and finishes what a crash interrupted. Each step
// derives from the store whether it has been done.
func (r *Service) Apply(ctx context.Context, asOf time.Time) error {
	return revocationCodec().ForEachWaking(ctx, r.store, asOf, func(revocation Revocation) error { return r.apply(ctx, revocation) })
}

func (r *Service) apply(ctx context.Context, revocation Revocation) error {
	if revocation.State == Approved {
		var err error
		if revocation, err = r.begin(ctx, revocation); err != nil {
			return err
		}
		if _, err := r.cases.Discount(ctx, revocation.MerchantID, revocation.DecidedBy, cloudtag.ReasonRevoked(revocation.Kind)); err != nil {
			return err
		}
	}
	_, err := r.complete(ctx, revocation)
	return err
}

// Recounted is how many of a revocation's cases have been recounted: those without live tags of the shop.
func (r *Service) Recounted(ctx context.Context, revocation Revocation) (int, error) {
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
func (r *Service) RevokedFor(ctx context.Context, caller cloudtag.Caller, merchant cloudtag.MerchantID) (cloudtag.ViolationKind, error) {
	if !caller.MaySeeMerchant(merchant) {
		return "", nil
	}
	approved, err := revocationCodec().List(ctx, r.store, cloudtag.DocumentFilter{MerchantID: merchant, State: string(Approved)}, 1)
	if err != nil || len(approved) == 0 {
		return "", err
	}
	return approved[0].Kind, nil
}

// Query selects revocations; zero fields select all.
type Query struct {
	State      State
	MerchantID cloudtag.MerchantID
	Kind       cloudtag.ViolationKind
	ProposedBy string
}

// filter converts the query. Errors: FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (q Query) filter(caller cloudtag.Caller) (cloudtag.DocumentFilter, error) {
	if !caller.Reviews() {
		return cloudtag.DocumentFilter{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckKnownOrEmpty(q.State, States(), "state"); err != nil {
		return cloudtag.DocumentFilter{}, err
	}
	if err := cloudtag.CheckKnownOrEmpty(q.Kind, cloudtag.ViolationKinds(), "kind"); err != nil {
		return cloudtag.DocumentFilter{}, err
	}
	return cloudtag.DocumentFilter{State: string(q.State), MerchantID: q.MerchantID, Topic: string(q.Kind), Owner: q.ProposedBy}, nil
}

// List returns up to 1,000 revocations: open proposals, longest waiting first, then the others, latest proposed first.
// FORBIDDEN unless the caller reviews.
func (r *Service) List(ctx context.Context, caller cloudtag.Caller, query Query) ([]Revocation, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return nil, err
	}
	return revocationCodec().List(ctx, r.store, filter, cloudtag.MaxListed)
}

// Page returns a page of revocations in the order of List. Errors: FORBIDDEN unless the caller reviews; BAD_USER_INPUT.
func (r *Service) Page(ctx context.Context, caller cloudtag.Caller, query Query, request cloudtag.PageRequest) (cloudtag.Page[Revocation], error) {
	filter, err := query.filter(caller)
	if err != nil {
		return cloudtag.Page[Revocation]{}, err
	}
	return revocationCodec().Page(ctx, r.store, filter, request)
}

// Count counts revocations, exactly up to MaxCount, then MaxCount+1. FORBIDDEN unless the caller reviews.
func (r *Service) Count(ctx context.Context, caller cloudtag.Caller, query Query) (int, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return 0, err
	}
	return revocationCodec().Count(ctx, r.store, filter)
}
