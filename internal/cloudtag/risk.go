package cloudtag

import (
	"slices"
	"time"
)

// RiskLevel is the platform's own assessment of an account: its score, classified by the policy.
type RiskLevel string

// The risk levels; UNKNOWN is an account without a profile (rule 6).
const (
	RiskUnknown RiskLevel = "UNKNOWN"
	RiskLow     RiskLevel = "LOW"
	RiskMedium  RiskLevel = "MEDIUM"
	RiskHigh    RiskLevel = "HIGH"
)

// MaxRiskScore is the highest risk score; the lowest is 0.
const MaxRiskScore = 100

// RiskSignal is one observation behind a score.
type RiskSignal struct {
	Code   string  `json:"code"`
	Value  float64 `json:"value"`
	Weight float64 `json:"weight"`
}

// RiskProfile is the platform's risk data about one account.
type RiskProfile struct {
	BuyerID   BuyerID      `json:"buyerId"`
	Score     int          `json:"score"` // 0 to MaxRiskScore
	Signals   []RiskSignal `json:"signals"`
	UpdatedAt time.Time    `json:"updatedAt"`
}

// PutOver returns the result of importing the profile over the stored one, which may be nil. The later one is kept.
func (p RiskProfile) PutOver(stored *RiskProfile) PutResult {
	switch {
	case stored == nil:
		return PutStored
	case stored.Same(p):
		return PutUnchanged
	case p.UpdatedAt.Before(stored.UpdatedAt):
		return PutStale
	default:
		return PutStored
	}
}

// Same reports whether both profiles are equal.
func (p RiskProfile) Same(other RiskProfile) bool {
	return p.BuyerID == other.BuyerID && p.Score == other.Score &&
		p.UpdatedAt.Equal(other.UpdatedAt) && slices.Equal(p.Signals, other.Signals)
}

// Strongest returns the signal with the highest weight; ok is false if none has a positive weight.
func (p RiskProfile) Strongest() (signal RiskSignal, ok bool) {
	for _, candidate := range p.Signals {
		if candidate.Weight > signal.Weight {
			signal, ok = candidate, true
		}
	}
	return signal, ok
}
