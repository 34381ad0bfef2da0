package baseline

import (
	"errors"

	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// nameIn returns the database that a URI names. Its error does not contain the URI, which may hold a password.
func nameIn(uri string) (string, error) {
	parsed, err := connstring.Parse(uri)
	if err != nil || parsed.Database == "" {
		return "", errors.New("expected mongodb://HOST:PORT/DATABASE")
	}
	return parsed.Database, nil
}
