// Package cloudtag is the domain: merchants tag orders, the count is on the account behind the order, and
// enough independent merchants within the window turn the tags of that account into successes.
//
// Here live the entities, the rules that decide about them, the services that clients call, and the ports
// (narrow interfaces) those services need from a store. The rules are pure functions of what they are given:
// time and identifiers come from a [Clock] and an [IDSource].
//
// What must not live here: transport, storage, or any import outside of the standard library. Every service
// method that acts for somebody takes the [Caller] and checks, per record, what that caller may see or do.
package cloudtag
