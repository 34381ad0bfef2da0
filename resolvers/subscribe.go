package resolvers

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"cloudtag/graph/model"
	"cloudtag/graph/stream"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/live"
)

// follow sends what convert makes of the log's entries of a subject: those after a cursor, or those from now on.
// It returns when it stands in the log, so that nothing that happens after it returned is missed. The channel is closed
// when the subscriber leaves, when its session ends, and when the log can't be followed. Each subscription waits for
// nobody but its own subscriber, holding one page of entries at most.
func follow[E any](
	ctx context.Context, r *Resolver, subject cloudtag.Subject, after *cloudtag.Cursor,
	events converter[E],
) (<-chan E, error) {
	var place *int64
	if after != nil {
		seq, err := cloudtag.ParseLogCursor(*after)
		if err != nil {
			return nil, err
		}
		place = &seq
	}
	session, err := r.liveSession(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.Feed.Admit(ctx, session.Caller); err != nil {
		return nil, err
	}
	reader, err := r.Tail.Follow(ctx, subject, place)
	if err != nil {
		return nil, err
	}
	f := &follower[E]{resolver: r, ctx: ctx, until: ctx, reader: reader, events: events}
	if pump := stream.PumpFrom(ctx); pump != nil {
		f.sent = make(chan E, 1)
		f.attach(pump, session)
	} else {
		f.sent = make(chan E)
		f.until, f.release = r.untilSessionEnds(ctx, session)
		go f.run()
	}
	return f.sent, nil
}

// converter makes events of entries, with what feed knows of the records behind them.
type converter[E any] func(ctx context.Context, feed Feed, entries []cloudtag.Entry) ([]E, error)

// follower is a subscription that follows the log.
type follower[E any] struct {
	resolver *Resolver
	ctx      context.Context // the subscription's
	until    context.Context // the same; ends with the session where somebody waits
	release  func()          // of what waits for the end of the session
	reader   *live.Reader
	events   converter[E]
	sent     chan E
	expired  atomic.Bool // the session's time is over; for a pump
}

// attach has a pump produce, and wakes it at whatever there may be to tell: entries, the end of the session, and that
// the subscriber has left. A context that ends with the session would do the same, and be a third of what an open
// subscription costs.
func (f *follower[E]) attach(pump *stream.Pump, session auth.Session) {
	f.reader.OnWake(pump.Wake)
	ignore := context.AfterFunc(f.ctx, pump.Wake)
	timer := time.AfterFunc(session.ExpiresAt.Sub(f.resolver.Clock.Now()), func() {
		f.expired.Store(true)
		pump.Wake()
	})
	unwatch := f.resolver.Sessions.OnRevoked(session, pump.Wake)
	f.release = func() {
		ignore()
		timer.Stop()
		unwatch()
	}
	pump.Attach(f.produce)
}

// over returns why the subscription can't go on; nil while it can.
func (f *follower[E]) over() error {
	if f.expired.Load() {
		return errSessionExpired()
	}
	if err := f.ctx.Err(); err != nil {
		return err
	}
	_, err := f.resolver.liveSession(f.ctx)
	return err
}

// end says why the subscription ends, unless its subscriber has left, and lets go of everything.
func (f *follower[E]) end(reason error) {
	if reason != nil && f.ctx.Err() == nil {
		stream.Fail(f.ctx, reason)
	}
	f.reader.Close()
	f.release()
	close(f.sent)
}

// run waits for entries and sends their events, on a goroutine of its own, until it can't.
func (f *follower[E]) run() {
	var err error
	defer func() { f.end(err) }()
	for err == nil {
		var entries []cloudtag.Entry
		if entries, err = f.reader.Next(f.until); err == nil {
			err = f.send(entries, f.hand)
		}
	}
}

// hand waits until the subscriber takes an event.
func (f *follower[E]) hand(event E) error {
	select {
	case f.sent <- event:
		return nil
	case <-f.until.Done():
		return context.Cause(f.until)
	}
}

// produce sends the events of the entries that are there. It is called by a pump, see [stream.Pump].
func (f *follower[E]) produce(deliver func() bool) (goesOn bool) {
	var err error
	defer func() {
		if !goesOn {
			f.end(err)
		}
	}()
	push := func(event E) error {
		f.sent <- event // has room: deliver takes each event out before the next
		if !deliver() {
			return errNobodyReads
		}
		return nil
	}
	for {
		if err = f.over(); err != nil {
			return false
		}
		var entries []cloudtag.Entry
		if entries, err = f.reader.Poll(f.until); err != nil {
			return false
		}
		if len(entries) == 0 {
			return true
		}
		if err = f.send(entries, push); err != nil {
			return false
		}
	}
}

// errNobodyReads ends a subscription whose subscriber is gone; nobody is told.
var errNobodyReads = errors.New("nobody reads the subscription")

// send converts entries and hands the events to the subscriber, checking that it may still be told: its session before
// each event, its shop's permission before all of them. A change of that permission is an entry itself, so that a
// revoked shop is cut off at once.
func (f *follower[E]) send(entries []cloudtag.Entry, hand func(event E) error) error {
	ctx, feed := f.until, f.resolver.Feed
	if !f.reader.Fetched() {
		feed = feed.Through(entries[len(entries)-1].Seq)
	}
	if err := feed.Admit(ctx, auth.CallerFrom(ctx)); err != nil {
		return err
	}
	converted, err := f.events(ctx, feed, entries)
	if err != nil {
		return err
	}
	for _, event := range converted {
		if _, err := f.resolver.liveSession(ctx); err != nil {
			return err
		}
		if err := hand(event); err != nil {
			return err
		}
	}
	return nil
}

// liveSession returns the caller's session; UNAUTHENTICATED without one, when it has expired and when it was called back.
func (r *Resolver) liveSession(ctx context.Context) (auth.Session, error) {
	session, signedIn := auth.SessionFrom(ctx)
	if !signedIn || !r.Clock.Now().Before(session.ExpiresAt) {
		return session, errSessionExpired()
	}
	return session, r.Sessions.Check(session)
}

// untilSessionEnds returns a context that ends with the session, by time or by revocation; the cause says which.
func (r *Resolver) untilSessionEnds(ctx context.Context, session auth.Session) (context.Context, context.CancelFunc) {
	watched, stop := r.Sessions.Watch(ctx, session)
	until, cancel := context.WithTimeoutCause(watched, session.ExpiresAt.Sub(r.Clock.Now()), errSessionExpired())
	return until, func() { cancel(); stop() }
}

func errSessionExpired() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeUnauthenticated, cloudtag.Text{
		ZH: "登录已过期：请用新的令牌重新连接，并以最后收到的游标继续。",
		EN: "The session has expired: connect again with a new token, and go on from the last cursor received.",
	})
}

// tagEvents follows the changes of the tags that a filter of [cloudtag.TagTopic] selects.
func (r *Resolver) tagEvents(ctx context.Context, filter cloudtag.TagFilter, subject cloudtag.Subject, after *cloudtag.Cursor) (<-chan *model.TagEvent, error) {
	return follow(ctx, r, subject, after, func(ctx context.Context, feed Feed, entries []cloudtag.Entry) ([]*model.TagEvent, error) {
		events, err := feed.TagEvents(ctx, filter, entries)
		return r.viewOf(ctx, feed.Records()).tagEvents(events), err
	})
}

// caseEvents follows the changes of the cases that a filter selects when the change is told: what is overdue is
// judged then.
func (r *Resolver) caseEvents(ctx context.Context, in *model.CaseFilter, subject cloudtag.Subject, after *cloudtag.Cursor) (<-chan *model.CaseEvent, error) {
	return follow(ctx, r, subject, after, func(ctx context.Context, feed Feed, entries []cloudtag.Entry) ([]*model.CaseEvent, error) {
		filter, err := caseFilter(in, auth.CallerFrom(ctx), r.Clock.Now())
		if err != nil {
			return nil, err
		}
		events, err := feed.CaseEvents(ctx, filter, entries)
		return r.viewOf(ctx, feed.Records()).caseEvents(events), err
	})
}

// logEntries follows the entries that a selection names.
func (r *Resolver) logEntries(ctx context.Context, selection cloudtag.LogSelection, after *cloudtag.Cursor) (<-chan *model.LogEdge, error) {
	subject, err := cloudtag.LogTopic(auth.CallerFrom(ctx), selection)
	if err != nil {
		return nil, err
	}
	speaker := r.view(ctx).Speaker
	return follow(ctx, r, subject, after, func(_ context.Context, _ Feed, entries []cloudtag.Entry) ([]*model.LogEdge, error) {
		var edges []*model.LogEdge
		for _, entry := range entries {
			if selection.Matches(entry) {
				edges = append(edges, &model.LogEdge{Cursor: cloudtag.LogCursor(entry.Seq), Node: convertEntry(entry, speaker)})
			}
		}
		return edges, nil
	})
}
