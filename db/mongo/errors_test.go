package mongo

import (
	"errors"
	"fmt"
	"testing"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"cloudtag/internal/cloudtag"
)

func TestIsConflict(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"a deadlock of writes":          {driver.CommandError{Code: codeDeadlock}, true},
		"a deadlock of indexes":         {driver.CommandError{Code: codeInternal, Message: "deadlock detected"}, true},
		"a deadlock, wrapped":           {fmt.Errorf("create: %w", driver.CommandError{Code: codeInternal, Message: "deadlock detected"}), true},
		"a write conflict":              {driver.CommandError{Code: codeWriteConflict}, true},
		"another failure of the server": {driver.CommandError{Code: codeInternal, Message: "out of memory"}, false},
		"the message with another code": {driver.CommandError{Code: codeUnauthorized, Message: "deadlock detected"}, false},
		"no failure":                    {nil, false},
	} {
		if got := isConflict(c.err); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}

// Temporary failures of the server are UNAVAILABLE, so that clients retry; others are not.
func TestTemporaryFailuresAreUnavailable(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want cloudtag.Code
	}{
		"a new primary without a majority's data": {driver.CommandError{Code: 134}, cloudtag.CodeUnavailable},
		"no server to read from":                  {driver.CommandError{Code: 133}, cloudtag.CodeUnavailable},
		"a term that changed":                     {driver.CommandError{Code: 365}, cloudtag.CodeUnavailable},
		"a cursor that is gone":                   {driver.CommandError{Code: 43}, cloudtag.CodeUnavailable},
		"a cursor that was ended":                 {driver.CommandError{Code: 237}, cloudtag.CodeUnavailable},
		"an overloaded server":                    {driver.CommandError{Code: 1, Labels: []string{"SystemOverloadedError"}}, cloudtag.CodeUnavailable},
		"a primary that steps down":               {driver.CommandError{Code: codeNotWritable}, cloudtag.CodeUnavailable},
		"a request that is wrong":                 {driver.CommandError{Code: 2}, ""},
	} {
		var known *cloudtag.Error
		got := cloudtag.Code("")
		if errors.As(explain("read", c.err), &known) {
			got = known.Code
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
