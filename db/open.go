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
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
)

// Options configure a store.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable. It must not block; it only wakes readers. May be nil.
	Appended func()
	// Awaited is called with what opening the store waits for, if that takes long. May be nil.
	Awaited func(what string)
	// Wrap returns a decorator of the engine, for metrics or injected faults. May be nil.
	Wrap func(store.Engine) store.Engine
}

// Memory is the URI of a store that lives only as long as its process, for trials and front-end tests.
const Memory = "memory:"

// Open opens the store that a URI names, creating it if it does not exist. Supported are sqlite:PATH, mongodb://…,
// mongodb+srv://… and [Memory]. A store with an incomplete copy is rejected.
func Open(ctx context.Context, uri string, options Options) (*store.Store, error) {
	return open(ctx, uri, options, false)
}

// open opens a store; one with an incomplete copy only to continue the copy.
func open(ctx context.Context, uri string, options Options, copying bool) (*store.Store, error) {
	kinds := store.NewCatalogue()
	engine, place, err := openEngine(ctx, uri, kinds, options)
	if err != nil {
		return nil, err
	}
	if options.Wrap != nil {
		engine = options.Wrap(engine)
	}
	opened := store.New(engine, kinds)
	if copying {
		return opened, nil
	}
	if err := opened.CheckCopied(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", place, err), opened.Close())
	}
	return opened, nil
}

// openEngine also returns the location of the data, without credentials.
func openEngine(ctx context.Context, uri string, kinds *store.Catalogue, options Options) (engine store.Engine, place string, err error) {
	switch {
	case uri == Memory:
		return memory.Open(memory.NewData(), memory.Options{Appended: options.Appended}), uri, nil
	case strings.HasPrefix(uri, sqlitefile.Scheme):
		engine, err = sqlite.Open(ctx, uri, kinds, sqlite.Options{Log: options.Log, Appended: options.Appended})
		return engine, uri, err
	case strings.HasPrefix(uri, mongo.Scheme), strings.HasPrefix(uri, mongo.SchemeSRV):
		opened, err := mongo.Open(ctx, uri, kinds, mongo.Options{Log: options.Log, Appended: options.Appended, Awaited: options.Awaited})
		if err != nil {
			return nil, "", err
		}
		return opened, opened.Place(), nil
	default:
		return nil, "", errUnknownKind(uri)
	}
}

// OpenExisting opens a store for a command that must not create or migrate one: a mistyped URI and a schema of another
// version are errors, which say what to do.
func OpenExisting(ctx context.Context, uri string, options Options) (*store.Store, error) {
	if err := checkExisting(ctx, uri); err != nil {
		return nil, err
	}
	return Open(ctx, uri, options)
}

// checkExisting returns why a store can't be opened without creating or migrating it.
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

// OpenToCopyFrom opens an existing store as the source of a copy. A store that is itself an incomplete copy is rejected.
func OpenToCopyFrom(ctx context.Context, uri string, log *slog.Logger) (*store.Store, error) {
	if err := checkExisting(ctx, uri); err != nil {
		return nil, err
	}
	return openToCopy(ctx, uri, log, false)
}

// OpenToCopyInto opens a store as the target of a copy, which may be incomplete, creating it if it does not exist.
func OpenToCopyInto(ctx context.Context, uri string, log *slog.Logger) (*store.Store, error) {
	return openToCopy(ctx, uri, log, true)
}

func openToCopy(ctx context.Context, uri string, log *slog.Logger, into bool) (*store.Store, error) {
	if uri == Memory {
		return nil, errUnknownKind(uri)
	}
	return open(ctx, uri, Options{Log: log}, into)
}

func errUnknownKind(uri string) error {
	scheme, _, _ := strings.Cut(uri, ":") // the rest may contain a password
	return fmt.Errorf("database %q: unknown kind of store; expected sqlite:PATH or mongodb://HOST/DATABASE", scheme+":…")
}
