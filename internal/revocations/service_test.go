package revocations_test

import (
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/revocations"
)

func TestRevocation(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	orders := o.Confirmed("b-1") // A, B, C: loses its threshold without A
	pending := o.SubmitOne("A", "b-2")
	reviewer, admin := Person("rev", RoleReviewer), Person("boss", RoleAdmin)
	proposal := revocations.Proposal{MerchantID: "A", Kind: ViolationFalseReport, Reason: "made up", Evidence: []string{"chat 1"}, Suspend: true}
	for name, bad := range map[string]revocations.Proposal{
		"no reason":    {MerchantID: "A", Kind: ViolationFalseReport, Evidence: []string{"x"}},
		"no evidence":  {MerchantID: "A", Kind: ViolationFalseReport, Reason: "r"},
		"unknown kind": {MerchantID: "A", Kind: "RUDE", Reason: "r", Evidence: []string{"x"}},
	} {
		if _, err := o.Revocations.Propose(ctx, reviewer, bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	proposed, err := o.Revocations.Propose(ctx, reviewer, proposal)
	if err != nil || o.Store.Merchant("A").Permission != PermissionSuspended {
		t.Fatalf("%v, permission %s", err, o.Store.Merchant("A").Permission)
	}
	tag := func(key string) error {
		_, err := o.Tagging.Submit(ctx, ShopCaller("A"), SubmitInput{
			OrderNos: []OrderNo{o.PlaceOrder("A", "b-3")}, Scenario: TestScenario, IdempotencyKey: key,
		})
		return err
	}
	if err := tag("suspended"); CodeOf(err) != CodePermissionSuspended {
		t.Errorf("a suspended shop tags: %v", err)
	}
	if _, err := o.Revocations.Propose(ctx, reviewer, proposal); CodeOf(err) != CodeInvalidState {
		t.Errorf("a second proposal: %v", err)
	}
	if _, err := o.Revocations.Decide(ctx, reviewer, proposed.ID, true, "yes"); CodeOf(err) != CodeForbidden {
		t.Errorf("a reviewer approves: %v", err)
	}
	if _, err := o.Revocations.Decide(ctx, Person("rev", RoleAdmin), proposed.ID, true, "yes"); CodeOf(err) != CodeSamePerson {
		t.Errorf("the proposer approves: %v", err)
	}
	approved, err := o.Revocations.Decide(ctx, admin, proposed.ID, true, "proven")
	if err != nil || approved.CasesToRecount != 2 || o.Store.Merchant("A").Permission != PermissionRevoked {
		t.Fatalf("%+v, %v, permission %s", approved, err, o.Store.Merchant("A").Permission)
	}
	if got, err := o.Revocations.Recounted(ctx, approved); err != nil || got != 0 {
		t.Errorf("recounted before the upkeep: %d, %v", got, err)
	}
	if err := o.Revocations.Apply(ctx, o.Clock.Time); err != nil {
		t.Fatal(err)
	}
	done, err := o.Revocations.List(ctx, admin, revocations.Query{State: revocations.Approved})
	if err != nil || len(done) != 1 || done[0].CompletedAt.IsZero() {
		t.Fatalf("%+v, %v", done, err)
	}
	if got, err := o.Revocations.Recounted(ctx, done[0]); err != nil || got != 2 {
		t.Errorf("recounted: %d, %v", got, err)
	}
	if got := o.Store.Tag(pending).Status; got != TagVoided {
		t.Errorf("a tag that had not succeeded: %s", got)
	}
	c := o.Store.Case(NewCaseID(FreightInsuranceScenario, "b-1"))
	if c.State != CaseLapsed || c.Handling != HandlingPending || o.Store.Tag(orders[0]).Status != TagSucceeded {
		t.Errorf("the case that lost its threshold: %s %s", c.State, c.Handling)
	}
	if err := tag("revoked"); CodeOf(err) != CodePermissionRevoked {
		t.Errorf("a revoked shop tags: %v", err)
	}
	if _, err := o.Revocations.Propose(ctx, reviewer, proposal); CodeOf(err) != CodeInvalidState {
		t.Errorf("revoking a revoked shop: %v", err)
	}
	if _, err := o.Revocations.Decide(ctx, admin, proposed.ID, false, "no"); CodeOf(err) != CodeInvalidState {
		t.Errorf("decided twice: %v", err)
	}
}

func TestADeclinedRevocationRestoresThePermission(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	proposed, err := o.Revocations.Propose(ctx, Person("rev", RoleReviewer), revocations.Proposal{
		MerchantID: "A", Kind: ViolationLeakedToBuyer, Reason: "r", Evidence: []string{"x"}, Suspend: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Revocations.Decide(ctx, Person("boss", RoleAdmin), proposed.ID, false, "not proven"); err != nil {
		t.Fatal(err)
	}
	if got := o.Store.Merchant("A").Permission; got != PermissionActive {
		t.Errorf("permission %s", got)
	}
}

func TestRevokedFor(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	o.PlaceOrder("A", "b-1")
	for name, caller := range map[string]Caller{"the shop": ShopCaller("A"), "a reviewer": Person("ann", RoleReviewer)} {
		if kind, err := o.Revocations.RevokedFor(ctx, caller, "A"); err != nil || kind != "" {
			t.Errorf("%s, before: %q, %v", name, kind, err)
		}
	}
	proposed, err := o.Revocations.Propose(ctx, Person("ann", RoleReviewer), revocations.Proposal{
		MerchantID: "A", Kind: ViolationLeakedToBuyer, Reason: "it informed the buyer", Evidence: []string{"a chat"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if kind, _ := o.Revocations.RevokedFor(ctx, ShopCaller("A"), "A"); kind != "" {
		t.Errorf("while proposed: %q", kind)
	}
	if _, err := o.Revocations.Decide(ctx, Person("adam", RoleAdmin), proposed.ID, true, "proven"); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		caller Caller
		want   ViolationKind
	}{
		"the shop":     {ShopCaller("A"), ViolationLeakedToBuyer},
		"a reviewer":   {Person("ann", RoleReviewer), ViolationLeakedToBuyer},
		"another shop": {ShopCaller("B"), ""},
		"a service":    {Platform(), ""},
	} {
		if kind, err := o.Revocations.RevokedFor(ctx, test.caller, "A"); err != nil || kind != test.want {
			t.Errorf("%s: %q, %v", name, kind, err)
		}
	}
}

func TestMayDecide(t *testing.T) {
	proposed := revocations.Revocation{State: revocations.Proposed, ProposedBy: "rev"}
	for name, test := range map[string]struct{ may, want bool }{
		"an administrator":   {proposed.MayDecide(Person("boss", RoleAdmin)), true},
		"a reviewer":         {proposed.MayDecide(Person("ann", RoleReviewer)), false},
		"the proposer":       {proposed.MayDecide(Person("rev", RoleAdmin)), false},
		"once it is decided": {revocations.Revocation{State: revocations.Approved}.MayDecide(Person("boss", RoleAdmin)), false},
	} {
		if test.may != test.want {
			t.Errorf("%s: %t", name, test.may)
		}
	}
}

// Open proposals come first, longest waiting first, then the others, latest proposed first.
func TestRevocationsAreListedByWhatWaits(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	reviewer, admin := Person("rev", RoleReviewer), Person("boss", RoleAdmin)
	ids := map[MerchantID]string{}
	for hour, shop := range []MerchantID{"D", "A", "B", "C"} {
		o.Clock.Time = Start.Add(time.Duration(hour) * time.Hour)
		proposed, err := o.Revocations.Propose(ctx, reviewer, revocations.Proposal{
			MerchantID: shop, Kind: ViolationWrongScenario, Reason: "r", Evidence: []string{"e"},
		})
		if err != nil {
			t.Fatal(err)
		}
		ids[shop] = proposed.ID
	}
	for shop, approve := range map[MerchantID]bool{"C": true, "D": false} {
		if _, err := o.Revocations.Decide(ctx, admin, ids[shop], approve, "r"); err != nil {
			t.Fatal(err)
		}
	}
	listed, err := o.Revocations.List(ctx, reviewer, revocations.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var shops []MerchantID
	for _, revocation := range listed {
		shops = append(shops, revocation.MerchantID)
	}
	if want := []MerchantID{"A", "B", "C", "D"}; !slices.Equal(shops, want) {
		t.Errorf("%v, want %v", shops, want)
	}
}

func TestRevocationsRejectBadInput(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	reviewer := Person("rev", RoleReviewer)
	logged := len(o.Store.Entries())
	for name, test := range map[string]struct {
		proposal revocations.Proposal
		want     Code
	}{
		"no kind":         {revocations.Proposal{Reason: "r", Evidence: []string{"e"}}, CodeBadInput},
		"an unknown kind": {revocations.Proposal{Kind: "false_report", Reason: "r", Evidence: []string{"e"}}, CodeBadInput},
		"blank evidence":  {revocations.Proposal{Kind: ViolationFalseReport, Reason: "r", Evidence: []string{"e", " \n\u200b\u3000"}}, CodeReasonRequired},
		"a blank reason":  {revocations.Proposal{Kind: ViolationFalseReport, Reason: "\u200b", Evidence: []string{"e"}}, CodeReasonRequired},
		"too much evidence": {revocations.Proposal{
			Kind: ViolationFalseReport, Reason: "r", Evidence: slices.Repeat([]string{"e"}, 21),
		}, CodeReasonRequired},
	} {
		test.proposal.MerchantID = "A"
		if _, err := o.Revocations.Propose(ctx, reviewer, test.proposal); CodeOf(err) != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	if _, err := o.Revocations.List(ctx, reviewer, revocations.Query{State: "proposed"}); CodeOf(err) != CodeBadInput {
		t.Errorf("an unknown state: %v", err)
	}
	if after := len(o.Store.Entries()); after != logged {
		t.Errorf("%d entries were logged", after-logged)
	}
}
