package metrics

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Service counts what happened, by day of a calendar and scenario, and answers how the queue stands. What it counts is a view
// of the log, so that reading a year costs a record a day, whatever happened in it. It also remembers who works on cases.
type Service struct {
	store    serviceStore
	clock    cloudtag.Clock
	calendar cloudtag.Calendar
}

type serviceStore interface {
	cloudtag.DocumentStore
	cloudtag.LogReader
	CountPending(ctx context.Context, dueBefore time.Time) (int, error)
}

// New returns the service over a store.
func New(store serviceStore, clock cloudtag.Clock, calendar cloudtag.Calendar) *Service {
	return &Service{store: store, clock: clock, calendar: calendar}
}

// Calendar says what days are counted by.
func (m *Service) Calendar() cloudtag.Calendar { return m.calendar }

func (m *Service) view() cloudtag.LogView {
	view := viewBy(m.calendar)
	view.Fold = m.fold
	return view
}

// Counted implements [cloudtag.CountedView].
func (m *Service) Counted(ctx context.Context) (int64, error) { return m.view().Counted(ctx, m.store) }

// CatchUp counts the log to its end.
func (m *Service) CatchUp(ctx context.Context) error { return m.view().CatchUp(ctx, m.store) }

// fold adds entries to their days.
func (m *Service) fold(ctx context.Context, page cloudtag.LogViewPage) (step cloudtag.LogViewStep, err error) {
	if step.Documents, err = cloudtag.NewReviewers(ctx, m.store, page.Entries); err != nil {
		return step, err
	}
	byRecord := map[string][]dayEffect{}
	var names []string
	add := func(name string, effect dayEffect) {
		if byRecord[name] == nil {
			names = append(names, name)
		}
		byRecord[name] = append(byRecord[name], effect)
	}
	for _, entry := range page.Entries {
		effects, err := effectsOf(m.calendar, entry)
		if err != nil {
			return step, err
		}
		for _, effect := range effects {
			add(effect.day, effect)
			if effect.person != "" {
				add(effect.day+peopleOfDay, effect)
			}
		}
	}
	days, err := findDays(ctx, m.store, m.calendar, names)
	if err != nil {
		return step, err
	}
	step.Folded = len(page.Entries)
	for _, name := range names {
		day := days[name]
		day.apply(byRecord[name], page.Entries[step.Folded-1].Seq)
		step.Documents = append(step.Documents, dayCodec().Document(day))
	}
	return step, nil
}

// maxDays is how many days one look at the metrics, or at the log by time, covers at most.
const maxDays = 366

// DayTally is what was counted of one day.
type DayTally struct {
	Day   time.Time // its first moment
	End   time.Time // the next one's
	Tally Tally
}

// Report is what was counted of some days.
type Report struct {
	Days      []DayTally                      // every day asked for, in order
	Scenarios map[cloudtag.ScenarioCode]Tally // over all days; scenarios without anything are missing
	Total     Tally
	// Counted is the time of the newest entry that is counted; zero when none is. Behind is how many entries are not.
	Counted time.Time
	Behind  int64
}

// Read returns what was counted of the days that hold two moments, those between included; of one scenario, or of all
// for none. Errors: FORBIDDEN unless the caller reviews; BAD_USER_INPUT for an unknown scenario, and for more than 366
// days, or none.
func (m *Service) Read(ctx context.Context, caller cloudtag.Caller, from, to time.Time, scenario cloudtag.ScenarioCode) (Report, error) {
	if !caller.Reviews() {
		return Report{}, cloudtag.Forbidden()
	}
	days, err := m.daysAsked(from, to, scenario)
	if err != nil {
		return Report{}, err
	}
	counted, err := findDays(ctx, m.store, m.calendar, namesOf(m.calendar, days, ""))
	if err != nil {
		return Report{}, err
	}
	report := Report{Scenarios: map[cloudtag.ScenarioCode]Tally{}, Days: make([]DayTally, len(days))}
	for i, day := range days {
		report.Days[i].Day, report.Days[i].End = day, m.calendar.Next(day)
		for of, tally := range counted[m.calendar.Name(day)].Tallies {
			if scenario != "" && of != scenario {
				continue
			}
			report.Days[i].Tally.Add(tally)
			report.Total.Add(tally)
			sum := report.Scenarios[of]
			sum.Add(tally)
			report.Scenarios[of] = sum
		}
	}
	return report, m.noteProgress(ctx, &report)
}

// daysAsked are the first moments of the days from one to another. BAD_USER_INPUT for none, too many, and an unknown
// scenario.
func (m *Service) daysAsked(from, to time.Time, scenario cloudtag.ScenarioCode) ([]time.Time, error) {
	if err := checkDays(from, to); err != nil {
		return nil, err
	}
	if _, known := cloudtag.FindScenario(scenario); scenario != "" && !known {
		return nil, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: "没有该场景。", EN: "There is no such scenario."}, "scenario")
	}
	return m.calendar.Days(from, to), nil
}

// namesOf are the names of days, each with an ending.
func namesOf(calendar cloudtag.Calendar, days []time.Time, ending string) []string {
	names := make([]string, len(days))
	for i, day := range days {
		names[i] = calendar.Name(day) + ending
	}
	return names
}

// ReviewerTally is what was counted of one reviewer.
type ReviewerTally struct {
	Reviewer string
	Tally    Tally
}

// Reviewers returns what was counted of each reviewer, by name, as [Service.Read] does of all; to a reviewer their own alone.
// Appeals count for who had decided the case, second reviews for who had confirmed it first. Errors as of Read.
func (m *Service) Reviewers(ctx context.Context, caller cloudtag.Caller, from, to time.Time, scenario cloudtag.ScenarioCode) ([]ReviewerTally, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	days, err := m.daysAsked(from, to, scenario)
	if err != nil {
		return nil, err
	}
	counted, err := findDays(ctx, m.store, m.calendar, namesOf(m.calendar, days, peopleOfDay))
	if err != nil {
		return nil, err
	}
	sums := map[string]Tally{}
	for _, day := range counted {
		for person, tallies := range day.People {
			if caller.MaySeeReviewer(person) {
				sum := sums[person]
				sum.Add(total(tallies, scenario))
				sums[person] = sum
			}
		}
	}
	reviewers := make([]ReviewerTally, 0, len(sums))
	for _, person := range slices.Sorted(maps.Keys(sums)) {
		reviewers = append(reviewers, ReviewerTally{person, sums[person]})
	}
	return reviewers, nil
}

func (m *Service) noteProgress(ctx context.Context, report *Report) error {
	checkpoint, err := m.view().Checkpoint(ctx, m.store)
	if err != nil {
		return err
	}
	last, err := m.store.LastSeq(ctx)
	if err != nil {
		return fmt.Errorf("find the log's end: %w", err)
	}
	report.Counted, report.Behind = checkpoint.At, max(0, last-checkpoint.Seq)
	return nil
}

func checkDays(from, to time.Time) error {
	if to.Before(from) || to.Sub(from) >= maxDays*24*time.Hour {
		return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: fmt.Sprintf("时间范围须为 1 至 %d 天，且起始不晚于结束。", maxDays),
			EN: fmt.Sprintf("Ask for 1 to %d days, the first not after the last.", maxDays),
		}, "to")
	}
	return nil
}

// rateDays is of how many days before today the handling rate is.
const rateDays = 28

// HandlingRate is how many cases reviewers decided per day in the last 28 days, rounded up; 0 when none.
func (m *Service) HandlingRate(ctx context.Context) (int, error) {
	now := m.clock.Now()
	days, err := findDays(ctx, m.store, m.calendar, namesOf(m.calendar, m.calendar.Days(now.AddDate(0, 0, -rateDays), now.AddDate(0, 0, -1)), ""))
	if err != nil {
		return 0, err
	}
	decided := 0
	for _, day := range days {
		decided += total(day.Tallies, "").Handled()
	}
	return (decided + rateDays - 1) / rateDays, nil
}
