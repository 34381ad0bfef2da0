package mongo

import (
	"context"
	"crypto/rand"
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

	"cloudtag/internal/cloudtag"
)

// The limits of the driver's waiting: for one call whose context has no deadline, and for a server that can take it.
const (
	callTimeout      = 15 * time.Second
	selectionTimeout = 5 * time.Second
)

// Store is the store of production. It is safe for concurrent use, here and on other machines.
type Store struct {
	options Options
	log     *slog.Logger
	client  *driver.Client
	hosts   string

	cases, tags, batches, merchants, orders, risks, policies, documents, meta *driver.Collection

	blocks     *driver.Collection // the log, for deciding
	blocksRead *driver.Collection // the log, for readers

	mortal   *mortal
	life     life
	appender *appender
	locks    keyedLocks
	pages    pageHints

	background context.CancelFunc // ends what runs in the background
	running    sync.WaitGroup
	closing    sync.Once
	closed     error
}

// Open opens the store that a URI names (mongodb://HOST:PORT/DATABASE, or mongodb+srv://…; the database is
// "cloudtag" where none is named), and brings collections, indexes and validators up to date. It fails with a
// sentence that names the hosts and never the credentials.
func Open(ctx context.Context, uri string, opts Options) (*Store, error) {
	opts = opts.withDefaults()
	place, err := locate(uri)
	if err != nil {
		return nil, startError(place, "the address can't be read", err)
	}
	client, err := driver.Connect(place.clientOptions(opts))
	if err != nil {
		return nil, startError(place, "the address can't be used", err)
	}
	store := newStore(client, place, opts)
	streams, err := store.start(ctx, place)
	if err != nil {
		return nil, errors.Join(err, store.disconnect()) //nolint:contextcheck // even when the caller has given up
	}
	store.runBackground(streams) //nolint:contextcheck // it ends with Close, not with the caller
	return store, nil
}

func newStore(client *driver.Client, place location, opts Options) *Store {
	database := client.Database(place.database, options.Database().
		SetWriteConcern(writeconcern.Majority()).
		SetReadPreference(readpref.Primary()).
		SetReadConcern(readconcern.Local()))
	// What a reader of the log was shown must never be taken back by a change of the primary.
	lasting := options.Collection().SetReadConcern(readconcern.Majority())
	return &Store{
		options: opts, log: opts.Log, client: client, hosts: place.hosts, mortal: &mortal{fault: opts.Fault},
		cases: database.Collection("cases"), tags: database.Collection("tags"),
		batches: database.Collection("batches"), merchants: database.Collection("merchants"),
		orders: database.Collection("orders"), risks: database.Collection("risks"),
		policies: database.Collection("policies"), documents: database.Collection("documents"),
		meta:   database.Collection("meta"),
		blocks: database.Collection("log"), blocksRead: database.Collection("log", lasting),
	}
}

// runBackground starts the goroutines that the store owns; Close ends them.
func (s *Store) runBackground(streams bool) {
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), unfinishedWork{}, true))
	s.background = cancel
	s.appender = newAppender(s)
	s.running.Go(func() { s.appender.run(ctx) })
	if s.options.Appended == nil {
		return
	}
	if streams {
		s.running.Go(func() { followStream(ctx, logStreams{s.blocksRead}, s.options.Appended, s.log) })
	} else {
		s.running.Go(func() { s.pollLog(ctx) })
	}
}

// Ping reports whether the store can be reached, with its credentials, and written to.
func (s *Store) Ping(ctx context.Context) error {
	err := s.write(ctx, "ping", func(ctx context.Context) error {
		_, err := s.meta.UpdateOne(ctx, bson.D{{Key: "_id", Value: "ping"}},
			bson.D{{Key: "$currentDate", Value: bson.D{{Key: "at", Value: true}}}}, options.UpdateOne().SetUpsert(true))
		if driver.IsDuplicateKeyError(err) { // the first ping of two instances at once
			return nil
		}
		return err
	})
	return explain("ping", err)
}

// Close finishes the changes that have begun, ends what runs in the background and gives the connections up. Later
// calls fail with UNAVAILABLE.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.life.end()
		s.background()
		s.running.Wait()
		s.closed = s.disconnect()
	})
	return s.closed
}

func (s *Store) disconnect() error {
	ctx, cancel := context.WithTimeout(context.Background(), selectionTimeout)
	defer cancel()
	return s.client.Disconnect(ctx)
}

// token returns a name that no other call, in this process or another, ever returns.
func token() string { return rand.Text()[:16] }

// The ports that the store implements.
var (
	_ cloudtag.Ledger        = (*Store)(nil)
	_ cloudtag.Recoverer     = (*Store)(nil)
	_ cloudtag.BatchReader   = (*Store)(nil)
	_ cloudtag.TagReader     = (*Store)(nil)
	_ cloudtag.CaseReader    = (*Store)(nil)
	_ cloudtag.MerchantStore = (*Store)(nil)
	_ cloudtag.OrderStore    = (*Store)(nil)
	_ cloudtag.RiskStore     = (*Store)(nil)
	_ cloudtag.PolicyStore   = (*Store)(nil)
	_ cloudtag.LogReader     = (*Store)(nil)
	_ cloudtag.DocumentStore = (*Store)(nil)
)
