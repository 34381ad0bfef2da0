package mongo

import (
	"context"
	"errors"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// policyDoc is a version of the policy. It never changes but for its spread.
type policyDoc struct {
	Version               int       `bson:"_id"`
	Head                  rowHead   `bson:",inline"`
	WindowDays            int       `bson:"windowDays"`
	HandleWithinHours     int       `bson:"handleWithinHours"`
	Rules                 []ruleDoc `bson:"rules"`
	HighRiskFrom          int       `bson:"highRiskFrom"`
	MediumRiskFrom        int       `bson:"mediumRiskFrom"`
	AdjustHigh            int       `bson:"adjustHigh"`
	AdjustMedium          int       `bson:"adjustMedium"`
	AdjustLow             int       `bson:"adjustLow"`
	MaxOrderAgeDays       int       `bson:"maxOrderAgeDays"`
	RequireRejectedReport bool      `bson:"requireRejectedReport"`
	LinkedPairsCountOnce  bool      `bson:"linkedPairsCountOnce"`
	HoldLinkedPairs       bool      `bson:"holdLinkedPairs"`
	HoldBursts            bool      `bson:"holdBursts"`
	WeighVotesByRecord    bool      `bson:"weighVotesByRecord"`
	OverturnedWeight      int       `bson:"overturnedWeight"`
	MinMeanWeight         int       `bson:"minMeanWeight"`
	HoldUnanchored        bool      `bson:"holdUnanchored"`
	AnchorFrom            int       `bson:"anchorFrom"`
	CreatedBy             string    `bson:"createdBy"`
	CreatedAt             time.Time `bson:"createdAt"`
	Reason                string    `bson:"reason"`
}

type ruleDoc struct {
	Scenario  string `bson:"scenario"`
	Threshold int    `bson:"threshold"`
	Enabled   bool   `bson:"enabled"`
}

func (d *policyDoc) head() *rowHead { return &d.Head }

func (d *policyDoc) key() string { return strconv.Itoa(d.Version) }

func (d *policyDoc) domain() cloudtag.Policy {
	policy := cloudtag.Policy{
		Version: d.Version, WindowDays: d.WindowDays, HandleWithinHours: d.HandleWithinHours,
		HighRiskFrom: d.HighRiskFrom, MediumRiskFrom: d.MediumRiskFrom, AdjustHigh: d.AdjustHigh,
		AdjustMedium: d.AdjustMedium, AdjustLow: d.AdjustLow, MaxOrderAgeDays: d.MaxOrderAgeDays,
		RequireRejectedReport: d.RequireRejectedReport, LinkedPairsCountOnce: d.LinkedPairsCountOnce,
		HoldLinkedPairs: d.HoldLinkedPairs, HoldBursts: d.HoldBursts, WeighVotesByRecord: d.WeighVotesByRecord,
		OverturnedWeight: d.OverturnedWeight, MinMeanWeight: d.MinMeanWeight, HoldUnanchored: d.HoldUnanchored, AnchorFrom: d.AnchorFrom,
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt.UTC(),
		Reason: d.Reason,
	}
	for _, rule := range d.Rules {
		policy.Rules = append(policy.Rules, cloudtag.PolicyRule{
			Scenario: cloudtag.ScenarioCode(rule.Scenario), Threshold: rule.Threshold, Enabled: rule.Enabled,
		})
	}
	return policy
}

func newPolicyDoc(p cloudtag.Policy) *policyDoc {
	doc := &policyDoc{
		Version: p.Version, WindowDays: p.WindowDays, HandleWithinHours: p.HandleWithinHours,
		HighRiskFrom: p.HighRiskFrom, MediumRiskFrom: p.MediumRiskFrom, AdjustHigh: p.AdjustHigh,
		AdjustMedium: p.AdjustMedium, AdjustLow: p.AdjustLow, MaxOrderAgeDays: p.MaxOrderAgeDays,
		RequireRejectedReport: p.RequireRejectedReport, LinkedPairsCountOnce: p.LinkedPairsCountOnce,
		HoldLinkedPairs: p.HoldLinkedPairs, HoldBursts: p.HoldBursts, WeighVotesByRecord: p.WeighVotesByRecord,
		OverturnedWeight: p.OverturnedWeight, MinMeanWeight: p.MinMeanWeight, HoldUnanchored: p.HoldUnanchored, AnchorFrom: p.AnchorFrom,
		CreatedBy: p.CreatedBy, CreatedAt: p.CreatedAt,
		Reason: p.Reason,
	}
	for _, rule := range p.Rules {
		doc.Rules = append(doc.Rules, ruleDoc{string(rule.Scenario), rule.Threshold, rule.Enabled})
	}
	return doc
}

// Policy returns a version of the policy.
func (s *Store) Policy(ctx context.Context, version int) (cloudtag.Policy, error) {
	doc, err := s.policyDoc(ctx, version)
	if err != nil {
		return cloudtag.Policy{}, explain("read the policy", err)
	}
	if doc == nil {
		return cloudtag.Policy{}, cloudtag.NotFound()
	}
	return doc.domain(), nil
}

// policyDoc returns a version, the latest for 0, or nil.
func (s *Store) policyDoc(ctx context.Context, version int) (*policyDoc, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	filter := bson.D{}
	if version != 0 {
		filter = byID(version)
	}
	var doc policyDoc
	err := s.policies.FindOne(ctx, filter, options.FindOne().SetSort(sorting(-1, "_id"))).Decode(&doc)
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, nil
	}
	return &doc, err
}

// currentPolicy is the policy that decides.
func (s *Store) currentPolicy(ctx context.Context) (cloudtag.Policy, error) {
	doc, err := s.policyDoc(ctx, 0)
	if err == nil && doc == nil {
		err = errors.New("no policy is stored")
	}
	if err != nil {
		return cloudtag.Policy{}, err
	}
	return doc.domain(), nil
}

// AddPolicy stores the next version.
func (s *Store) AddPolicy(ctx context.Context, policy cloudtag.Policy, entry cloudtag.Entry) error {
	latest, err := s.policyDoc(ctx, 0)
	if err != nil {
		return explain("add a policy", err)
	}
	next := 1
	if latest != nil {
		next = latest.Version + 1
		if err := spreadRows(ctx, s, s.policies, []*policyDoc{latest}); err != nil {
			return explain("add a policy", err)
		}
	}
	if policy.Version != next {
		return errVersionTaken()
	}
	doc := newPolicyDoc(policy)
	change := token()
	doc.Head = rowHead{Revision: 1, Change: change, Spread: &rowSpread{
		Since: s.options.Clock.Now(), IDs: []string{"policies/" + doc.key() + "/" + change},
		Entries: newEntryDocs([]cloudtag.Entry{entry}),
	}}
	err = s.write(ctx, "add a policy", func(ctx context.Context) error {
		_, err := s.policies.InsertOne(ctx, doc)
		return err
	})
	if driver.IsDuplicateKeyError(err) {
		return errVersionTaken()
	}
	if err == nil {
		ctx, cancel := s.finishing(ctx)
		defer cancel()
		err = spreadRows(ctx, s, s.policies, []*policyDoc{doc})
	}
	return explain("add a policy", err)
}

func errVersionTaken() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
		ZH: "策略已被他人更新，请基于当前版本重新修改。",
		EN: "Someone else has changed the policy; base your change on the current version.",
	})
}

func (s *Store) recoverPolicies(ctx context.Context, before time.Time) (int, error) {
	return recoverRows[*policyDoc](ctx, s, s.policies, before)
}
