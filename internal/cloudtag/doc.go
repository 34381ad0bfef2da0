// Package cloudtag is the domain: merchants tag orders, tags count against the account behind the order, and enough
// independent merchants within the window turn the tags of that account into successes.
//
// It contains the entities, the rules that decide about them, the services that clients call, and the ports (narrow
// interfaces) that those services need from a store. Rules are pure functions: time and identifiers come from a [Clock] and
// an [IDSource].
//
// Where the central rules are, each with its test beside it (docs/domain.md lists all of them):
//
//   - the window of 180 days: CaseFile.expire in consensus.go applies it; [DefaultPolicy] in policy.go has the number
//   - votes and threshold: CaseFile.evaluate in consensus.go, [Policy.Threshold] in policy.go
//   - the 48 hours: handling.go; the order of the queue: priority.go
//   - what a submission may contain: validation.go; one order, one tag: tagging.go
//   - who may see and do what: caller.go
//
// Transport, storage and imports outside of the standard library do not belong here. Every service method that acts for
// somebody takes the [Caller] and checks, per record, what that caller may see or do.
package cloudtag
