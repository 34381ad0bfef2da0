// Package dbtest is the one suite that every store of the domain must pass: the contract of each port of
// internal/cloudtag word by word, and what the ports promise when callers run at the same time, when the process
// dies at any single write, and while readers page through lists that move.
//
// A store's own tests call [Run] with a [Factory] of that store. Expected values come from the rules of the domain
// or from an independent computation in memory, never from what a store answered. Nothing here sleeps or reads the
// machine's clock to decide anything.
//
// What must not live here: anything that knows a database, its files or its driver.
package dbtest
