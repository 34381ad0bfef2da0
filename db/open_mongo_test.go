package db_test

import (
	"strings"
	"testing"

	"cloudtag/db"
)

// Both schemes open MongoDB. If it can't be reached, the error names the host but not the password.
func TestOpenMongoDoesNotLeakThePassword(t *testing.T) {
	for _, uri := range []string{
		"mongodb://admin:s3cret@127.0.0.1:1/shop?serverSelectionTimeoutMS=100",
		"mongodb+srv://admin:s3cret@127.0.0.1.invalid/shop",
	} {
		store, err := db.Open(t.Context(), uri, db.Options{})
		if err == nil {
			t.Fatalf("%s: opened, closing says %v", uri, store.Close())
		}
		if text := err.Error(); !strings.Contains(text, "MongoDB at 127.0.0.1") || strings.Contains(text, "s3cret") {
			t.Errorf("%s: message %q", uri, text)
		}
	}
}
