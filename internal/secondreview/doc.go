// Package secondreview draws confirmations at random and lets another reviewer look at each, which measures how reliable
// confirmations are. The draw is a view of the log.
package secondreview
