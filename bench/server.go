package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// secret signs the tokens of measurements.
const secret = "a-secret-for-measurements-only-0123456789"

// server is the real binary, serving a store.
type server struct {
	process *exec.Cmd
	base    string
	watched string // URL of its metrics
	output  bytes.Buffer
}

// startServer starts the binary on a free port and waits until it is ready.
func startServer(ctx context.Context, binary, uri string, args ...string) (*server, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	metrics, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s := &server{base: "http://" + address, watched: "http://" + metrics + "/metrics"}
	// Rate limits are disabled: one caller produces the load.
	args = append([]string{
		"serve", "--addr", address, "--metrics-addr", metrics, "--db", uri, "--log-level", "warn", "--drain-delay", "0s",
		"--limit-requests", "0", "--limit-tags", "0",
	}, args...)
	s.process = exec.CommandContext(ctx, binary, args...)
	// Settings in the environment do not affect measurements.
	settings := func(variable string) bool { return strings.HasPrefix(variable, "CLOUDTAG_") }
	s.process.Env = append(slices.DeleteFunc(os.Environ(), settings), "CLOUDTAG_JWT_SECRET="+secret)
	s.process.Stdout, s.process.Stderr = &s.output, &s.output
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if s.ready(ctx) {
			return s, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	s.stop()
	return nil, fmt.Errorf("the server did not become ready:\n%s", s.output.String())
}

// freeAddress returns an unused loopback address.
func freeAddress(ctx context.Context) (string, error) {
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// ready reports whether the server is ready.
func (s *server) ready(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// stop shuts the server down and waits for it.
func (s *server) stop() {
	_ = s.process.Process.Signal(os.Interrupt)
	_ = s.process.Wait()
}

// settledMB returns the resident set once it is stable, after the server has returned unused memory to the system, which it
// does after a second without requests.
func (s *server) settledMB(ctx context.Context) (float64, error) {
	last, quiet := s.residentMB(), 0
	for range 15 {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(time.Second):
		}
		now := s.residentMB()
		if now < last-0.5 || now > last+0.5 {
			quiet = 0
		} else if quiet++; quiet == 3 {
			return now, nil
		}
		last = now
	}
	return last, nil
}

// residentMB returns the resident set of the process in megabytes (10^6 bytes), 0 if the system does not report it.
func (s *server) residentMB() float64 {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if rest, found := strings.CutPrefix(lines.Text(), "VmRSS:"); found {
			kilobytes, _ := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kilobytes) * 1024 / 1e6
		}
	}
	return 0
}
