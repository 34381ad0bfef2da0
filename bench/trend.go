package main

import (
	"math"
	"time"
)

// trend is a linear regression of samples over time.
type trend struct {
	Mean    float64 `json:"mean"`
	PerHour float64 `json:"perHour"` // slope
	Change  float64 `json:"change"`  // along the line, over the time of the samples
	Scatter float64 `json:"scatter"` // standard deviation of the samples around the line
	Grows   bool    `json:"grows"`
}

// growingShare is the smallest growth over the run, as a share of the mean, that counts as growing; it must also exceed the
// scatter. A leak exceeds both within minutes; filling caches and garbage collection do not.
const growingShare = 0.05

// fitTrend computes the regression. There must be at least two different times.
func fitTrend(times []time.Duration, values []float64) trend {
	n := float64(len(values))
	var sumT, sumV float64
	for i, value := range values {
		sumT += times[i].Hours()
		sumV += value
	}
	meanT, meanV := sumT/n, sumV/n
	var covariance, variance float64
	for i, value := range values {
		t := times[i].Hours() - meanT
		covariance += t * (value - meanV)
		variance += t * t
	}
	fit := trend{Mean: meanV, PerHour: covariance / variance}
	fit.Change = fit.PerHour * (times[len(times)-1] - times[0]).Hours()
	var squares float64
	for i, value := range values {
		off := value - meanV - fit.PerHour*(times[i].Hours()-meanT)
		squares += off * off
	}
	fit.Scatter = math.Sqrt(squares / n)
	fit.Grows = fit.Change > growingShare*math.Abs(meanV) && fit.Change > 2*fit.Scatter
	return fit
}
