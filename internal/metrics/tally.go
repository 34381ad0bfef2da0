package metrics

import (
	"maps"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Tally counts events of tags and cases. Decisions that a reviewer undid do not count.
type Tally struct {
	Tags      int `json:"tags,omitempty"`      // submitted
	Succeeded int `json:"succeeded,omitempty"` // tags that succeeded, including by undone decisions
	Queued    int `json:"queued,omitempty"`    // cases that entered the queue

	// How cases left the queue.
	Confirmed int `json:"confirmed,omitempty"` // by a reviewer
	Rejected  int `json:"rejected,omitempty"`  // by a reviewer
	Kept      int `json:"kept,omitempty"`      // by a reviewer
	ByVotes   int `json:"byVotes,omitempty"`   // confirmed by votes while they waited
	Settled   int `json:"settled,omitempty"`   // nothing was left to decide
	Missed    int `json:"missed,omitempty"`    // nobody decided in time (rule 9)

	// Cases that left the queue other than by Missed: until their due time, and after it.
	InTime int `json:"inTime,omitempty"`
	Late   int `json:"late,omitempty"`

	// ByRule counts the cases that no person decided: votes confirmed them, in the queue or not, or nothing was left to
	// decide.
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
	// Minutes counts the durations of Handling by whole minutes. It is kept for reviewers only, for their medians.
	Minutes map[int]int `json:"minutes,omitempty"`
}

// Handled returns the number of cases that reviewers decided.
func (t Tally) Handled() int { return t.Confirmed + t.Rejected + t.Kept }

// Decisions returns the number of decisions about cases: by reviewers, by rules, and by the deadline.
func (t Tally) Decisions() int { return t.Handled() + t.ByRule + t.Missed }

// Agreed returns the number of second reviews that agreed.
func (t Tally) Agreed() int { return t.AgreedReviewers + t.AgreedAutomatic }

// Disagreed returns the number of second reviews that disagreed.
func (t Tally) Disagreed() int { return t.DisagreedReviewers + t.DisagreedAutomatic }

// MedianHandling returns the median of Handling in whole minutes, the lower one of two in the middle. ok is false without any, and
// for tallies that are not of one reviewer.
func (t Tally) MedianHandling() (median time.Duration, ok bool) {
	below, half := 0, (t.Handling.Count+1)/2
	for _, minute := range slices.Sorted(maps.Keys(t.Minutes)) {
		if below += t.Minutes[minute]; below >= half && half > 0 {
			return time.Duration(minute) * time.Minute, true
		}
	}
	return 0, false
}

// Histogram is a histogram of durations.
type Histogram struct {
	Count   int           `json:"count"`
	Total   time.Duration `json:"total"`
	Buckets []int         `json:"buckets"` // one more than bounds
}

// HandlingBounds returns the exclusive upper bounds of the buckets of [Tally.Handling]; the last bucket has none.
func HandlingBounds() []time.Duration {
	return []time.Duration{
		time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour, 36 * time.Hour, 44 * time.Hour, 48 * time.Hour,
	}
}

// ConsensusBounds returns the exclusive upper bounds of the buckets of [Tally.Consensus]; the last bucket has none.
func ConsensusBounds() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{day, 3 * day, 7 * day, 14 * day, 30 * day, 60 * day, 90 * day}
}

// note adds a duration (times 1) or removes one (times -1).
func (h *Histogram) note(bounds []time.Duration, took time.Duration, times int) {
	took = max(0, took)
	if h.Buckets == nil {
		h.Buckets = make([]int, len(bounds)+1)
	}
	bucket := 0
	for bucket < len(bounds) && took >= bounds[bucket] {
		bucket++
	}
	h.Count += times
	h.Total += took * time.Duration(times)
	h.Buckets[bucket] += times
}

// add adds another histogram with the same bounds.
func (h *Histogram) add(other Histogram) {
	if other.Buckets == nil {
		return
	}
	if h.Buckets == nil {
		h.Buckets = make([]int, len(other.Buckets))
	}
	h.Count += other.Count
	h.Total += other.Total
	for i, count := range other.Buckets {
		h.Buckets[i] += count
	}
}

// Add adds the counts of another tally.
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

// decided adds a reviewer's decision (times 1) or removes an undone one (times -1).
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

// reviewed counts the outcome of a second review.
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
