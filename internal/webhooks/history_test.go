package webhooks

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func TestHistoryIsARing(t *testing.T) {
	s := newScene(t)
	admin := person("ops", cloudtag.RoleAdmin)
	endpoint := s.create(admin)
	total := chunkSize*chunkCount + 130
	for n := range total {
		s.tagged("m-1", cloudtag.OrderNo(fmt.Sprint(n)), cloudtag.BuyerID(fmt.Sprint(n)), cloudtag.ActionTagSubmitted, cloudtag.TagAccumulating, 1)
		s.clock.now = s.clock.now.Add(time.Second)
		if n%97 == 0 {
			s.deliver(endpoint)
		}
	}
	s.deliver(endpoint)
	var seqs []int64
	request := cloudtag.PageRequest{}
	for {
		page, count, err := s.endpoints.Deliveries(t.Context(), admin, endpoint.ID, DeliveryFilter{}, request)
		if err != nil || count < HistoryKept || count > chunkSize*chunkCount {
			t.Fatalf("%d kept: %v", count, err)
		}
		for _, delivery := range page.Items {
			seqs = append(seqs, delivery.Seq)
		}
		if !page.HasNextPage {
			break
		}
		request.After = page.Cursors[len(page.Cursors)-1]
	}
	slices.Sort(seqs)
	if last := seqs[len(seqs)-1]; last != int64(total+1) || len(slices.Compact(seqs)) != int(last-seqs[0])+1 {
		t.Errorf("%d of %d kept, from %d to %d", len(seqs), total, seqs[0], last)
	}
}
