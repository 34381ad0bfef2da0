package cloudtag

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Metrics counts what happened, by day of a calendar and scenario, and answers how the queue stands. What it counts is a view
// of the log, so that reading a year costs a record a day, whatever happened in it. It also remembers who works on cases.
type Metrics struct {
	store    metricsStore
	clock    Clock
	calendar Calendar
}

type metricsStore interface {
	DocumentStore
	LogReader
	CountPending(ctx context.Context, dueBefore time.Time) (int, error)
}

// NewMetrics returns the service over a store.
func NewMetrics(store metricsStore, clock Clock, calendar Calendar) *Metrics {
	return &Metrics{store: store, clock: clock, calendar: calendar}
}

// Calendar says what days are counted by.
func (m *Metrics) Calendar() Calendar { return m.calendar }

func (m *Metrics) view() LogView { return m.calendar.metricsView(m.store, m.fold) }

// Counted implements [CountedView].
func (m *Metrics) Counted(ctx context.Context) (int64, error) { return m.view().Counted(ctx) }

// CatchUp counts the log to its end.
func (m *Metrics) CatchUp(ctx context.Context) error { return m.view().CatchUp(ctx) }

// fold adds entries to their days.
func (m *Metrics) fold(ctx context.Context, page LogViewPage) (step LogViewStep, err error) {
	if step.Documents, err = newReviewers(ctx, m.store, page.Entries); err != nil {
		return step, err
	}
	byRecord := map[string][]metricsEffect{}
	var names []string
	add := func(name string, effect metricsEffect) {
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
	days, err := m.calendar.findMetricsDays(ctx, m.store, names)
	if err != nil {
		return step, err
	}
	step.Folded = len(page.Entries)
	for _, name := range names {
		day := days[name]
		day.apply(byRecord[name], page.Entries[step.Folded-1].Seq)
		step.Documents = append(step.Documents, metricsDayCodec().Document(day))
	}
	return step, nil
}

// maxMetricsDays is how many days one look at the metrics, or at the log by time, covers at most.
const maxMetricsDays = 366

// DayTally is what was counted of one day.
type DayTally struct {
	Day   time.Time // its first moment
	End   time.Time // the next one's
	Tally Tally
}

// Report is what was counted of some days.
type Report struct {
	Days      []DayTally             // every day asked for, in order
	Scenarios map[ScenarioCode]Tally // over all days; scenarios without anything are missing
	Total     Tally
	// Counted is the time of the newest entry that is counted; zero when none is. Behind is how many entries are not.
	Counted time.Time
	Behind  int64
}

// Read returns what was counted of the days that hold two moments, those between included; of one scenario, or of all
// for none. Errors: FORBIDDEN unless the caller reviews; BAD_USER_INPUT for an unknown scenario, and for more than 366
// days, or none.
func (m *Metrics) Read(ctx context.Context, caller Caller, from, to time.Time, scenario ScenarioCode) (Report, error) {
	if !caller.Reviews() {
		return Report{}, Forbidden()
	}
	days, err := m.daysAsked(from, to, scenario)
	if err != nil {
		return Report{}, err
	}
	counted, err := m.calendar.findMetricsDays(ctx, m.store, m.calendar.names(days, ""))
	if err != nil {
		return Report{}, err
	}
	report := Report{Scenarios: map[ScenarioCode]Tally{}, Days: make([]DayTally, len(days))}
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
func (m *Metrics) daysAsked(from, to time.Time, scenario ScenarioCode) ([]time.Time, error) {
	if err := checkDays(from, to); err != nil {
		return nil, err
	}
	if _, known := FindScenario(scenario); scenario != "" && !known {
		return nil, Refuse(CodeBadInput, Text{ZH: "没有该场景。", EN: "There is no such scenario."}, "scenario")
	}
	return m.calendar.Days(from, to), nil
}

// names are the names of days, each with an ending.
func (c Calendar) names(days []time.Time, ending string) []string {
	names := make([]string, len(days))
	for i, day := range days {
		names[i] = c.Name(day) + ending
	}
	return names
}

// ReviewerTally is what was counted of one reviewer.
type ReviewerTally struct {
	Reviewer string
	Tally    Tally
}

// maySeeReviewer reports whether the caller may see how somebody works: their own work, or, as an administrator or an
// auditor, everybody's.
func (c Caller) maySeeReviewer(subject string) bool {
	return c.Has(RoleAdmin) || c.Has(RoleAuditor) || c.Has(RoleReviewer) && c.Subject == subject
}

// Reviewers returns what was counted of each reviewer, by name, as [Metrics.Read] does of all; to a reviewer their own alone.
// Appeals count for who had decided the case, second reviews for who had confirmed it first. Errors as of Read.
func (m *Metrics) Reviewers(ctx context.Context, caller Caller, from, to time.Time, scenario ScenarioCode) ([]ReviewerTally, error) {
	if !caller.Reviews() {
		return nil, Forbidden()
	}
	days, err := m.daysAsked(from, to, scenario)
	if err != nil {
		return nil, err
	}
	counted, err := m.calendar.findMetricsDays(ctx, m.store, m.calendar.names(days, peopleOfDay))
	if err != nil {
		return nil, err
	}
	sums := map[string]Tally{}
	for _, day := range counted {
		for person, tallies := range day.People {
			if caller.maySeeReviewer(person) {
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

func (m *Metrics) noteProgress(ctx context.Context, report *Report) error {
	checkpoint, err := m.view().Checkpoint(ctx)
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
	if to.Before(from) || to.Sub(from) >= maxMetricsDays*24*time.Hour {
		return Refuse(CodeBadInput, Text{
			ZH: fmt.Sprintf("时间范围须为 1 至 %d 天，且起始不晚于结束。", maxMetricsDays),
			EN: fmt.Sprintf("Ask for 1 to %d days, the first not after the last.", maxMetricsDays),
		}, "to")
	}
	return nil
}

// QueueAge counts waiting cases by the time they have left.
type QueueAge struct {
	From, To *time.Duration // left until due, from inclusive, to exclusive; nil: without that bound
	// The same as times: see [CaseFilter].
	DueFrom, DueTo time.Time
	Cases          int
}

// QueueAges returns how long the waiting cases have left: overdue ones first. FORBIDDEN unless the caller reviews.
func (m *Metrics) QueueAges(ctx context.Context, caller Caller) ([]QueueAge, error) {
	if !caller.Reviews() {
		return nil, Forbidden()
	}
	now := m.clock.Now()
	bounds := []time.Duration{TimeResolution, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour, 36 * time.Hour, 48 * time.Hour}
	ages := make([]QueueAge, 0, len(bounds)+1)
	counted := 0
	for i := range len(bounds) + 1 {
		var age QueueAge
		before := priorityOrigin()
		if i > 0 {
			age.From, age.DueFrom = &bounds[i-1], now.Add(bounds[i-1])
		}
		if i < len(bounds) {
			age.To, before = &bounds[i], now.Add(bounds[i])
			age.DueTo = before
		}
		total, err := m.store.CountPending(ctx, before)
		if err != nil {
			return nil, fmt.Errorf("count queue: %w", err)
		}
		age.Cases = max(0, total-counted)
		counted = max(counted, total)
		ages = append(ages, age)
	}
	return ages, nil
}
