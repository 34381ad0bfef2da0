// Package observed adds metrics and traces to the calls of an engine: number, duration and outcome, by method and subject.
//
// What must not live here: anything that affects a call, and anything about its caller. The subject of a call comes from the
// program (the name of a change, a kind and its index), never from data.
package observed
