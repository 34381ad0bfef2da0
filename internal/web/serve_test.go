package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/handover"
)

// running is a server on a port of its own.
type running struct {
	url   string
	stop  context.CancelFunc
	ended chan error
}

func start(t *testing.T, handler http.HandlerFunc, drain time.Duration) *running {
	t.Helper()
	return startWith(t, func(c *Config) { c.GraphQL, c.DrainTimeout = handler, drain })
}

func startWith(t *testing.T, change func(*Config)) *running {
	t.Helper()
	s := newTestServer(t, change)
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &running{url: "http://" + listener.Addr().String(), stop: stop, ended: make(chan error, 1)}
	go func() { r.ended <- s.Serve(ctx, listener) }()
	t.Cleanup(stop)
	return r
}

// post sends a request and returns its answer's status and body, or an error.
func (r *running) post(accept string) (*http.Response, error) {
	request, err := http.NewRequest(http.MethodPost, r.url+"/graphql", strings.NewReader("{}"))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", accept)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return client.Do(request)
}

func (r *running) waitForEnd(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.ended:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the server does not end")
		return nil
	}
}

func TestRequestsFinishAtTheEnd(t *testing.T) {
	arrived, goOn := make(chan struct{}), make(chan struct{})
	r := start(t, func(w http.ResponseWriter, req *http.Request) {
		close(arrived)
		<-goOn
		fmt.Fprint(w, req.Context().Err())
	}, 10*time.Second)
	answered := make(chan string, 1)
	go func() {
		response, err := r.post("application/json")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		answered <- fmt.Sprint(string(body), err)
	}()
	<-arrived
	r.stop()
	for {
		connection, err := net.DialTimeout("tcp", strings.TrimPrefix(r.url, "http://"), time.Second)
		if err != nil {
			break // it accepts no more
		}
		_ = connection.Close()
	}
	close(goOn)
	if got := <-answered; got != "<nil><nil>" {
		t.Errorf("the request that ran got %q", got)
	}
	if err := r.waitForEnd(t); err != nil {
		t.Error(err)
	}
}

// A load balancer that opens a connection for every request learns of the end by /readyz before any is refused, and
// requests that it sends until then are answered, on connections that it is asked not to use again.
func TestReadinessIsWithdrawnBeforeConnectionsAreRefused(t *testing.T) {
	r := startWith(t, func(c *Config) { c.DrainDelay = 300 * time.Millisecond })
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	get := func(path string) (status int, closes bool, err error) {
		response, err := client.Get(r.url + path)
		if err != nil {
			return 0, false, err
		}
		_, _ = io.Copy(io.Discard, response.Body)
		return response.StatusCode, response.Close, response.Body.Close()
	}
	if status, _, err := get("/readyz"); err != nil || status != http.StatusOK {
		t.Fatalf("before the end: %d, %v", status, err)
	}
	r.stop()
	withdrawn := 0
	for {
		status, _, err := get("/readyz")
		if err != nil {
			break // it accepts no more
		}
		if status == http.StatusServiceUnavailable {
			withdrawn++
			if status, closes, err := get("/healthz"); err == nil && (status != http.StatusOK || !closes) {
				t.Errorf("a request during the delay: %d, closes the connection: %v", status, closes)
			}
		} else if withdrawn > 0 {
			t.Fatalf("ready again: %d", status)
		}
	}
	if withdrawn == 0 {
		t.Error("connections were refused before /readyz said anything")
	}
	if err := r.waitForEnd(t); err != nil {
		t.Error(err)
	}
}

func TestRequestsThatDoNotFinishAreCutOff(t *testing.T) {
	arrived := make(chan struct{})
	r := start(t, func(_ http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body) // net/http notices that a client is gone once the body is read
		close(arrived)
		<-req.Context().Done()
	}, 10*time.Millisecond)
	answered := make(chan error, 1)
	go func() {
		response, err := r.post("application/json")
		if err == nil {
			err = response.Body.Close()
		}
		answered <- err
	}()
	<-arrived
	r.stop()
	if err := r.waitForEnd(t); err != nil {
		t.Error(err)
	}
	if err := <-answered; err == nil {
		t.Error("the request was answered")
	}
}

func TestStreamsEndAtTheEnd(t *testing.T) {
	r := start(t, func(w http.ResponseWriter, req *http.Request) {
		stopping, release, _ := handover.Take(req.Context())
		defer release()
		fmt.Fprint(w, ": hello\n\n")
		_ = http.NewResponseController(w).Flush()
		<-stopping.Done()
		fmt.Fprint(w, "event: complete\n\n", req.Context().Err())
	}, 10*time.Second)
	response, err := r.post("text/event-stream")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	events := bufio.NewReader(response.Body)
	if line, err := events.ReadString('\n'); err != nil || line != ": hello\n" {
		t.Fatalf("%q, %v", line, err)
	}
	r.stop()
	rest, err := io.ReadAll(events)
	if err != nil || !strings.HasSuffix(string(rest), "complete\n\n<nil>") {
		t.Errorf("%q, %v", rest, err)
	}
	if err := r.waitForEnd(t); err != nil {
		t.Error(err)
	}
}

// A socket is no concern of http.Server any more, but the end waits for it all the same.
func TestSocketsEndAtTheEnd(t *testing.T) {
	upgraded, ended := make(chan struct{}), make(chan struct{})
	r := start(t, func(w http.ResponseWriter, req *http.Request) {
		stopping, release, _ := handover.Take(req.Context())
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		close(upgraded)
		go func() {
			defer release()
			<-stopping.Done()
			_ = connection.Close()
			close(ended)
		}()
	}, 10*time.Second)
	connection, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprint(connection, "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	<-upgraded
	r.stop()
	if err := r.waitForEnd(t); err != nil {
		t.Error(err)
	}
	select {
	case <-ended:
	default:
		t.Error("the server ended before its socket")
	}
}

func TestServeReportsALostListener(t *testing.T) {
	s := newTestServer(t, nil)
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	if err := s.Serve(t.Context(), listener); err == nil || !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
}
