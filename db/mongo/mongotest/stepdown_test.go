package mongotest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// member returns the answers of a replica set's primary, with one of its own to replSetStepDown.
func member(stepDown bson.D) func(string) bson.D {
	return func(command string) bson.D {
		switch command {
		case "replSetStepDown":
			return stepDown
		case "hello", "isMaster", "ismaster":
			return append(Primary(21), bson.E{Key: "setName", Value: "rs"})
		default:
			return bson.D{{Key: "ok", Value: 1}}
		}
	}
}

func refusal(code int32, text string) bson.D {
	return bson.D{{Key: "ok", Value: 0}, {Key: "code", Value: code}, {Key: "errmsg", Value: text}}
}

func TestStepDown(t *testing.T) {
	for name, c := range map[string]struct {
		answer bson.D
		done   bool
		fault  string
	}{
		"it does":                     {bson.D{{Key: "ok", Value: 1}}, true, ""},
		"no secondary can replace it": {refusal(262, "No electable secondaries caught up"), false, ""},
		"it is a secondary by now":    {refusal(10107, "not primary so can't step down"), false, ""},
		"the user may not":            {refusal(13, "not authorized on admin to execute command"), false, "clusterManager"},
	} {
		t.Run(name, func(t *testing.T) {
			address := ServeWire(t, member(c.answer))
			set, err := OpenReplicaSet(t.Context(), "mongodb://"+address+"/?directConnection=true")
			if err != nil {
				t.Fatal(err)
			}
			done, err := set.StepDown(t.Context())
			if done != c.done || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
				t.Errorf("done %t (%v), want %t and an error with %q", done, err, c.done, c.fault)
			}
			if err := set.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestServersWithoutElections(t *testing.T) {
	mongos := slices.Concat(Primary(21), bson.D{{Key: "msg", Value: "isdbgrid"}})
	for name, hello := range map[string]bson.D{"a standalone": Primary(21), "a router of a sharded cluster": mongos} {
		t.Run(name, func(t *testing.T) {
			address := ServeWire(t, func(string) bson.D { return hello })
			set, err := OpenReplicaSet(t.Context(), "mongodb://"+address)
			if set != nil || !errors.Is(err, ErrNoReplicaSet) {
				t.Errorf("opened %v (%v), want ErrNoReplicaSet", set, err)
			}
		})
	}
}
