package graph

import (
	"math/rand/v2"
	"time"
)

// socketTimes holds the deadlines of a socket. One timer serves all of them.
type socketTimes struct {
	timer   *time.Timer
	opened  time.Time
	heard   time.Time // the client's last message
	idle    time.Time // when the last operation ended; zero while one runs
	ping    time.Time // when the client is probed next; zero before connection_init
	expires time.Time // when the session ends; zero before connection_init
	retires time.Time // end of the socket's lifetime
}

// startTimes starts the timer.
func (s *socket) startTimes() {
	s.mu.Lock()
	defer s.mu.Unlock()
	limits, now := s.server.config.Limits.Sockets, time.Now()
	s.times.opened, s.times.heard, s.times.idle = now, now, now
	s.times.retires = now.Add(limits.Lifetime - rand.N(limits.Lifetime/10+1)) //nolint:gosec // spreads load, guards nothing
	s.times.timer = time.AfterFunc(limits.InitTimeout, s.tick)
}

// tick acts on the deadlines that have passed, and resets the timer to the next one.
func (s *socket) tick() {
	defer s.recovered(s.base)
	code, reason, ping, cut := s.due(time.Now())
	switch {
	case code != 0:
		s.close(code, reason)
	case cut:
		s.cancel()
		_ = s.conn.CloseNow()
	case ping:
		s.send(`{"type":"ping"}`)
	}
}

// due returns the action that is due: closing, probing the client, or cutting the connection of a client that has been silent for
// too long.
func (s *socket) due(now time.Time) (code int, reason string, ping, cut bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	limits, times := s.server.config.Limits, &s.times
	if s.closing != nil {
		return 0, "", false, false
	}
	if s.ctx == nil {
		if !now.Before(times.opened.Add(limits.Sockets.InitTimeout)) {
			return closeInitTimeout, "Connection initialisation timeout", false, false
		}
		times.timer.Reset(times.opened.Add(limits.Sockets.InitTimeout).Sub(now))
		return 0, "", false, false
	}
	switch {
	case !now.Before(times.expires):
		return closeForbidden, "The session has expired", false, false
	case !now.Before(times.retires):
		return closeGoingAway, "Connect again: the socket has been open for long", false, false
	case !times.idle.IsZero() && !now.Before(times.idle.Add(limits.Sockets.IdleTimeout)):
		return closeNormal, "Idle", false, false
	case !now.Before(times.heard.Add(2 * limits.PingInterval)):
		return 0, "", false, true
	}
	if ping = !now.Before(times.ping); ping {
		times.ping = now.Add(limits.PingInterval)
	}
	next := times.ping
	for _, other := range []time.Time{times.expires, times.retires, times.heard.Add(2 * limits.PingInterval)} {
		if other.Before(next) {
			next = other
		}
	}
	if idle := times.idle.Add(limits.Sockets.IdleTimeout); !times.idle.IsZero() && idle.Before(next) {
		next = idle
	}
	times.timer.Reset(next.Sub(now))
	return 0, "", ping, false
}

// signedIn sets the deadlines of the session. The lock must be held.
func (t *socketTimes) signedIn(now time.Time, session, pings time.Duration) {
	t.expires, t.ping, t.heard = now.Add(session), now.Add(pings), now
	t.timer.Reset(0)
}

// allowance limits the rate of a client's messages.
type allowance struct {
	spent float64 // messages above the rate
	at    time.Time
}

// burst is the number of seconds whose messages may arrive at once.
const burst = 5

// take counts a message, and reports whether it is within the rate.
func (a *allowance) take(now time.Time, rate int) bool {
	a.spent = max(0, a.spent-now.Sub(a.at).Seconds()*float64(rate)) + 1
	a.at = now
	return a.spent <= float64(burst*rate)
}

// allowed records a message of the client, and closes the socket if the client exceeds its rate.
func (s *socket) allowed() bool {
	now := time.Now()
	s.mu.Lock()
	s.times.heard = now
	within := s.allowance.take(now, s.server.config.Limits.Sockets.MessageRate)
	s.mu.Unlock()
	if !within {
		s.close(closeFlood, "Too many messages")
	}
	return within
}
