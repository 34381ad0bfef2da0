package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"
)

// minWireVersion is that of MongoDB 6.0, the oldest server this package is written for.
const minWireVersion = 17

// helloDoc is what a server says about itself.
type helloDoc struct {
	SetName           string `bson:"setName"`
	Msg               string `bson:"msg"`
	IsWritablePrimary bool   `bson:"isWritablePrimary"`
	MaxWireVersion    int    `bson:"maxWireVersion"`
}

// hasStreams reports whether the server has change streams: replica sets and sharded clusters do.
func (h helloDoc) hasStreams() bool { return h.SetName != "" || h.Msg == "isdbgrid" }

// fault says why the server can't be used.
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

// startError says that a start failed, and where. The driver's own words are kept as text only, so that nothing that
// unwraps the error can come by the credentials.
func startError(place location, what string, cause error) error {
	return fmt.Errorf("%s: %s: %s", place, what, place.tellable(cause))
}

// start checks the server and the credentials, and prepares the database. streams tells whether the server has
// change streams.
func (e *Engine) start(ctx context.Context) (streams bool, err error) {
	var hello helloDoc
	err = e.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	if err != nil {
		return false, startError(e.place, startFailure(err), err)
	}
	if err := hello.fault(); err != nil {
		return false, startError(e.place, "it can't be used", err)
	}
	if err := e.ping(ctx); err != nil {
		return false, startError(e.place, startFailure(err), err)
	}
	if err := e.prepare(ctx); err != nil {
		return false, startError(e.place, startFailure(err), err)
	}
	sorts, err := e.sortsByIndex(ctx)
	if err != nil {
		return false, startError(e.place, startFailure(err), err)
	}
	if !sorts {
		e.windows = newWindows()
	}
	if _, err := e.recoverBlocks(ctx); err != nil { // so that nobody reads what was before a commit that is there
		return false, startError(e.place, startFailure(err), fmt.Errorf("apply what the journal holds: %w", err))
	}
	return hello.hasStreams(), nil
}

// sortsByIndex asks the server whether it walks an index in the order asked for, or reads all that is selected and sorts it.
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
		return false, fmt.Errorf("ask how lists are sorted: %w", err)
	}
	stages := make(map[string]bool)
	collectStages(plan, stages)
	return stages["IXSCAN"] && !stages["SORT"], nil
}

// anySorted is a search along an index whose fields all records have.
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

// collectStages collects the names of a plan's stages, wherever they are.
func collectStages(document bson.Raw, stages map[string]bool) {
	values, err := document.Elements()
	if err != nil {
		return
	}
	for _, element := range values {
		value := element.Value()
		switch value.Type {
		case bson.TypeString:
			if element.Key() == "stage" {
				stages[value.StringValue()] = true
			}
		case bson.TypeEmbeddedDocument:
			collectStages(value.Document(), stages)
		case bson.TypeArray:
			collectStages(bson.Raw(value.Array()), stages)
		}
	}
}

// startFailure says in words what kept a start from working.
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

// isAuthentication reports whether the way to the server ended at the sign-in.
func isAuthentication(err error) bool {
	var connection topology.ConnectionError
	return errors.As(err, &connection) && hasCode(connection.Wrapped, codeAuthentication)
}
