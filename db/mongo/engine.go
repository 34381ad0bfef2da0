package mongo

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"cloudtag/db/groupcommit"
	"cloudtag/internal/store"
	"cloudtag/internal/store/failpoint"
)

// The driver's timeouts: server selection outlasts an election (10 to 15 seconds), and a whole call leaves time for the
// driver's own retry.
const (
	selectionTimeout = 20 * time.Second
	callTimeout      = 30 * time.Second
	connectTimeout   = 5 * time.Second
)

// Engine implements [store.Engine]. It is safe for concurrent use, also by several instances on one database.
type Engine struct {
	options Options
	log     *slog.Logger
	client  *driver.Client
	place   location
	codec   codec
	kinds   []*store.Kind

	records                map[*store.Kind]*driver.Collection
	journal, entries, meta *driver.Collection

	failpoint *failpoint.Failpoint
	progress  progress
	commits   *committer
	applies   *applier
	windows   *windows // nil if the server sorts by an index

	stop    context.CancelFunc // of the background goroutines
	running sync.WaitGroup
	once    sync.Once
	closed  error // result of Close
}

var _ store.Engine = (*Engine)(nil)

// Open opens the engine that a URI names (mongodb://HOST:PORT/DATABASE, or mongodb+srv://…; the default database is
// "cloudtag") for the kinds of a catalogue, and brings collections, indexes and validators up to date. Its errors name the
// hosts and never contain the credentials.
func Open(ctx context.Context, uri string, kinds *store.Catalogue, opts Options) (*Engine, error) {
	e, err := connect(uri, kinds, opts)
	if err != nil {
		return nil, err
	}
	streams, err := e.start(ctx)
	if err != nil {
		return nil, errors.Join(err, e.disconnect()) //nolint:contextcheck // also after the caller's context has ended
	}
	e.run(streams) //nolint:contextcheck // until Close, not until the caller's context ends
	return e, nil
}

// connect returns an engine that has not contacted the server yet.
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
	// A commit, or an entry that was returned to a reader of the log, must never be rolled back by a failover.
	durable := options.Collection().SetReadConcern(readconcern.Majority())
	e := &Engine{
		options: opts, log: opts.Log, client: client, place: place, codec: newCodec(), kinds: kinds.Kinds(),
		records: make(map[*store.Kind]*driver.Collection),
		journal: database.Collection("journal", durable), entries: database.Collection("log", durable), meta: database.Collection("meta"),
		failpoint: failpoint.New(opts.Fault),
	}
	for _, kind := range e.kinds {
		e.records[kind] = database.Collection(kind.Name)
	}
	e.applies, e.commits = newApplier(e), newCommitter(e)
	return e, nil
}

// run starts the engine's goroutines; Close stops them.
func (e *Engine) run(streams bool) {
	ctx, cancel := context.WithCancel(context.Background())
	e.stop = cancel
	e.running.Go(func() { e.applies.run(ctx) })
	e.running.Go(func() { e.commits.run(ctx) })
	e.running.Go(func() { e.maintain(ctx) })
	switch {
	case e.options.Appended == nil:
	case streams:
		e.running.Go(func() { followStream(ctx, logStreams{e.entries}, e.options.Appended, e.log) })
	default:
		e.running.Go(func() { e.pollLog(ctx) })
	}
}

// Update runs edit and commits its changes together with those of concurrent calls.
func (e *Engine) Update(ctx context.Context, name string, edit func(store.Tx) error) error {
	if err := e.usable(ctx); err != nil {
		return err
	}
	return explain(name, e.commits.queue.Do(ctx, edit))
}

// Ping reports whether the database can be reached and written to.
func (e *Engine) Ping(ctx context.Context) error {
	if err := e.usable(ctx); err != nil {
		return err
	}
	return explain("ping", e.ping(ctx))
}

func (e *Engine) ping(ctx context.Context) error {
	return e.write(ctx, "ping", func(ctx context.Context) error {
		_, err := e.meta.UpdateOne(ctx, byID("ping"), bson.D{{Key: "$currentDate", Value: bson.D{{Key: "at", Value: true}}}},
			options.UpdateOne().SetUpsert(true))
		if driver.IsDuplicateKeyError(err) { // concurrent first pings of two instances
			return nil
		}
		return err
	})
}

// usable returns why a call fails before it begins: a failpoint, Close, or the end of the caller's context.
func (e *Engine) usable(ctx context.Context) error {
	if err := e.failpoint.Err(); err != nil {
		return err
	}
	if e.isClosed() {
		return explain("use the store", groupcommit.ErrClosed)
	}
	return ctx.Err()
}

func (e *Engine) isClosed() bool {
	select {
	case <-e.commits.queue.Closing():
		return true
	default:
		return false
	}
}

// Place names the hosts and the database, without credentials.
func (e *Engine) Place() string { return e.place.String() }

// Close commits and applies the queued changes, stops the goroutines and closes the connections. Later calls fail with
// UNAVAILABLE.
func (e *Engine) Close() error {
	e.once.Do(func() {
		e.commits.queue.Close()
		e.applies.close()
		e.stop()
		e.running.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
		defer cancel()
		if err := e.saveProgress(ctx); err != nil {
			e.log.Warn("saving the checkpoint failed; the next start applies the journal from the last one", "error", err)
		}
		e.closed = e.disconnect()
	})
	return e.closed
}

func (e *Engine) disconnect() error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	return e.client.Disconnect(ctx)
}

func byID(id any) bson.D { return bson.D{{Key: fieldID, Value: id}} }
