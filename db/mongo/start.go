package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"
)

// minWireVersion is that of MongoDB 6.0, the oldest supported server.
const minWireVersion = 17

// helloDoc is the answer to hello.
type helloDoc struct {
	SetName           string `bson:"setName"`
	Msg               string `bson:"msg"`
	IsWritablePrimary bool   `bson:"isWritablePrimary"`
	MaxWireVersion    int    `bson:"maxWireVersion"`
}

// hasStreams reports whether the server has change streams: replica sets and sharded clusters do.
func (h helloDoc) hasStreams() bool { return h.SetName != "" || h.Msg == "isdbgrid" }

// fault returns why the server can't be used.
func (h helloDoc) fault() error {
	switch {
	case h.MaxWireVersion < minWireVersion:
		return fmt.Errorf("the server is too old: it speaks wire version %d, at least %d is needed (MongoDB 6.0)",
			h.MaxWireVersion, minWireVersion)
	case !h.IsWritablePrimary:
		return errors.New("the server is read-only: it is not the primary")
	default:
		return nil
	}
}

// startError adds the place and an explanation to an error. The driver's error is kept as text only, so that unwrapping does
// not expose the credentials.
func startError(place location, what string, cause error) error {
	return fmt.Errorf("%s: %s: %s", place, what, place.redact(cause))
}

// start checks the server and the credentials, and prepares the database. It returns whether the server has change streams.
func (e *Engine) start(ctx context.Context) (streams bool, err error) {
	var hello helloDoc
	err = e.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	if err == nil {
		err = hello.fault()
	}
	if err == nil {
		err = e.prepareDatabase(ctx)
	}
	if err != nil {
		return false, startError(e.place, startFailure(err), err)
	}
	return hello.hasStreams(), nil
}

// prepareDatabase brings the schema up to date and applies the journal.
func (e *Engine) prepareDatabase(ctx context.Context) error {
	if err := e.ping(ctx); err != nil {
		return err
	}
	if err := e.prepare(ctx); err != nil {
		return err
	}
	sorts, err := e.sortsByIndex(ctx)
	if err != nil {
		return err
	}
	if !sorts {
		e.windows = newWindows()
	}
	if _, err := e.recoverBlocks(ctx); err != nil { // so that reads include every commit
		return fmt.Errorf("apply the journal: %w", err)
	}
	return nil
}

// sortsByIndex reports whether the server walks an index in the order of a query, instead of sorting all matches.
func (e *Engine) sortsByIndex(ctx context.Context) (bool, error) {
	s := e.anySorted()
	plan, err := e.client.Database(e.place.database).RunCommand(ctx, bson.D{
		{Key: "explain", Value: bson.D{
			{Key: "find", Value: s.from.Name()}, {Key: "filter", Value: bson.D{}}, {Key: "sort", Value: s.order()},
			{Key: "limit", Value: 1}, {Key: "hint", Value: s.index},
		}},
		{Key: "verbosity", Value: "queryPlanner"},
	}).Raw()
	if err != nil {
		return false, fmt.Errorf("explain how lists are sorted: %w", err)
	}
	stages := make(map[string]bool)
	walkPlan(plan, func(step bson.Raw) {
		if stage, is := step.Lookup("stage").StringValueOK(); is {
			stages[stage] = true
		}
	})
	return stages["IXSCAN"] && !stages["SORT"], nil
}

// anySorted returns a search along an index that contains all records.
func (e *Engine) anySorted() search {
	for _, kind := range e.kinds {
		for _, index := range kind.Indexes {
			if field, _ := kind.Field(index.Fields[0]); len(index.Fields) == 1 && !field.Optional {
				return search{from: e.records[kind], index: index.Name, key: field.Name}
			}
		}
	}
	return search{from: e.entries, index: logByAction, key: "action"}
}

// walkPlan visits a query plan and all documents in it.
func walkPlan(document bson.Raw, visit func(bson.Raw)) {
	visit(document)
	values, err := document.Values()
	if err != nil {
		return
	}
	for _, value := range values {
		switch value.Type {
		case bson.TypeEmbeddedDocument:
			walkPlan(value.Document(), visit)
		case bson.TypeArray:
			walkPlan(bson.Raw(value.Array()), visit)
		}
	}
}

// startFailure explains to an operator why a start failed.
func startFailure(err error) string {
	var selection topology.ServerSelectionError
	switch {
	case hasCode(err, codeAuthentication), isAuthentication(err):
		return "user or password are wrong"
	case hasCode(err, codeUnauthorized):
		return "the user may not do that there: it needs the roles readWrite and dbAdmin for the database, see docs/operations.md"
	case hasCode(err, codeNotWritable):
		return "the server is read-only"
	case errors.As(err, &selection):
		return fmt.Sprintf("no server answered within %s", selectionTimeout)
	case driver.IsTimeout(err), driver.IsNetworkError(err):
		return "the server does not answer"
	default:
		return "the start failed"
	}
}

// isAuthentication reports whether a connection was rejected by authentication.
func isAuthentication(err error) bool {
	var connection topology.ConnectionError
	return errors.As(err, &connection) && hasCode(connection.Wrapped, codeAuthentication)
}
