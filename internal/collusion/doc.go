// Package collusion keeps the track records of shops and the evidence of which shops tag the same accounts, as a view of the
// log: what other shops' reports say about a shop's, pairs of shops that co-occur more often than chance explains (linked
// pairs), and what stands out about a single shop.
//
// These are facts to look at, never verdicts. What a record does to a case is the domain's: see weighing.go there.
package collusion
