package metrics

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// revision is part of the names of what [Service] stores. When what is counted changes, raise it: the counting
// then begins anew from the log's first entry, beside what was counted before. So it does in another time zone, whose days
// are others: back in a zone that was counted in before, it goes on where that stopped.
const revision = "2"

// dayRecord is what was counted for one day of a calendar. What concerns people is in a record beside it, so that a look at
// a year does not read it.
type dayRecord struct {
	Version int    `json:"version"` // of this record
	Zone    string `json:"zone"`
	Day     string `json:"day"` // with peopleOfDay behind it for people's
	// Through is the number up to which the log is counted here, whatever the day of its entries.
	Through int64 `json:"through"`
	// First and Last are the lowest and the highest number of an entry whose time is in the day; 0 for none.
	First   int64                           `json:"first,omitempty"`
	Last    int64                           `json:"last,omitempty"`
	Tallies map[cloudtag.ScenarioCode]Tally `json:"tallies,omitempty"`
	People  peopleTallies                   `json:"people,omitempty"`
}

// peopleTallies is what was counted of each reviewer.
type peopleTallies map[string]map[cloudtag.ScenarioCode]Tally

// peopleOfDay is behind a day's name where people's tallies are kept.
const peopleOfDay = "/people"

func dayCodec() cloudtag.Codec[dayRecord] {
	return cloudtag.Codec[dayRecord]{Kind: cloudtag.KindMetrics, Encode: func(d dayRecord) cloudtag.Document {
		return cloudtag.Document{ID: recordID(d.Zone, d.Day), Version: d.Version, State: "COUNTED"}
	}}
}

func recordID(zone, name string) string { return revision + "/" + zone + "/" + name }

// viewBy is the view of the log that counts by a calendar's days, without its fold.
func viewBy(calendar cloudtag.Calendar) cloudtag.LogView {
	return cloudtag.LogView{Kind: cloudtag.KindMetrics, ID: recordID(calendar.Zone(), "position")}
}

// findDays returns what is counted of days, by name; of days of which nothing is, an empty record.
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

// apply counts effects of entries up to a number.
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

// total is what was counted of a scenario, or of all for none.
func total(tallies map[cloudtag.ScenarioCode]Tally, only cloudtag.ScenarioCode) Tally {
	var sum Tally
	for scenario, tally := range tallies {
		if only == "" || only == scenario {
			sum.Add(tally)
		}
	}
	return sum
}

// dayCounterStore is what entries of a day are counted in.
type dayCounterStore interface {
	cloudtag.DocumentReader
	cloudtag.LogPager
}

// countDay returns what some actions of the day of a moment add to it, and to people, all up to now: what [Service] counted,
// and what the log has told of since.
func countDay(ctx context.Context, store dayCounterStore, calendar cloudtag.Calendar, at time.Time, actions ...cloudtag.Action) (Tally, peopleTallies, error) {
	// The checkpoint comes first: what is counted meanwhile is then in the day, whose record says so.
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

// addTo adds what an entry does to a day and its people, unless it is counted there.
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
