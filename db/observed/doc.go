// Package observed measures and traces the calls of a store, whichever it is: how often each method of the ports is
// called, how long it takes and how it ends.
//
// What must not live here: anything that changes what a call does, and anything about what it is called with.
package observed
