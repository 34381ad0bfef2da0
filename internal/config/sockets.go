package config

import (
	"errors"
	"time"
)

// Sockets bound the WebSockets of a server.
type Sockets struct {
	Total         int           `name:"max-sockets" default:"10000" help:"Most open sockets (default ${default}); another's upgrade is answered with 503."`
	SigningIn     int           `name:"max-sockets-signing-in" default:"100" help:"Most open sockets of one address that have not signed in yet (default ${default}); another's upgrade is answered with 429."`
	PerCaller     int           `name:"max-sockets-per-caller" default:"100" help:"Most open sockets of one subject on this instance (default ${default}); another is closed with 1013."`
	Subscriptions int           `name:"max-subscriptions" default:"20" help:"Most subscriptions of a socket, and as many other operations at once (default ${default})."`
	MessageBytes  int64         `name:"socket-message-bytes" default:"1048576" help:"Longest message of a client (default ${default}); a longer one closes with 1009."`
	MessageRate   int           `name:"socket-message-rate" default:"100" help:"Messages a second that a client may send in the long run, five times as many at once (default ${default}); more close with 1008."`
	InitTimeout   time.Duration `name:"socket-init-timeout" default:"10s" help:"How long a new socket may take to sign in (default ${default}); then it is closed with 4408."`
	PingInterval  time.Duration `name:"socket-ping-interval" default:"15s" help:"How often sockets and event streams are probed (default ${default}); a socket that says nothing for twice as long is cut."`
	IdleTimeout   time.Duration `name:"socket-idle-timeout" default:"10m" help:"How long a socket may run no operation (default ${default}); then it is closed with 1000."`
	Lifetime      time.Duration `name:"socket-lifetime" default:"12h" help:"How long a socket may be open, up to a tenth less (default ${default}); then it is closed with 1001 and its client connects again."`
	WriteTimeout  time.Duration `name:"socket-write-timeout" default:"30s" help:"How long a message may take to leave for a client that does not read (default ${default}); then the socket is cut."`
}

// check checks the ranges.
func (s *Sockets) check() error {
	return errors.Join(
		between("--max-sockets", int64(s.Total), 1, 1_000_000),
		between("--max-sockets-signing-in", int64(s.SigningIn), 1, 1_000_000),
		between("--max-sockets-per-caller", int64(s.PerCaller), 1, 1_000_000),
		between("--max-subscriptions", int64(s.Subscriptions), 1, 1000),
		between("--socket-message-bytes", s.MessageBytes, 1<<10, 16<<20),
		between("--socket-message-rate", int64(s.MessageRate), 1, 100_000),
		within("--socket-init-timeout", s.InitTimeout, 100*time.Millisecond, 5*time.Minute),
		within("--socket-ping-interval", s.PingInterval, 100*time.Millisecond, time.Hour),
		within("--socket-idle-timeout", s.IdleTimeout, time.Second, 30*24*time.Hour),
		within("--socket-lifetime", s.Lifetime, time.Second, 30*24*time.Hour),
		within("--socket-write-timeout", s.WriteTimeout, 100*time.Millisecond, 10*time.Minute),
	)
}
