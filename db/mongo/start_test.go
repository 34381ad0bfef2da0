package mongo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/store"
)

// secret is a password that needs escaping, so that it may occur in two forms.
const secret = "s3cr:t/p@ss%w0rd"

func TestStartErrorsDoNotLeakCredentials(t *testing.T) {
	escaped := url.QueryEscape(secret)
	for name, c := range map[string]struct{ uri, host string }{
		"nobody listens":   {"mongodb://admin:" + escaped + "@127.0.0.1:1/shop?serverSelectionTimeoutMS=200", "127.0.0.1:1"},
		"several hosts":    {"mongodb://admin:" + escaped + "@127.0.0.1:1,127.0.0.1:2/?serverSelectionTimeoutMS=200", "127.0.0.1:1,127.0.0.1:2"},
		"unescaped":        {"mongodb://admin:" + secret + "@127.0.0.1:1/shop", "127.0.0.1:1"},
		"unknown option":   {"mongodb://admin:" + escaped + "@127.0.0.1:1/?tls=maybe", "127.0.0.1:1"},
		"no host":          {"mongodb://admin:" + escaped + "@/shop", ""},
		"unknown SRV name": {"mongodb+srv://admin:" + escaped + "@db.invalid/shop", "db.invalid"},
		"another scheme":   {"postgres://admin:" + escaped + "@127.0.0.1/shop", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Open(t.Context(), c.uri, store.NewCatalogue(), Options{})
			if err == nil {
				t.Fatal(errors.Join(errors.New("opened"), s.Close()))
			}
			wantRedacted(t, err, c.host)
		})
	}
}

// wantRedacted checks that an error names the hosts and contains no part of the password.
func wantRedacted(t *testing.T, err error, hosts string) {
	t.Helper()
	for text := err.Error(); ; {
		for _, word := range []string{secret, url.QueryEscape(secret), "s3cr", "w0rd"} {
			if strings.Contains(text, word) {
				t.Errorf("the message contains the password: %s", text)
			}
		}
		if !strings.Contains(text, hosts) || !strings.Contains(text, "MongoDB") {
			t.Errorf("the message does not name %s: %s", hosts, text)
		}
		if errors.Unwrap(err) == nil {
			return
		}
		err = errors.Unwrap(err)
		text = err.Error()
	}
}

func TestStartExplainsAWrongPassword(t *testing.T) {
	uri := mongotest.ServerURI(t, "shop")
	scheme, rest, _ := strings.Cut(uri, "://")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		user, _, _ := strings.Cut(rest[:at], ":")
		rest = user + ":" + url.QueryEscape(secret) + rest[at:]
	} else {
		rest = "nobody:" + url.QueryEscape(secret) + "@" + rest
	}
	s, err := Open(t.Context(), scheme+"://"+rest, store.NewCatalogue(), Options{})
	if err == nil {
		t.Fatal(errors.Join(errors.New("opened"), s.Close()))
	}
	place, locateErr := locate(uri)
	if locateErr != nil {
		t.Fatal(locateErr)
	}
	wantRedacted(t, err, place.hosts)
	if !strings.Contains(err.Error(), "user or password are wrong") {
		t.Errorf("the message does not explain the failure: %v", err)
	}
}

// Refusals of a scripted server are explained.
func TestStartExplainsRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(string) bson.D
		want   string
	}{
		"a user that may only read": {mongotest.Refusing(21, codeUnauthorized, `not authorized on shop to execute command { collMod: "tags", validator: {} }`), "roles readWrite and dbAdmin"},
		"a server that is too old":  {mongotest.Refusing(minWireVersion-1, 1, "-"), "too old"},
		"a server far too old":      {mongotest.Refusing(5, 1, "-"), "wire version 5"},
		"no primary any more":       {mongotest.Refusing(21, codeNotWritable, "not primary"), "read-only"},
		"a server that is odd":      {mongotest.Refusing(21, 8000, "no such luck"), "no such luck"},
	} {
		t.Run(name, func(t *testing.T) {
			address := mongotest.ServeWire(t, c.answer)
			s, err := Open(t.Context(), "mongodb://"+address+"/shop?serverSelectionTimeoutMS=500", store.NewCatalogue(), Options{})
			if err == nil {
				t.Fatal(errors.Join(errors.New("opened"), s.Close()))
			}
			wantRedacted(t, err, address)
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "validator") {
				t.Errorf("message %q, want %q in it", err, c.want)
			}
		})
	}
}

func TestUnusableServers(t *testing.T) {
	for name, c := range map[string]struct {
		hello helloDoc
		want  string
	}{
		"fit":       {helloDoc{IsWritablePrimary: true, MaxWireVersion: minWireVersion}, ""},
		"too old":   {helloDoc{IsWritablePrimary: true, MaxWireVersion: minWireVersion - 1}, "too old"},
		"secondary": {helloDoc{SetName: "rs", MaxWireVersion: 25}, "read-only"},
	} {
		err := c.hello.fault()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestChangeStreamsByTopology(t *testing.T) {
	for name, c := range map[string]struct {
		hello helloDoc
		want  bool
	}{
		"standalone": {helloDoc{IsWritablePrimary: true}, false},
		"replicas":   {helloDoc{SetName: "rs0"}, true},
		"sharded":    {helloDoc{Msg: "isdbgrid"}, true},
	} {
		if got := c.hello.hasStreams(); got != c.want {
			t.Errorf("%s: change streams %t, want %t", name, got, c.want)
		}
	}
}

// Several instances prepare an empty database concurrently.
func TestConcurrentStarts(t *testing.T) {
	uri := mongotest.FreshURI(t)
	failures := make([]error, 4)
	var starting sync.WaitGroup
	for i := range failures {
		starting.Go(func() {
			s, err := Open(t.Context(), uri, store.NewCatalogue(), Options{})
			if err == nil {
				err = errors.Join(s.Ping(t.Context()), s.Close())
			}
			failures[i] = err
		})
	}
	starting.Wait()
	if err := errors.Join(failures...); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, uri, Options{})
	for _, plan := range s.schema() {
		specs, err := plan.collection.Indexes().ListSpecifications(t.Context())
		if err != nil || len(specs) != 1+len(plan.indexes) {
			t.Errorf("%s has %d indexes (%v), want %d", plan.collection.Name(), len(specs), err, 1+len(plan.indexes))
		}
	}
}

// A start does not modify collections that are up to date, since that would lock them.
func TestSecondStartSendsNoDDL(t *testing.T) {
	uri := mongotest.FreshURI(t)
	openAt(t, uri, Options{})
	openAt(t, uri, Options{monitor: &event.CommandMonitor{Started: func(_ context.Context, command *event.CommandStartedEvent) {
		if slices.Contains([]string{"create", "collMod", "createIndexes", "dropIndexes"}, command.CommandName) {
			t.Errorf("the second start sends %s", command.Command)
		}
	}}})
}

func TestStartRejectsNewerSchema(t *testing.T) {
	uri := mongotest.FreshURI(t)
	s := openAt(t, uri, Options{})
	_, err := s.meta.UpdateOne(t.Context(), byID("schema"), bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: schemaVersion + 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	newer, err := Open(t.Context(), uri, store.NewCatalogue(), Options{})
	if err == nil {
		t.Fatal(errors.Join(errors.New("opened"), newer.Close()))
	}
	if want := fmt.Sprintf("schema version %d", schemaVersion+1); !strings.Contains(err.Error(), want) {
		t.Errorf("message %q, want %q in it", err, want)
	}
}

func TestStartRejectsConflictingIndex(t *testing.T) {
	uri := mongotest.FreshURI(t)
	e, err := connect(uri, store.NewCatalogue(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.disconnect() }()
	foreign := indexPlan{name: "merchant", keys: []string{"note"}}
	if _, err := e.meta.Database().Collection("tags").Indexes().CreateOne(t.Context(), foreign.model()); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), uri, store.NewCatalogue(), Options{})
	if err == nil {
		t.Fatal(errors.Join(errors.New("opened"), s.Close()))
	}
	for _, word := range []string{`collection "tags"`, `"merchant"`, "drop it"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("message %q, want %q in it", err, word)
		}
	}
}

func TestValidatorsRejectForeignDocuments(t *testing.T) {
	s := openAt(t, mongotest.FreshURI(t), Options{})
	for _, plan := range s.schema() {
		_, err := plan.collection.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "x"}, {Key: "state", Value: 7}})
		// MongoDB's code, and DocumentDB's in write errors
		if !hasCode(err, 121) && !hasCode(err, 525074461) {
			t.Errorf("%s accepts any document (%v)", plan.collection.Name(), err)
		}
	}
}

func TestLocate(t *testing.T) {
	for _, c := range []struct{ uri, hosts, database string }{
		{"mongodb://h:1", "h:1", "cloudtag"},
		{"mongodb://h:1/", "h:1", "cloudtag"},
		{"mongodb://u:p@h:1,i:2/shop?replicaSet=rs", "h:1,i:2", "shop"},
		{"mongodb+srv://u:p@h.example/s%20p", "h.example", "s p"},
		{"mongodb://u@h/d", "h", "d"},
	} {
		place, err := locate(c.uri)
		if err != nil || place.hosts != c.hosts || place.database != c.database {
			t.Errorf("%s: hosts %q, database %q (%v), want %q, %q", c.uri, place.hosts, place.database, err, c.hosts, c.database)
		}
	}
}
