package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// storeOr returns the URI, or that of a new file which remove removes.
func storeOr(uri string) (chosen string, remove func(), err error) {
	if uri != "" {
		return uri, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "cloudtag-bench-")
	if err != nil {
		return "", nil, err
	}
	return "sqlite:" + filepath.Join(dir, "bench.db"), func() { _ = os.RemoveAll(dir) }, nil
}

// storeName is what a report calls a store.
func storeName(uri string) string {
	if strings.HasPrefix(uri, "sqlite:") {
		return "sqlite on disk"
	}
	return "MongoDB"
}

// prepare fills a store with the shops and orders of a data set.
func prepare(ctx context.Context, uri string, data dataset) error {
	store, err := openStore(ctx, uri)
	if err != nil {
		return err
	}
	if err := loadOrders(ctx, store, data); err != nil {
		store.Close()
		return err
	}
	return store.Close()
}
