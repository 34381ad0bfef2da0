package mongo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"cloudtag/db/dbtest"
	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// The data set of the test: enough that a scan is never the cheapest way.
const (
	planTags  = 40_000
	planShops = 200
)

// mostExamined bounds the documents that the server may examine for a page, if it reports them: a few pages.
const mostExamined = 2_000

// queryLog records the find commands that an engine sends, the first of each shape.
type queryLog struct {
	mu       sync.Mutex
	commands map[string]bson.D
}

func (l *queryLog) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, started *event.CommandStartedEvent) {
		var command bson.D
		if started.CommandName != "find" || bson.Unmarshal(started.Command, &command) != nil {
			return
		}
		if from := command[0].Value; from != "tags" && from != "log" { // the engine maintains its journal meanwhile
			return
		}
		command = slices.DeleteFunc(command, func(e bson.E) bool {
			return strings.HasPrefix(e.Key, "$") || e.Key == "lsid" || e.Key == "readConcern" || e.Key == "maxTimeMS"
		})
		shape := fmt.Sprintf("%v %v %v", command[0].Value, keysOf(command, "filter"), keysOf(command, "sort"))
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.commands[shape] == nil {
			l.commands[shape] = command
		}
	}}
}

func keysOf(command bson.D, part string) (keys []string) {
	for _, e := range command {
		if document, is := e.Value.(bson.D); is && e.Key == part {
			for _, field := range document {
				keys = append(keys, field.Key)
			}
		}
	}
	return keys
}

// take returns what was recorded since the last call.
func (l *queryLog) take() map[string]bson.D {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.commands
	l.commands = make(map[string]bson.D)
	return taken
}

// The server answers the queries of pages over many tags and their entries without scanning a collection.
func TestPagesDoNotScan(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a database")
	}
	queries := &queryLog{commands: make(map[string]bson.D)}
	o := openStore(t, mongotest.FreshURI(t), Options{monitor: queries.monitor()})
	fillTags(t, o)
	queries.take()
	for name, call := range planCalls(o) {
		began := time.Now()
		if err := call(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		took := time.Since(began)
		for shape, command := range queries.take() {
			if fault := faultOf(explainQuery(t, o, command)); fault != "" {
				t.Errorf("%s sends a query that %s:\n%s", name, fault, shape)
			}
		}
		t.Logf("%6.1f ms %s", float64(took.Microseconds())/1000, name)
	}
	none := bson.D{{Key: "find", Value: "tags"}, {Key: "filter", Value: bson.D{{Key: "entityId", Value: "none"}}}}
	if faultOf(explainQuery(t, o, none)) == "" {
		t.Error("a scan is not detected")
	}
}

// planCalls returns pages along the indexes of tags and of the log, from the end and from the middle.
func planCalls(o opened) map[string]func() error {
	calls := make(map[string]func() error)
	middle := cloudtag.Position{Key: dbtest.Start.Add(planTags / 2 * time.Minute).UnixMilli(), ID: "0020000"}
	for _, filter := range []cloudtag.TagFilter{
		{}, {MerchantID: "shop-7"}, {BuyerID: "buyer-77"}, {Statuses: []cloudtag.TagStatus{cloudtag.TagVoided}},
		{MerchantID: "shop-7", Statuses: []cloudtag.TagStatus{cloudtag.TagAccumulating}}, {Scenario: "RETURN_SWAPPED"},
	} {
		for _, order := range []cloudtag.TagOrder{cloudtag.TagsBySubmittedDesc, cloudtag.TagsBySubmittedAsc, cloudtag.TagsByStatusChangedDesc} {
			for place, after := range map[string]*cloudtag.Position{"the end": nil, "the middle": &middle} {
				calls[fmt.Sprintf("tags %+v %s from %s", filter, order, place)] = func() error {
					_, _, err := o.TagPage(context.Background(), filter, order, cloudtag.Slice{Limit: 50, After: after})
					return err
				}
			}
		}
	}
	for _, filter := range []cloudtag.LogFilter{
		{}, {Subject: "buyer:buyer-77"}, {Action: cloudtag.ActionTagSubmitted}, {Actor: "shop-7"},
	} {
		for _, backward := range []bool{false, true} {
			calls[fmt.Sprintf("log %+v backward %t", filter, backward)] = func() error {
				_, _, err := o.LogPage(context.Background(), filter, cloudtag.Slice{Limit: 50, Backward: backward})
				return err
			}
		}
	}
	calls["live cases"] = func() error {
		_, err := o.LiveCasesOf(context.Background(), "shop-7", "", 100)
		return err
	}
	return calls
}

// fillTags stores tags, with an entry each, as commits would have left them.
func fillTags(t *testing.T, o opened) {
	t.Helper()
	const atOnce = 5000
	for first := 0; first < planTags; first += atOnce {
		b := &block{by: "fill"}
		var entries []cloudtag.Entry
		for n := first; n < first+atOnce; n++ {
			c, entry := planTag(t, o, n)
			b.changes, entries = append(b.changes, c), append(entries, entry)
		}
		if err := b.assign(int64(first/atOnce), store.Chain{Seq: int64(first)}, entries); err != nil {
			t.Fatal(err)
		}
		if _, err := o.apply(t.Context(), []*block{b}); err != nil {
			t.Fatal(err)
		}
	}
}

func planTag(t *testing.T, o opened, n int) (change, cloudtag.Entry) {
	t.Helper()
	at := dbtest.Start.Add(time.Duration(n) * time.Minute)
	tag := &cloudtag.Tag{
		OrderNo: cloudtag.OrderNo(fmt.Sprintf("%07d", n)), Scenario: "RETURN_SWAPPED", EntityID: "e",
		MerchantID: cloudtag.MerchantID(fmt.Sprintf("shop-%d", n%planShops)), BuyerID: cloudtag.BuyerID(fmt.Sprintf("buyer-%d", n%(planTags/4))),
		Status: cloudtag.TagStatuses()[n%6], Live: n%6 < 2, SubmittedAt: at, StatusChangedAt: at.Add(time.Hour), Version: 1,
	}
	document, err := o.codec.encode(o.kinds.Tags, tag)
	if err != nil {
		t.Fatal(err)
	}
	after, err := json.Marshal(tag.Status)
	if err != nil {
		t.Fatal(err)
	}
	ref := store.Ref{Kind: o.kinds.Tags, ID: string(tag.OrderNo)}
	return change{ref: ref, record: tag, document: document, fresh: true}, cloudtag.Entry{
		At: at, Actor: string(tag.MerchantID), Action: cloudtag.ActionTagSubmitted, After: after,
		Subjects: []cloudtag.Subject{cloudtag.TagSubject(tag.OrderNo), cloudtag.BuyerSubject(tag.BuyerID)},
	}
}

func explainQuery(t *testing.T, o opened, command bson.D) bson.Raw {
	t.Helper()
	explained, err := o.meta.Database().RunCommand(t.Context(), bson.D{
		{Key: "explain", Value: command}, {Key: "verbosity", Value: "executionStats"},
	}).Raw()
	if err != nil {
		t.Fatalf("explain %v: %v", command, err)
	}
	return explained
}

// faultOf describes what is wrong with a plan; "" if nothing is.
func faultOf(explained bson.Raw) (fault string) {
	walkPlan(explained, func(step bson.Raw) {
		text := func(key string) string {
			value, _ := step.Lookup(key).StringValueOK()
			return value
		}
		if text("stage") == "COLLSCAN" || text("Node Type") == "Seq Scan" {
			fault = "scans a collection"
		}
		if examined, reported := step.Lookup("totalDocsExamined").AsInt64OK(); reported && examined > mostExamined {
			fault = fmt.Sprintf("examines %d documents", examined)
		}
		// DocumentDB: a scan by the index of _id without a condition on it.
		condition := fmt.Sprint(step.Lookup("Index Cond"), step.Lookup("Recheck Cond"))
		if text("Index Name") == "_id_" && !strings.Contains(condition, "object_id") {
			fault = "scans a collection by its _id"
		}
	})
	return fault
}
