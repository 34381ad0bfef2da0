// Package heap paces the garbage collector by how much memory there is.
//
// Go collects when the heap has doubled. The live heap of this program is small, some 20 MB, so that it would collect
// many times a second for a few megabytes of garbage, on a machine with gigabytes. Here the heap grows to a floor before
// it is collected, doubles above that as usual, and is bounded by the container's or the machine's memory as a whole.
// While nothing happens, what is garbage goes back to the system.
//
// The variables of Go's runtime win: GOGC sets the pace alone, GOMEMLIMIT the bound.
package heap
