package mongo

import (
	"cmp"
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
	where := "MongoDB"
	if place.hosts != "" {
		where = fmt.Sprintf("MongoDB at %s, database %q", place.hosts, place.database)
	}
	return fmt.Errorf("%s: %s: %s", where, what, place.tellable(cause))
}

// start checks the server and the credentials, and prepares the database. streams tells whether the server has
// change streams.
func (s *Store) start(ctx context.Context, place location) (streams bool, err error) {
	var hello helloDoc
	err = s.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	if err != nil {
		return false, startError(place, startFailure(err), err)
	}
	if err := hello.fault(); err != nil {
		return false, startError(place, "it can't be used", err)
	}
	if err := s.Ping(ctx); err != nil {
		return false, startError(place, startFailure(err), err)
	}
	if err := s.prepare(ctx); err != nil {
		return false, startError(place, startFailure(err), err)
	}
	if begun, err := s.copyBegun(ctx); err != nil || begun && !s.options.Copying {
		return false, startError(place, "it can't be used", cmp.Or(err, errCopyBegun))
	}
	if !hello.hasStreams() {
		s.blocksRead = s.blocks // one server: what it has is there to stay, and it need not know read concerns
	}
	return hello.hasStreams(), nil
}

// startFailure says in words what kept a start from working.
func startFailure(err error) string {
	var selection topology.ServerSelectionError
	switch {
	case hasCode(err, codeAuthentication), isAuthentication(err):
		return "user or password are wrong"
	case hasCode(err, codeUnauthorized):
		return "the user may not write there, or not create collections and indexes"
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
