package mongo

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// serverURI is that of the MongoDB of the tests, with a place for a database's name. Without one the test is skipped,
// and under CI=true it fails.
func serverURI(t testing.TB, database string) string {
	t.Helper()
	uri := os.Getenv("MONGODB_URI")
	switch {
	case uri != "":
	case os.Getenv("CI") == "true":
		t.Fatal("MONGODB_URI is not set: run `export MONGODB_URI=$(scripts/mongo up)` first")
	default:
		t.Skip("no MongoDB: run `export MONGODB_URI=$(scripts/mongo up)` and test again")
	}
	base, query, _ := strings.Cut(uri, "?")
	scheme, rest, _ := strings.Cut(base, "://")
	authority, _, _ := strings.Cut(rest, "/")
	if strings.Contains(authority, "@") && !strings.Contains(query, "authSource=") {
		query = strings.TrimPrefix(query+"&authSource=admin", "&")
	}
	return scheme + "://" + authority + "/" + database + "?" + query
}

// FreshURI is that of a database of this test's own, dropped at its end.
func FreshURI(t testing.TB) string {
	t.Helper()
	name := "test_" + strings.ToLower(token())
	uri := serverURI(t, name)
	t.Cleanup(func() { dropDatabase(t, uri, name) })
	return uri
}

func dropDatabase(t testing.TB, uri, name string) {
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Errorf("connect to drop %s: %v", name, err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := client.Database(name).Drop(ctx); err != nil {
		t.Errorf("drop %s: %v", name, err)
	}
	if err := client.Disconnect(ctx); err != nil {
		t.Errorf("disconnect: %v", err)
	}
}

// openForTest opens a store on a database of the test's own.
func openForTest(t testing.TB, opts Options) *Store {
	t.Helper()
	return openAt(t, FreshURI(t), opts)
}

func openAt(t testing.TB, uri string, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), uri, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}
