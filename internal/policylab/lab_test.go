package policylab_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/collusion"
	"cloudtag/internal/policylab"
)

// lab is an office with the services of this package over its store.
type lab struct {
	*Office
	policies    *policylab.Policies
	drafts      *policylab.Drafts
	rollouts    *policylab.Rollouts
	simulations *policylab.Simulations
}

func newLab(t *testing.T) *lab {
	o, drafts := NewOffice(t), 0
	policies := policylab.NewPolicies(o.Store, o.Clock)
	return &lab{
		Office: o, policies: policies,
		drafts:      policylab.NewDrafts(policies, IDFunc(func() string { drafts++; return fmt.Sprintf("draft-%d", drafts) })),
		rollouts:    policylab.NewRollouts(o.Store, o.Upkeep, o.Clock),
		simulations: policylab.NewSimulations(o.Store, policies, NewCalendar(time.UTC), perDay(0), func() policylab.RecordBook { return collusion.NewBook() }),
	}
}

// perDay is a handling rate.
type perDay int

func (p perDay) HandlingRate(context.Context) (int, error) { return int(p), nil }

// fieldOf returns the field that an error names.
func fieldOf(err error) string {
	var known *Error
	if !errors.As(err, &known) || len(known.Field) == 0 {
		return ""
	}
	return known.Field[len(known.Field)-1]
}

// statuses returns the status of each order's tag.
func (o *lab) statuses(orders ...OrderNo) []TagStatus {
	o.T.Helper()
	tags, err := o.Store.TagsByOrder(context.Background(), orders)
	if err != nil {
		o.T.Fatal(err)
	}
	statuses := make([]TagStatus, len(orders))
	for i, order := range orders {
		statuses[i] = tags[order].Status
	}
	return statuses
}

// simulate runs a simulation, which publishing requires.
func (o *lab) simulate(basedOn int, policy Policy) policylab.SimulationReport {
	o.T.Helper()
	report, err := o.simulations.Run(context.Background(), Person("boss", RoleAdmin), policylab.SimulationRequest{BasedOn: basedOn, Policy: policy}, nil)
	if err != nil {
		o.T.Fatal(err)
	}
	return report
}

// wantedPolicy is the policy in force with another window and a reason.
func (o *lab) wantedPolicy(windowDays int) Policy {
	policy := o.inForce()
	policy.WindowDays, policy.Reason = windowDays, "shorter"
	return policy
}

func (o *lab) inForce() Policy {
	o.T.Helper()
	policy, err := o.policies.Find(context.Background(), Person("boss", RoleAdmin), 0)
	if err != nil {
		o.T.Fatal(err)
	}
	return policy
}

func (o *lab) publish(by string, publication policylab.Publication) (policylab.Published, error) {
	return o.drafts.Publish(context.Background(), Person(by, RoleAdmin), publication)
}
