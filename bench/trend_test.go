package main

import (
	"math"
	"testing"
	"time"
)

func TestFitTrend(t *testing.T) {
	tests := []struct {
		name    string
		value   func(minute float64) float64
		perHour float64
		grows   bool
	}{
		{"still", func(float64) float64 { return 100 }, 0, false},
		{"a leak", func(m float64) float64 { return 100 + m }, 60, true},
		{"shrinking", func(m float64) float64 { return 100 - m }, -60, false},
		{"a little", func(m float64) float64 { return 100 + m/10 }, 6, false},
		{"garbage that comes and goes", func(m float64) float64 { return 100 + 20*math.Mod(m, 2) }, 0, false},
		{"a leak under garbage", func(m float64) float64 { return 100 + 4*m + 10*math.Mod(m, 2) }, 240, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var times []time.Duration
			var values []float64
			for minute := range 20 {
				times = append(times, time.Duration(minute)*time.Minute)
				values = append(values, test.value(float64(minute)))
			}
			got := fitTrend(times, values)
			if math.Abs(got.PerHour-test.perHour) > 10 || got.Grows != test.grows {
				t.Errorf("%+v, want %.0f an hour, grows %v", got, test.perHour, test.grows)
			}
		})
	}
}
