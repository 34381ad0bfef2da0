package cloudtag

import (
	"math"
	"time"
)

// TagShare is how many of its orders a shop tags: of those that were placed after a time, whatever became of the tags. Both
// numbers are of the same orders, so that the share is 1 at most.
type TagShare struct {
	Since          time.Time
	Orders, Tagged int
}

// Days is over how many days the orders were counted, as of a time: 180, or fewer for a shop with very many orders.
func (s TagShare) Days(now time.Time) int {
	return max(1, int(math.Round(now.Sub(s.Since).Hours()/24)))
}
