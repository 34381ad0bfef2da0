package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cloudtag/internal/cloudtag"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
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
		{"nothing that can be written", func(*testing.T, string) string {
			return Scheme + "/proc/version"
		}, "it can't be opened"},
		{"another program's database", func(t *testing.T, folder string) string {
			return Scheme + makeDatabase(t, folder, "CREATE TABLE songs (title TEXT)")
		}, "database of another program"},
		{"a newer schema", func(t *testing.T, folder string) string {
			return Scheme + makeDatabase(t, folder, "PRAGMA user_version = 1000")
		}, "version 1000"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store, err := Open(context.Background(), test.prepare(t, t.TempDir()), Options{})
			if err == nil {
				t.Fatal("opened", store.Close())
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

func makeDatabase(t *testing.T, folder, script string) string {
	t.Helper()
	file := filepath.Join(folder, "other.db")
	database, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	if _, err := database.ExecContext(context.Background(), script); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestOpenMakesTheFolderAndTakesAnyPath(t *testing.T) {
	file := filepath.Join(t.TempDir(), "数据 100%?#", "cloud tag.db")
	store := openAt(t, file, Options{})
	if err := store.Ping(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func TestStoresThatStartAtOnceShareOneFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloudtag.db")
	stores := make([]*Store, 4)
	var starts sync.WaitGroup
	for i := range stores {
		starts.Go(func() {
			var err error
			if stores[i], err = Open(context.Background(), Scheme+file, Options{}); err != nil {
				t.Error(err)
			}
		})
	}
	starts.Wait()
	if t.Failed() {
		return
	}
	furnish(t, stores[0], len(stores))
	var writers sync.WaitGroup
	for i, store := range stores {
		defer store.Close()
		writers.Go(func() {
			for n := range 10 {
				order := cloudtag.OrderNo(string(shop(i)) + string(rune('a'+n)))
				submission := submissionOf(shop(i), string(order), start, []cloudtag.OrderNo{order, "shared"},
					[]cloudtag.BuyerID{"buyer", "buyer"})
				if _, _, err := store.Record(context.Background(), submission, add); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	checkSharedFile(t, stores)
}

// An open that finds the file held is tried again, until the caller gives up; no other failure is.
func TestAHeldFileIsOpenedAgain(t *testing.T) {
	held := heldError(t)
	want, attempts := &Store{}, 0
	store, err := openContended(t.Context(), func() (*Store, error) {
		if attempts++; attempts < 3 {
			return nil, fmt.Errorf("journal mode: %w", held)
		}
		return want, nil
	})
	if store != want || err != nil || attempts != 3 {
		t.Errorf("%v, %v after %d attempts", store, err, attempts)
	}
	damaged, attempts := errors.New("damaged"), 0
	if _, err := openContended(t.Context(), func() (*Store, error) { attempts++; return nil, damaged }); !errors.Is(err, damaged) || attempts != 1 {
		t.Errorf("%v after %d attempts", err, attempts)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := openContended(ctx, func() (*Store, error) { cancel(); return nil, held }); !errors.Is(err, held) {
		t.Errorf("given up: %v", err)
	}
}

// heldError is what SQLite says of a file that another connection holds.
func heldError(t *testing.T) error {
	t.Helper()
	database, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "held.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	first, err := database.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := database.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if _, err := first.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	_, err = second.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	if !isBusy(err) {
		t.Fatalf("a held file: %v", err)
	}
	return err
}

// checkSharedFile looks for what 4 stores left that tagged 10 orders each, and one that all of them wanted.
func checkSharedFile(t *testing.T, stores []*Store) {
	t.Helper()
	ctx := context.Background()
	for _, store := range stores {
		cases, err := store.CasesOfBuyers(ctx, []cloudtag.BuyerID{"buyer"})
		if err != nil {
			t.Fatal(err)
		}
		if len(cases["buyer"]) != 1 || cases["buyer"][0].Votes != 4 || cases["buyer"][0].State != cloudtag.CaseConfirmed {
			t.Errorf("cases are %+v, want one confirmed by 4 votes", cases["buyer"])
		}
		tags, err := store.CountTags(ctx, cloudtag.TagFilter{Statuses: []cloudtag.TagStatus{cloudtag.TagSucceeded}}, 100)
		if err != nil || tags != 41 {
			t.Errorf("%d tags succeeded (%v), want 41", tags, err)
		}
		last, err := store.LastSeq(ctx)
		if err != nil {
			t.Fatal(err)
		}
		entries, _, err := store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: int(last) + 1})
		if err != nil || len(entries) != int(last) || entries[last-1].Seq != last {
			t.Errorf("the log has %d entries up to %d (%v)", len(entries), last, err)
		}
	}
}
