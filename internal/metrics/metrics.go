package metrics

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/logview"
)

// Service counts events of tags and cases by day of a calendar, scenario and reviewer. The counts are a view of the log, so that
// reading a year reads one record a day. It also keeps the list of reviewers.
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

// Calendar returns the calendar whose days are counted.
func (m *Service) Calendar() cloudtag.Calendar { return m.calendar }

func (m *Service) view() logview.View {
	view := viewBy(m.calendar)
	view.Fold = m.fold
	return view
}

// Counted implements CountedView of internal/auditlog.
func (m *Service) Counted(ctx context.Context) (int64, error) { return m.view().Counted(ctx, m.store) }

// CatchUp counts the log to its end.
func (m *Service) CatchUp(ctx context.Context) error { return m.view().CatchUp(ctx, m.store) }

// fold adds a page of entries to the records of their days.
func (m *Service) fold(ctx context.Context, page logview.Page) (step logview.Step, err error) {
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

// maxDays is the maximum number of days of one query of the metrics, or of the log by time.
const maxDays = 366

// DayTally is the tally of one day.
type DayTally struct {
	Day   time.Time // its first moment
	End   time.Time // the next day's first moment
	Tally Tally
}

// Report holds the tallies of a range of days.
type Report struct {
	Days      []DayTally                      // every requested day, in order
	Scenarios map[cloudtag.ScenarioCode]Tally // over all days; without scenarios that have no counts
	Total     Tally
	// Counted is the time of the newest counted entry; zero without one. Behind is the number of entries not yet counted.
	Counted time.Time
	Behind  int64
}

// Read returns the tallies from the day that contains from to the day that contains to, of one scenario or, without one, of all.
// Errors: FORBIDDEN unless the caller reviews; BAD_USER_INPUT for an unknown scenario, and unless there are 1 to 366 days.
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

// daysAsked returns the first moments of the days from one to another. BAD_USER_INPUT unless there are 1 to 366 days, and for
// an unknown scenario.
func (m *Service) daysAsked(from, to time.Time, scenario cloudtag.ScenarioCode) ([]time.Time, error) {
	if err := checkDays(from, to); err != nil {
		return nil, err
	}
	if _, known := cloudtag.FindScenario(scenario); scenario != "" && !known {
		return nil, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: "没有该场景。", EN: "There is no such scenario."}, "scenario")
	}
	return m.calendar.Days(from, to), nil
}

// namesOf returns the names of days, each with a suffix.
func namesOf(calendar cloudtag.Calendar, days []time.Time, suffix string) []string {
	names := make([]string, len(days))
	for i, day := range days {
		names[i] = calendar.Name(day) + suffix
	}
	return names
}

// ReviewerTally is the tally of one reviewer.
type ReviewerTally struct {
	Reviewer string
	Tally    Tally
}

// Reviewers returns the tally of each reviewer, sorted by name; reviewers get only their own. Appeals count for the reviewer
// who decided the case, second reviews for the one who confirmed it first. Arguments and errors as in [Service.Read].
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

// rateDays is the number of days before today that the handling rate averages.
const rateDays = 28

// HandlingRate returns the average number of cases that reviewers decided per day in the 28 days before today, rounded up.
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
