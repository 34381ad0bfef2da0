package demo

import (
	"time"

	"cloudtag/internal/cloudtag"
)

const day = 24 * time.Hour

// What of the market is submitted live, and within which time before the load. Both are chosen so that the queue has
// cases of every urgency, the first of them due two hours after the load.
const (
	liveTags   = 400
	liveWithin = 46 * time.Hour
)

// How long before the day of the load the last of the live tags' orders was placed. It makes the time from each such
// order to its tag two to three days.
const placedBefore = 2 * day

// ShiftTo returns the whole number of days that moves the market's newest tag or rating to the day before a time.
func (m Market) ShiftTo(now time.Time) time.Duration {
	newest := m.Orders[len(m.Orders)-1].PlacedAt.Add(ratedAfter)
	return now.UTC().Truncate(day).Add(-day).Sub(newest.Truncate(day))
}

// Shift moves every time of the market.
func (m Market) Shift(by time.Duration) {
	for i := range m.Merchants {
		m.Merchants[i].CreatedAt = m.Merchants[i].CreatedAt.Add(by)
	}
	for i := range m.Orders {
		m.Orders[i].PlacedAt = m.Orders[i].PlacedAt.Add(by)
	}
	for i := range m.Risks {
		m.Risks[i].UpdatedAt = m.Risks[i].UpdatedAt.Add(by)
	}
	for i := range m.Tags {
		m.Tags[i].SubmittedAt = m.Tags[i].SubmittedAt.Add(by)
	}
}

// TakeLive takes the newest tags out of the market and returns them for submission at times just before now: in the
// same order and with gaps of the same proportion, but within the hours that the platform has for handling a tag. Their
// orders move along, by the market's newest day and not by now, so that a load that goes on later has the same orders.
func (m *Market) TakeLive(now time.Time) []cloudtag.PastTag {
	places := make(map[cloudtag.OrderNo]int, len(m.Orders))
	for i, order := range m.Orders {
		places[order.OrderNo] = i
	}
	lastPlaced := m.Risks[0].UpdatedAt.Truncate(day).Add(day - placedBefore)
	cut := len(m.Tags) - liveTags
	live := append([]cloudtag.PastTag(nil), m.Tags[cut:]...)
	m.Tags = m.Tags[:cut]
	first, last := live[0].SubmittedAt, live[len(live)-1].SubmittedAt
	scale := float64(liveWithin) / float64(last.Sub(first))
	for i, tag := range live {
		before := time.Duration(float64(last.Sub(tag.SubmittedAt)) * scale)
		live[i].SubmittedAt = now.Add(-before).UTC().Truncate(time.Millisecond)
		m.Orders[places[tag.OrderNo]].PlacedAt = lastPlaced.Add(-before).Truncate(time.Second)
	}
	return live
}
