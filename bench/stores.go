package main

import (
	"context"
	"os"
	"strings"
)

// folder returns the folder, or for none a new one, which remove removes.
func folder(given string) (dir string, remove func(), err error) {
	if given != "" {
		return given, func() {}, nil
	}
	dir, err = os.MkdirTemp("", "cloudtag-bench-")
	return dir, func() { _ = os.RemoveAll(dir) }, err
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
