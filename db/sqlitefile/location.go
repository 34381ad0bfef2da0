package sqlitefile

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Scheme begins the URI of a store of this package: sqlite:PATH.
const Scheme = "sqlite:"

// pathOf returns the file that a URI names.
func pathOf(uri string) (string, error) {
	file, found := strings.CutPrefix(uri, Scheme)
	if !found || file == "" {
		return "", fmt.Errorf("database %q: expected sqlite:PATH, such as sqlite:data/cloudtag.db", uri)
	}
	return filepath.Abs(file)
}

// prepareFile creates the folder, and detects what SQLite reports merely as "unable to open": a folder in place of the
// file, and missing permissions.
func prepareFile(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return fmt.Errorf("its folder can't be made: %w", err)
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return errors.New("it is a folder; expected a file")
	}
	opened, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return fmt.Errorf("it can't be opened for reading and writing: %w", err)
	}
	return opened.Close()
}

// Page caches of each connection, in KiB. The server's memory budget is 250 MB in total.
const (
	writerCacheKiB = 32 << 10
	readerCacheKiB = 6 << 10
	otherCacheKiB  = 256 // a checkpoint reads each page once
)

// busyTimeout is how long a statement waits for a lock held by another process.
const busyTimeout = 10 * time.Second

// dataSource returns the driver's name for a file and its settings.
func dataSource(file string, cacheKiB int, readOnly bool) string {
	settings := url.Values{
		"_busy_timeout": {strconv.FormatInt(busyTimeout.Milliseconds(), 10)},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_error_rc":     {"1"},
		"_dqs":          {"0"},
		"_pragma": {
			fmt.Sprintf("cache_size(-%d)", cacheKiB),
			"temp_store(MEMORY)",
			"trusted_schema(OFF)",
			"mmap_size(0)",
			"wal_autocheckpoint(0)", // see checkpointer
		},
	}
	if readOnly {
		settings.Set("_query_only", "1")
	}
	location := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(file), RawQuery: settings.Encode()}
	return location.String()
}

// readOnlySource returns the driver's name for a file opened read-only, with further settings.
func readOnlySource(file string, settings url.Values) string {
	settings.Set("mode", "ro")
	settings.Set("_dqs", "0")
	settings.Set("_busy_timeout", strconv.FormatInt(busyTimeout.Milliseconds(), 10))
	location := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(file), RawQuery: settings.Encode()}
	return location.String()
}
