package demo

import (
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
)

const day = 24 * time.Hour

// How many of the tags are submitted live, and within what time before the load. Both are chosen so that the queue has
// cases of every urgency, the first of them due two hours after the load.
const (
	liveTags   = 400
	liveWithin = 46 * time.Hour
)

// placedBefore is how long before the end of the market's newest day the last of the live tags' orders was placed. It puts
// two to three days between each such order and its tag.
const placedBefore = 2 * day

// ShiftTo returns the whole number of days that moves the market's newest tag or rating to the day before a time.
func (m Market) ShiftTo(now time.Time) time.Duration {
	newest := m.Orders[len(m.Orders)-1].PlacedAt.Add(ratedAfter)
	return now.UTC().Truncate(day).Add(-day).Sub(newest.Truncate(day))
}

// Shift adds a duration to every time of the market.
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

// TakeLive removes the newest tags from the market and returns them, to be submitted just before now: in the same order
// and with proportional gaps, but compressed into the time the platform has to handle a tag. Their orders are moved
// along, relative to the market's newest day instead of now, so that a load that resumes later has the same orders.
func (m *Market) TakeLive(now time.Time) []importing.PastTag {
	places := make(map[cloudtag.OrderNo]int, len(m.Orders))
	for i, order := range m.Orders {
		places[order.OrderNo] = i
	}
	lastPlaced := m.Risks[0].UpdatedAt.Truncate(day).Add(day - placedBefore)
	cut := len(m.Tags) - liveTags
	live := append([]importing.PastTag(nil), m.Tags[cut:]...)
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

// ringMovedBy is how far MoveRing moves: from 28 March and 15 August 2013 to 150 and 10 days before the file's newest day.
const ringMovedBy = 883 * day

// MoveRing moves the orders and tags of the ring into the last months of the market, since votes count for 180 days, and links
// of shops are shown for as long.
func (m *Market) MoveRing() {
	moved := make(map[cloudtag.OrderNo]bool)
	for i, order := range m.Orders {
		if inRing(order.MerchantID) {
			m.Orders[i].PlacedAt = order.PlacedAt.Add(ringMovedBy)
			moved[order.OrderNo] = true
		}
	}
	for i, merchant := range m.Merchants {
		if inRing(merchant.ID) {
			m.Merchants[i].CreatedAt = merchant.CreatedAt.Add(ringMovedBy)
		}
	}
	for i, tag := range m.Tags {
		if moved[tag.OrderNo] {
			m.Tags[i].SubmittedAt = tag.SubmittedAt.Add(ringMovedBy)
		}
	}
	slices.SortStableFunc(m.Tags, func(a, b importing.PastTag) int { return a.SubmittedAt.Compare(b.SubmittedAt) })
}
