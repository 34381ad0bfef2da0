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
// same order and with gaps of the same proportion, but within the hours that the platform has for handling a tag.
func (m *Market) TakeLive(now time.Time) []cloudtag.PastTag {
	cut := len(m.Tags) - liveTags
	live := append([]cloudtag.PastTag(nil), m.Tags[cut:]...)
	m.Tags = m.Tags[:cut]
	first, last := live[0].SubmittedAt, live[len(live)-1].SubmittedAt
	scale := float64(liveWithin) / float64(last.Sub(first))
	for i, tag := range live {
		before := time.Duration(float64(last.Sub(tag.SubmittedAt)) * scale)
		live[i].SubmittedAt = now.Add(-before).UTC().Truncate(time.Millisecond)
	}
	return live
}
