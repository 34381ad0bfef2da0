// Package dbtest is the suite that every store must pass: the contract of each port of internal/cloudtag, and its guarantees
// under concurrency, when the process dies at any write, and for pagination over changing lists.
//
// A store's tests call [Run] with a [Factory]. Expected values come from the rules of the domain or from an independent
// computation in memory, never from a store. Nothing here sleeps or depends on the machine's clock.
//
// What must not live here: anything that knows a database, its files or its driver.
package dbtest
