package sqlitefile

import (
	"context"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"cloudtag/db/groupcommit"
	"cloudtag/internal/cloudtag"
)

// explain adds to an error what was attempted. Errors of the domain and of the caller's context are returned unchanged;
// temporary failures of SQLite (locked, disk full, …) become UNAVAILABLE, with the cause kept for the log.
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
	if errors.As(err, &failure) && isTemporary(failure.Code()) || errors.Is(err, groupcommit.ErrClosed) {
		return cloudtag.Unavailable(err)
	}
	return err
}

// startFailure explains to an operator why SQLite can't use a file.
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

// isBusy reports whether another connection has locked the file.
func isBusy(err error) bool {
	var failure *driver.Error
	return errors.As(err, &failure) && failure.Code()&0xff == codes.SQLITE_BUSY
}

// isTemporary reports whether an SQLite result code is about the machine rather than about the request.
func isTemporary(code int) bool {
	switch code & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_FULL, codes.SQLITE_IOERR, codes.SQLITE_NOMEM,
		codes.SQLITE_CANTOPEN, codes.SQLITE_READONLY, codes.SQLITE_PROTOCOL:
		return true
	default:
		return false
	}
}
