package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// policyDocument is a version of the policy as it is stored.
type policyDocument struct {
	WindowDays            int                   `json:"windowDays"`
	HandleWithinHours     int                   `json:"handleWithinHours"`
	Rules                 []cloudtag.PolicyRule `json:"rules"`
	HighRiskFrom          int                   `json:"highRiskFrom"`
	MediumRiskFrom        int                   `json:"mediumRiskFrom"`
	AdjustHigh            int                   `json:"adjustHigh"`
	AdjustMedium          int                   `json:"adjustMedium"`
	AdjustLow             int                   `json:"adjustLow"`
	MaxOrderAgeDays       int                   `json:"maxOrderAgeDays"`
	RequireRejectedReport bool                  `json:"requireRejectedReport"`
	LinkedPairsCountOnce  bool                  `json:"linkedPairsCountOnce"`
	HoldLinkedPairs       bool                  `json:"holdLinkedPairs"`
	HoldBursts            bool                  `json:"holdBursts"`
	CreatedBy             string                `json:"createdBy"`
	CreatedAt             time.Time             `json:"createdAt"`
	Reason                string                `json:"reason"`
}

func documentOf(p cloudtag.Policy) policyDocument {
	return policyDocument{
		WindowDays: p.WindowDays, HandleWithinHours: p.HandleWithinHours, Rules: p.Rules,
		HighRiskFrom: p.HighRiskFrom, MediumRiskFrom: p.MediumRiskFrom,
		AdjustHigh: p.AdjustHigh, AdjustMedium: p.AdjustMedium, AdjustLow: p.AdjustLow,
		MaxOrderAgeDays: p.MaxOrderAgeDays, RequireRejectedReport: p.RequireRejectedReport,
		LinkedPairsCountOnce: p.LinkedPairsCountOnce, HoldLinkedPairs: p.HoldLinkedPairs, HoldBursts: p.HoldBursts,
		CreatedBy: p.CreatedBy, CreatedAt: p.CreatedAt, Reason: p.Reason,
	}
}

func (d policyDocument) policy(version int) cloudtag.Policy {
	return cloudtag.Policy{
		Version: version, WindowDays: d.WindowDays, HandleWithinHours: d.HandleWithinHours, Rules: d.Rules,
		HighRiskFrom: d.HighRiskFrom, MediumRiskFrom: d.MediumRiskFrom,
		AdjustHigh: d.AdjustHigh, AdjustMedium: d.AdjustMedium, AdjustLow: d.AdjustLow,
		MaxOrderAgeDays: d.MaxOrderAgeDays, RequireRejectedReport: d.RequireRejectedReport,
		LinkedPairsCountOnce: d.LinkedPairsCountOnce, HoldLinkedPairs: d.HoldLinkedPairs, HoldBursts: d.HoldBursts,
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, Reason: d.Reason,
	}
}

// Policy returns a version.
func (s *Store) Policy(ctx context.Context, version int) (policy cloudtag.Policy, err error) {
	err = s.read(ctx, "read the policy", func(r *reading) error {
		policy, err = readPolicy(r, version)
		return err
	})
	return policy, err
}

const (
	latestPolicy    = "SELECT version, document FROM policies WHERE version = (SELECT max(version) FROM policies)"
	policyByVersion = "SELECT version, document FROM policies WHERE version = ?"
)

// readPolicy returns a version, the latest for 0.
func readPolicy(q querier, version int) (cloudtag.Policy, error) {
	text, args := latestPolicy, []any(nil)
	if version != 0 {
		text, args = policyByVersion, []any{int64(version)}
	}
	var encoded string
	err := q.One(text, args, &version, &encoded)
	if errors.Is(err, sql.ErrNoRows) {
		return cloudtag.Policy{}, cloudtag.NotFound()
	}
	if err != nil {
		return cloudtag.Policy{}, err
	}
	return decodePolicy(version, encoded)
}

func decodePolicy(version int, encoded string) (cloudtag.Policy, error) {
	var document policyDocument
	if err := json.Unmarshal([]byte(encoded), &document); err != nil {
		return cloudtag.Policy{}, fmt.Errorf("policy %d: %w", version, err)
	}
	return document.policy(version), nil
}

// AddPolicy stores the next version.
func (s *Store) AddPolicy(ctx context.Context, policy cloudtag.Policy, entry cloudtag.Entry) error {
	return s.write(ctx, "add a policy", func(w *work) error {
		if int64(policy.Version) != w.numbers.policy+1 {
			return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
				ZH: "策略已被他人更新，请基于最新版本重新修改。",
				EN: "The policy was changed in the meantime. Please base your change on the latest version.",
			})
		}
		if err := putPolicy(w, policy); err != nil {
			return err
		}
		w.numbers.policy++
		return appendEntries(w, []cloudtag.Entry{entry})
	})
}

func putPolicy(w *work, policy cloudtag.Policy) error {
	document, err := json.Marshal(documentOf(policy))
	if err != nil {
		return err
	}
	return w.Write("add a policy", "INSERT INTO policies (version, document) VALUES (?, ?)",
		int64(policy.Version), string(document))
}
