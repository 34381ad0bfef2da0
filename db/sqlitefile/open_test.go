package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestOpenExplainsFailures(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(t *testing.T, folder string) (uri string)
		want    string
	}{
		{"no path", func(*testing.T, string) string { return "sqlite:" }, "expected sqlite:PATH"},
		{"another scheme", func(*testing.T, string) string { return "postgres://x" }, "expected sqlite:PATH"},
		{"a folder", func(_ *testing.T, folder string) string { return Scheme + folder }, "it is a folder"},
		{"not a database", func(t *testing.T, folder string) string {
			return Scheme + writeFile(t, folder, strings.Repeat("merchant_id,name\n", 100))
		}, "not an SQLite database"},
		{"a file in the folder's place", func(t *testing.T, folder string) string {
			return Scheme + filepath.Join(writeFile(t, folder, "x"), "cloudtag.db")
		}, "its folder can't be made"},
		{"not writable", func(*testing.T, string) string {
			return Scheme + "/proc/version"
		}, "it can't be opened"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, err := openWords(test.prepare(t, t.TempDir()), Options{})
			if err == nil {
				t.Fatal("opened", file.Close())
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %q, want %q in it", err, test.want)
			}
		})
	}
}

func writeFile(t *testing.T, folder, text string) string {
	t.Helper()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestOpenCreatesFoldersOfAnyName(t *testing.T) {
	file := filepath.Join(t.TempDir(), "数据 100%?#", "cloud tag.db")
	opened, _ := openAt(t, file, Options{})
	if err := opened.Ping(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

// Opening is retried while the file is locked and the context lasts; other failures are returned at once.
func TestOpenRetriesWhileTheFileIsLocked(t *testing.T) {
	busy := busyError(t)
	want, attempts := &File{}, 0
	file, err := retryBusy(t.Context(), func() (*File, error) {
		if attempts++; attempts < 3 {
			return nil, fmt.Errorf("journal mode: %w", busy)
		}
		return want, nil
	})
	if file != want || err != nil || attempts != 3 {
		t.Errorf("%v, %v after %d attempts", file, err, attempts)
	}
	damaged, attempts := errors.New("damaged"), 0
	if _, err := retryBusy(t.Context(), func() (*File, error) { attempts++; return nil, damaged }); !errors.Is(err, damaged) || attempts != 1 {
		t.Errorf("%v after %d attempts", err, attempts)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := retryBusy(ctx, func() (*File, error) { cancel(); return nil, busy }); !errors.Is(err, busy) {
		t.Errorf("with a context that has ended: %v", err)
	}
}

// A new file that another process has locked can't be switched to WAL mode; Open waits for it.
func TestOpenWaitsForALockedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "locked.db")
	unlock := lockFile(t, path)
	go func() {
		<-time.After(5 * retryInterval) // the first attempt has failed by then
		unlock()
	}()
	openAt(t, path, Options{})
}

// busyError returns the error of opening a locked file.
func busyError(t *testing.T) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "locked.db")
	defer lockFile(t, path)()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Open(ended, Scheme+path, Options{}, prepareWords, &words{})
	if !isBusy(err) {
		t.Fatalf("a locked file: %v", err)
	}
	return err
}

// lockFile creates a file and locks it for writing, as another process would, until unlock is called.
func lockFile(t *testing.T, path string) (unlock func()) {
	t.Helper()
	database, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := database.BeginTx(context.Background(), nil)
	if err == nil {
		_, err = tx.ExecContext(t.Context(), "CREATE TABLE locked (x)")
	}
	if err != nil {
		t.Fatal(errors.Join(err, database.Close()))
	}
	return func() {
		if err := errors.Join(tx.Rollback(), database.Close()); err != nil {
			t.Error(err)
		}
	}
}
