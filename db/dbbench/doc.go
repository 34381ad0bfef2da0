// Package dbbench measures a store of any kind: what its tests' binary calls as benchmarks. They print figures and assert
// nothing about them; processor time is printed beside the rates, since a busy machine distorts it least.
//
// What must not live here: anything that knows a database, and promises that a store must keep (see db/dbtest).
package dbbench
