package mongo

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// scriptedServer is a server whose change streams follow a script: the number of events of each before it ends; a negative
// number can't be opened. After the script a stream stays open without events.
type scriptedServer struct {
	script []int
	opened int
	closed int
}

type scriptedStream struct {
	server *scriptedServer
	events int
	silent bool
}

func (s *scriptedServer) Watch(context.Context) (stream, error) {
	n := s.opened
	s.opened++
	switch {
	case n >= len(s.script):
		return &scriptedStream{server: s, silent: true}, nil
	case s.script[n] < 0:
		return nil, errors.New("no such luck")
	default:
		return &scriptedStream{server: s, events: s.script[n]}, nil
	}
}

func (s *scriptedStream) Next(ctx context.Context) bool {
	if s.silent {
		<-ctx.Done()
		return false
	}
	s.events--
	return s.events >= 0
}

func (s *scriptedStream) Err() error {
	if s.silent {
		return nil
	}
	return errors.New("the primary stepped down")
}

func (s *scriptedStream) Close(context.Context) error {
	s.server.closed++
	return nil
}

func TestEndedStreamIsReopened(t *testing.T) {
	for name, c := range map[string]struct {
		script []int
		wakes  int // one for each event, and one for each opened stream
		closed int
	}{
		"one stream":            {nil, 1, 1},
		"ends and opens again":  {[]int{3, 0, 2}, 3 + 0 + 2 + 4, 4},
		"can't open for a time": {[]int{-1, -1, -1, 2}, 2 + 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &scriptedServer{script: c.script}
				ctx, cancel := context.WithCancel(t.Context())
				wakes := 0
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					followStream(ctx, server, func() { wakes++ }, slog.New(slog.DiscardHandler))
				}()
				time.Sleep(time.Minute) //nolint:forbidigo // the bubble's time: until the script is over
				synctest.Wait()
				cancel()
				<-ended
				if wakes != c.wakes || server.closed != c.closed {
					t.Errorf("%d wakes and %d streams closed, want %d and %d", wakes, server.closed, c.wakes, c.closed)
				}
			})
		})
	}
}
