package cloudtag_test

import (
	"fmt"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestBursts(t *testing.T) {
	tests := []struct {
		name      string
		threshold int
		at        []time.Duration
		entities  int // 0: no burst
	}{
		{"two of three within exactly an hour", 3, []time.Duration{0, time.Hour}, 2},
		{"a millisecond more", 3, []time.Duration{0, time.Hour + time.Millisecond}, 0},
		{"two of four are half, not most", 4, []time.Duration{0, time.Minute}, 0},
		{"three of four", 4, []time.Duration{0, 50 * time.Minute, time.Hour}, 3},
		{"the group in the middle", 3, []time.Duration{0, day, day + time.Minute, 2 * day}, 2},
		{"one vote is no burst", 2, []time.Duration{0}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var live []Tag
			for i, at := range test.at {
				live = append(live, Tag{EntityID: EntityID(fmt.Sprint(i)), SubmittedAt: start.Add(at)})
			}
			got := FindBurst(live, test.threshold)
			if (got == nil) != (test.entities == 0) || got != nil && got.Entities != test.entities {
				t.Errorf("%+v", got)
			}
		})
	}
}
