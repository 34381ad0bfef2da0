package mongo

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"cloudtag/db/mongo/mongotest"
)

// BenchmarkAppend has two stores append to one log at once, 64 callers each, with changes of two entries of the size
// that a submission's have. One iteration is one change.
func BenchmarkAppend(b *testing.B) {
	uri := mongotest.FreshURI(b)
	stores := make([]*Store, 2)
	for i := range stores {
		stores[i] = openAt(b, uri, Options{})
	}
	var next atomic.Int64
	var callers sync.WaitGroup
	b.ResetTimer()
	for i := range 128 {
		callers.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				if err := stores[i%2].appender.append(context.Background(), []*change{submissionChange(n)}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	callers.Wait()
	b.StopTimer()
	last, err := stores[0].LastSeq(context.Background())
	if err != nil || last != 2*int64(b.N) {
		b.Errorf("the log has %d entries, want %d (%v)", last, 2*b.N, err)
	}
	b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(0, "ns/op")
}

func submissionChange(n int64) *change {
	summary := `{"state":"ACCUMULATING","handling":"HANDLED","votes":1,"threshold":3,"riskLevel":"UNKNOWN","policyVersion":1}`
	after := `{"status":"ACCUMULATING","entityId":"entity-77","live":true,"handled":true,"version":1}`
	id := fmt.Sprintf("RETURN_SWAPPED:buyer-%08d", n)
	return &change{ids: []string{fmt.Sprintf("case/%s/%d", id, n)}, entries: []entryDoc{
		{Actor: "system:engine", Action: "case.opened", Subjects: []string{"case:" + id, "buyer:x"}, After: &summary},
		{
			Actor: "shop-7", Action: "tag.submitted", After: &after,
			Subjects: []string{fmt.Sprintf("tag:%012d", n), "case:" + id, fmt.Sprintf("merchant:%d", n%500), fmt.Sprintf("buyer:%08d", n)},
		},
	}}
}
