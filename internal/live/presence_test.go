package live

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPresence(t *testing.T) {
	presence := NewPresence[string]()
	at := func(second int) time.Time { return time.Date(2026, 3, 1, 8, 0, second, 0, time.UTC) }
	signalled := func(visit *Visit[string]) bool {
		select {
		case <-visit.Changed():
			return true
		default:
			return false
		}
	}
	ann := presence.Enter("case", "ann", at(1))
	if !signalled(ann) || signalled(ann) {
		t.Error("a new visit is not signalled exactly once")
	}
	elsewhere := presence.Enter("another case", "cleo", at(2))
	if signalled(ann) || !signalled(elsewhere) {
		t.Error("a visit elsewhere notifies here")
	}
	ben := presence.Enter("case", "ben", at(3))
	again := presence.Enter("case", "ann", at(4)) // in a second window
	if !signalled(ann) || !signalled(ben) || signalled(elsewhere) {
		t.Error("an arrival does not notify the viewers, or notifies others")
	}
	want := []Visitor{{"ann", at(1)}, {"ben", at(3)}}
	if diff := cmp.Diff(want, ben.Visitors()); diff != "" {
		t.Errorf("visitors (-want +got):\n%s", diff)
	}
	ann.Leave()
	ann.Leave()
	if !signalled(ben) {
		t.Error("a departure does not notify")
	}
	want = []Visitor{{"ben", at(3)}, {"ann", at(4)}}
	if diff := cmp.Diff(want, ben.Visitors()); diff != "" {
		t.Errorf("visitors after one window is closed (-want +got):\n%s", diff)
	}
	for _, visit := range []*Visit[string]{ben, again, elsewhere} {
		visit.Leave()
	}
	if len(presence.rooms) != 0 {
		t.Errorf("%d rooms are kept for nobody", len(presence.rooms))
	}
}
