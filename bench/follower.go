package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

const followDocument = `subscription { tagStatusChanged { cursor at tag { orderNo status markResult } previousStatus } }`

// socketMessage is a message of graphql-transport-ws.
type socketMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// follower is a shop's open socket with a subscription to its tags.
type follower struct{ conn *websocket.Conn }

// follow opens a socket, authenticates and subscribes. When it returns the subscription is active: a ping sent after it has
// been answered.
func follow(ctx context.Context, base, token string) (*follower, error) {
	//nolint:bodyclose // the library's documentation: the body of the answer never needs to be closed
	conn, _, err := websocket.Dial(ctx, "ws"+base[len("http"):]+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	f := &follower{conn: conn}
	sign, err := json.Marshal(map[string]string{"authorization": "Bearer " + token})
	if err != nil {
		return nil, err
	}
	query, err := json.Marshal(map[string]string{"query": followDocument})
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		wsjson.Write(ctx, conn, socketMessage{Type: "connection_init", Payload: sign}), f.expect(ctx, "connection_ack"),
		wsjson.Write(ctx, conn, socketMessage{Type: "subscribe", ID: "1", Payload: query}),
		wsjson.Write(ctx, conn, socketMessage{Type: "ping"}), f.expect(ctx, "pong"),
	)
	if err != nil {
		return nil, errors.Join(err, conn.CloseNow())
	}
	return f, nil
}

// expect reads messages up to one of a type, answering pings.
func (f *follower) expect(ctx context.Context, kind string) error {
	for {
		got, err := f.receive(ctx)
		if err != nil {
			return err
		}
		if got.Type == kind {
			return nil
		}
	}
}

// receive reads the next message. It answers pings, and fails if the subscription ends.
func (f *follower) receive(ctx context.Context) (socketMessage, error) {
	var got socketMessage
	if err := wsjson.Read(ctx, f.conn, &got); err != nil {
		return got, err
	}
	switch got.Type {
	case "ping":
		return got, wsjson.Write(ctx, f.conn, socketMessage{Type: "pong"})
	case "error", "complete":
		return got, fmt.Errorf("the subscription ended: %s %s", got.Type, got.Payload)
	}
	return got, nil
}

// read sends the delay of each event, from its timestamp to its arrival, until the socket or the context ends.
func (f *follower) read(ctx context.Context, delays chan<- time.Duration) error {
	for {
		got, err := f.receive(ctx)
		arrived := time.Now()
		if err != nil {
			return err
		}
		if got.Type != "next" {
			continue
		}
		var event struct {
			Data struct {
				TagStatusChanged struct{ At time.Time }
			}
		}
		if err := json.Unmarshal(got.Payload, &event); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case delays <- arrived.Sub(event.Data.TagStatusChanged.At):
		}
	}
}

// followAll opens a socket for each token, a few at a time.
func followAll(ctx context.Context, base string, tokens []string) ([]*follower, error) {
	followers := make([]*follower, len(tokens))
	_, err := inTurn(0, len(tokens), 16, func(k int) error {
		f, err := follow(ctx, base, tokens[k])
		followers[k] = f
		return err
	})
	return followers, err
}

// readAll reads from all followers until the context ends or stop closes their sockets. The delays of events are sent to the
// channel.
func readAll(ctx context.Context, followers []*follower) (delays <-chan time.Duration, stop func()) {
	arrivals := make(chan time.Duration, len(followers))
	var group sync.WaitGroup
	for _, f := range followers {
		group.Go(func() { _ = f.read(ctx, arrivals) })
	}
	return arrivals, func() {
		for _, f := range followers {
			_ = f.conn.CloseNow()
		}
		group.Wait()
	}
}

// collect waits for a number of events and returns their delays. It fails if the next one takes more than some seconds, or
// if there are more.
func collect(ctx context.Context, arrivals <-chan time.Duration, events int) ([]time.Duration, error) {
	const timeout, grace = 10 * time.Second, time.Second
	delays := make([]time.Duration, 0, events)
	for len(delays) < events {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case delay := <-arrivals:
			delays = append(delays, delay)
		case <-time.After(timeout):
			return nil, fmt.Errorf("%d of %d events arrived", len(delays), events)
		}
	}
	select {
	case <-arrivals:
		return nil, fmt.Errorf("more than %d events arrived", events)
	case <-time.After(grace):
		return delays, nil
	}
}
