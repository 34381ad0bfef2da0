//go:build e2e

package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// secret signs the tokens of the tests.
const secret = "a-secret-for-end-to-end-tests-0123456789abcdef"

// cursorSecret seals cursors where a test makes some itself.
const cursorSecret = "a-secret-for-cursors-of-end-to-end-tests-01234"

// binaryPath is the program under test, set by TestMain.
var binaryPath string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	binaryPath = os.Getenv("CLOUDTAG_BINARY")
	if binaryPath == "" {
		dir, err := os.MkdirTemp("", "cloudtag-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binaryPath = filepath.Join(dir, "cloudtag")
		build := exec.Command("go", "build", "-o", binaryPath, "cloudtag")
		if output, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build: %v\n%s", err, output)
			return 1
		}
	}
	return m.Run()
}

// cli is the result of running the program: its output and exit status.
type cli struct {
	stdout, stderr string
	code           int
}

// environment returns this process's environment with more variables, and without the settings of the tests, which the program
// would reject as misspelt settings.
func environment(more ...string) []string {
	own := func(variable string) bool { return strings.HasPrefix(variable, "CLOUDTAG_") }
	return append(slices.DeleteFunc(os.Environ(), own), more...)
}

// cloudtag runs the program to its end.
func cloudtag(t *testing.T, args ...string) cli {
	t.Helper()
	command := exec.CommandContext(t.Context(), binaryPath, args...)
	command.Env = environment("CLOUDTAG_JWT_SECRET=" + secret)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("cloudtag %s: %v", strings.Join(args, " "), err)
	}
	return cli{stdout.String(), stderr.String(), command.ProcessState.ExitCode()}
}

// mustCloudtag runs the program and fails the test unless it succeeds.
func mustCloudtag(t *testing.T, args ...string) cli {
	t.Helper()
	result := cloudtag(t, args...)
	if result.code != 0 {
		t.Fatalf("cloudtag %s: exit code %d\n%s%s", strings.Join(args, " "), result.code, result.stdout, result.stderr)
	}
	return result
}

// server is a running `cloudtag serve`.
type server struct {
	t       *testing.T
	process *exec.Cmd
	address string
	watched string // where its metrics are
	uri     string
	output  *lockedBuffer
	ended   chan struct{}
	names   []string // flags for the tokens that it takes
	browser []string // variables for the browser tests of it
}

// lockedBuffer collects the output of a process while it runs.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// newDatabase returns the URI of a store that does not exist yet.
func newDatabase(t *testing.T) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "cloudtag.db")
}

// handedOut are the addresses that tests have reserved, including those whose server is currently stopped.
var handedOut sync.Map

// freeAddress returns an unused loopback address and reserves it for the calling test. Its port is below the ephemeral range of
// Linux, from which the tests' many outgoing connections take theirs.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000)) //nolint:gosec // no secret
		if _, taken := handedOut.LoadOrStore(address, true); taken {
			continue
		}
		if listener, err := net.Listen("tcp", address); err == nil {
			listener.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// serve starts the program on a store and waits until it is ready. It is stopped when the test ends.
func serve(t *testing.T, uri string, args ...string) *server {
	t.Helper()
	return serveAt(t, uri, freeAddress(t), args...)
}

func serveAt(t *testing.T, uri, address string, args ...string) *server {
	t.Helper()
	s := launch(t, uri, address, args...)
	s.waitReady()
	return s
}

// launch starts the program without waiting until it is ready. It is stopped when the test ends.
func launch(t *testing.T, uri, address string, args ...string) *server {
	t.Helper()
	s := &server{t: t, address: address, watched: freeAddress(t), uri: uri, output: &lockedBuffer{}, ended: make(chan struct{})}
	s.process = exec.Command(binaryPath, append([]string{"serve", "--addr", address, "--metrics-addr", s.watched, "--db", uri, "--drain-delay", "0s"}, args...)...)
	s.process.Env = environment()
	if !slices.Contains(args, "--dev") { // which has a secret of its own, and takes no other beside it
		s.process.Env = append(s.process.Env, "CLOUDTAG_JWT_SECRET="+secret)
	}
	s.process.Stdout, s.process.Stderr = s.output, s.output
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.process.Wait()
		close(s.ended)
	}()
	t.Cleanup(s.stop)
	return s
}

func (s *server) url(path string) string { return "http://" + s.address + path }

func (s *server) waitReady() {
	s.t.Helper()
	deadline := time.After(patience())
	for {
		response, err := http.Get(s.url("/readyz"))
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-s.ended:
			s.t.Fatalf("the server ended:\n%s", s.output)
		case <-deadline:
			s.t.Fatalf("the server did not become ready:\n%s", s.output)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop ends the server by SIGTERM. If it does not exit in time, the test fails and the server is killed.
func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(patience()):
		s.t.Errorf("the server did not end on SIGTERM:\n%s", s.output)
		s.kill()
	}
}

// kill ends the server by SIGKILL.
func (s *server) kill() {
	_ = s.process.Process.Kill()
	<-s.ended
}

// token returns a bearer token made by the command line.
func token(t *testing.T, roles string, args ...string) string {
	t.Helper()
	return strings.TrimSpace(mustCloudtag(t, append([]string{"token", "--role", roles}, args...)...).stdout)
}

// merchantToken returns a token of a shop's person.
func merchantToken(t *testing.T, merchant string) string {
	t.Helper()
	return token(t, "MERCHANT", "--merchant", merchant, "--subject", "someone@"+merchant)
}

// writeFile writes a file for the command line to read.
func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
