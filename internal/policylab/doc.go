// Package policylab is where administrators change the policy: drafts, simulations of a draft against history, publication
// (which requires a simulation and, if the policy says so, a second administrator), and rollouts of new versions to existing
// cases. The policy itself, its validation and the timeline of its versions are part of the domain, because cases are
// evaluated by them.
package policylab
