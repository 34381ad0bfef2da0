package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// riskDoc is a risk profile.
type riskDoc struct {
	Buyer     string      `bson:"_id"`
	Head      rowHead     `bson:",inline"`
	Score     int         `bson:"score"`
	Signals   []signalDoc `bson:"signals"`
	UpdatedAt time.Time   `bson:"updatedAt"`
	Evaluate  bool        `bson:"evaluate,omitempty"` // the account's cases were not all evaluated with it yet
}

type signalDoc struct {
	Code   string  `bson:"code"`
	Value  float64 `bson:"value"`
	Weight float64 `bson:"weight"`
}

func (d *riskDoc) head() *rowHead { return &d.Head }

func (d *riskDoc) key() string { return d.Buyer }

func (d *riskDoc) domain() cloudtag.RiskProfile {
	profile := cloudtag.RiskProfile{BuyerID: cloudtag.BuyerID(d.Buyer), Score: d.Score, UpdatedAt: d.UpdatedAt.UTC()}
	for _, signal := range d.Signals {
		profile.Signals = append(profile.Signals, cloudtag.RiskSignal(signal))
	}
	return profile
}

func newRiskDoc(p cloudtag.RiskProfile) *riskDoc {
	doc := &riskDoc{Buyer: string(p.BuyerID), Score: p.Score, UpdatedAt: p.UpdatedAt, Evaluate: true}
	for _, signal := range p.Signals {
		doc.Signals = append(doc.Signals, signalDoc(signal))
	}
	return doc
}

func (s *Store) riskDocs(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]*riskDoc, error) {
	docs, err := findByKeys[*riskDoc](ctx, s, s.risks, "_id", buyers)
	byBuyer := make(map[cloudtag.BuyerID]*riskDoc, len(docs))
	for _, doc := range docs {
		byBuyer[cloudtag.BuyerID(doc.Buyer)] = doc
	}
	return byBuyer, err
}

// Risks returns risk profiles by account.
func (s *Store) Risks(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.RiskProfile, error) {
	docs, err := s.riskDocs(ctx, buyers)
	found := make(map[cloudtag.BuyerID]cloudtag.RiskProfile, len(docs))
	for buyer, doc := range docs {
		found[buyer] = doc.domain()
	}
	return found, explain("read risk profiles", err)
}

// PutRisks stores risk profiles.
func (s *Store) PutRisks(
	ctx context.Context, profiles []cloudtag.RiskProfile,
	entryFor func(before *cloudtag.RiskProfile, after cloudtag.RiskProfile) cloudtag.Entry,
) ([]cloudtag.PutResult, error) {
	put := &rowPut[*riskDoc]{store: s, into: s.risks, keys: make([]string, len(profiles))}
	for i, profile := range profiles {
		put.keys[i] = string(profile.BuyerID)
	}
	put.fold = func(stored **riskDoc, rows []int) (*riskDoc, []cloudtag.Entry) {
		var before *cloudtag.RiskProfile
		if stored != nil {
			known := (*stored).domain()
			before = &known
		}
		var told []cloudtag.Entry
		for _, i := range rows {
			after := profiles[i]
			if put.results[i] = after.PutOver(before); put.results[i] != cloudtag.PutStored {
				continue
			}
			told = append(told, entryFor(before, after))
			before = &after
		}
		return newRiskDoc(*before), told
	}
	if err := put.run(ctx); err != nil {
		return nil, explain("store risk profiles", err)
	}
	return put.results, nil
}

// RisksToEvaluate returns the profiles that are marked.
func (s *Store) RisksToEvaluate(ctx context.Context, limit int) ([]cloudtag.RiskProfile, error) {
	docs, err := findAll[*riskDoc](ctx, s, s.risks, bson.D{{Key: "evaluate", Value: true}},
		options.Find().SetSort(ascending("_id")).SetLimit(int64(limit)))
	profiles := make([]cloudtag.RiskProfile, len(docs))
	for i, doc := range docs {
		profiles[i] = doc.domain()
	}
	return profiles, explain("read the profiles to evaluate", err)
}

// RiskEvaluated takes the mark away while the profile is still the one that was evaluated.
func (s *Store) RiskEvaluated(ctx context.Context, profile cloudtag.RiskProfile) error {
	docs, err := s.riskDocs(ctx, []cloudtag.BuyerID{profile.BuyerID})
	if err != nil {
		return explain("mark a profile as evaluated", err)
	}
	doc := docs[profile.BuyerID]
	if doc == nil || !doc.Evaluate || !doc.domain().Same(profile) {
		return nil
	}
	return explain("mark a profile as evaluated", s.write(ctx, "unmark a profile", func(ctx context.Context) error {
		_, err := s.risks.UpdateOne(ctx, atRevision(doc.Buyer, doc.Head.Revision), unset("evaluate"))
		return err
	}))
}

func (s *Store) recoverRisks(ctx context.Context, before time.Time) (int, error) {
	return recoverRows[*riskDoc](ctx, s, s.risks, before)
}
