// Package observed measures and traces the calls of an engine, whichever it is: how often each of them is made, of what,
// how long it takes and how it ends.
//
// What must not live here: anything that changes what a call does, and anything about whom it is made for. What a call is
// of comes from the program (the name of a change, a kind and its index), never from data.
package observed
