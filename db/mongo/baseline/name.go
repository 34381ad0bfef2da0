package baseline

import (
	"errors"

	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// nameIn is the database that a URI names. The text of what is wrong with a URI may hold its password.
func nameIn(uri string) (string, error) {
	parsed, err := connstring.Parse(uri)
	if err != nil || parsed.Database == "" {
		return "", errors.New("expected mongodb://HOST:PORT/DATABASE")
	}
	return parsed.Database, nil
}
