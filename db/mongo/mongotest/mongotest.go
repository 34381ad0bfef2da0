// Package mongotest provides tests with a database of their own on the MongoDB they run on.
//
// What must not live here: anything the product needs, and what a test expects of the store.
package mongotest

import (
	"context"
	"crypto/rand"
	"os"
	"strings"
	"testing"
	"time"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// ServerURI returns the URI of the tests' MongoDB (MONGODB_URI) with a database's name in it. Without one the test is skipped;
// with CI=true it fails.
func ServerURI(t testing.TB, database string) string {
	t.Helper()
	uri := os.Getenv("MONGODB_URI")
	switch {
	case uri != "":
	case os.Getenv("CI") == "true":
		t.Fatal("MONGODB_URI is not set: run `export MONGODB_URI=$(scripts/mongo up)` first")
	default:
		t.Skip("no MongoDB: run `export MONGODB_URI=$(scripts/mongo up)` and test again")
	}
	return WithDatabase(uri, database)
}

// WithDatabase returns the URI of a server with a database's name in it. Users are authenticated by the database "admin", the
// default without a name, unless the URI names another one.
func WithDatabase(uri, database string) string {
	base, query, _ := strings.Cut(uri, "?")
	scheme, rest, _ := strings.Cut(base, "://")
	authority, _, _ := strings.Cut(rest, "/")
	if strings.Contains(authority, "@") && !strings.Contains(query, "authSource=") {
		query = strings.TrimPrefix(query+"&authSource=admin", "&")
	}
	return scheme + "://" + authority + "/" + database + "?" + query
}

// FreshURI returns the URI of a new database, which is dropped when the test ends.
func FreshURI(t testing.TB) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text()[:16])
	uri := ServerURI(t, name)
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
