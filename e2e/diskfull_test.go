//go:build e2e && linux

package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestTheDiskIsFull fills the database's disk while shops submit, and frees it again. In between submissions are refused with
// a request to retry, reads succeed and the program keeps running; afterwards the same keys are accepted, and the store is
// consistent.
func TestTheDiskIsFull(t *testing.T) {
	t.Parallel()
	for name, room := range map[string]func(t *testing.T) (uri string, take, give func(s *server)){
		"a limit on the size of files": limitedFiles,
		"a file system without room":   smallFileSystem,
	} {
		t.Run(name, func(t *testing.T) {
			uri, take, give := room(t)
			theDiskIsFull(t, uri, take, give)
		})
	}
}

func theDiskIsFull(t *testing.T, uri string, take, give func(s *server)) {
	const shops, orders = 3, 4000
	importMarket(t, uri, shops, orders)
	s := serve(t, uri, unlimited()...)
	tokens := signed(t, "m-1", "m-2", "m-3")
	acked := map[string]bool{}
	shop, n := 1, 0
	next := func() batch {
		b := batch{token: tokens[fmt.Sprintf("m-%d", shop)], key: fmt.Sprintf("key-%d", n), scenario: "RETURN_SWAPPED"}
		for i := range 20 {
			b.orders = append(b.orders, orderNo(shop, n+i+1))
		}
		return b
	}
	submit := func() (code string) {
		b := next()
		payload, code, err := s.attempt(t.Context(), b)
		if err != nil {
			t.Fatalf("no answer: %v\n%s", err, s.output)
		}
		if code != "" {
			return code
		}
		if err := b.refusal(payload); err != nil {
			t.Fatal(err)
		}
		for _, order := range b.orders {
			acked[order] = true
		}
		if shop++; shop > shops {
			shop, n = 1, n+20
		}
		return ""
	}
	for range 10 {
		if code := submit(); code != "" {
			t.Fatalf("with room: %s", code)
		}
	}
	take(s)
	refused := 0
	for attempt := 0; refused < 5; attempt++ {
		if code := submit(); code == "UNAVAILABLE" {
			refused++
		} else if code != "" {
			t.Fatalf("without room: %s", code)
		}
		if n > orders-40 {
			t.Fatal("there was room for everything: the test shows nothing")
		}
	}
	if found := ask[tagCount](s, token(t, "REVIEWER"), countTags, nil).Tags.TotalCount; found == 0 {
		t.Error("nothing can be read any more")
	}
	if response, err := http.Get(s.url("/healthz")); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("/healthz: %v", err)
	} else {
		response.Body.Close()
	}
	until(t, "/readyz notices that nothing can be written", func() bool { return s.ready() == http.StatusServiceUnavailable })
	t.Logf("%d orders acknowledged, then there was no room", len(acked))
	give(s)
	until(t, "the same batch is taken", func() bool { return submit() == "" })
	for range 10 {
		if code := submit(); code != "" {
			t.Fatalf("with room again: %s", code)
		}
	}
	until(t, "/readyz notices that there is room", func() bool { return s.ready() == http.StatusOK })
	s.stop()
	mustCloudtag(t, "verify-log", "--db", uri)
	checkAfterCrash(t, uri, acked)
}

// limitedFiles limits the size of files that the program may write, like `ulimit -f`.
func limitedFiles(t *testing.T) (uri string, take, give func(s *server)) {
	uri = newDatabase(t)
	limit := func(s *server, bytes uint64) {
		t.Helper()
		var now unix.Rlimit
		if err := unix.Prlimit(s.process.Process.Pid, unix.RLIMIT_FSIZE, nil, &now); err != nil {
			t.Fatal(err)
		}
		now.Cur = min(bytes, now.Max)
		if err := unix.Prlimit(s.process.Process.Pid, unix.RLIMIT_FSIZE, &now, nil); err != nil {
			t.Fatal(err)
		}
	}
	take = func(s *server) {
		log, err := os.Stat(strings.TrimPrefix(uri, "sqlite:") + "-wal") // which each write makes longer
		if err != nil {
			t.Fatal(err)
		}
		limit(s, uint64(log.Size()))
	}
	return uri, take, func(s *server) { limit(s, unix.RLIM_INFINITY) }
}

// smallFileSystem mounts a small file system in memory, to be filled up by another file. Without the permission to mount, only
// the test with limitedFiles runs.
func smallFileSystem(t *testing.T) (uri string, take, give func(s *server)) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("a file system can't be mounted here, which root may: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	ballast := filepath.Join(folder, "ballast")
	take = func(*server) {
		file, err := os.Create(ballast)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for err == nil {
			_, err = file.Write(make([]byte, 4096))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	give = func(*server) {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	}
	return "sqlite:" + filepath.Join(folder, "cloudtag.db"), take, give
}
