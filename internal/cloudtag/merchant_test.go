package cloudtag_test

import (
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestMerchantCountsAdd(t *testing.T) {
	var counts MerchantCounts
	counts.Add(TagAccumulating, 5)
	counts.Add(TagSucceeded, 3)
	counts.Add(TagSucceeded, -1)
	counts.Add(TagOverturned, 2)
	if want := (MerchantCounts{Tags: 9, Succeeded: 2, Overturned: 2}); counts != want {
		t.Errorf("counts %+v, want %+v", counts, want)
	}
}
