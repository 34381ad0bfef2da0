package resolvers

import (
	"context"
	"errors"
	"slices"

	"cloudtag/graph/model"
	"cloudtag/graph/stream"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/feed"
	"cloudtag/internal/live"

	"github.com/99designs/gqlgen/graphql"
)

// event is an event with the position after which a subscription resumes.
type event interface{ Position() cloudtag.Cursor }

// follow sends the events of a subject's log entries: those after a cursor, or from now on. The cursor that the transport
// resumes from takes precedence over the one in the document.
//
// The position in the log is fixed before follow returns, so that later entries are not missed. The channel is closed when
// the subscriber leaves, when its session ends, and when the log can't be followed. A subscription is never blocked by another
// subscriber, and holds one page of entries at most.
func follow[E event](
	ctx context.Context, r *Resolver, subject cloudtag.Subject, after *cloudtag.Cursor,
	events converter[E],
) (<-chan E, error) {
	if sealed := stream.ResumeFrom(ctx); sealed != "" {
		resumed, err := model.UnmarshalCursor(ctx, sealed)
		if err != nil {
			return nil, err
		}
		after = &resumed
	}
	var from cloudtag.LogPlace
	var place *int64
	if after != nil {
		var err error
		if from, err = cloudtag.ParseLogCursor(*after); err != nil {
			return nil, err
		}
		place = &from.Seq
	}
	session, err := r.liveSession(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.Feed.Admit(ctx, session.Caller); err != nil {
		return nil, err
	}
	if err := r.Tail.Check(ctx, from); err != nil {
		return nil, err
	}
	reader, err := r.Tail.Follow(ctx, subject, place)
	if err != nil {
		return nil, err
	}
	f := &follower[E]{resolver: r, ctx: ctx, until: ctx, reader: reader, events: events}
	if pump := stream.PumpFrom(ctx); pump != nil {
		f.sent = make(chan E, 1)
		f.attach(pump)
	} else {
		f.sent = make(chan E)
		f.until, f.release = r.untilSessionEnds(ctx, session)
		go f.run()
	}
	return f.sent, nil
}

// converter converts entries to events; it reads their records through source.
type converter[E any] func(ctx context.Context, source Feed, entries []cloudtag.Entry) ([]E, error)

// follower is a subscription that follows the log.
type follower[E event] struct {
	resolver *Resolver
	ctx      context.Context // the subscription's
	until    context.Context // ctx; without a pump it also ends with the session
	release  func()          // stops waiting for the end of the session or of ctx
	reader   *live.Reader
	events   converter[E]
	sent     chan E
}

// attach lets a pump call produce, and wakes it when there are entries and when the subscriber has left. Only sockets have a
// pump; they close themselves when the session ends.
func (f *follower[E]) attach(pump *stream.Pump) {
	f.reader.OnWake(pump.Wake)
	ignore := context.AfterFunc(f.ctx, pump.Wake)
	f.release = func() { ignore() }
	pump.Attach(f.produce)
}

// over returns the reason why the subscription has to end; nil while it may continue.
func (f *follower[E]) over() error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	_, err := f.resolver.liveSession(f.ctx)
	return err
}

// end reports the reason to the transport, unless the subscriber has left, and releases all resources.
func (f *follower[E]) end(reason error) {
	if reason != nil && f.ctx.Err() == nil {
		stream.Fail(f.ctx, reason)
	}
	f.reader.Close()
	f.release()
	close(f.sent)
}

// run waits for entries and sends their events until an error. It runs on its own goroutine.
func (f *follower[E]) run() {
	var err error
	defer func() { f.end(err) }()
	for err == nil {
		_, err = f.page(f.reader.Next, f.hand)
	}
}

// hand blocks until the subscriber receives the event.
func (f *follower[E]) hand(event E) error {
	select {
	case f.sent <- event:
		return nil
	case <-f.until.Done():
		return context.Cause(f.until)
	}
}

// produce sends the events of the entries that are available. It is called by a pump, see [stream.Pump].
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
	for more := true; more; {
		if more, err = f.page(f.reader.Poll, push); err != nil {
			return false
		}
	}
	return true
}

// catchUpAtOnce is how many entries a subscription that is catching up sends in one turn.
const catchUpAtOnce = 16

// page sends the events of the next page of entries, and reports whether there was one. A subscription that is catching up
// waits for its turn.
func (f *follower[E]) page(read func(context.Context) ([]cloudtag.Entry, error), push func(E) error) (sent bool, err error) {
	behind := f.reader.Behind()
	var entries []cloudtag.Entry
	err = f.inTurn(behind, func() error {
		if err := f.over(); err != nil {
			return err
		}
		var err error
		entries, err = read(f.until)
		return err
	})
	if err != nil || len(entries) == 0 {
		return false, err
	}
	atOnce := len(entries)
	if behind {
		atOnce = catchUpAtOnce
	}
	for some := range slices.Chunk(entries, atOnce) {
		if err := f.inTurn(behind, func() error { return f.send(some, push) }); err != nil {
			return false, err
		}
	}
	return true, nil
}

// inTurn calls do, after waiting for the subscription's turn if wait is set.
func (f *follower[E]) inTurn(wait bool, do func() error) error {
	if wait {
		done, err := stream.BeginCatchUp(f.until)
		if err != nil {
			return context.Cause(f.until)
		}
		defer done()
	}
	return do()
}

// errNobodyReads ends a subscription whose subscriber has left. It is not reported.
var errNobodyReads = errors.New("nobody reads the subscription")

// send converts entries and sends the events to the subscriber. It checks the shop's permission once per call and the session
// before each event. A change of the permission is a log entry itself, so that a revoked shop is disconnected at once. A panic
// ends the subscription like an error: nothing else recovers on this goroutine.
func (f *follower[E]) send(entries []cloudtag.Entry, hand func(event E) error) (err error) {
	ctx, source := f.until, f.resolver.Feed
	defer func() {
		if cause := recover(); cause != nil {
			err = graphql.GetOperationContext(ctx).Recover(ctx, cause)
		}
	}()
	if !f.reader.Fetched() {
		source = source.Through(entries[len(entries)-1].Seq)
	}
	if err := source.Admit(ctx, auth.CallerFrom(ctx)); err != nil {
		return err
	}
	converted, err := f.events(ctx, source, entries)
	if err != nil {
		return err
	}
	for _, event := range converted {
		if _, err := f.resolver.liveSession(ctx); err != nil {
			return err
		}
		if err := stream.Passes(ctx, func() (string, error) { return model.SealCursor(ctx, event.Position()) }); err != nil {
			return err
		}
		if err := hand(event); err != nil {
			return err
		}
	}
	return nil
}

// liveSession returns the caller's session; UNAUTHENTICATED without one, and when it has expired or was revoked.
func (r *Resolver) liveSession(ctx context.Context) (auth.Session, error) {
	session, signedIn := auth.SessionFrom(ctx)
	if !signedIn || !r.Clock.Now().Before(session.ExpiresAt) {
		return session, errSessionExpired()
	}
	return session, r.Sessions.Check(session)
}

// untilSessionEnds returns a context that ends when the session expires or is revoked; the cause says which.
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

// tagEvents follows the changes of the tags that a filter of [feed.TagTopic] selects.
func (r *Resolver) tagEvents(ctx context.Context, filter cloudtag.TagFilter, subject cloudtag.Subject, after *cloudtag.Cursor) (<-chan *model.TagEvent, error) {
	return follow(ctx, r, subject, after, func(ctx context.Context, source Feed, entries []cloudtag.Entry) ([]*model.TagEvent, error) {
		events, err := source.TagEvents(ctx, filter, entries)
		return r.viewOf(ctx, source.Records()).tagEvents(events), err
	})
}

// caseEvents follows the changes of the cases that a filter selects. Conditions on time, such as overdue, are evaluated when
// the event is sent.
func (r *Resolver) caseEvents(ctx context.Context, in *model.CaseFilter, subject cloudtag.Subject, after *cloudtag.Cursor) (<-chan *model.CaseEvent, error) {
	return follow(ctx, r, subject, after, func(ctx context.Context, source Feed, entries []cloudtag.Entry) ([]*model.CaseEvent, error) {
		filter, err := caseFilter(in, auth.CallerFrom(ctx), r.Clock.Now())
		if err != nil {
			return nil, err
		}
		events, err := source.CaseEvents(ctx, filter, entries)
		return r.viewOf(ctx, source.Records()).caseEvents(events), err
	})
}

// logEntries follows the log entries that match a selection.
func (r *Resolver) logEntries(ctx context.Context, selection feed.LogSelection, after *cloudtag.Cursor) (<-chan *model.LogEdge, error) {
	subject, err := feed.LogTopic(auth.CallerFrom(ctx), selection)
	if err != nil {
		return nil, err
	}
	localizer := r.view(ctx).Localizer
	return follow(ctx, r, subject, after, func(_ context.Context, _ Feed, entries []cloudtag.Entry) ([]*model.LogEdge, error) {
		var edges []*model.LogEdge
		for _, entry := range entries {
			if selection.Matches(entry) {
				edges = append(edges, &model.LogEdge{Cursor: entry.Place().Cursor(), Node: &model.LogEntry{Localizer: localizer, Entry: entry}})
			}
		}
		return edges, nil
	})
}
