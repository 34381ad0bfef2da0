package metrics

import (
	"encoding/json"
	"fmt"

	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
)

// dayEffect is the effect of one log entry on the counts of one day.
type dayEffect struct {
	seq      int64
	day      string
	own      bool // whether the entry is of that day
	action   cloudtag.Action
	scenario cloudtag.ScenarioCode
	person   string       // the reviewer whose work it is about; empty: none
	count    func(*Tally) // nil: only First and Last of the day change
}

// effectsOf returns an entry's effects on the days of a calendar. The result depends on the entry alone.
func effectsOf(calendar cloudtag.Calendar, entry cloudtag.Entry) ([]dayEffect, error) {
	own := dayEffect{seq: entry.Seq, day: calendar.Name(entry.At), own: true, action: entry.Action}
	own.scenario, _, _ = cloudtag.CaseID(entry.Subject("case")).Parts()
	var err error
	switch entry.Action {
	case cloudtag.ActionTagSubmitted:
		own.count = func(t *Tally) { t.Tags++ }
	case cloudtag.ActionTagSucceeded:
		own.count = func(t *Tally) { t.Succeeded++ }
	case cloudtag.ActionCaseQueued:
		own.count = func(t *Tally) { t.Queued++ }
	case cloudtag.ActionCaseMissed:
		own.count = func(t *Tally) { t.Missed++ }
	case cloudtag.ActionCaseDecided:
		own.person = entry.Actor
		own.count, err = decidedEffect(entry)
	case cloudtag.ActionCaseUndone:
		var undone dayEffect
		if undone, err = undoneEffect(calendar, entry); err == nil {
			undone.seq, undone.scenario = entry.Seq, own.scenario
			return []dayEffect{undone, own}, nil
		}
	case cloudtag.ActionCaseConfirmed:
		own.count, err = confirmedEffect(entry)
	case cloudtag.ActionCaseHandled, cloudtag.ActionCaseOverturned:
		own.count, err = settledEffect(entry)
	case cloudtag.ActionAppealDecided:
		own.person, own.count, err = appealEffect(entry)
	case cloudtag.ActionSecondReviewDecided:
		own.person, own.count, err = secondReviewEffect(entry)
	}
	return []dayEffect{own}, err
}

// decidedEffect counts a reviewer's decision.
func decidedEffect(entry cloudtag.Entry) (func(*Tally), error) {
	before, after, err := entry.CaseSummaries()
	if err != nil || after.Decision == nil {
		return nil, err
	}
	inTime, decision, took := before.InTime(entry.At), after.Decision.Decision, after.Took()
	return func(t *Tally) { t.decided(decision, inTime, took, 1) }, nil
}

// undoneEffect subtracts an undone decision from the day on which it was made.
func undoneEffect(calendar cloudtag.Calendar, entry cloudtag.Entry) (dayEffect, error) {
	before, after, err := entry.CaseSummaries()
	if err != nil || before.Decision == nil {
		return dayEffect{day: calendar.Name(entry.At)}, err
	}
	at, decision, took := before.Decision.At, before.Decision.Decision, after.Took()
	inTime := after.InTime(at)
	return dayEffect{
		day: calendar.Name(at), person: before.Decision.By,
		count: func(t *Tally) { t.decided(decision, inTime, took, -1) },
	}, nil
}

// confirmedEffect counts a confirmation by votes, and the end of waiting when the case was in the queue.
func confirmedEffect(entry cloudtag.Entry) (func(*Tally), error) {
	before, after, err := entry.CaseSummaries()
	if err != nil {
		return nil, err
	}
	first, waited, inTime, took := before.State != cloudtag.CaseLapsed, before.Handling == cloudtag.HandlingPending, before.InTime(entry.At), after.Took()
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

// settledEffect counts a case that left the queue because nothing was left to decide.
func settledEffect(entry cloudtag.Entry) (func(*Tally), error) {
	before, after, err := entry.CaseSummaries()
	if err != nil || before.Handling != cloudtag.HandlingPending || after.Handling != cloudtag.HandlingHandled {
		return nil, err
	}
	if entry.Action == cloudtag.ActionCaseOverturned && after.State == cloudtag.CaseConfirmed {
		return nil, nil // votes confirmed it in the same change, which has its own entry
	}
	inTime, byRule := before.InTime(entry.At), entry.Action == cloudtag.ActionCaseHandled
	return func(t *Tally) {
		t.Settled++
		t.left(inTime, 1)
		if byRule {
			t.ByRule++
		}
	}, nil
}

// appealEffect counts the outcome of an appeal, also for the reviewer whose decision was appealed.
func appealEffect(entry cloudtag.Entry) (person string, count func(*Tally), err error) {
	var appeal struct {
		State         appeals.State `json:"state"`
		CaseDecidedBy string        `json:"caseDecidedBy"`
	}
	if err := json.Unmarshal(entry.After, &appeal); err != nil {
		return "", nil, fmt.Errorf("entry %d: state after: %w", entry.Seq, err)
	}
	if appeal.CaseDecidedBy != cloudtag.EngineActor {
		person = appeal.CaseDecidedBy
	}
	return person, func(t *Tally) {
		if appeal.State == appeals.Accepted {
			t.AppealsAccepted++
		} else {
			t.AppealsDeclined++
		}
	}, nil
}

// secondReviewEffect counts the outcome of a second review, also for the first reviewer.
func secondReviewEffect(entry cloudtag.Entry) (person string, count func(*Tally), err error) {
	var review struct {
		State          cloudtag.SecondReviewState `json:"state"`
		FirstBy        string                     `json:"firstBy"`
		FirstAutomatic bool                       `json:"firstAutomatic"`
	}
	if err := json.Unmarshal(entry.After, &review); err != nil {
		return "", nil, fmt.Errorf("entry %d: state after: %w", entry.Seq, err)
	}
	if !review.FirstAutomatic {
		person = review.FirstBy
	}
	return person, func(t *Tally) { t.reviewed(review.FirstAutomatic, review.State == cloudtag.SecondReviewAgreed) }, nil
}
