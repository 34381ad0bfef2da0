// Package heap paces the garbage collector by the available memory.
//
// Go collects when the heap has doubled. The live heap of this program is small, some 20 MB, so that it would collect many
// times a second for a few megabytes of garbage, on a machine with gigabytes. Here the heap grows to a floor before it is
// collected, doubles above that as usual, and is bounded by the container's or the machine's memory as a whole. While the
// process is idle, garbage is returned to the system.
//
// The variables of Go's runtime take precedence: GOGC over the pace, GOMEMLIMIT over the bound.
package heap
