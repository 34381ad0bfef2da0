package mongo

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// The schemes of the URIs that this engine opens.
const (
	Scheme    = "mongodb://"
	SchemeSRV = "mongodb+srv://"
)

// defaultDatabase is used if the URI names none.
const defaultDatabase = "cloudtag"

// location identifies the database, and the secrets in its URI.
type location struct {
	uri      string
	hosts    string // for messages
	database string
	secrets  []string
}

// locate parses the parts of a URI that the driver does not expose.
func locate(uri string) (location, error) {
	_, rest, found := strings.Cut(uri, "://")
	if !found || !strings.HasPrefix(uri, Scheme) && !strings.HasPrefix(uri, SchemeSRV) {
		return location{}, errors.New("expected mongodb://HOST:PORT/DATABASE")
	}
	place := location{uri: uri, database: defaultDatabase}
	rest, _, _ = strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndex(rest, "@"); at >= len(authority) { // an unescaped slash in the password
		authority, path, _ = strings.Cut(rest[at:], "/")
		authority = rest[:at] + authority
	}
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		place.addSecret(authority[:at])
		authority = authority[at+1:]
	}
	place.hosts = authority
	if path != "" {
		name, err := url.PathUnescape(path)
		if err != nil {
			return location{}, errors.New("the database's name can't be read")
		}
		place.database = name
	}
	return place, nil
}

// String names hosts and database without credentials.
func (l location) String() string {
	if l.hosts == "" {
		return "MongoDB"
	}
	return fmt.Sprintf("MongoDB at %s, database %q", l.hosts, l.database)
}

// addSecret adds the user information in every form in which it may occur in messages.
func (l *location) addSecret(userInfo string) {
	_, password, found := strings.Cut(userInfo, ":")
	if !found || password == "" {
		return
	}
	l.secrets = append(l.secrets, userInfo, password)
	if plain, err := url.PathUnescape(password); err == nil && plain != password {
		l.secrets = append(l.secrets, plain)
	}
}

// redact returns the text of an error without credentials.
func (l location) redact(err error) string {
	text := err.Error()
	for _, secret := range l.secrets {
		text = strings.ReplaceAll(text, secret, "***")
	}
	// A server that rejects a command repeats it, including the whole schema.
	if refusal, _, long := strings.Cut(text, " to execute command "); long {
		return refusal
	}
	return text
}

// clientOptions returns the driver's settings, which options in the URI override.
func (l location) clientOptions(opts Options) *options.ClientOptions {
	client := options.Client().
		SetAppName("cloudtag").
		SetTimeout(callTimeout).
		SetServerSelectionTimeout(selectionTimeout).
		SetConnectTimeout(connectTimeout).
		SetRetryReads(true).
		SetRetryWrites(true).
		SetBSONOptions(&options.BSONOptions{NilSliceAsEmpty: true}).
		ApplyURI(l.uri)
	if opts.monitor != nil {
		client.SetMonitor(opts.monitor)
	}
	return client
}
