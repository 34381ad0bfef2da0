// Package secondreview draws a random sample of confirmations for a second review by another reviewer. It measures how reliable
// confirmations are. The draw is a view of the log.
package secondreview
