package cloudtag_test

import (
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestALinkDecaysWithTime(t *testing.T) {
	for _, test := range []struct {
		after time.Duration
		holds bool
	}{{0, true}, {180*day - time.Millisecond, true}, {180 * day, false}} {
		if got := LinkHolds(start, start.Add(test.after)); got != test.holds {
			t.Errorf("after %s: %t", test.after, got)
		}
	}
	if LinkHolds(time.Time{}, start) {
		t.Error("a pair that was never linked")
	}
}

func TestThePolicysSwitchesDecideWhatALinkedPairMeans(t *testing.T) {
	tests := []struct {
		name   string
		set    func(*Policy)
		votes  int
		status TagStatus
		held   bool
	}{
		{"off", func(*Policy) {}, 3, TagSucceeded, false},
		{"count once", func(p *Policy) { p.LinkedPairsCountOnce = true }, 2, TagAccumulating, false},
		{"hold", func(p *Policy) { p.HoldLinkedPairs = true }, 3, TagAccumulating, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := newCaseScript(t)
			test.set(&script.policy)
			script.records = linkedShops("A", "B", start)
			script.tag("A", start)
			script.tag("B", start.Add(2*time.Hour))
			last := script.tag("C", start.Add(4*time.Hour))
			c := script.stored
			if c.Votes != test.votes || script.tags[last].Status != test.status || (len(c.Holds) > 0) != test.held {
				t.Errorf("%d votes, %s, holds %v", c.Votes, script.tags[last].Status, c.Holds)
			}
			if test.status == TagAccumulating && c.Handling != HandlingPending {
				t.Errorf("the case is %s", c.Handling)
			}
		})
	}
}
