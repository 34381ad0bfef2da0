package cloudtag

import (
	"context"
	"fmt"
	"time"
)

// metricsRevision is part of the names of what [Metrics] stores. When what is counted changes, raise it: the counting
// then begins anew from the log's first entry, beside what was counted before.
const metricsRevision = "1"

// metricsDay is what was counted for one day (UTC).
type metricsDay struct {
	Version int    `json:"version"` // of this record
	Day     string `json:"day"`
	// Through is the number up to which the log is counted here, whatever the day of its entries.
	Through int64 `json:"through"`
	// First and Last are the lowest and the highest number of an entry whose time is in the day; 0 for none.
	First   int64                  `json:"first,omitempty"`
	Last    int64                  `json:"last,omitempty"`
	Actions map[Action]int         `json:"actions"` // how many entries of the day there are of each
	Tallies map[ScenarioCode]Tally `json:"tallies"`
}

// metricsPosition is the number up to which every day is counted.
type metricsPosition struct {
	Version int       `json:"version"`
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"` // the time of that entry
}

func metricsDayCodec() codec[metricsDay] {
	return codec[metricsDay]{KindMetrics, func(d metricsDay) Document {
		return Document{ID: metricsDayID(d.Day), Version: d.Version, State: "COUNTED"}
	}}
}

func metricsPositionCodec() codec[metricsPosition] {
	return codec[metricsPosition]{KindMetrics, func(p metricsPosition) Document {
		return Document{ID: metricsRevision + "/position", Version: p.Version, State: "RUNNING"}
	}}
}

func metricsDayID(day string) string { return metricsRevision + "/" + day }

// dayName names the day of a time.
func dayName(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// daysBetween names the days from one to another, both included.
func daysBetween(from, to time.Time) []string {
	var days []string
	for at := from.UTC().Truncate(24 * time.Hour); !at.After(to); at = at.Add(24 * time.Hour) {
		days = append(days, dayName(at))
	}
	return days
}

// findMetricsPosition returns how far everything is counted; zero before anything is.
func findMetricsPosition(ctx context.Context, store documentFinder) (metricsPosition, error) {
	position, err := metricsPositionCodec().find(ctx, store, metricsRevision+"/position")
	if CodeOf(err) == CodeNotFound {
		return metricsPosition{}, nil
	}
	return position, err
}

// findMetricsDays returns what is counted of days, by name; days without anything are missing.
func findMetricsDays(ctx context.Context, store documentFinder, days []string) (map[string]metricsDay, error) {
	ids := make([]string, len(days))
	for i, day := range days {
		ids[i] = metricsDayID(day)
	}
	documents, err := store.Documents(ctx, KindMetrics, ids)
	if err != nil {
		return nil, fmt.Errorf("find metrics: %w", err)
	}
	found := make(map[string]metricsDay, len(documents))
	for _, document := range documents {
		record, err := metricsDayCodec().record(document)
		if err != nil {
			return nil, err
		}
		found[record.Day] = record
	}
	return found, nil
}

// apply counts what is not counted yet of some effects that are all up to an entry.
func (d *metricsDay) apply(effects []metricsEffect, through int64) {
	if d.Tallies == nil {
		d.Tallies = map[ScenarioCode]Tally{}
	}
	if d.Actions == nil {
		d.Actions = map[Action]int{}
	}
	for _, effect := range effects {
		if effect.seq <= d.Through {
			continue
		}
		if effect.own {
			if d.First == 0 {
				d.First = effect.seq
			}
			d.Last = effect.seq
			d.Actions[effect.action]++
		}
		if effect.count != nil {
			tally := d.Tallies[effect.scenario]
			effect.count(&tally)
			d.Tallies[effect.scenario] = tally
		}
	}
	d.Through = through
	d.Version++
}

// dayCounterStore is what entries of a day are counted in.
type dayCounterStore interface {
	documentFinder
	LogPage(ctx context.Context, filter LogFilter, slice Slice) (entries []Entry, more bool, err error)
}

// countOfDay counts the entries of some actions whose time is in the day of a moment, all up to now: those that [Metrics]
// counted, and those that the log has told of since.
func countOfDay(ctx context.Context, store dayCounterStore, at time.Time, actions ...Action) (map[Action]int, error) {
	// The position comes first: what is counted meanwhile is then in the day, and not told of again.
	position, err := findMetricsPosition(ctx, store)
	if err != nil {
		return nil, err
	}
	name := dayName(at)
	days, err := findMetricsDays(ctx, store, []string{name})
	if err != nil {
		return nil, err
	}
	day := days[name]
	counts := make(map[Action]int, len(actions))
	for _, action := range actions {
		counts[action] = day.Actions[action]
		slice := Slice{Limit: timedPage, After: &Position{Key: max(position.Seq, day.Through)}}
		for more := true; more; {
			var entries []Entry
			if entries, more, err = store.LogPage(ctx, LogFilter{Action: action}, slice); err != nil {
				return nil, fmt.Errorf("count %s: %w", action, err)
			}
			for _, entry := range entries {
				if dayName(entry.At) == name {
					counts[action]++
				}
			}
			if more {
				slice = slice.behind(entries)
			}
		}
	}
	return counts, nil
}
