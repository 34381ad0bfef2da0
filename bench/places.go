package main

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"

	"cloudtag/db/mongo/baseline"
	"cloudtag/db/mongo/mongotest"
)

// place is a kind of store to measure, with the sizes to measure it at.
type place struct {
	submit   int   // tags to submit
	sizes    []int // of the stores whose pages are measured, in tags
	requests int   // of each page
	// uri returns the URI of the store with a name. end deletes the stores.
	uri func(name string) string
	// bare opens the store with a name with the driver alone; nil if there is no baseline.
	bare func(ctx context.Context, name string) (*baseline.Database, error)
	end  func() error
}

// withBare opens the baseline of the store with a name, nil if there is none, for the duration of a call.
func (p *place) withBare(ctx context.Context, name string, use func(*baseline.Database) error) error {
	if p.bare == nil {
		return use(nil)
	}
	database, err := p.bare(ctx, name)
	if err != nil {
		return err
	}
	return errors.Join(use(database), database.Close(context.WithoutCancel(ctx)))
}

// sqlitePlace has its stores in a folder.
func (o options) sqlitePlace() (*place, error) {
	dir, remove, err := folder(o.Dir)
	if err != nil {
		return nil, err
	}
	return &place{
		submit: orElse(o.Submit, 200_000), sizes: sizesOrElse(o.Sizes, 10_000, 100_000, 1_000_000), requests: orElse(o.Requests, 400),
		uri: func(name string) string { return "sqlite:" + filepath.Join(dir, name+".db") },
		end: func() error { remove(); return nil },
	}, nil
}

// mongoPlace has its stores in databases with unique names. Its sizes take the tests' server, with some thousand writes a
// second, some minutes.
func (o options) mongoPlace(ctx context.Context) *place {
	prefix := "bench_" + strings.ToLower(rand.Text()[:8]) + "_"
	names := map[string]bool{}
	uri := func(name string) string {
		names[name] = true
		return mongotest.WithDatabase(o.MongoDB, prefix+name)
	}
	bare := func(ctx context.Context, name string) (*baseline.Database, error) {
		return baseline.Open(ctx, uri(name))
	}
	return &place{
		submit: orElse(o.Submit, 10_000), sizes: sizesOrElse(o.Sizes, 10_000, 40_000), requests: orElse(o.Requests, 100),
		uri: uri, bare: bare,
		end: func() error {
			ctx := context.WithoutCancel(ctx)
			var failures []error
			for name := range names {
				database, err := bare(ctx, name)
				if err == nil {
					err = errors.Join(database.Drop(ctx), database.Close(ctx))
				}
				failures = append(failures, err)
			}
			return errors.Join(failures...)
		},
	}
}

func orElse(given, usual int) int {
	if given > 0 {
		return given
	}
	return usual
}

func sizesOrElse(given []int, usual ...int) []int {
	if len(given) > 0 {
		return given
	}
	return usual
}
