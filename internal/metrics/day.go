package metrics

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/logview"
)

// revision is part of the identifiers of stored counts. Raise it when the rules of counting change: counting then starts again
// at the log's first entry, in separate records. The same happens in a time zone that is new, whose days differ; in a zone
// that was used before, counting resumes from its checkpoint.
const revision = "2"

// dayRecord holds the counts of one day of a calendar. Counts by person are in a separate record, so that reading a year does
// not load them.
type dayRecord struct {
	Version int    `json:"version"` // of this record
	Zone    string `json:"zone"`
	Day     string `json:"day"` // with the suffix peopleOfDay for counts by person
	// Through is the sequence number up to which log entries of any day have been folded into the record.
	Through int64 `json:"through"`
	// First and Last are the lowest and the highest sequence number of an entry of the day; 0 without one.
	First   int64                           `json:"first,omitempty"`
	Last    int64                           `json:"last,omitempty"`
	Tallies map[cloudtag.ScenarioCode]Tally `json:"tallies,omitempty"`
	People  peopleTallies                   `json:"people,omitempty"`
}

// peopleTallies holds tallies by reviewer and scenario.
type peopleTallies map[string]map[cloudtag.ScenarioCode]Tally

// peopleOfDay is the suffix of a day's name for the record of counts by person.
const peopleOfDay = "/people"

func dayCodec() cloudtag.Codec[dayRecord] {
	return cloudtag.Codec[dayRecord]{Kind: cloudtag.KindMetrics, Encode: func(d dayRecord) cloudtag.Document {
		return cloudtag.Document{ID: recordID(d.Zone, d.Day), Version: d.Version, State: "COUNTED"}
	}}
}

func recordID(zone, name string) string { return revision + "/" + zone + "/" + name }

// viewBy returns the log view that counts by a calendar's days, without its fold.
func viewBy(calendar cloudtag.Calendar) logview.View {
	return logview.View{Kind: cloudtag.KindMetrics, ID: recordID(calendar.Zone(), "position")}
}

// findDays returns the records of days by name; an empty record for days without counts.
func findDays(ctx context.Context, store cloudtag.DocumentReader, calendar cloudtag.Calendar, days []string) (map[string]dayRecord, error) {
	ids := make([]string, len(days))
	found := make(map[string]dayRecord, len(days))
	for i, day := range days {
		ids[i] = recordID(calendar.Zone(), day)
		found[day] = dayRecord{Zone: calendar.Zone(), Day: day}
	}
	documents, err := store.Documents(ctx, cloudtag.KindMetrics, ids)
	if err != nil {
		return nil, fmt.Errorf("find metrics: %w", err)
	}
	for _, document := range documents {
		record, err := dayCodec().Record(document)
		if err != nil {
			return nil, err
		}
		found[record.Day] = record
	}
	return found, nil
}

// apply counts the effects of entries up to the sequence number through.
func (d *dayRecord) apply(effects []dayEffect, through int64) {
	for _, effect := range effects {
		d.add(effect)
	}
	d.Through = through
	d.Version++
}

func (d *dayRecord) add(effect dayEffect) {
	if strings.HasSuffix(d.Day, peopleOfDay) {
		d.addToPerson(effect)
		return
	}
	if effect.own {
		if d.First == 0 {
			d.First = effect.seq
		}
		d.Last = effect.seq
	}
	if effect.count == nil {
		return
	}
	if d.Tallies == nil {
		d.Tallies = map[cloudtag.ScenarioCode]Tally{}
	}
	tally := d.Tallies[effect.scenario]
	effect.count(&tally)
	tally.Minutes = nil
	d.Tallies[effect.scenario] = tally
}

func (d *dayRecord) addToPerson(effect dayEffect) {
	if effect.person == "" || effect.count == nil {
		return
	}
	if d.People == nil {
		d.People = peopleTallies{}
	}
	if d.People[effect.person] == nil {
		d.People[effect.person] = map[cloudtag.ScenarioCode]Tally{}
	}
	tally := d.People[effect.person][effect.scenario]
	effect.count(&tally)
	d.People[effect.person][effect.scenario] = tally
}

// total returns the tally of one scenario, or the sum of all when only is empty.
func total(tallies map[cloudtag.ScenarioCode]Tally, only cloudtag.ScenarioCode) Tally {
	var sum Tally
	for scenario, tally := range tallies {
		if only == "" || only == scenario {
			sum.Add(tally)
		}
	}
	return sum
}

// dayCounterStore reads stored counts and log entries.
type dayCounterStore interface {
	cloudtag.DocumentReader
	cloudtag.LogPager
}

// countDay returns the up-to-date tallies of the day that contains at, in total and by person, for some actions: the stored
// counts of [Service] plus the log entries after its checkpoint.
func countDay(ctx context.Context, store dayCounterStore, calendar cloudtag.Calendar, at time.Time, actions ...cloudtag.Action) (Tally, peopleTallies, error) {
	// Read the checkpoint before the records: entries that are folded in between are recognized by Through.
	checkpoint, err := viewBy(calendar).Checkpoint(ctx, store)
	if err != nil {
		return Tally{}, nil, err
	}
	name := calendar.Name(at)
	days, err := findDays(ctx, store, calendar, []string{name, name + peopleOfDay})
	if err != nil {
		return Tally{}, nil, err
	}
	day, people := days[name], days[name+peopleOfDay]
	for _, action := range actions {
		slice := cloudtag.Slice{Limit: timedPage, After: &cloudtag.Position{Key: checkpoint.Seq}}
		for more := true; more; {
			var entries []cloudtag.Entry
			if entries, more, err = store.LogPage(ctx, cloudtag.LogFilter{Action: action}, slice); err != nil {
				return Tally{}, nil, fmt.Errorf("count %s: %w", action, err)
			}
			for _, entry := range entries {
				if err := addTo(calendar, name, entry, &day, &people); err != nil {
					return Tally{}, nil, err
				}
			}
			if more {
				slice = slice.Continue(entries)
			}
		}
	}
	return total(day.Tallies, ""), people.People, nil
}

// addTo adds an entry's effects to the records of a day, unless they include it already.
func addTo(calendar cloudtag.Calendar, name string, entry cloudtag.Entry, records ...*dayRecord) error {
	effects, err := effectsOf(calendar, entry)
	if err != nil {
		return err
	}
	for _, effect := range effects {
		for _, record := range records {
			if effect.day == name && effect.seq > record.Through {
				record.add(effect)
			}
		}
	}
	return nil
}
