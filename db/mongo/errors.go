package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"cloudtag/db/groupcommit"
	"cloudtag/internal/cloudtag"
)

// Error codes of the server that this package handles.
const (
	codeInternal        = 1
	codeDeadlock        = 16908292 // DocumentDB: the command was aborted to resolve a deadlock
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

// isConflict reports whether the server aborted the command in favour of another one, so that it can be retried. For
// concurrent index builds DocumentDB says so only in the message.
func isConflict(err error) bool {
	var failure driver.ServerError
	return hasCode(err, codeDeadlock) || hasCode(err, codeWriteConflict) ||
		errors.As(err, &failure) && failure.HasErrorCodeWithMessage(codeInternal, "deadlock detected")
}

func hasCode(err error, code int) bool {
	var failure driver.ServerError
	return errors.As(err, &failure) && failure.HasErrorCode(code)
}

// temporaryCodes are those of a server that steps down, shuts down, or takes too long.
func temporaryCodes() []int {
	return []int{
		6, 7, 24, 43, 50, 64, 89, 91, 112, 133, 134, 189, 237, 262, 365, 9001, codeNotWritable, 11600, 11602, 13435, 13436, codeDeadlock,
	}
}

// explain adds to an error what was attempted. Errors of the domain are returned unchanged; temporary failures of the server
// become UNAVAILABLE, with the cause kept for the log.
func explain(what string, err error) error {
	var known *cloudtag.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	}
	temporary := isTemporary(err)
	err = fmt.Errorf("mongo: %s: %w", what, err)
	if !temporary {
		return err
	}
	return cloudtag.Unavailable(err)
}

// isTemporary reports whether a failure is about the server or the network rather than about the request. A caller's
// cancellation is not.
func isTemporary(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	if errors.Is(err, groupcommit.ErrClosed) || errors.Is(err, driver.ErrClientDisconnected) ||
		driver.IsTimeout(err) || driver.IsNetworkError(err) || errors.Is(err, context.DeadlineExceeded) ||
		isConnectionFailure(err) {
		return true
	}
	var failure driver.ServerError
	return errors.As(err, &failure) &&
		(failure.HasErrorLabel("RetryableWriteError") || failure.HasErrorLabel("SystemOverloadedError") || slices.ContainsFunc(temporaryCodes(), failure.HasErrorCode))
}

// isConnectionFailure reports whether no connection could be established. That includes authentication errors, which a
// starting server may return for any reason: the credentials were verified when the engine was opened.
func isConnectionFailure(err error) bool {
	var connection topology.ConnectionError
	var pool interface{ Retryable() bool } // the driver's error for a pool that was just cleared
	return errors.As(err, &connection) || errors.As(err, &pool) && pool.Retryable()
}

// duplicates returns the indexes of the documents that an unordered insert rejected because their keys exist, and any other
// error.
func duplicates(err error) (indexes []int, other error) {
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
		indexes = append(indexes, failure.Index)
	}
	return indexes, nil
}
