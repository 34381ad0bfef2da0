package sqlitefile

import (
	"path/filepath"
	"testing"
)

// A sequence of reads needs the page cache of one connection only.
func TestReadsUseTheConnectionThatWasUsedLast(t *testing.T) {
	file, _ := openAt(t, filepath.Join(t.TempDir(), "words.db"), Options{})
	read := func(inner func()) (used *Conn) {
		t.Helper()
		err := file.Read(t.Context(), "read", func(c *Conn) error {
			used = c
			inner()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return used
	}
	nothing := func() {}
	var second *Conn
	first := read(func() { second = read(nothing) })
	if first == second {
		t.Fatal("two reads use one connection at once")
	}
	for range 2 {
		if used := read(nothing); used != first {
			t.Error("a read uses another connection than the one before")
		}
	}
}
