package mongo_test

import (
	"context"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/goleak"

	"cloudtag/db/dbtest"
	store "cloudtag/db/mongo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serverURI is that of the MongoDB of the tests, without a database. Without one the test is skipped, and under
// CI=true it fails.
func serverURI(t testing.TB) string {
	t.Helper()
	uri := os.Getenv("MONGODB_URI")
	switch {
	case uri != "":
		return uri
	case os.Getenv("CI") == "true":
		t.Fatal("MONGODB_URI is not set: run `export MONGODB_URI=$(scripts/mongo up)` first")
	default:
		t.Skip("no MongoDB: run `export MONGODB_URI=$(scripts/mongo up)` and test again")
	}
	return ""
}

var databases atomic.Int64

// freshURI is that of a database of this test's own, dropped at its end.
func freshURI(t testing.TB) string {
	t.Helper()
	uri := serverURI(t)
	name := "test_" + time.Now().UTC().Format("150405_000000")[:6] + "_" + strings.ToLower(store.Token())
	base, query, _ := strings.Cut(uri, "?")
	scheme, rest, _ := strings.Cut(base, "://")
	authority, _, _ := strings.Cut(rest, "/")
	t.Cleanup(func() { dropDatabase(t, uri, name) })
	databases.Add(1)
	fresh := scheme + "://" + authority + "/" + name
	if !strings.Contains(query, "authSource=") && strings.Contains(authority, "@") {
		query = strings.TrimPrefix(query+"&authSource=admin", "&")
	}
	if query != "" {
		fresh += "?" + query
	}
	return fresh
}

func dropDatabase(t testing.TB, uri, name string) {
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Errorf("connect to drop %s: %v", name, err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := client.Database(name).Drop(ctx); err != nil {
		t.Errorf("drop %s: %v", name, err)
	}
	if err := client.Disconnect(ctx); err != nil {
		t.Errorf("disconnect: %v", err)
	}
}

// factory opens stores on the database of one test.
type factory struct{ uri string }

func newFactory(t testing.TB) dbtest.Factory { return factory{freshURI(t)} }

func (f factory) Open(t testing.TB, opts dbtest.Options) dbtest.Store {
	t.Helper()
	opened, err := store.Open(t.Context(), f.uri, store.Options{Fault: armed(opts.Fault), Appended: opts.Appended})
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	return opened
}

// armed leaves out the writes of opening and of pinging, which are no part of any call.
func armed(fault func(step string) error) func(step string) error { return fault }

func TestSuite(t *testing.T) {
	serverURI(t)
	dbtest.Run(t, newFactory)
}
