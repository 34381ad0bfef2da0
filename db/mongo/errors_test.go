package mongo

import (
	"fmt"
	"testing"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

func TestGaveWay(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"a deadlock of writes":           {driver.CommandError{Code: codeDeadlock}, true},
		"a deadlock of indexes":          {driver.CommandError{Code: codeInternal, Message: "deadlock detected"}, true},
		"a deadlock, wrapped":            {fmt.Errorf("create: %w", driver.CommandError{Code: codeInternal, Message: "deadlock detected"}), true},
		"a write conflict":               {driver.CommandError{Code: codeWriteConflict}, true},
		"another failure of the server":  {driver.CommandError{Code: codeInternal, Message: "out of memory"}, false},
		"the words in another's failure": {driver.CommandError{Code: codeUnauthorized, Message: "deadlock detected"}, false},
		"no failure":                     {nil, false},
	} {
		if got := gaveWay(c.err); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
