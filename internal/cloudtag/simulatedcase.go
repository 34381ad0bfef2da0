package cloudtag

import "time"

// SimulatedCase is a case under a proposed policy, to which the tags of history are added again. Nothing of it is logged or
// stored. Decisions of people are not simulated: when the case is queued, it counts as decided at once, to keep accumulating.
type SimulatedCase struct {
	file *CaseFile
}

// SimulateCase returns a case without tags; risk is nil for an account without a profile.
func SimulateCase(id CaseID, policy Policy, risk *RiskProfile) *SimulatedCase {
	file := OpenCaseFile(id, nil, nil, policy.Always(), risk)
	file.silent = true
	return &SimulatedCase{file: file}
}

// Case returns the state of the case.
func (s *SimulatedCase) Case() Case { return s.file.Case }

// Shops returns the shops with live tags, in order.
func (s *SimulatedCase) Shops() []MerchantID { return s.file.Shops() }

// WantsRecords reports whether the policy uses the records of the case's shops. If so, they must be set before each tag.
func (s *SimulatedCase) WantsRecords() bool { return s.file.WantsRecords() }

// SetRecords sets the records of the case's shops and of that whose tag is about to be added, each without the shop's credit
// from the case's own account.
func (s *SimulatedCase) SetRecords(records map[MerchantID]TrackRecord) { s.file.records = records }

// Add adds a tag at its time of submission, and reports whether it queued the case.
func (s *SimulatedCase) Add(tag Tag) (queued bool) {
	tag.HandledAt = time.Time{}
	s.file.Add(tag, EngineActor)
	queued = s.file.Case.Handling == HandlingPending
	if queued {
		s.file.leaveQueue(tag.SubmittedAt)
	}
	return queued
}

// CountSucceeded counts the tags that succeeded.
func (s *SimulatedCase) CountSucceeded() int {
	count := 0
	for _, tag := range s.file.touched {
		if tag.Status == TagSucceeded {
			count++
		}
	}
	return count
}
