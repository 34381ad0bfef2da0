//go:build !race

package dbtest

// raceDetector reports whether the race detector is enabled.
const raceDetector = false
