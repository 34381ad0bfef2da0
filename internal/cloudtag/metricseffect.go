package cloudtag

import (
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
	person   string       // the reviewer whose work it is about; empty: nobody's
	count    func(*Tally) // nil: nothing but the entry's place
}

// effectsOf says what an entry adds to which days of a calendar: the same whoever asks and whenever, since the entry says it
// all.
func effectsOf(calendar Calendar, entry Entry) ([]metricsEffect, error) {
	own := metricsEffect{seq: entry.Seq, day: calendar.Name(entry.At), own: true, action: entry.Action}
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
		own.person = entry.Actor
		own.count, err = decidedEffect(entry)
	case ActionCaseUndone:
		var undone metricsEffect
		if undone, err = undoneEffect(calendar, entry); err == nil {
			undone.seq, undone.scenario = entry.Seq, own.scenario
			return []metricsEffect{undone, own}, nil
		}
	case ActionCaseConfirmed:
		own.count, err = confirmedEffect(entry)
	case ActionCaseHandled, ActionCaseOverturned:
		own.count, err = settledEffect(entry)
	case ActionAppealDecided:
		own.person, own.count, err = appealEffect(entry)
	case ActionSecondReviewDecided:
		own.person, own.count, err = secondReviewEffect(entry)
	}
	return []metricsEffect{own}, err
}

// decidedEffect counts a reviewer's decision.
func decidedEffect(entry Entry) (func(*Tally), error) {
	before, after, err := caseSummaries(entry)
	if err != nil || after.Decision == nil {
		return nil, err
	}
	inTime, decision, took := before.inTime(entry.At), after.Decision.Decision, after.took()
	return func(t *Tally) { t.decided(decision, inTime, took, 1) }, nil
}

// undoneEffect takes a decision that was taken back out of the day it was made on.
func undoneEffect(calendar Calendar, entry Entry) (metricsEffect, error) {
	before, after, err := caseSummaries(entry)
	if err != nil || before.Decision == nil {
		return metricsEffect{day: calendar.Name(entry.At)}, err
	}
	at, decision, took := before.Decision.At, before.Decision.Decision, after.took()
	inTime := after.inTime(at)
	return metricsEffect{
		day: calendar.Name(at), person: before.Decision.By,
		count: func(t *Tally) { t.decided(decision, inTime, took, -1) },
	}, nil
}

// confirmedEffect counts a confirmation by votes: a consensus, and perhaps the end of waiting.
func confirmedEffect(entry Entry) (func(*Tally), error) {
	before, after, err := caseSummaries(entry)
	if err != nil {
		return nil, err
	}
	first, waited, inTime, took := before.State != CaseLapsed, before.Handling == HandlingPending, before.inTime(entry.At), after.took()
	return func(t *Tally) {
		t.ByRule++
		if first {
			t.Consensus.note(ConsensusBounds(), took, 1)
		}
		if waited {
			t.ByVotes++
			t.left(inTime, 1)
		}
	}, nil
}

// settledEffect counts a case that left the queue because nothing was left to decide about.
func settledEffect(entry Entry) (func(*Tally), error) {
	before, after, err := caseSummaries(entry)
	if err != nil || before.Handling != HandlingPending || after.Handling != HandlingHandled {
		return nil, err
	}
	if entry.Action == ActionCaseOverturned && after.State == CaseConfirmed {
		return nil, nil // votes confirmed it in the same change, whose own entry counts
	}
	inTime, byRule := before.inTime(entry.At), entry.Action == ActionCaseHandled
	return func(t *Tally) {
		t.Settled++
		t.left(inTime, 1)
		if byRule {
			t.ByRule++
		}
	}, nil
}

// appealEffect counts what became of an appeal, for the reviewer whose decision it was against too.
func appealEffect(entry Entry) (person string, count func(*Tally), err error) {
	var appeal struct {
		State         AppealState `json:"state"`
		CaseDecidedBy string      `json:"caseDecidedBy"`
	}
	if err := json.Unmarshal(entry.After, &appeal); err != nil {
		return "", nil, fmt.Errorf("entry %d: state after: %w", entry.Seq, err)
	}
	if appeal.CaseDecidedBy != EngineActor {
		person = appeal.CaseDecidedBy
	}
	return person, func(t *Tally) {
		if appeal.State == AppealAccepted {
			t.AppealsAccepted++
		} else {
			t.AppealsDeclined++
		}
	}, nil
}

// secondReviewEffect counts whether a second reviewer agreed, for the first one too.
func secondReviewEffect(entry Entry) (person string, count func(*Tally), err error) {
	var review SecondReview
	if err := json.Unmarshal(entry.After, &review); err != nil {
		return "", nil, fmt.Errorf("entry %d: state after: %w", entry.Seq, err)
	}
	if !review.FirstAutomatic {
		person = review.FirstBy
	}
	return person, func(t *Tally) { t.reviewed(review.FirstAutomatic, review.State == SecondReviewAgreed) }, nil
}

// inTime reports whether a case that left the queue at a time did so by its due time.
func (s CaseSummary) inTime(at time.Time) bool { return s.DueAt == nil || !at.After(*s.DueAt) }

// took is how long what the entry tells took.
func (s CaseSummary) took() time.Duration { return time.Duration(s.TookMs) * time.Millisecond }

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
