package graph

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"cloudtag/internal/cloudtag"
)

func TestQuota(t *testing.T) {
	q := quota{total: 10, each: 6}
	for i, step := range []struct {
		key  string
		n    int64 // less than 0: given back
		want exhausted
	}{
		{"a", 6, notExhausted}, {"a", 1, callerExhausted}, {"b", 5, totalExhausted}, {"b", 4, notExhausted},
		{"c", 1, totalExhausted}, {"a", -6, notExhausted}, {"c", 6, notExhausted}, {"c", -6, notExhausted}, {"b", -4, notExhausted},
	} {
		if step.n < 0 {
			q.give(step.key, -step.n)
			continue
		}
		if got := q.take(step.key, step.n); got != step.want {
			t.Errorf("step %d: %v, want %v", i, got, step.want)
		}
	}
	if q.held != 0 || len(q.of) != 0 {
		t.Errorf("%d held, %d callers are remembered", q.held, len(q.of))
	}
}

// Callers that take as much as they may always leave some for the next one.
func TestGreedyCallersLeaveRoomForTheNext(t *testing.T) {
	q := quota{total: 1 << 20, each: unlimited, spare: true}
	for n := range 20 {
		key := string(rune('a' + n))
		if got := q.take(key, 512); got != notExhausted {
			t.Fatalf("caller %d: %v, %d held", n, got, q.held)
		}
		for q.take(key, 512) == notExhausted { //nolint:revive // as much as it can
		}
		if left := q.total - q.held; n == 0 && q.of[key] != 1<<20/5-1<<20/5%512 || n == 9 && left < 1<<20/10 {
			t.Errorf("caller %d holds %d, %d are left", n, q.of[key], left)
		}
	}
}

// announced has a large Content-Length and sends little.
type announced struct {
	io.Reader
	read func() // is called once what was sent is read
}

func (a announced) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		a.read()
		err = errors.New("the client is gone")
	}
	return n, err
}

// Memory is reserved for the bytes that have arrived, and released on every outcome.
func TestBodiesReserveMemoryAsTheyArrive(t *testing.T) {
	const longest = 1 << 20
	for arrived, atMost := range map[int]int64{0: 512, 1: 512, 511: 512, 512: 1024, 5000: 16 << 10, 100_000: 256 << 10} {
		b := bodies{quota{total: 1 << 30, each: 1 << 30}}
		_, release, err := b.read(announced{bytes.NewReader(make([]byte, arrived)), func() {
			if b.memory.held > atMost {
				t.Errorf("%d bytes take %d", arrived, b.memory.held)
			}
		}}, "a", longest)
		if err == nil {
			t.Error("no error")
		}
		release()
		if b.memory.held != 0 {
			t.Errorf("%d bytes are held for nobody", b.memory.held)
		}
	}
	for _, size := range []int{0, 1, 511, 512, 513, 1 << 20} {
		b := bodies{quota{total: 1 << 30, each: 1 << 30}}
		sent := bytes.Repeat([]byte("x"), size)
		for _, reader := range []io.Reader{bytes.NewReader(sent), iotest.HalfReader(bytes.NewReader(sent)), iotest.DataErrReader(bytes.NewReader(sent))} {
			got, release, err := b.read(reader, "a", longest)
			if err != nil || !bytes.Equal(got, sent) || b.memory.held > longest+firstBodyBytes || b.memory.held < int64(size) {
				t.Errorf("%d bytes: %d read, %d held, %v", size, len(got), b.memory.held, err)
			}
			release()
			release() // again: nothing
			if b.memory.held != 0 {
				t.Errorf("%d bytes are held for nobody", b.memory.held)
			}
		}
	}
}

func TestMemoryForBodiesIsLimitedPerCallerAndInTotal(t *testing.T) {
	b := Limits{BodyBytes: 1000, BodiesBytes: 8000}.bodies()
	read := func(caller string, size int) (func(), cloudtag.Code) {
		_, release, err := b.read(bytes.NewReader(make([]byte, size)), caller, 1000)
		return release, cloudtag.CodeOf(err)
	}
	first, code := read("a", 1000)
	if code != "" {
		t.Fatal(code)
	}
	second, code := read("a", 1000)
	if second(); code != cloudtag.CodeRateLimited {
		t.Errorf("more than the caller's part: %q", code)
	}
	other, code := read("b", 1000)
	if code != "" {
		t.Errorf("another's: %q", code)
	}
	first()
	again, code := read("a", 1000)
	if code != "" {
		t.Errorf("once the first is done: %q", code)
	}
	again()
	other()
	b.memory.total = 400
	none, code := read("c", 1)
	if none(); code != cloudtag.CodeUnavailable || b.memory.held != 0 {
		t.Errorf("with no memory left: %q, %d held", code, b.memory.held)
	}
}
