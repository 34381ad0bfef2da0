package cloudtag_test

import (
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// Documents that wait come before all others, whatever their times.
func TestRanksPutWaitingDocumentsFirst(t *testing.T) {
	first, last := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	if ranks := []int64{DueFirst(first), DueFirst(last), LatestFirst(last), LatestFirst(time.Time{})}; !slices.IsSorted(ranks) {
		t.Errorf("out of order: %v", ranks)
	}
}
