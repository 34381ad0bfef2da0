package cloudtag

import "time"

// MinThreshold is the lower bound of every threshold, whatever the adjustments (rule 6).
const MinThreshold = 2

// PolicyRule is the policy for one scenario.
type PolicyRule struct {
	Scenario  ScenarioCode `json:"scenario"`
	Threshold int          `json:"threshold"` // votes, at least MinThreshold
	Enabled   bool         `json:"enabled"`   // if false, new tags are rejected; existing ones still count
}

// Policy is one version of all numbers that decide about people (rule 6). Versions start at 1 and have no gaps, and their
// numbers never change once stored.
type Policy struct {
	Version               int          `json:"version"`
	WindowDays            int          `json:"windowDays"`        // a tag counts while it is younger than this
	HandleWithinHours     int          `json:"handleWithinHours"` // rule 9
	Rules                 []PolicyRule `json:"rules"`
	HighRiskFrom          int          `json:"highRiskFrom"`   // scores from here are HIGH
	MediumRiskFrom        int          `json:"mediumRiskFrom"` // scores from here, and below HighRiskFrom, are MEDIUM
	AdjustHigh            int          `json:"adjustHigh"`     // added to the threshold for a HIGH risk account
	AdjustMedium          int          `json:"adjustMedium"`
	AdjustLow             int          `json:"adjustLow"`
	MaxOrderAgeDays       int          `json:"maxOrderAgeDays"` // 0: orders of any age can be tagged
	RequireRejectedReport bool         `json:"requireRejectedReport"`
	// The switches about collusion, off by default (see weighing.go).
	LinkedPairsCountOnce bool `json:"linkedPairsCountOnce"` // linked shops are one vote
	HoldLinkedPairs      bool `json:"holdLinkedPairs"`      // a linked pair holds the case for a reviewer
	HoldBursts           bool `json:"holdBursts"`           // a burst holds the case for a reviewer
	// The switches about the records of shops, off by default (see trackrecord.go).
	WeighVotesByRecord bool `json:"weighVotesByRecord"` // votes whose weights, by the records of their shops, are too low are held
	OverturnedWeight   int  `json:"overturnedWeight"`   // weight of an overturned account relative to a corroborated one
	MinMeanWeight      int  `json:"minMeanWeight"`      // percent: the minimum mean weight of votes that confirm by themselves
	HoldUnanchored     bool `json:"holdUnanchored"`     // votes without a trusted shop among them are held
	AnchorFrom         int  `json:"anchorFrom"`         // percent: the trust from which a shop counts as trusted
	// The percentage of confirmations, including those by votes, that are sampled for a second review.
	SecondReviewPercent int       `json:"secondReviewPercent"`
	RequireApproval     bool      `json:"requireApproval"` // a version needs a second administrator; off by default
	CreatedBy           string    `json:"createdBy"`
	CreatedAt           time.Time `json:"createdAt"` // when it was published
	Reason              string    `json:"reason"`
	// StartsAt is when a scheduled version comes into force; zero: at its position in the log (see [PolicyTimeline]).
	StartsAt   time.Time         `json:"startsAt,omitzero"`
	ApprovedBy string            `json:"approvedBy,omitempty"` // the second person, if the previous version required one
	Withdrawn  *PolicyWithdrawal `json:"withdrawn,omitempty"`  // before it started
}

// DefaultPolicy is version 1: the numbers of DESIGN section 2.
func DefaultPolicy(at time.Time) Policy {
	policy := Policy{
		Version:           1,
		WindowDays:        180,
		HandleWithinHours: 48,
		HighRiskFrom:      70,
		MediumRiskFrom:    40,
		AdjustHigh:        -1,
		AdjustMedium:      0,
		AdjustLow:         1,
		MaxOrderAgeDays:   90,

		SecondReviewPercent: 2,

		CreatedBy: SystemCaller("start").Subject,
		CreatedAt: at,
		Reason:    reasonDefaultPolicy,
	}
	for _, scenario := range Scenarios() {
		policy.Rules = append(policy.Rules, PolicyRule{Scenario: scenario.Code, Threshold: 3, Enabled: true})
	}
	return policy.Preset(PresetPlain)
}

// HoldsFrom is when the version comes into force, unless it is withdrawn.
func (p Policy) HoldsFrom() time.Time {
	if p.StartsAt.IsZero() {
		return p.CreatedAt
	}
	return p.StartsAt
}

// Window is how long a tag counts.
func (p Policy) Window() time.Duration { return time.Duration(p.WindowDays) * 24 * time.Hour }

// HandleWithin is how long the platform has for a tag (rule 9).
func (p Policy) HandleWithin() time.Duration { return time.Duration(p.HandleWithinHours) * time.Hour }

// Rule returns the rule of a scenario. A scenario without a rule is disabled, so that one that is added to the catalogue has
// no effect until a policy has a rule for it.
func (p Policy) Rule(scenario ScenarioCode) PolicyRule {
	for _, rule := range p.Rules {
		if rule.Scenario == scenario {
			return rule
		}
	}
	return PolicyRule{Scenario: scenario, Threshold: 3}
}

// RiskLevel returns the level of a profile; nil is [RiskUnknown].
func (p Policy) RiskLevel(profile *RiskProfile) RiskLevel {
	switch {
	case profile == nil:
		return RiskUnknown
	case profile.Score >= p.HighRiskFrom:
		return RiskHigh
	case profile.Score >= p.MediumRiskFrom:
		return RiskMedium
	default:
		return RiskLow
	}
}

// Adjustment is what a risk level adds to a scenario's threshold.
func (p Policy) Adjustment(level RiskLevel) int {
	switch level {
	case RiskHigh:
		return p.AdjustHigh
	case RiskMedium:
		return p.AdjustMedium
	case RiskLow:
		return p.AdjustLow
	default:
		return 0
	}
}

// Threshold is the number of votes that confirms a case: the scenario's, adjusted for risk, at least [MinThreshold] (rule 6).
func (p Policy) Threshold(scenario ScenarioCode, level RiskLevel) int {
	return max(MinThreshold, p.Rule(scenario).Threshold+p.Adjustment(level))
}

// PresetCode identifies a preset of the policy's switches.
type PresetCode string

// The presets.
const (
	PresetPlain   PresetCode = "PLAIN"   // votes alone decide: rules 5 to 7 and nothing else
	PresetGuarded PresetCode = "GUARDED" // votes that could be those of a ring go to a reviewer; docs/figures.md has the cost
)

// PresetCodes lists every preset.
func PresetCodes() []PresetCode { return []PresetCode{PresetPlain, PresetGuarded} }

// Preset returns the policy with a preset's switches and the numbers that belong to them; everything else stays.
func (p Policy) Preset(code PresetCode) Policy {
	p.LinkedPairsCountOnce, p.HoldLinkedPairs, p.HoldBursts = false, false, false
	p.WeighVotesByRecord = code == PresetGuarded
	p.HoldUnanchored = code == PresetGuarded
	p.OverturnedWeight, p.MinMeanWeight, p.AnchorFrom = 5, 75, 10
	return p
}
