package db

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"cloudtag/db/mongo"
	"cloudtag/db/sqlite"
	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/copying"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
)

// Store is everything that the services of the domain need of a store, and its life.
type Store interface {
	cloudtag.Ledger
	cloudtag.Recoverer
	cloudtag.BatchReader
	cloudtag.TagReader
	cloudtag.CaseReader
	cloudtag.MerchantStore
	cloudtag.OrderStore
	cloudtag.RiskStore
	cloudtag.PolicyStore
	cloudtag.LogReader
	cloudtag.DocumentStore

	// Ping reports whether the store answers.
	Ping(ctx context.Context) error
	// Close finishes what was begun and gives the store up.
	Close() error
}

// Options are what every store is told beside the place.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable. It must not block, and only wakes readers. May be nil.
	Appended func()
	// Awaited is told what opening the store waits for when that takes long. May be nil.
	Awaited func(what string)
}

// Memory is the URI of a store that is gone with its process: for trying out and for tests of front ends.
const Memory = "memory:"

// Open opens the store that a URI names, creating it where there is none. Known forms: sqlite:PATH, mongodb://…,
// mongodb+srv://… and [Memory].
func Open(ctx context.Context, uri string, options Options) (Store, error) {
	switch {
	case uri == Memory:
		return store.New(memory.Open(memory.NewData(), memory.Options{Appended: options.Appended}), store.NewCatalogue()), nil
	case strings.HasPrefix(uri, sqlitefile.Scheme):
		return openSQLite(ctx, uri, sqlite.Options{Log: options.Log, Appended: options.Appended}, false)
	case strings.HasPrefix(uri, mongo.Scheme), strings.HasPrefix(uri, mongo.SchemeSRV):
		return openMongo(ctx, uri, mongo.Options{Log: options.Log, Appended: options.Appended, Awaited: options.Awaited}, false)
	default:
		return nil, errUnknownKind(uri)
	}
}

// openSQLite opens a store in a file; one that a copy was begun in only to go on with the copy.
func openSQLite(ctx context.Context, uri string, options sqlite.Options, copying bool) (*store.Store, error) {
	kinds := store.NewCatalogue()
	engine, err := sqlite.Open(ctx, uri, kinds, options)
	if err != nil {
		return nil, err
	}
	opened := store.New(engine, kinds)
	if copying {
		return opened, nil
	}
	if err := opened.CheckCopied(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", uri, err), opened.Close())
	}
	return opened, nil
}

// OpenExisting opens a store for a command that must not create one: a mistyped URI is an error, and a schema of another
// version is left as it is. The error says what to do.
func OpenExisting(ctx context.Context, uri string, options Options) (Store, error) {
	if err := checkExisting(ctx, uri); err != nil {
		return nil, err
	}
	return Open(ctx, uri, options)
}

// checkExisting returns why a store can't be opened without creating or changing it.
func checkExisting(ctx context.Context, uri string) error {
	facts, err := Inspect(ctx, uri, false)
	switch {
	case err != nil:
		return err
	case !facts.Found:
		return fmt.Errorf("%s: there is no store; check the URI (cloudtag serve and cloudtag import create one)", facts.Place)
	case facts.Schema < facts.Newest:
		return fmt.Errorf("%s: its schema has version %d, and this program needs %d: make a backup, then start cloudtag serve, which upgrades it or says why it can't", facts.Place, facts.Schema, facts.Newest)
	case facts.Schema > facts.Newest:
		return fmt.Errorf("%s: its schema has version %d, and this program knows versions up to %d: use a newer cloudtag", facts.Place, facts.Schema, facts.Newest)
	case len(facts.Missing) > 0:
		return fmt.Errorf("%s: missing %s: see cloudtag doctor", facts.Place, strings.Join(facts.Missing, ", "))
	default:
		return nil
	}
}

// OpenToCopyFrom opens a store to copy everything of it. There must be one, and whole: neither is a store created that a
// mistyped URI names, nor a copy taken of one that has not ended.
func OpenToCopyFrom(ctx context.Context, uri string, log *slog.Logger) (CopyStore, error) {
	if err := checkExisting(ctx, uri); err != nil {
		return nil, err
	}
	return openToCopy(ctx, uri, log, false)
}

// OpenToCopyInto opens a store to copy everything into it, creating it where there is none, also where an earlier copy
// into it was begun.
func OpenToCopyInto(ctx context.Context, uri string, log *slog.Logger) (CopyStore, error) {
	return openToCopy(ctx, uri, log, true)
}

func openToCopy(ctx context.Context, uri string, log *slog.Logger, into bool) (CopyStore, error) {
	switch {
	case strings.HasPrefix(uri, sqlitefile.Scheme):
		return openSQLite(ctx, uri, sqlite.Options{Log: log}, into)
	case strings.HasPrefix(uri, mongo.Scheme), strings.HasPrefix(uri, mongo.SchemeSRV):
		return openMongo(ctx, uri, mongo.Options{Log: log}, into)
	default:
		return nil, errUnknownKind(uri)
	}
}

// openMongo opens a store in MongoDB. One that a copy was begun in opens for that copy alone.
func openMongo(ctx context.Context, uri string, options mongo.Options, copying bool) (*store.Store, error) {
	kinds := store.NewCatalogue()
	engine, err := mongo.Open(ctx, uri, kinds, options)
	if err != nil {
		return nil, err
	}
	opened := store.New(engine, kinds)
	if copying {
		return opened, nil
	}
	if err := opened.CheckCopied(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", engine.Place(), err), opened.Close())
	}
	return opened, nil
}

// CopyStore is a store as a copy needs it.
type CopyStore interface {
	copying.Target
	cloudtag.Recoverer
	Close() error
}

func errUnknownKind(uri string) error {
	scheme, _, _ := strings.Cut(uri, ":") // no more: the rest may hold a password
	return fmt.Errorf("database %q: unknown kind of store; expected sqlite:PATH or mongodb://HOST/DATABASE", scheme+":…")
}
