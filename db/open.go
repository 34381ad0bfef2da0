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

// Options are what every store is told beside the place.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable. It must not block, and only wakes readers. May be nil.
	Appended func()
	// Awaited is told what opening the store waits for when that takes long. May be nil.
	Awaited func(what string)
	// Wrap returns what is put between the store and its engine, to observe it or to let it fail. May be nil.
	Wrap func(store.Engine) store.Engine
}

// Memory is the URI of a store that is gone with its process: for trying out and for tests of front ends.
const Memory = "memory:"

// Open opens the store that a URI names, creating it where there is none. Known forms: sqlite:PATH, mongodb://…,
// mongodb+srv://… and [Memory]. A store that a copy was begun in is refused.
func Open(ctx context.Context, uri string, options Options) (*store.Store, error) {
	return open(ctx, uri, options, false)
}

// open opens a store; one that a copy was begun in only to go on with the copy.
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

// openEngine also says where the data are, without credentials.
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

// OpenExisting opens a store for a command that must not create one: a mistyped URI is an error, and a schema of another
// version is left as it is. The error says what to do.
func OpenExisting(ctx context.Context, uri string, options Options) (*store.Store, error) {
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
func OpenToCopyFrom(ctx context.Context, uri string, log *slog.Logger) (*store.Store, error) {
	if err := checkExisting(ctx, uri); err != nil {
		return nil, err
	}
	return openToCopy(ctx, uri, log, false)
}

// OpenToCopyInto opens a store to copy everything into it, creating it where there is none, also where an earlier copy
// into it was begun.
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
	scheme, _, _ := strings.Cut(uri, ":") // no more: the rest may hold a password
	return fmt.Errorf("database %q: unknown kind of store; expected sqlite:PATH or mongodb://HOST/DATABASE", scheme+":…")
}
