package mongo

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/store"
)

// A stream without events for several times the timeout of other calls is not reopened. The durations are those of
// production divided by some hundred.
func TestQuietStreamStaysOpen(t *testing.T) {
	const silentAnswers, each = 40, 10 * time.Millisecond // four times the timeout
	var opened, silent atomic.Int64
	enough := make(chan struct{})
	address := mongotest.ServeWire(t, func(command string) bson.D {
		cursor := bson.D{{Key: "id", Value: int64(7)}, {Key: "ns", Value: "shop.log"}, {Key: "firstBatch", Value: bson.A{}}}
		switch command {
		case "hello", "isMaster", "ismaster":
			return mongotest.Primary(21)
		case "aggregate":
			opened.Add(1)
		case "getMore":
			<-time.After(each)
			if silent.Add(1) == silentAnswers {
				close(enough)
			}
			cursor[2].Key = "nextBatch"
		default:
			return bson.D{{Key: "ok", Value: 1}}
		}
		return bson.D{{Key: "ok", Value: 1}, {Key: "cursor", Value: cursor}}
	})
	e, err := connect("mongodb://"+address+"/shop?timeoutMS=100", store.NewCatalogue(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		followStream(ctx, logStreams{e.entries}, func() {}, slog.New(slog.DiscardHandler))
	}()
	select {
	case <-enough:
	case <-time.After(30 * time.Second):
		t.Error("the stream is not followed")
	}
	if got := opened.Load(); got != 1 {
		t.Errorf("the stream was opened %d times", got)
	}
	cancel()
	<-ended
	if err := e.disconnect(); err != nil {
		t.Error(err)
	}
}
