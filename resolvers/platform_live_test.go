package resolvers_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/policylab"
)

// next reads a socket's next event of an operation.
func next(c *city, socket *graphtest.Socket, id string) graphtest.Answer {
	c.T.Helper()
	message := socket.Read()
	if message.ID != id || message.Type != "next" {
		c.T.Fatalf("%s of %s: %s, want an event of %s", message.Type, message.ID, message.Payload, id)
	}
	return message.Answer(c.Stack)
}

// A shop that is revoked is cut off while it waits, with the reason; others are not. It may not follow again.
func TestARevokedShopIsCutOff(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	revoked, other := c.Connect(c.owner()), c.Connect(c.As(cloudtag.RoleMerchant, "secret-shop-0"))
	const events = `subscription ($after: Cursor, $filter: TagFilter) { tagStatusChanged(after: $after, filter: $filter) { tag { orderNo status } } }`
	revoked.Subscribe("all", events, graphtest.Variables{"after": c.LogCursor(c.owner(), len(c.Store.Log()))})
	revoked.Subscribe("one", events, graphtest.Variables{"filter": map[string]any{"orderNos": []string{"own-order-1"}}})
	other.Subscribe("all", events, graphtest.Variables{"after": c.LogCursor(c.As(cloudtag.RoleMerchant, "secret-shop-0"), 0)})
	if answer := next(c, other, "all"); !strings.Contains(answer.Raw, "secret-1-order-2") {
		t.Fatalf("%s", answer.Raw)
	}
	c.tag(ownShop, "own-order-3", "REVIEW_FALSE")
	if answer := next(c, revoked, "all"); !strings.Contains(answer.Raw, "own-order-3") {
		t.Fatalf("%s", answer.Raw)
	}
	for c.Readers() < 3 {
		select {
		case <-t.Context().Done():
			t.Fatal("no readers")
		case <-time.After(time.Millisecond):
		}
	}
	ctx := context.Background()
	proposed, err := c.Deps.Revocations.Propose(ctx, person("rev", cloudtag.RoleReviewer), cloudtag.Proposal{
		MerchantID: ownShop, Kind: cloudtag.ViolationLeakedToBuyer, Reason: "r", Evidence: []string{"chat"},
	})
	c.must(err)
	_, err = c.Deps.Revocations.Decide(ctx, person("boss", cloudtag.RoleAdmin), proposed.ID, true, "proven")
	c.must(err)
	ended := map[string]bool{}
	for len(ended) < 2 {
		message := revoked.Read()
		if message.Type == "complete" {
			continue
		}
		if codes := message.Answer(c.Stack).Codes(); len(codes) != 1 || codes[0] != "PERMISSION_REVOKED" {
			t.Fatalf("%s, want PERMISSION_REVOKED", message.Payload)
		}
		ended[message.ID] = true
	}
	// Nor does it learn that its tags are voided, or anything after.
	c.must(c.Deps.Revocations.Apply(ctx, c.Clock.Now()))
	revoked.Subscribe("again", events, graphtest.Variables{"after": c.LogCursor(c.owner(), 0)})
	for {
		message := revoked.Read()
		if message.ID != "again" {
			continue
		}
		if !strings.Contains(string(message.Payload), "PERMISSION_REVOKED") {
			t.Errorf("%s %s, want PERMISSION_REVOKED", message.Type, message.Payload)
		}
		break
	}
	c.tag("secret-shop-0", "secret-1-order-3", "REVIEW_FALSE")
	for {
		if answer := next(c, other, "all"); strings.Contains(answer.Raw, "secret-1-order-3") {
			break
		}
	}
}

// Who looks at a case is told to all who do, until they leave.
func TestCaseViewers(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	ann, ben := c.Connect(c.reviewer("ann")), c.Connect(c.reviewer("ben"))
	query := fmt.Sprintf(`subscription { caseViewers(caseId: %q) { id since } }`, c.plan.waiting())
	viewers := func(socket *graphtest.Socket) string {
		t.Helper()
		var data struct{ CaseViewers []struct{ ID, Since string } }
		next(c, socket, "1").Into(t, &data)
		var ids []string
		for _, viewer := range data.CaseViewers {
			ids = append(ids, viewer.ID)
		}
		return strings.Join(ids, " ")
	}
	ann.Subscribe("1", query, nil)
	expect(t, "alone", viewers(ann), "ann")
	c.Clock.Advance(time.Second)
	ben.Subscribe("1", query, nil)
	expect(t, "who comes sees", viewers(ben), "ann ben")
	expect(t, "who was there sees", viewers(ann), "ann ben")
	ben.Complete("1")
	expect(t, "who stays sees", viewers(ann), "ann")
	ben.Subscribe("2", `subscription { caseViewers(caseId: "RETURN_SWAPPED:nobody") { id } }`, nil)
	for {
		message := ben.Read()
		if message.ID != "2" {
			continue
		}
		if !strings.Contains(string(message.Payload), "NOT_FOUND") {
			t.Errorf("no case: %s", message.Payload)
		}
		break
	}
}

// Claims and releases are changes of a case, so that a queue shows who holds it; a filter of what the caller has claimed
// is meant as of the event.
func TestClaimsAreEvents(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	ann := c.Connect(c.reviewer("ann"))
	ann.Subscribe("1", `subscription ($after: Cursor) { caseChanged(after: $after, filter: {claimedByMe: true}) { action case { claim { by } } } }`,
		graphtest.Variables{"after": c.LogCursor(c.As(cloudtag.RoleReviewer), len(c.Store.Log()))})
	id := c.plan.waiting()
	other, err := c.Deps.Reviews.Claim(context.Background(), person("ben", cloudtag.RoleReviewer), id, "")
	c.must(err)
	_, err = c.Deps.Reviews.Release(context.Background(), person("ben", cloudtag.RoleReviewer), id, other.Claim.Token)
	c.must(err)
	_, err = c.Deps.Reviews.Claim(context.Background(), person("ann", cloudtag.RoleReviewer), id, "")
	c.must(err)
	for {
		answer := next(c, ann, "1")
		if !strings.Contains(answer.Raw, `"by":"ann"`) {
			t.Fatalf("%s, want only what ann holds", answer.Raw)
		}
		if strings.Contains(answer.Raw, "case.claimed") {
			break
		}
	}
}

// What was read after the live cursor and followed from it leaves nothing out.
func TestLiveCursor(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	var data struct{ LiveCursor string }
	c.Do(c.owner(), `{ liveCursor }`, nil).Into(t, &data)
	c.tag(ownShop, "own-order-3", "REVIEW_FALSE")
	socket := c.Connect(c.owner())
	socket.Subscribe("1", `subscription ($after: Cursor) { tagStatusChanged(after: $after) { tag { orderNo } } }`, graphtest.Variables{"after": data.LiveCursor})
	if answer := next(c, socket, "1"); !strings.Contains(answer.Raw, "own-order-3") {
		t.Errorf("%s, want what came after the cursor", answer.Raw)
	}
}

// endless is a simulation that goes on until it is cancelled.
type endless struct{ begun, ended chan struct{} }

// Run implements [resolvers.Simulations].
func (e endless) Run(ctx context.Context, _ cloudtag.Caller, _ policylab.SimulationRequest, _ func(done, of int)) (policylab.SimulationReport, error) {
	close(e.begun)
	<-ctx.Done()
	close(e.ended)
	return policylab.SimulationReport{}, ctx.Err()
}

func (e endless) Report(context.Context, cloudtag.Caller, int, cloudtag.Policy) (policylab.SimulationReport, error) {
	return policylab.SimulationReport{}, cloudtag.NotFound()
}

// A simulation ends when who asked for it goes away.
func TestSimulatePolicyEndsWithItsRequest(t *testing.T) {
	simulation := endless{make(chan struct{}), make(chan struct{})}
	s := graphtest.New(t, func(s *graphtest.Stack, _ *graph.Config) { s.Deps.Simulations = simulation })
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Server.URL,
		strings.NewReader(`{"query": "{ simulatePolicy(input: {basedOnVersion: 1, reason: \"r\"}) { tags } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {s.As(cloudtag.RoleAdmin)}}
	go func() {
		<-simulation.begun
		cancel()
	}()
	response, err := s.Server.Client().Do(request)
	if err == nil {
		_ = response.Body.Close()
		t.Error("a cancelled request was answered")
	}
	<-simulation.ended
}

// So does one that a subscription asked for.
func TestPolicySimulatedEndsWithItsSubscription(t *testing.T) {
	simulation := endless{make(chan struct{}), make(chan struct{})}
	s := graphtest.New(t, func(s *graphtest.Stack, _ *graph.Config) { s.Deps.Simulations = simulation })
	socket := s.Connect(s.As(cloudtag.RoleAdmin))
	socket.Subscribe("1", `subscription { policySimulated(input: {basedOnVersion: 1, reason: ""}) { done of } }`, nil)
	<-simulation.begun
	socket.Complete("1")
	<-simulation.ended
}
