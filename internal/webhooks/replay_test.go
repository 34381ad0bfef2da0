package webhooks

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func TestReplay(t *testing.T) {
	s := newScene(t)
	admin := person("ops", cloudtag.RoleAdmin)
	endpoint := s.create(admin)
	for n := range 3 {
		s.clock.now = start.Add(time.Duration(n) * time.Hour)
		s.tagged("m-1", cloudtag.OrderNo(fmt.Sprint(n)), "b", cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1) // 2, 3, 4
	}
	s.deliver(endpoint)
	before := s.receiver.accepted
	if from, err := s.endpoints.Replay(t.Context(), admin, endpoint.ID, Since{Time: start.Add(time.Minute)}); err != nil || from != 3 {
		t.Fatalf("from %d, %v", from, err)
	}
	s.deliver(endpoint)
	if got := s.receiver.seqs(t); !slices.Equal(got, []int64{2, 3, 4, 3, 4}) {
		t.Fatalf("delivered %v", got)
	}
	again := s.receiver.accepted[len(before):]
	if again[0].ID != before[1].ID || !bytes.Equal(again[0].Body, before[1].Body) {
		t.Errorf("a replay sent %+v, before %+v", again[0], before[1])
	}
	for name, since := range map[string]Since{"nothing": {}, "both": {Seq: 1, Time: start}, "below": {Seq: -1}} {
		if _, err := s.endpoints.Replay(t.Context(), admin, endpoint.ID, since); cloudtag.CodeOf(err) != cloudtag.CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	own := s.create(merchantCaller("m-1"))
	if _, err := s.endpoints.Replay(t.Context(), merchantCaller("m-1"), own.ID, Since{Seq: 1}); cloudtag.CodeOf(err) != cloudtag.CodeForbidden {
		t.Errorf("a shop replays by number: %v", err)
	}
	if _, err := s.endpoints.Replay(t.Context(), merchantCaller("m-1"), own.ID, Since{Time: start}); err != nil {
		t.Errorf("a shop replays by time: %v", err)
	}
	s.receiver.accepted = nil
	if s.deliver(own); len(s.receiver.accepted) != 3 {
		t.Errorf("the shop got %d events again", len(s.receiver.accepted))
	}
}
