package mongotest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// ReplicaSet is a client of a replica set whose primary can be asked to step down.
type ReplicaSet struct{ admin *driver.Database }

// ErrNoReplicaSet is returned for a server that can't hold an election.
var ErrNoReplicaSet = errors.New("the server is no member of a replica set: its answer to hello has no setName")

// OpenReplicaSet connects to the replica set of a URI. ErrNoReplicaSet if there is none.
func OpenReplicaSet(ctx context.Context, uri string) (*ReplicaSet, error) {
	client, err := driver.Connect(options.Client().ApplyURI(uri).SetTimeout(time.Minute))
	if err != nil {
		return nil, err
	}
	set := &ReplicaSet{admin: client.Database("admin")}
	var hello struct{ SetName string }
	err = set.admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	if err == nil && hello.SetName == "" {
		err = ErrNoReplicaSet
	}
	if err != nil {
		return nil, errors.Join(err, set.Close(ctx))
	}
	return set, nil
}

// The primary may not be elected again for stepDownSeconds. It steps down once a secondary has caught up, for which it waits up
// to catchUpSeconds while it accepts no writes.
const (
	stepDownSeconds = 5
	catchUpSeconds  = 2
)

// StepDown asks the primary to step down, and reports whether it did: it stays if no secondary can replace it, or if an
// election is held already.
func (r *ReplicaSet) StepDown(ctx context.Context) (bool, error) {
	err := r.admin.RunCommand(ctx, bson.D{
		{Key: "replSetStepDown", Value: stepDownSeconds}, {Key: "secondaryCatchUpPeriodSecs", Value: catchUpSeconds},
	}).Err()
	var failure driver.ServerError
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &failure) && slices.ContainsFunc(staysCodes(), failure.HasErrorCode):
		return false, nil
	default:
		return false, fmt.Errorf("replSetStepDown (the user needs the role clusterManager of the database admin): %w", err)
	}
}

// staysCodes are the codes with which a member refuses to step down for now.
func staysCodes() []int {
	return []int{
		24,    // LockTimeout: writes did not end in time
		189,   // PrimarySteppedDown, meanwhile
		262,   // ExceededTimeLimit: no electable secondary has caught up
		10107, // NotWritablePrimary: it is none any more
	}
}

// Close disconnects.
func (r *ReplicaSet) Close(ctx context.Context) error { return r.admin.Client().Disconnect(ctx) }
