package sqlite

import (
	"path/filepath"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// Caches of one process are invalidated by writes of another.
func TestReadCacheSeesWritesOfOtherProcesses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloudtag.db")
	one, other := openAt(t, file, Options{}), openAt(t, file, Options{})
	put := func(s *opened, name string) {
		t.Helper()
		shops := []cloudtag.Merchant{{ID: "a", Name: name, Permission: cloudtag.PermissionActive}}
		_, err := s.PutMerchants(t.Context(), shops, func(*cloudtag.Merchant, cloudtag.Merchant) cloudtag.Entry { return cloudtag.Entry{} })
		if err != nil {
			t.Fatal(err)
		}
	}
	check := func(want string) {
		t.Helper()
		for name, s := range map[string]*opened{"one": one, "other": other} {
			for range 2 { // from the file, and from the cache
				shops, err := s.Merchants(t.Context(), []cloudtag.MerchantID{"a", "none"})
				if err != nil {
					t.Fatal(err)
				}
				if _, known := shops["none"]; known || shops["a"].Name != want {
					t.Errorf("%s: %+v, want %q", name, shops, want)
				}
			}
		}
	}
	check("")
	put(one, "first")
	check("first")
	put(other, "second")
	check("second")
	put(one, "third")
	put(other, "fourth")
	check("fourth")
}

func TestReadCacheIgnoresOlderVersions(t *testing.T) {
	s := openStore(t, Options{})
	kind := s.kinds.Merchants
	cache := newReadCache()
	refs := []store.Ref{{Kind: kind, ID: "a"}}
	cache.put(2, refs, nil)
	cache.put(1, refs, map[store.Ref]any{refs[0]: "old"})
	for version, want := range map[int64]bool{1: false, 2: true, 3: false} {
		found, all := cache.get(version, refs)
		if all != want || len(found) != 0 {
			t.Errorf("version %d: %v, %v", version, found, all)
		}
	}
}
