package policylab

import (
	"maps"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// QueueLoad is what comes to the reviewers.
type QueueLoad struct {
	Cases   int       `json:"cases"`   // that came before them, each time counted
	Days    int       `json:"days"`    // UTC, from the first to the last tag
	Peak    int       `json:"peak"`    // cases of the day with the most
	PeakDay time.Time `json:"peakDay"` // its beginning, the first of several; zero without cases
	Missed  int       `json:"missed"`  // cases that nobody decides in time at the handling rate; 0 without one
}

// arrivals counts what comes before the reviewers, by the hour, so that it takes no more memory than there are hours in
// history.
type arrivals map[int64]int

func (a arrivals) add(at time.Time) { a[at.Unix()/3600]++ }

// load sums the arrivals up. Reviewers decide one case after the other, the one that came first ahead, perDay of them around
// the clock; a case that can't be decided within its time leaves the queue undecided (rule 9). perDay 0: no rate is known.
func (a arrivals) load(perDay int, within time.Duration, days int, calendar cloudtag.Calendar) QueueLoad {
	load := QueueLoad{Days: days}
	byDay := map[time.Time]int{}
	var takes, free time.Duration // for one case; since the epoch, when the reviewers are done with what they can decide
	if perDay > 0 {
		takes = 24 * time.Hour / time.Duration(perDay)
	}
	for _, hour := range slices.Sorted(maps.Keys(a)) {
		count := a[hour]
		load.Cases += count
		day := calendar.Start(time.Unix(hour*3600, 0))
		byDay[day] += count
		if byDay[day] > load.Peak {
			load.Peak, load.PeakDay = byDay[day], day
		}
		if perDay == 0 {
			continue
		}
		arrived := time.Duration(hour) * time.Hour
		free = max(free, arrived)
		inTime := min(count, int(max(0, arrived+within-free)/takes))
		free += time.Duration(inTime) * takes
		load.Missed += count - inTime
	}
	return load
}
