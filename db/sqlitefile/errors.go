package sqlitefile

import (
	"context"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"cloudtag/internal/cloudtag"
)

// errClosed is the cause of what is asked of a store after Close.
var errClosed = errors.New("the store is closed")

// explain says what was attempted. Errors of the domain and of the caller's context pass unchanged; where SQLite can't
// do its work for now (locked, disk full, …) the answer is UNAVAILABLE, with the cause kept for the log.
func explain(what string, err error) error {
	var known *cloudtag.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	err = fmt.Errorf("sqlite: %s: %w", what, err)
	var failure *driver.Error
	if errors.As(err, &failure) && passing(failure.Code()) || errors.Is(err, errClosed) {
		return cloudtag.Unavailable(err)
	}
	return err
}

// startFailure says in words what a file is that SQLite can't use.
func startFailure(err error) error {
	var failure *driver.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() & 0xff {
	case codes.SQLITE_NOTADB:
		return fmt.Errorf("it is not an SQLite database: %w", err)
	case codes.SQLITE_READONLY:
		return fmt.Errorf("it, or its folder, can't be written: %w", err)
	case codes.SQLITE_CANTOPEN:
		return fmt.Errorf("it can't be opened: %w", err)
	case codes.SQLITE_CORRUPT:
		return fmt.Errorf("it is damaged: %w", err)
	default:
		return err
	}
}

// isBusy reports whether another connection held the file.
func isBusy(err error) bool {
	var failure *driver.Error
	return errors.As(err, &failure) && failure.Code()&0xff == codes.SQLITE_BUSY
}

// passing reports whether an SQLite result code is about the machine rather than about the request.
func passing(code int) bool {
	switch code & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_FULL, codes.SQLITE_IOERR, codes.SQLITE_NOMEM,
		codes.SQLITE_CANTOPEN, codes.SQLITE_READONLY, codes.SQLITE_PROTOCOL:
		return true
	default:
		return false
	}
}
