package cloudtag_test

import (
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// A shop sees no handling time that depends on whether the case was queued.
func TestHandledAtForAShop(t *testing.T) {
	submitted := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	at := func(hours int) time.Time { return submitted.Add(time.Duration(hours) * time.Hour) }
	tag := func(status TagStatus, changed, handled time.Time) Tag {
		return Tag{Status: status, SubmittedAt: submitted, StatusChangedAt: changed, HandleBy: at(48), HandledAt: handled}
	}
	never := time.Time{}
	tests := []struct {
		name      string
		tag       Tag
		now       time.Time
		toTheShop time.Time
	}{
		{"kept at once", tag(TagAccumulating, submitted, submitted), at(1), never},
		{"waits in the queue", tag(TagAccumulating, submitted, never), at(1), never},
		{"kept by a reviewer", tag(TagAccumulating, submitted, at(5)), at(47), never},
		{"kept at once, at handleBy", tag(TagAccumulating, submitted, submitted), at(48), at(48)},
		{"waited in the queue, at handleBy", tag(TagAccumulating, submitted, never), at(48), at(48)},
		{"kept by a reviewer, later", tag(TagAccumulating, submitted, at(5)), at(100), at(48)},
		{"missed", tag(TagAccumulating, submitted, at(49)), at(100), at(48)},
		{"succeeded on arrival", tag(TagSucceeded, submitted, submitted), at(1), submitted},
		{"confirmed by a reviewer", tag(TagSucceeded, at(5), at(5)), at(6), at(5)},
		{"kept at once, succeeded with another", tag(TagSucceeded, at(7), submitted), at(8), at(7)},
		{"kept by a reviewer, succeeded with another", tag(TagSucceeded, at(7), at(5)), at(8), at(7)},
		{"succeeded a month later", tag(TagSucceeded, at(720), submitted), at(721), at(48)},
		{"rejected and taken back", tag(TagAccumulating, at(6), never), at(7), never},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.tag.HandledAtFor(shopCaller("A"), test.now); !got.Equal(test.toTheShop) {
				t.Errorf("the shop sees %v, want %v", got, test.toTheShop)
			}
			if got := test.tag.HandledAtFor(person("rev", RoleReviewer), test.now); !got.Equal(test.tag.HandledAt) {
				t.Errorf("a reviewer sees %v, want %v", got, test.tag.HandledAt)
			}
		})
	}
}

func TestGroupByCase(t *testing.T) {
	tag := func(no, buyer string, scenario ScenarioCode) Tag {
		return Tag{OrderNo: OrderNo(no), BuyerID: BuyerID(buyer), Scenario: scenario}
	}
	a, b := Scenarios()[0].Code, Scenarios()[1].Code
	ids, tags := GroupByCase([]Tag{tag("1", "x", b), tag("2", "y", a), tag("3", "x", b), tag("4", "x", a)})
	want := []CaseID{tag("", "x", b).CaseID(), tag("", "y", a).CaseID(), tag("", "x", a).CaseID()}
	if len(ids) != len(want) || len(tags) != len(want) {
		t.Fatalf("cases %v of %v, want %v", ids, tags, want)
	}
	orders := [][]OrderNo{{"1", "3"}, {"2"}, {"4"}}
	for i, id := range want {
		if ids[i] != id {
			t.Errorf("case %d is %v, want %v", i, ids[i], id)
		}
		for j, order := range orders[i] {
			if len(tags[id]) != len(orders[i]) || tags[id][j].OrderNo != order {
				t.Errorf("tags of %v: %v, want the orders %v", id, tags[id], orders[i])
				break
			}
		}
	}
}
