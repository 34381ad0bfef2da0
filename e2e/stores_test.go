//go:build e2e

package e2e

import (
	"testing"

	"cloudtag/db/mongo/mongotest"
)

// onEachStore runs a test on the embedded store and on MongoDB, each with a store of its own. Where there is no MongoDB
// that half is skipped; under CI=true it fails.
func onEachStore(t *testing.T, test func(t *testing.T, uri string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newDatabase(t)) })
	t.Run("mongodb", func(t *testing.T) { test(t, mongotest.FreshURI(t)) })
}
