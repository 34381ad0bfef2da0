package policylab_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/policylab"
)

func TestQueueLoad(t *testing.T) {
	hours := func(counts map[int]int) (times []time.Time) {
		for hour, count := range counts {
			for range count {
				times = append(times, Start.Truncate(24*time.Hour).Add(time.Duration(hour)*time.Hour+29*time.Minute))
			}
		}
		return times
	}
	tests := []struct {
		name         string
		times        []time.Time
		perDay       int
		peak, missed int
	}{
		{"nothing", nil, 24, 0, 0},
		{"one an hour, decided as they come", hours(map[int]int{0: 1, 1: 1, 2: 1}), 24, 3, 0},
		{"48 at once take 48 hours", hours(map[int]int{0: 48}), 24, 48, 0},
		{"the 49th comes too late", hours(map[int]int{0: 49}), 24, 49, 1},
		{"those too late take no time from the next", hours(map[int]int{0: 100, 48: 48}), 24, 100, 52},
		{"the rate is unknown", hours(map[int]int{0: 1000}), 0, 1000, 0},
		{"the peak is a day's", hours(map[int]int{0: 3, 23: 4, 24: 5}), 1_000_000, 7, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := policylab.LoadOf(test.times, test.perDay, 48*time.Hour, 3)
			if got.Cases != len(test.times) || got.Peak != test.peak || got.Missed != test.missed || got.Days != 3 {
				t.Errorf("%+v; want %d cases, peak %d, %d missed", got, len(test.times), test.peak, test.missed)
			}
			if (got.Peak > 0) != !got.PeakDay.IsZero() {
				t.Errorf("peak day %v", got.PeakDay)
			}
		})
	}
}

// TestQueueLoadIsThatOfACounter compares with reviewers who take one case after the other from a counter.
func TestQueueLoadIsThatOfACounter(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 3))
		perDay := []int{1, 3, 24, 48}[random.IntN(4)]
		var times []time.Time
		for range random.IntN(200) {
			times = append(times, Start.Truncate(time.Hour).Add(time.Duration(random.IntN(500))*time.Hour))
		}
		slices.SortFunc(times, time.Time.Compare)
		free, missed := time.Time{}, 0
		for _, at := range times {
			begin := at
			if free.After(at) {
				begin = free
			}
			done := begin.Add(24 * time.Hour / time.Duration(perDay))
			if done.After(at.Add(48 * time.Hour)) {
				missed++
				continue
			}
			free = done
		}
		if got := policylab.LoadOf(times, perDay, 48*time.Hour, 1); got.Missed != missed {
			t.Errorf("seed %d: %d of %d missed at %d a day, want %d", seed, got.Missed, len(times), perDay, missed)
		}
	}
}
