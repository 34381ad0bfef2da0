package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"cloudtag/internal/cloudtag"
)

// errClosed is the cause of what is asked of a store after Close.
var errClosed = errors.New("the store is closed")

// Codes of the server that this package acts on.
const (
	codeInternal        = 1
	codeDeadlock        = 16908292 // DocumentDB: the command was given up for another
	codeWriteConflict   = 112
	codeNamespaceExists = 48
	codeUnauthorized    = 13
	codeAuthentication  = 18
	codeIndexOptions    = 85
	codeIndexKeySpecs   = 86
	codeBuildStarted    = 117   // ConflictingOperationInProgress
	codeBuilding        = 12587 // BackgroundOperationInProgressForNamespace
	codeNotWritable     = 10107
	codeDuplicateKey    = 11000
)

// gaveWay reports whether the server gave the command up for another one, so that it can be sent again. Of indexes that
// several make at once DocumentDB says so in words only.
func gaveWay(err error) bool {
	var failure driver.ServerError
	return hasCode(err, codeDeadlock) || hasCode(err, codeWriteConflict) ||
		errors.As(err, &failure) && failure.HasErrorCodeWithMessage(codeInternal, "deadlock detected")
}

func hasCode(err error, code int) bool {
	var failure driver.ServerError
	return errors.As(err, &failure) && failure.HasErrorCode(code)
}

// passingCodes are those of a server that can't work for now: it steps down, stops, or takes too long.
func passingCodes() []int {
	return []int{
		6, 7, 24, 43, 50, 64, 89, 91, 112, 133, 134, 189, 237, 262, 365, 9001, codeNotWritable, 11600, 11602, 13435, 13436, codeDeadlock,
	}
}

// explain says what was attempted. Errors of the domain pass unchanged; where the server does not answer for now the
// answer is UNAVAILABLE, with the cause kept for the log.
func explain(what string, err error) error {
	var known *cloudtag.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	}
	passing := isPassing(err)
	err = fmt.Errorf("mongo: %s: %w", what, err)
	if !passing {
		return err
	}
	return cloudtag.Unavailable(err)
}

// isPassing reports whether the failure is about the server or the way to it rather than about the request. A caller
// that gave up is told so.
func isPassing(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	if errors.Is(err, errClosed) || errors.Is(err, driver.ErrClientDisconnected) ||
		driver.IsTimeout(err) || driver.IsNetworkError(err) || errors.Is(err, context.DeadlineExceeded) ||
		isConnectionFailure(err) {
		return true
	}
	var failure driver.ServerError
	return errors.As(err, &failure) &&
		(failure.HasErrorLabel("RetryableWriteError") || failure.HasErrorLabel("SystemOverloadedError") || slices.ContainsFunc(passingCodes(), failure.HasErrorCode))
}

// isConnectionFailure reports whether no connection could be had. A server that is starting answers a sign-in with all
// kinds of errors; that the credentials are right was seen at this program's own start.
func isConnectionFailure(err error) bool {
	var connection topology.ConnectionError
	var pool interface{ Retryable() bool } // the driver's word for a pool that was just given up
	return errors.As(err, &connection) || errors.As(err, &pool) && pool.Retryable()
}

// duplicates returns the places, in the input, of the rows that an unordered insert refused because their key is
// taken, and whatever else went wrong.
func duplicates(err error) (places []int, other error) {
	var bulk driver.BulkWriteException
	if err == nil || !errors.As(err, &bulk) {
		return nil, err
	}
	if bulk.WriteConcernError != nil {
		return nil, err
	}
	for _, failure := range bulk.WriteErrors {
		if failure.Code != codeDuplicateKey {
			return nil, err
		}
		places = append(places, failure.Index)
	}
	return places, nil
}
