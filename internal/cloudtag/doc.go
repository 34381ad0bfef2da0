// Package cloudtag is the domain: merchants tag orders, tags count against the account that placed the order, and once
// enough independent merchants have tagged an account within the window, its tags succeed.
//
// It contains the entities, the rules, the services that submit, decide and read tags and cases, and the ports (narrow
// interfaces) that services need from a store. Rules are pure functions: time and identifiers come from a [Clock] and an
// [IDSource]. Services that decide nothing about the count of a tag are packages over this one.
//
// The central rules and where to find them, each with its test beside it (docs/domain.md lists all of them):
//
//   - the window of 180 days: CaseFile.expire in consensus.go applies it; [DefaultPolicy] in policy.go has the number
//   - votes and threshold: CaseFile.evaluate in consensus.go, [Policy.Threshold] in policy.go
//   - the 48 hours: handling.go; the order of the queue: priority.go
//   - the limits of a submission: validation.go; one tag per order: tagging.go
//   - who may see and do what: caller.go
//
// Transport, storage and imports outside of the standard library do not belong here. Every service method that acts on
// behalf of a [Caller] checks, per record, what that caller may see or do.
package cloudtag
