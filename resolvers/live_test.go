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
	"cloudtag/internal/revocations"
)

// next reads the next event of an operation from a socket.
func next(c *city, socket *graphtest.Socket, id string) graphtest.Answer {
	c.T.Helper()
	message := socket.Read()
	if message.ID != id || message.Type != "next" {
		c.T.Fatalf("%s of %s: %s, want an event of %s", message.Type, message.ID, message.Payload, id)
	}
	return message.Answer(c.Stack)
}

// A shop whose permission is revoked is disconnected while it waits, with the reason, and may not subscribe again. Other shops
// are not affected.
func TestRevokedShopIsDisconnected(t *testing.T) {
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
	proposed, err := c.Deps.Revocations.Propose(ctx, person("rev", cloudtag.RoleReviewer), revocations.Proposal{
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
	// It receives neither the voiding of its tags nor anything later.
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

// The viewers of a case are sent to all of them until they leave.
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
	expect(t, "for the newcomer", viewers(ben), "ann ben")
	expect(t, "for the first viewer", viewers(ann), "ann ben")
	ben.Complete("1")
	expect(t, "for the remaining viewer", viewers(ann), "ann")
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

// Claims and releases are changes of a case, so that a queue shows who holds it. The filter claimedByMe is evaluated at the
// time of the event.
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

// A subscription from the live cursor misses no event after the cursor was read.
func TestLiveCursor(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	var data struct{ LiveCursor string }
	c.Do(c.owner(), `{ liveCursor }`, nil).Into(t, &data)
	c.tag(ownShop, "own-order-3", "REVIEW_FALSE")
	socket := c.Connect(c.owner())
	socket.Subscribe("1", `subscription ($after: Cursor) { tagStatusChanged(after: $after) { tag { orderNo } } }`, graphtest.Variables{"after": data.LiveCursor})
	if answer := next(c, socket, "1"); !strings.Contains(answer.Raw, "own-order-3") {
		t.Errorf("%s, want the event after the cursor", answer.Raw)
	}
}

// endless is a simulation that runs until it is cancelled.
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

// A simulation ends when its client disconnects.
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

// A simulation ends when its subscription is completed.
func TestPolicySimulatedEndsWithItsSubscription(t *testing.T) {
	simulation := endless{make(chan struct{}), make(chan struct{})}
	s := graphtest.New(t, func(s *graphtest.Stack, _ *graph.Config) { s.Deps.Simulations = simulation })
	socket := s.Connect(s.As(cloudtag.RoleAdmin))
	socket.Subscribe("1", `subscription { policySimulated(input: {basedOnVersion: 1, reason: ""}) { done of } }`, nil)
	<-simulation.begun
	socket.Complete("1")
	<-simulation.ended
}
