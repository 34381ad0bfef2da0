package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"

	"github.com/coder/websocket"
)

const anyCase = `subscription { caseChanged { cursor } }`

// caller is an authorization of an administrator of a name.
func caller(s *graphtest.Stack, subject string) string {
	return s.Token(cloudtag.Caller{Subject: subject, Roles: []cloudtag.Role{cloudtag.RoleAdmin}}, time.Hour)
}

func TestOpenSockets(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.Sockets.Total = 2 })
	first := s.Connect(caller(s, "a"))
	s.Connect(caller(s, "b"))
	if _, status, err := s.TryDial(nil, "graphql-transport-ws"); err == nil || status != http.StatusServiceUnavailable {
		t.Errorf("the third of two: status %d, %v, want 503", status, err)
	}
	// One that was refused for its origin takes no place.
	_ = first.Conn.CloseNow()
	open := func() bool { _, _, err := s.TryDial(nil, "graphql-transport-ws"); return err == nil }
	eventually(t, open, "the place of a closed socket stays taken")
}

func TestRefusedSocketsTakeNoPlace(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.Sockets.Total = 1 })
	for range 3 {
		if _, status, err := s.TryDial(http.Header{"Origin": {"https://evil.example"}}, "graphql-transport-ws"); err == nil || status != http.StatusForbidden {
			t.Fatalf("status %d, %v, want 403", status, err)
		}
	}
	s.Connect(caller(s, "a"))
}

func TestSocketsOfACaller(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.Sockets.PerCaller = 2 })
	first := s.Connect(caller(s, "a"))
	s.Connect(caller(s, "a"))
	third := s.Dial(nil)
	third.Init(map[string]any{"authorization": caller(s, "a")})
	if code, _ := third.Closed(); code != 1013 {
		t.Errorf("the third of two: closed with %d, want 1013", code)
	}
	s.Connect(caller(s, "b"))
	_ = first.Conn.CloseNow()
	eventually(t, func() bool {
		again := s.Dial(nil)
		again.Init(map[string]any{"authorization": caller(s, "a")})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		_, _, err := again.Conn.Read(ctx)
		return err == nil
	}, "the place of a closed socket stays taken")
}

// A socket that runs nothing is closed; one with a subscription is not, until that has ended.
func TestIdleSocket(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Limits.Sockets.IdleTimeout = 200 * time.Millisecond
		config.Limits.PingInterval = 2 * time.Second // when the end of an operation is noticed
	})
	busy, idle := s.Connect(caller(s, "a")), s.Connect(caller(s, "b"))
	busy.Subscribe("1", anyCase, nil)
	if code, reason := idle.Closed(); code != 1000 || reason != "Idle" {
		t.Errorf("closed with %d %q, want 1000 Idle", code, reason)
	}
	began := time.Now()
	if s.Readers() != 1 {
		t.Fatal("the subscription is gone")
	}
	busy.Complete("1")
	if code, _ := busy.Closed(); code != 1000 || time.Since(began) < 150*time.Millisecond {
		t.Errorf("closed with %d after %s, want 1000 once it has been idle", code, time.Since(began))
	}
}

// At the end of a socket's lifetime the client is asked to connect again.
func TestSocketLifetime(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Limits.Sockets.Lifetime = 200 * time.Millisecond
	})
	socket := s.Connect(caller(s, "a"))
	socket.Subscribe("1", anyCase, nil)
	if code, _ := socket.Closed(); code != 1001 {
		t.Errorf("closed with %d, want 1001", code)
	}
	eventually(t, func() bool { return s.Readers() == 0 }, "its subscription is left")
}

// A client that sends more than its rate, messages or frames of WebSocket's own, is closed.
func TestFloodingSocket(t *testing.T) {
	for name, flood := range map[string]func(ctx context.Context, conn *websocket.Conn){
		"messages": func(ctx context.Context, conn *websocket.Conn) {
			for range 30 {
				_ = conn.Write(ctx, websocket.MessageText, []byte(`{"type":"pong"}`))
			}
		},
		"pings": func(ctx context.Context, conn *websocket.Conn) {
			for range 30 { // each waits for its answer, which Closed does not read yet
				waiting, cancel := context.WithCancel(ctx)
				go func() { defer cancel(); _ = conn.Ping(waiting) }()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.Sockets.MessageRate = 1 })
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			socket := s.Connect(caller(s, "a"))
			flood(ctx, socket.Conn)
			if code, _ := socket.Closed(); code != 1008 {
				t.Errorf("closed with %d, want 1008", code)
			}
		})
	}
}

// What waits for nothing to happen has no goroutine: a socket has the one that reads, its subscriptions none.
func TestAnIdleSocketHasOneGoroutine(t *testing.T) {
	s := market(t)
	before := runtime.NumGoroutine()
	const sockets, each = 10, 5
	for i := range sockets {
		socket := s.Connect(s.As(cloudtag.RoleAdmin))
		for j := range each {
			socket.Subscribe(fmt.Sprint(i, j), tagEvents, nil)
		}
	}
	eventually(t, func() bool {
		return s.Readers() == sockets*each && runtime.NumGoroutine() <= before+sockets+3
	}, "idle sockets or subscriptions have goroutines beside those that read")
}

// A client that asks and does not read can't pile up work: it is read no more. Others notice nothing.
func TestAClientThatOnlyAsks(t *testing.T) {
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Limits.Sockets.Subscriptions, config.Limits.Sockets.MessageRate = 2, 1<<20
		config.Limits.Sockets.WriteTimeout = time.Minute
	})
	quick := s.Connect(s.As(cloudtag.RoleAdmin))
	quick.Subscribe("1", tagEvents, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	before := runtime.NumGoroutine()
	deaf := s.Connect(s.As(cloudtag.RoleAdmin))
	asking, stop := context.WithTimeout(t.Context(), 2*time.Second)
	defer stop()
	long := strings.Repeat("x", 2000)
	query := `{"type":"subscribe","id":"%d ` + long + `","payload":{"query":"{ viewer { id } }"}}`
	for i := 0; asking.Err() == nil; i++ {
		_ = deaf.Conn.Write(asking, websocket.MessageText, fmt.Appendf(nil, query, i))
		if now := runtime.NumGoroutine(); now > before+40 {
			t.Fatalf("%d goroutines after %d queries, %d before", now, i, before)
		}
	}
	for i := range 10 {
		tag(s, "a", i)
		if event := readTag(s, quick, "1"); event.String() != fmt.Sprintf("a-%d ->ACCUMULATING", i) {
			t.Fatalf("the other's event is %s", event)
		}
	}
	_ = deaf.Conn.CloseNow()
}
