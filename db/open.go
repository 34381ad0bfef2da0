package db

import (
	"context"
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
}

// Memory is the URI of a store that is gone with its process: for trying out and for tests of front ends.
const Memory = "memory:"

// Open opens the store that a URI names, creating it where there is none. Known forms: sqlite:PATH, mongodb://…,
// mongodb+srv://… and [Memory].
func Open(ctx context.Context, uri string, options Options) (Store, error) {
	switch {
	case uri == Memory:
		kinds := store.NewCatalogue()
		return store.New(memory.Open(memory.NewData(), memory.Options{Appended: options.Appended}), kinds), nil
	case strings.HasPrefix(uri, sqlitefile.Scheme):
		return sqlite.Open(ctx, uri, sqlite.Options{Log: options.Log, Appended: options.Appended})
	case strings.HasPrefix(uri, mongo.Scheme), strings.HasPrefix(uri, mongo.SchemeSRV):
		return mongo.Open(ctx, uri, mongo.Options{
			Log: options.Log, Appended: options.Appended, Grace: mongo.DefaultGrace,
		})
	default:
		return nil, errUnknownKind(uri)
	}
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
		return fmt.Errorf("%s: its schema has version %d, and this program needs %d: make a backup, then start cloudtag serve, which upgrades it", facts.Place, facts.Schema, facts.Newest)
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
		open := sqlite.Open
		if into {
			open = sqlite.OpenToCopyInto
		}
		return open(ctx, uri, sqlite.Options{Log: log})
	case strings.HasPrefix(uri, mongo.Scheme), strings.HasPrefix(uri, mongo.SchemeSRV):
		// No grace: whatever is unfinished was left behind, since nobody else may be writing.
		return mongo.Open(ctx, uri, mongo.Options{Log: log, Copying: into})
	default:
		return nil, errUnknownKind(uri)
	}
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
