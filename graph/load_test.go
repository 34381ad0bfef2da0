package graph_test

import (
	"context"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/shed"
)

func readAll(t *testing.T, response *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// busyStack has a load limiter with one slot, which is taken until free is called.
func busyStack(t *testing.T) (s *graphtest.Stack, meter *recordingMeter, free func()) {
	t.Helper()
	load := shed.New(shed.Limits{Running: 1, Waiting: 1, Wait: 20 * time.Millisecond})
	meter = newRecordingMeter()
	s = market(t, func(_ *graphtest.Stack, config *graph.Config) { config.Load, config.Meter = load, meter })
	free, err := load.Acquire(context.Background(), "another")
	if err != nil {
		t.Fatal(err)
	}
	return s, meter, free
}

func TestOverloadIsRefused(t *testing.T) {
	s, meter, free := busyStack(t)
	admin := s.As(cloudtag.RoleAdmin)
	answer := s.Do(admin, `{ viewer { id } }`, nil)
	seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
	if answer.Status != http.StatusServiceUnavailable || err != nil || seconds < 1 || seconds > 3 || !reflect.DeepEqual(answer.Codes(), []string{"UNAVAILABLE"}) ||
		answer.Errors[0].Extensions["retryAfter"] != float64(seconds) {
		t.Errorf("%d, after %q: %s", answer.Status, answer.Header.Get("Retry-After"), answer.Raw)
	}
	socket := s.Connect(admin)
	socket.Subscribe("1", `{ viewer { id } }`, nil)
	if message := socket.Read(); !strings.Contains(string(message.Payload), "UNAVAILABLE") || !strings.Contains(string(message.Payload), "retryAfter") {
		t.Errorf("on a socket: %s %s", message.Type, message.Payload)
	}
	socket.Read()
	if meter.refused["load"] != 2 {
		t.Errorf("refusals recorded: %v", meter.refused)
	}
	// Subscriptions are not limited.
	socket.Subscribe("2", `subscription { tagStatusChanged { cursor } }`, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	free()
	tag(s, "a", 1)
	if message := socket.Read(); message.Type != "next" || message.ID != "2" {
		t.Errorf("an event: %+v", message)
	}
	// Each slot was released.
	for range 3 {
		for _, query := range []string{`{ viewer { id } }`, `{ nothing }`} {
			if answer := s.Do(admin, query, nil); answer.Status == http.StatusServiceUnavailable {
				t.Errorf("%s: %s", query, answer.Raw)
			}
		}
		socket.Subscribe("3", `{ viewer { id } }`, nil)
		if message := socket.Read(); message.Type != "next" || strings.Contains(string(message.Payload), "UNAVAILABLE") {
			t.Errorf("on a socket: %s", message.Payload)
		}
		socket.Read()
	}
}

// A client that is slow to send its request or to read the response holds no slot.
func TestSlowClientsHoldNoSlot(t *testing.T) {
	s, _, free := busyStack(t)
	free()
	body, write := io.Pipe()
	defer write.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Server.URL, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	done := make(chan struct{})
	go func() {
		defer close(done)
		if response, err := s.Server.Client().Do(request); err == nil {
			response.Body.Close()
		}
	}()
	if _, err := write.Write([]byte(`{"query":`)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if answer := s.Do(s.As(cloudtag.RoleAdmin), `{ viewer { id } }`, nil); answer.Status != http.StatusOK {
			t.Errorf("%d %s", answer.Status, answer.Raw)
		}
	}
	write.Close()
	<-done
}
