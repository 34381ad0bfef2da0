package main

import (
	"context"
	"os"
	"strings"
)

// folder returns the given folder, or a temporary one that remove deletes.
func folder(given string) (dir string, remove func(), err error) {
	if given != "" {
		return given, func() {}, nil
	}
	dir, err = os.MkdirTemp("", "cloudtag-bench-")
	return dir, func() { _ = os.RemoveAll(dir) }, err
}

// storeName returns the name of a store in reports.
func storeName(uri string) string {
	if strings.HasPrefix(uri, "sqlite:") {
		return "sqlite on disk"
	}
	return "MongoDB"
}

// prepare stores the shops and orders of a data set in a store.
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
