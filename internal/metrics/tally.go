package metrics

import (
	"maps"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Tally counts what happened to tags and cases in some time. Decisions that a reviewer took back do not count.
type Tally struct {
	Tags      int `json:"tags,omitempty"`      // submitted
	Succeeded int `json:"succeeded,omitempty"` // tags that succeeded, by decisions that were taken back too
	Queued    int `json:"queued,omitempty"`    // cases that entered the queue

	// How cases left the queue.
	Confirmed int `json:"confirmed,omitempty"` // by a reviewer
	Rejected  int `json:"rejected,omitempty"`  // by a reviewer
	Kept      int `json:"kept,omitempty"`      // by a reviewer
	ByVotes   int `json:"byVotes,omitempty"`   // confirmed by votes while they waited
	Settled   int `json:"settled,omitempty"`   // nothing was left to decide about
	Missed    int `json:"missed,omitempty"`    // nobody decided in time (rule 9)

	// Of all that left by other ways than Missed: by their due time, and behind it.
	InTime int `json:"inTime,omitempty"`
	Late   int `json:"late,omitempty"`

	// ByRule are the cases that no person decided: votes confirmed them, whether they waited or not, or nothing was left to
	// decide about.
	ByRule int `json:"byRule,omitempty"`

	AppealsAccepted int `json:"appealsAccepted,omitempty"`
	AppealsDeclined int `json:"appealsDeclined,omitempty"`

	// Second reviews of confirmations: by reviewers, and by votes.
	AgreedReviewers    int `json:"agreedReviewers,omitempty"`
	DisagreedReviewers int `json:"disagreedReviewers,omitempty"`
	AgreedAutomatic    int `json:"agreedAutomatic,omitempty"`
	DisagreedAutomatic int `json:"disagreedAutomatic,omitempty"`

	Handling  Histogram `json:"handling,omitzero"`  // from entering the queue to a reviewer's decision
	Consensus Histogram `json:"consensus,omitzero"` // from a case's first tag to its confirmation by votes
	// Minutes says how many of Handling took so many whole minutes. It is kept of people alone, for their medians.
	Minutes map[int]int `json:"minutes,omitempty"`
}

// Handled is how many cases reviewers decided.
func (t Tally) Handled() int { return t.Confirmed + t.Rejected + t.Kept }

// Decisions is how many decisions about cases there were: of reviewers, of rules, and of the deadline.
func (t Tally) Decisions() int { return t.Handled() + t.ByRule + t.Missed }

// Agreed is how many second reviewers agreed.
func (t Tally) Agreed() int { return t.AgreedReviewers + t.AgreedAutomatic }

// Disagreed is how many second reviewers did not.
func (t Tally) Disagreed() int { return t.DisagreedReviewers + t.DisagreedAutomatic }

// MedianHandling is the median of Handling in whole minutes, the lower of the two in the middle; ok is false without any, and
// for tallies that are not of people.
func (t Tally) MedianHandling() (median time.Duration, ok bool) {
	below, half := 0, (t.Handling.Count+1)/2
	for _, minute := range slices.Sorted(maps.Keys(t.Minutes)) {
		if below += t.Minutes[minute]; below >= half && half > 0 {
			return time.Duration(minute) * time.Minute, true
		}
	}
	return 0, false
}

// Histogram is how long something took, of many times it happened.
type Histogram struct {
	Count   int           `json:"count"`
	Total   time.Duration `json:"total"`
	Buckets []int         `json:"buckets"` // by the bounds it is counted with: one more than those
}

// HandlingBounds are where the buckets of [Tally.Handling] end, exclusive; the last one has no end.
func HandlingBounds() []time.Duration {
	return []time.Duration{
		time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour, 36 * time.Hour, 44 * time.Hour, 48 * time.Hour,
	}
}

// ConsensusBounds are where the buckets of [Tally.Consensus] end, exclusive; the last one has no end.
func ConsensusBounds() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{day, 3 * day, 7 * day, 14 * day, 30 * day, 60 * day, 90 * day}
}

// note counts one time (times 1), or takes one back (times -1).
func (s *Histogram) note(bounds []time.Duration, took time.Duration, times int) {
	took = max(0, took)
	if s.Buckets == nil {
		s.Buckets = make([]int, len(bounds)+1)
	}
	bucket := 0
	for bucket < len(bounds) && took >= bounds[bucket] {
		bucket++
	}
	s.Count += times
	s.Total += took * time.Duration(times)
	s.Buckets[bucket] += times
}

// add counts what another histogram of the same bounds has counted.
func (s *Histogram) add(other Histogram) {
	if other.Buckets == nil {
		return
	}
	if s.Buckets == nil {
		s.Buckets = make([]int, len(other.Buckets))
	}
	s.Count += other.Count
	s.Total += other.Total
	for i, count := range other.Buckets {
		s.Buckets[i] += count
	}
}

// Add counts what another tally has counted.
func (t *Tally) Add(other Tally) {
	for _, number := range []struct{ into, from *int }{
		{&t.Tags, &other.Tags}, {&t.Succeeded, &other.Succeeded}, {&t.Queued, &other.Queued},
		{&t.Confirmed, &other.Confirmed}, {&t.Rejected, &other.Rejected}, {&t.Kept, &other.Kept},
		{&t.ByVotes, &other.ByVotes}, {&t.Settled, &other.Settled}, {&t.Missed, &other.Missed},
		{&t.InTime, &other.InTime}, {&t.Late, &other.Late},
		{&t.ByRule, &other.ByRule},
		{&t.AppealsAccepted, &other.AppealsAccepted}, {&t.AppealsDeclined, &other.AppealsDeclined},
		{&t.AgreedReviewers, &other.AgreedReviewers}, {&t.DisagreedReviewers, &other.DisagreedReviewers},
		{&t.AgreedAutomatic, &other.AgreedAutomatic}, {&t.DisagreedAutomatic, &other.DisagreedAutomatic},
	} {
		*number.into += *number.from
	}
	t.Handling.add(other.Handling)
	t.Consensus.add(other.Consensus)
	for minute, times := range other.Minutes {
		t.noteMinutes(minute, times)
	}
}

func (t *Tally) noteMinutes(minute, times int) {
	if t.Minutes == nil {
		t.Minutes = map[int]int{}
	}
	if t.Minutes[minute] += times; t.Minutes[minute] == 0 {
		delete(t.Minutes, minute)
	}
}

// decided counts a reviewer's decision (times 1), or one that was taken back (times -1).
func (t *Tally) decided(decision cloudtag.Decision, inTime bool, took time.Duration, times int) {
	switch decision {
	case cloudtag.DecisionConfirm:
		t.Confirmed += times
	case cloudtag.DecisionReject:
		t.Rejected += times
	case cloudtag.DecisionKeepAccumulating:
		t.Kept += times
	}
	t.left(inTime, times)
	t.Handling.note(HandlingBounds(), took, times)
	t.noteMinutes(int(max(0, took)/time.Minute), times)
}

// reviewed counts a second review.
func (t *Tally) reviewed(automatic, agreed bool) {
	switch {
	case automatic && agreed:
		t.AgreedAutomatic++
	case automatic:
		t.DisagreedAutomatic++
	case agreed:
		t.AgreedReviewers++
	default:
		t.DisagreedReviewers++
	}
}

func (t *Tally) left(inTime bool, times int) {
	if inTime {
		t.InTime += times
	} else {
		t.Late += times
	}
}
