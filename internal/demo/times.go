package demo

import "time"

const day = 24 * time.Hour

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
