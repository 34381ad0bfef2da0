package mongo

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"cloudtag/internal/store"
)

// The limits of the driver's waiting: for a server that can take a call, which outlives an election (10 to 15 seconds), and
// for one call as a whole, which leaves time for the driver's own second attempt.
const (
	selectionTimeout = 20 * time.Second
	callTimeout      = 30 * time.Second
	connectTimeout   = 5 * time.Second
)

// Engine implements [store.Engine]. It is safe for concurrent use, here and on other machines.
type Engine struct {
	options Options
	log     *slog.Logger
	client  *driver.Client
	place   location
	codec   codec
	kinds   []*store.Kind

	records                map[*store.Kind]*driver.Collection
	journal, entries, meta *driver.Collection

	mortal   *mortal
	progress progress
	commits  *committer
	applies  *applier
	windows  *windows // nil where the server sorts by an index

	closed  atomic.Bool
	stop    context.CancelFunc // ends what runs in the background
	running sync.WaitGroup
	once    sync.Once
	ended   error
}

var _ store.Engine = (*Engine)(nil)

// Open opens the engine that a URI names (mongodb://HOST:PORT/DATABASE, or mongodb+srv://…; the database is "cloudtag" where
// none is named) for the kinds of a catalogue, and brings collections, indexes and validators up to date. It fails with a
// sentence that names the hosts and never the credentials.
func Open(ctx context.Context, uri string, kinds *store.Catalogue, opts Options) (*Engine, error) {
	e, err := connect(uri, kinds, opts)
	if err != nil {
		return nil, err
	}
	streams, err := e.start(ctx)
	if err != nil {
		return nil, errors.Join(err, e.disconnect()) //nolint:contextcheck // even when the caller has given up
	}
	e.run(streams) //nolint:contextcheck // it ends with Close, not with the caller
	return e, nil
}

// connect makes an engine that nothing was asked of yet.
func connect(uri string, kinds *store.Catalogue, opts Options) (*Engine, error) {
	opts = opts.withDefaults()
	place, err := locate(uri)
	if err != nil {
		return nil, startError(place, "the address can't be read", err)
	}
	client, err := driver.Connect(place.clientOptions(opts))
	if err != nil {
		return nil, startError(place, "the address can't be used", err)
	}
	database := client.Database(place.database, options.Database().
		SetWriteConcern(writeconcern.Majority()).
		SetReadPreference(readpref.Primary()).
		SetReadConcern(readconcern.Local()))
	// What was committed, or shown to a reader of the log, must never be taken back by a change of the primary.
	lasting := options.Collection().SetReadConcern(readconcern.Majority())
	e := &Engine{
		options: opts, log: opts.Log, client: client, place: place, codec: newCodec(), kinds: kinds.Kinds(),
		records: make(map[*store.Kind]*driver.Collection),
		journal: database.Collection("journal", lasting), entries: database.Collection("log", lasting), meta: database.Collection("meta"),
		mortal: &mortal{fault: opts.Fault},
	}
	for _, kind := range e.kinds {
		e.records[kind] = database.Collection(kind.Name)
	}
	e.applies, e.commits = newApplier(e), newCommitter(e)
	return e, nil
}

// run starts the goroutines that the engine owns; Close ends them.
func (e *Engine) run(streams bool) {
	ctx, cancel := context.WithCancel(context.Background())
	e.stop = cancel
	e.running.Go(func() { e.applies.run(ctx) })
	e.running.Go(func() { e.commits.run(ctx) })
	e.running.Go(func() { e.keep(ctx) })
	switch {
	case e.options.Appended == nil:
	case streams:
		e.running.Go(func() { followStream(ctx, logStreams{e.entries}, e.options.Appended, e.log) })
	default:
		e.running.Go(func() { e.pollLog(ctx) })
	}
}

// Update has edit decided and committed together with what others want at the same time.
func (e *Engine) Update(ctx context.Context, name string, edit func(store.Tx) error) error {
	if err := e.usable(ctx); err != nil {
		return err
	}
	return explain(name, e.commits.do(ctx, edit))
}

// Ping reports whether the database can be reached, with its credentials, and written to.
func (e *Engine) Ping(ctx context.Context) error {
	if err := e.usable(ctx); err != nil {
		return err
	}
	return explain("ping", e.ping(ctx))
}

func (e *Engine) ping(ctx context.Context) error {
	return e.mortal.write(ctx, "ping", func(ctx context.Context) error {
		_, err := e.meta.UpdateOne(ctx, byID("ping"), bson.D{{Key: "$currentDate", Value: bson.D{{Key: "at", Value: true}}}},
			options.UpdateOne().SetUpsert(true))
		if driver.IsDuplicateKeyError(err) { // the first ping of two instances at once
			return nil
		}
		return err
	})
}

// usable says why nothing can be asked of the engine: it was closed, it died, or the caller has given up.
func (e *Engine) usable(ctx context.Context) error {
	if err := e.mortal.alive(); err != nil {
		return err
	}
	if e.closed.Load() {
		return explain("use the store", errClosed)
	}
	return ctx.Err()
}

// Place says where the data are, for messages.
func (e *Engine) Place() string { return e.place.String() }

// Close finishes the changes that have begun, ends what runs in the background and gives the connections up. Later calls fail
// with UNAVAILABLE.
func (e *Engine) Close() error {
	e.once.Do(func() {
		e.closed.Store(true)
		e.commits.end()
		e.applies.end()
		e.stop()
		e.running.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
		defer cancel()
		if err := e.note(ctx); err != nil {
			e.log.Warn("noting how far the journal is applied failed; the next start finds out", "error", err)
		}
		e.ended = e.disconnect()
	})
	return e.ended
}

func (e *Engine) disconnect() error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	return e.client.Disconnect(ctx)
}

func byID(id any) bson.D { return bson.D{{Key: fieldID, Value: id}} }
