package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// Meetings form a chain, as the log does: one is inserted only behind the newest, and carries the counts as they are
// with it. They are set, not added to, so that whoever meets the newest one may carry them to the counters again; no
// meeting is added before the one before it was counted. So a meeting is counted once or not yet, without a recovery.

// meetingDoc is the first tag of a shop on an account.
type meetingDoc struct {
	No       int64      `bson:"_id"` // from 1, without gap
	Buyer    string     `bson:"buyer"`
	Merchant string     `bson:"merchant"`
	At       time.Time  `bson:"at"`
	Buyers   int        `bson:"buyers"`           // accounts tagged by anybody, with this one
	Counts   []countDoc `bson:"counts,omitempty"` // what the meeting makes of counters, until it is counted
}

// countDoc is the number of accounts that a shop tagged, or that two shops have in common.
type countDoc struct {
	Key   string `bson:"_id"` // the shop, or the pair
	Count int    `bson:"n"`
}

// pairID is the identifier of a pair. No shop's holds a blank.
func pairID(a, b cloudtag.MerchantID) string { return string(a) + " " + string(b) }

// ordered returns two shops, the lesser first.
func ordered(a, b cloudtag.MerchantID) (first, second cloudtag.MerchantID) {
	return min(a, b), max(a, b)
}

// Meet records that a shop tagged an account.
func (s *Store) Meet(
	ctx context.Context, merchant cloudtag.MerchantID, buyer cloudtag.BuyerID, at time.Time, limit int,
) ([]cloudtag.PairCounts, error) {
	pairs, err := s.meet(ctx, meetingDoc{Buyer: string(buyer), Merchant: string(merchant), At: at}, limit)
	return pairs, explain("record a meeting", err)
}

func (s *Store) meet(ctx context.Context, meeting meetingDoc, limit int) ([]cloudtag.PairCounts, error) {
	unlock, err := s.locks.lock(ctx, s.meetings.Name())
	if err != nil {
		return nil, err
	}
	defer unlock()
	for attempt := range attempts {
		scene, err := s.meetingScene(ctx, meeting, limit)
		if err != nil {
			return nil, err
		}
		if scene.again {
			return scene.pairs(), nil
		}
		added, err := s.addMeeting(ctx, scene.next())
		if err != nil {
			return nil, err
		}
		if added {
			return scene.pairs(), nil
		}
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
	}
	return nil, errContended
}

// meetingScene is what a meeting finds, as of the newest one.
type meetingScene struct {
	meeting    meetingDoc
	newest     meetingDoc
	again      bool // the shop had tagged the account
	knownBuyer bool // anybody had
	others     []cloudtag.MerchantID
	counts     map[string]int
}

func (s *Store) meetingScene(ctx context.Context, meeting meetingDoc, limit int) (*meetingScene, error) {
	scene := &meetingScene{meeting: meeting}
	var err error
	if scene.newest, err = s.newestMeeting(ctx); err != nil {
		return nil, fmt.Errorf("read the newest meeting: %w", err)
	}
	if err := s.countMeeting(ctx, scene.newest); err != nil {
		return nil, err
	}
	own, err := findAll[meetingDoc](ctx, s, s.meetings,
		bson.D{{Key: "buyer", Value: meeting.Buyer}, {Key: "merchant", Value: meeting.Merchant}})
	if err != nil {
		return nil, fmt.Errorf("look for the meeting: %w", err)
	}
	others, err := findAll[meetingDoc](ctx, s, s.meetings,
		bson.D{{Key: "buyer", Value: meeting.Buyer}, {Key: "merchant", Value: bson.D{{Key: "$ne", Value: meeting.Merchant}}}},
		options.Find().SetSort(sorting(-1, "at", "merchant")).SetLimit(int64(max(1, limit))))
	if err != nil {
		return nil, fmt.Errorf("read the account's meetings: %w", err)
	}
	scene.again = len(own) > 0
	scene.knownBuyer = scene.again || len(others) > 0
	for _, other := range others[:min(len(others), max(0, limit))] {
		scene.others = append(scene.others, cloudtag.MerchantID(other.Merchant))
	}
	scene.counts, err = s.counters(ctx, scene.keys())
	return scene, err
}

// newestMeeting is the end of the chain; before the first, one with number 0.
func (s *Store) newestMeeting(ctx context.Context) (meetingDoc, error) {
	if err := s.usable(ctx); err != nil {
		return meetingDoc{}, err
	}
	var newest meetingDoc
	err := s.meetings.FindOne(ctx, bson.D{}, options.FindOne().SetSort(sorting(-1, "_id"))).Decode(&newest)
	if errors.Is(err, driver.ErrNoDocuments) {
		return meetingDoc{}, nil
	}
	return newest, err
}

// keys are the counters that the scene is about.
func (m *meetingScene) keys() []string {
	keys := []string{m.meeting.Merchant}
	for _, other := range m.others {
		keys = append(keys, string(other), pairID(ordered(cloudtag.MerchantID(m.meeting.Merchant), other)))
	}
	return keys
}

func (s *Store) counters(ctx context.Context, keys []string) (map[string]int, error) {
	docs, err := findByKeys[countDoc](ctx, s, s.meetingCounts, "_id", keys)
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	counts := make(map[string]int, len(docs))
	for _, doc := range docs {
		counts[doc.Key] = doc.Count
	}
	return counts, nil
}

// next is the meeting as it is to be added; the scene's counts become those with it.
func (m *meetingScene) next() meetingDoc {
	next := m.meeting
	next.No, next.Buyers = m.newest.No+1, m.newest.Buyers
	if !m.knownBuyer {
		next.Buyers++
	}
	m.newest.Buyers = next.Buyers
	raise := func(key string) {
		m.counts[key]++
		next.Counts = append(next.Counts, countDoc{Key: key, Count: m.counts[key]})
	}
	raise(next.Merchant)
	for _, other := range m.others {
		raise(pairID(ordered(cloudtag.MerchantID(next.Merchant), other)))
	}
	return next
}

// pairs are the counts of the pairs that the shop forms.
func (m *meetingScene) pairs() []cloudtag.PairCounts {
	pairs := make([]cloudtag.PairCounts, len(m.others))
	for i, other := range m.others {
		a, b := ordered(cloudtag.MerchantID(m.meeting.Merchant), other)
		pairs[i] = cloudtag.PairCounts{
			A: a, B: b, Common: m.counts[pairID(a, b)], BuyersOfA: m.counts[string(a)], BuyersOfB: m.counts[string(b)],
			Buyers: m.newest.Buyers,
		}
	}
	return pairs
}

// addMeeting adds a meeting to the chain and counts it; added is false when another one took the place, or the meeting
// was added by somebody else.
func (s *Store) addMeeting(ctx context.Context, meeting meetingDoc) (added bool, err error) {
	err = s.write(ctx, "add a meeting", func(ctx context.Context) error {
		_, err := s.meetings.InsertOne(ctx, meeting)
		return err
	})
	if driver.IsDuplicateKeyError(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("add a meeting: %w", err)
	}
	ctx, cancel := s.finishing(ctx)
	defer cancel()
	return true, s.countMeeting(ctx, meeting)
}

// countMeeting brings the counters to at least what a meeting makes of them.
func (s *Store) countMeeting(ctx context.Context, meeting meetingDoc) error {
	if len(meeting.Counts) == 0 {
		return nil
	}
	counts := slices.SortedFunc(slices.Values(meeting.Counts), func(a, b countDoc) int { return strings.Compare(a.Key, b.Key) })
	models := make([]driver.WriteModel, len(counts))
	for i, count := range counts {
		models[i] = driver.NewUpdateOneModel().SetFilter(byID(count.Key)).SetUpsert(true).
			SetUpdate(bson.D{{Key: "$max", Value: bson.D{{Key: "n", Value: count.Count}}}})
	}
	err := s.write(ctx, "count a meeting", func(ctx context.Context) error {
		_, err := s.meetingCounts.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		if driver.IsDuplicateKeyError(err) { // somebody else made the same counter: now it is there to be raised
			_, err = s.meetingCounts.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("count a meeting: %w", err)
	}
	err = s.write(ctx, "end the counting of a meeting", func(ctx context.Context) error {
		_, err := s.meetings.UpdateOne(ctx, byID(meeting.No), unset("counts"))
		return err
	})
	if err != nil {
		return fmt.Errorf("end the counting of a meeting: %w", err)
	}
	return nil
}
