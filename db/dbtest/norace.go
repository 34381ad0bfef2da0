//go:build !race

package dbtest

// raceDetector tells whether this build looks for data races.
const raceDetector = false
