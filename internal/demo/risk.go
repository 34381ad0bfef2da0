package demo

import (
	"math"
	"time"

	"cloudtag/internal/cloudtag"
)

// The maximum that each signal adds to a risk score; together 100.
const (
	fewWeight   = 50.0
	faintWeight = 20.0
	newWeight   = 30.0
)

const (
	enoughTrades = 5.0   // positive ratings from which FEW_GOOD_TRADES is 0
	settledDays  = 365.0 // age in days from which NEW_ACCOUNT is 0
	bestRating   = 10.0
)

// praise aggregates an account's positive ratings.
type praise struct {
	count int
	total int
	first time.Time
}

// risks derives each account's risk profile from its positive ratings, in the order in which accounts first occur.
func risks(ratings []rating) []cloudtag.RiskProfile {
	if len(ratings) == 0 {
		return nil
	}
	newest := ratings[len(ratings)-1].at
	praises := make(map[cloudtag.BuyerID]*praise)
	var buyers []cloudtag.BuyerID
	for _, r := range ratings {
		got := praises[r.buyer()]
		if got == nil {
			got = &praise{}
			praises[r.buyer()] = got
			buyers = append(buyers, r.buyer())
		}
		if r.value <= 0 {
			continue
		}
		if got.count == 0 {
			got.first = r.at
		}
		got.count++
		got.total += r.value
	}
	profiles := make([]cloudtag.RiskProfile, len(buyers))
	for i, buyer := range buyers {
		profiles[i] = praises[buyer].profile(buyer, newest)
	}
	return profiles
}

func (p praise) profile(buyer cloudtag.BuyerID, newest time.Time) cloudtag.RiskProfile {
	mean, days := 0.0, 0.0
	if p.count > 0 {
		mean = float64(p.total) / float64(p.count)
		days = newest.Sub(p.first).Hours() / 24
	}
	signals := []cloudtag.RiskSignal{
		{Code: "FEW_GOOD_TRADES", Value: float64(p.count), Weight: fewWeight * max(0, 1-float64(p.count)/enoughTrades)},
		{Code: "FAINT_PRAISE", Value: mean, Weight: faintWeight * (1 - mean/bestRating)},
		{Code: "NEW_ACCOUNT", Value: days, Weight: newWeight * max(0, 1-days/settledDays)},
	}
	score := 0.0
	for i := range signals {
		score += signals[i].Weight
		signals[i].Value, signals[i].Weight = hundredths(signals[i].Value), hundredths(signals[i].Weight)
	}
	return cloudtag.RiskProfile{BuyerID: buyer, Score: int(math.Round(score)), Signals: signals, UpdatedAt: newest}
}

// hundredths rounds to two decimals.
func hundredths(value float64) float64 { return math.Round(value*100) / 100 }
