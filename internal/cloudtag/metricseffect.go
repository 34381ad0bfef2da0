package cloudtag

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// metricsEffect is what one entry of the log adds to one day.
type metricsEffect struct {
	seq      int64
	day      string
	own      bool // whether the entry is of that day
	action   Action
	scenario ScenarioCode
	count    func(*Tally) // nil: nothing but the entry's place
}

// effects says what entries add to which days. The same entry has the same effects whoever asks and whenever.
func (m *Metrics) effects(ctx context.Context, entries []Entry) ([]metricsEffect, error) {
	effects := make([]metricsEffect, 0, len(entries))
	for _, entry := range entries {
		own := metricsEffect{seq: entry.Seq, day: dayName(entry.At), own: true, action: entry.Action}
		own.scenario, _, _ = CaseID(entry.Subject("case")).Parts()
		var err error
		switch entry.Action {
		case ActionTagSubmitted:
			own.count = func(t *Tally) { t.Tags++ }
		case ActionTagSucceeded:
			own.count = func(t *Tally) { t.Succeeded++ }
		case ActionCaseQueued:
			own.count = func(t *Tally) { t.Queued++ }
		case ActionCaseMissed:
			own.count = func(t *Tally) { t.Missed++ }
		case ActionCaseDecided:
			own.count, err = m.decided(ctx, entry)
		case ActionCaseUndone:
			var undone metricsEffect
			if undone, err = m.undone(ctx, entry); err == nil {
				undone.scenario = own.scenario
				effects = append(effects, undone)
			}
		case ActionCaseConfirmed:
			own.count, err = m.confirmed(ctx, entry)
		case ActionCaseHandled, ActionCaseOverturned:
			own.count, err = settled(entry)
		case ActionAppealDecided:
			own.count, err = appealDecided(entry)
		}
		if err != nil {
			return nil, err
		}
		effects = append(effects, own)
		if err := yield(ctx); err != nil {
			return nil, err
		}
	}
	return effects, nil
}

// decided counts a reviewer's decision.
func (m *Metrics) decided(ctx context.Context, entry Entry) (func(*Tally), error) {
	before, after, err := caseSummaries(entry)
	if err != nil || after.Decision == nil {
		return nil, err
	}
	took, err := m.waited(ctx, entry, entry.At)
	if err != nil {
		return nil, err
	}
	inTime, decision := before.inTime(entry.At), after.Decision.Decision
	return func(t *Tally) { t.decided(decision, inTime, took, 1) }, nil
}

// undone takes a decision that was taken back out of the day it was made on.
func (m *Metrics) undone(ctx context.Context, entry Entry) (metricsEffect, error) {
	before, after, err := caseSummaries(entry)
	if err != nil || before.Decision == nil {
		return metricsEffect{seq: entry.Seq, day: dayName(entry.At)}, err
	}
	at, decision := before.Decision.At, before.Decision.Decision
	took, err := m.waited(ctx, entry, at)
	if err != nil {
		return metricsEffect{}, err
	}
	inTime := after.inTime(at)
	return metricsEffect{seq: entry.Seq, day: dayName(at), count: func(t *Tally) { t.decided(decision, inTime, took, -1) }}, nil
}

// confirmed counts a confirmation by votes: a consensus, and perhaps the end of waiting.
func (m *Metrics) confirmed(ctx context.Context, entry Entry) (func(*Tally), error) {
	before, _, err := caseSummaries(entry)
	if err != nil {
		return nil, err
	}
	since, err := m.accumulatingSince(ctx, entry)
	if err != nil {
		return nil, err
	}
	first, waited, inTime := before.State != CaseLapsed, before.Handling == HandlingPending, before.inTime(entry.At)
	return func(t *Tally) {
		if first {
			t.Consensus.note(ConsensusBounds(), entry.At.Sub(since), 1)
		}
		if waited {
			t.ByVotes++
			t.left(inTime, 1)
		}
	}, nil
}

// settled counts a case that left the queue because nothing was left to decide about.
func settled(entry Entry) (func(*Tally), error) {
	before, after, err := caseSummaries(entry)
	if err != nil || before.Handling != HandlingPending || after.Handling != HandlingHandled {
		return nil, err
	}
	if entry.Action == ActionCaseOverturned && after.State == CaseConfirmed {
		return nil, nil // votes confirmed it in the same change, whose own entry counts
	}
	inTime := before.inTime(entry.At)
	return func(t *Tally) {
		t.Settled++
		t.left(inTime, 1)
	}, nil
}

func appealDecided(entry Entry) (func(*Tally), error) {
	var appeal struct {
		State AppealState `json:"state"`
	}
	if err := json.Unmarshal(entry.After, &appeal); err != nil {
		return nil, fmt.Errorf("entry %d: state after: %w", entry.Seq, err)
	}
	return func(t *Tally) {
		if appeal.State == AppealAccepted {
			t.AppealsAccepted++
		} else {
			t.AppealsDeclined++
		}
	}, nil
}

// inTime reports whether a case that left the queue at a time did so by its due time.
func (s CaseSummary) inTime(at time.Time) bool { return s.DueAt == nil || !at.After(*s.DueAt) }

// waited is how long the case of an entry had been in the queue at a time.
func (m *Metrics) waited(ctx context.Context, entry Entry, at time.Time) (time.Duration, error) {
	queued, err := m.latestBefore(ctx, entry, ActionCaseQueued)
	if err != nil || queued == nil {
		return 0, err
	}
	return at.Sub(queued.At), nil
}

// accumulatingSince is when the case of an entry began to accumulate: with its first tag, or with the first one after it
// had ended.
func (m *Metrics) accumulatingSince(ctx context.Context, entry Entry) (time.Time, error) {
	for _, action := range []Action{ActionCaseReopened, ActionCaseOpened} {
		if began, err := m.latestBefore(ctx, entry, action); err != nil || began != nil {
			if err != nil {
				return time.Time{}, err
			}
			return began.At, nil
		}
	}
	return entry.At, nil
}

// latestBefore returns the latest entry of an action about the case of an entry, ahead of it; nil without one.
func (m *Metrics) latestBefore(ctx context.Context, entry Entry, action Action) (*Entry, error) {
	filter := LogFilter{Subject: CaseSubject(CaseID(entry.Subject("case"))), Action: action}
	found, _, err := m.store.LogPage(ctx, filter, Slice{Limit: 1, Backward: true, Before: &Position{Key: entry.Seq}})
	if err != nil {
		return nil, fmt.Errorf("find %s before entry %d: %w", action, entry.Seq, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// caseSummaries are the case before and after an entry about it.
func caseSummaries(entry Entry) (before, after CaseSummary, err error) {
	for _, side := range []struct {
		raw  json.RawMessage
		into *CaseSummary
	}{{entry.Before, &before}, {entry.After, &after}} {
		if side.raw == nil {
			continue
		}
		if err := json.Unmarshal(side.raw, side.into); err != nil {
			return before, after, fmt.Errorf("entry %d: %w", entry.Seq, err)
		}
	}
	return before, after, nil
}
