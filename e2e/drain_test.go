//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/coder/websocket"
)

// TestDrainsUnderLoad ends the server by SIGTERM while shops submit and others follow. Requests that it has begun are
// answered; one whose connection was closed before was not begun, so that sending it again is safe. Sockets are closed
// with 1001, event streams end with UNAVAILABLE and without completing, so that clients reconnect.
func TestDrainsUnderLoad(t *testing.T) {
	t.Parallel()
	onEachStore(t, drainsUnderLoad)
}

func drainsUnderLoad(t *testing.T, uri string) {
	const shops, orders = 6, 3000
	importMarket(t, uri, shops, orders)
	s := serve(t, uri, unlimited()...)
	tokens := signed(t, "m-1", "m-2", "m-3", "m-4", "m-5", "m-6")
	var sockets []*socket
	for shop := 1; shop <= shops; shop++ {
		sockets = append(sockets, s.subscribe(tokens[fmt.Sprintf("m-%d", shop)], followTags, nil))
	}
	streamed := make(chan string, 1)
	go func() { streamed <- s.stream(t.Context(), tokens["m-1"]) }()

	acked, unanswered := &acknowledged{orders: map[string]bool{}}, &acknowledged{orders: map[string]bool{}}
	var refused atomic.Int64
	var clients sync.WaitGroup
	for shop := 1; shop <= shops; shop++ {
		for half := range 2 { // two clients of each shop, so that there is always something under way
			clients.Go(func() {
				for n := 1 + half; n <= orders; n += 2 {
					b := batch{token: tokens[fmt.Sprintf("m-%d", shop)], key: fmt.Sprintf("key-%d", n), scenario: "RETURN_SWAPPED", orders: []string{orderNo(shop, n)}}
					payload, code, err := s.attempt(t.Context(), b)
					switch {
					case errors.Is(err, syscall.ECONNREFUSED):
						refused.Add(1)
						return
					case err != nil:
						unanswered.add(b.orders)
					case code != "":
						t.Errorf("batch %s of shop %d: %s", b.key, shop, code)
						return
					default:
						if err := b.refusal(payload); err != nil {
							t.Error(err)
						}
						acked.add(b.orders)
					}
				}
			})
		}
	}
	until(t, "the load", func() bool { return acked.count() > 100 })
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.waitEnd()
	clients.Wait()
	if code := s.process.ProcessState.ExitCode(); code != 0 || strings.Contains(s.output.String(), "cut off") {
		t.Errorf("exit code %d:\n%s", code, s.output)
	}
	if refused.Load() == 0 {
		t.Error("no client was at work when the server ended: the test shows nothing")
	}
	for i, sock := range sockets {
		if err := <-sock.done; websocket.CloseStatus(err) != websocket.StatusGoingAway {
			t.Errorf("the socket of shop %d ended with %v, want 1001", i+1, err)
		}
	}
	if text := <-streamed; !strings.Contains(text, `"code":"UNAVAILABLE"`) || strings.Contains(text, "event: complete") || !strings.HasSuffix(text, "\n\n") {
		t.Errorf("the event stream did not end with UNAVAILABLE, or completed: …%s", text[max(0, len(text)-300):])
	}
	t.Logf("%d acknowledged; %d connections were closed before the request was begun", acked.count(), unanswered.count())
	checkAfterCrash(t, uri, acked.orders)
	for _, number := range column(t, mustCloudtag(t, "export", "tags", "--format", "csv", "--db", uri).stdout, "order_no") {
		if !acked.has(number) {
			t.Errorf("order %s is tagged, without an event", number)
		}
	}
}

// stream follows a shop's tags over server-sent events until the stream ends, and returns all events.
func (s *server) stream(ctx context.Context, token string) string {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url("/graphql"), strings.NewReader(`{"query":"subscription { tagStatusChanged { cursor } }"}`))
	if err != nil {
		return err.Error()
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "Accept": "text/event-stream", "Authorization": "Bearer " + token} {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return string(content) + err.Error()
	}
	return string(content)
}
