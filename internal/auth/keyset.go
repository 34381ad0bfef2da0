package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
)

const (
	// demandGap is the least time between two reads that tokens with unknown keys cause: anybody can send such tokens at any
	// rate.
	demandGap = 10 * time.Second
	// The first wait after a failed read, and the longest: waits double in between.
	firstRetry   = time.Second
	longestRetry = time.Minute
)

// KeyReader reads an identity provider's keys, in bounded time.
type KeyReader interface {
	Read(ctx context.Context) (Answer, error)
}

// KeySetOptions adjust a [KeySet].
type KeySetOptions struct {
	Refresh time.Duration // how often the keys are read
	// MaxAge is how long keys stay valid without a successful read: for so long an outage of the provider keeps nobody out,
	// and after it a withdrawn key lets nobody in.
	MaxAge time.Duration
	Clock  cloudtag.Clock
	Log    *slog.Logger
}

// KeySet holds an identity provider's keys and keeps them fresh, while [KeySet.Run] runs.
type KeySet struct {
	source  KeyReader
	options KeySetOptions
	demands chan struct{} // requests for a read before the next interval; holds at most one

	mu       sync.Mutex
	keys     *Keys     // nil before the first read
	readAt   time.Time // when keys were read
	failing  bool      // the last read failed
	failures uint64
	demanded time.Time     // when an unknown key last caused a read
	round    chan struct{} // closed when the current or requested read ends; nil when there is none
	ended    bool
}

// NewKeySet returns an empty set.
func NewKeySet(source KeyReader, options KeySetOptions) *KeySet {
	return &KeySet{source: source, options: options, demands: make(chan struct{}, 1)}
}

// Run reads the keys now, at every interval, after a failure with increasing waits, and when a token needs an unknown one,
// until ctx is done; then it returns nil. It must be called once.
func (s *KeySet) Run(ctx context.Context) error {
	defer s.end()
	timer := time.NewTimer(0)
	defer timer.Stop()
	retry := firstRetry
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		case <-s.demands:
		}
		if s.read(ctx) {
			retry = firstRetry
			timer.Reset(s.options.Refresh)
			continue
		}
		timer.Reset(min(retry, s.options.Refresh))
		retry = min(2*retry, longestRetry)
	}
}

// end releases those who wait for a read that will not come.
func (s *KeySet) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.closeRound()
}

func (s *KeySet) closeRound() {
	if s.round != nil {
		close(s.round)
		s.round = nil
	}
}

// read reads the keys once and reports whether it succeeded. After a failure the previous keys stay.
func (s *KeySet) read(ctx context.Context) bool {
	s.mu.Lock()
	if s.round == nil {
		s.round = make(chan struct{})
	}
	s.mu.Unlock()
	answer, err := s.source.Read(ctx)
	if ctx.Err() != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.closeRound()
	if err != nil {
		s.failures++
		if !s.failing {
			s.options.Log.ErrorContext(ctx, "cannot read the identity provider's keys; those known stay valid until max_age", "error", err, "read_at", s.readAt, "max_age", s.options.MaxAge)
		}
		s.failing = true
		return false
	}
	s.logChange(ctx, answer.Keys)
	s.keys, s.readAt, s.failing = answer.Keys, s.options.Clock.Now(), false
	return true
}

// logChange logs the keys when they have changed. The lock is held.
func (s *KeySet) logChange(ctx context.Context, fresh *Keys) {
	if !s.failing && s.keys != nil && s.keys.same(fresh) {
		return
	}
	s.options.Log.InfoContext(ctx, "the identity provider's keys were read", "usable", len(fresh.Usable), "ignored", len(fresh.Ignored))
	for _, ignored := range fresh.Ignored {
		s.options.Log.WarnContext(ctx, "a key of the identity provider is ignored", "kid", ignored.ID, "reason", ignored.Reason)
	}
}

// Key returns the key of a name; ctx ends the wait for keys that are being read. Errors: UNAVAILABLE when the keys can't be
// read, and a plain error when there is no such key.
func (s *KeySet) Key(ctx context.Context, name KeyName) (any, error) {
	s.mu.Lock()
	key, known, err := s.find(name)
	var round <-chan struct{}
	if err == nil && !known {
		round = s.demand()
	}
	s.mu.Unlock()
	switch {
	case err != nil || known:
		return key, err
	case round == nil:
		return nil, errUnknownKey(name)
	}
	select {
	case <-round:
	case <-ctx.Done():
		return nil, errNoKeys(context.Cause(ctx))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, known, err = s.find(name)
	switch {
	case err != nil || known:
		return key, err
	case s.failing || s.ended:
		return nil, errNoKeys(errors.New("the key is not known, and the provider does not respond"))
	default:
		return nil, errUnknownKey(name)
	}
}

// find looks up a key among those that are still valid. The lock is held.
func (s *KeySet) find(name KeyName) (key any, known bool, err error) {
	if err := s.usable(); err != nil {
		return nil, false, errNoKeys(err)
	}
	key, known = s.keys.find(name)
	return key, known, nil
}

// usable returns why no key may be used; nil when keys may. The lock is held.
func (s *KeySet) usable() error {
	switch {
	case s.keys == nil:
		return errors.New("the identity provider's keys were not read yet")
	case s.options.Clock.Now().Sub(s.readAt) > s.options.MaxAge:
		return fmt.Errorf("the identity provider's keys were last read at %s, more than %s ago", s.readAt.Format(time.RFC3339), s.options.MaxAge)
	default:
		return nil
	}
}

// demand requests a read, unless an unknown key caused one less than demandGap ago, and returns a channel that is closed
// when the current or requested read is over; nil for none. The lock is held.
func (s *KeySet) demand() <-chan struct{} {
	if s.ended {
		return nil
	}
	if s.round != nil {
		return s.round
	}
	now := s.options.Clock.Now()
	if since := now.Sub(s.demanded); since >= 0 && since < demandGap {
		return nil
	}
	s.demanded = now
	s.round = make(chan struct{})
	s.demands <- struct{}{} // does not block: no read is requested
	return s.round
}

// Ready returns why no token of the provider can be verified now; nil when they can.
func (s *KeySet) Ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.usable()
}

// KeySetState is what metrics show of a set.
type KeySetState struct {
	Usable   int
	ReadAt   time.Time // zero before the first read
	Failures uint64    // since the start
}

// State returns the current state.
func (s *KeySet) State() KeySetState {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := KeySetState{ReadAt: s.readAt, Failures: s.failures}
	if s.keys != nil {
		state.Usable = len(s.keys.Usable)
	}
	return state
}

func errUnknownKey(name KeyName) error {
	return fmt.Errorf("kid: no %s key %.64q is known", name.Algorithm, name.ID)
}

func errNoKeys(cause error) *cloudtag.Error {
	return &cloudtag.Error{
		Code: cloudtag.CodeUnavailable,
		Message: cloudtag.Text{
			ZH: "暂时无法验证登录，请稍后重试。",
			EN: "The sign-in cannot be checked right now; try again shortly.",
		},
		Cause: cause,
	}
}
