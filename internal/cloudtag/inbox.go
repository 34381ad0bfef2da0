package cloudtag

import (
	"context"
	"fmt"
)

// MaxUnread is how many entries of an inbox are counted at most.
const MaxUnread = 100

// Inbox is what in the log concerns one reviewer: notes that mention them, cases assigned to them or taken from them. Its
// entries are those with [ReviewerSubject] of the person; only up to where it was read is kept beside the log.
type Inbox struct {
	Subject Subject
	Seen    int64 // the number of the entry up to which it was read; 0: none was
	Unread  int   // entries behind that, up to MaxUnread
}

// inboxRecord is up to where a person has read their inbox.
type inboxRecord struct {
	Version int    `json:"version"`
	Owner   string `json:"owner"`
	Seen    int64  `json:"seen"`
}

func inboxCodec() Codec[inboxRecord] {
	return Codec[inboxRecord]{KindInbox, func(r inboxRecord) Document {
		return Document{ID: r.Owner, Version: r.Version, State: "READ"}
	}}
}

// Inbox returns the caller's inbox. FORBIDDEN unless the caller reviews.
func (t *Team) Inbox(ctx context.Context, caller Caller) (Inbox, error) {
	if !caller.Reviews() {
		return Inbox{}, Forbidden()
	}
	record, err := t.inboxOf(ctx, caller)
	if err != nil {
		return Inbox{}, err
	}
	inbox := Inbox{Subject: ReviewerSubject(caller.Subject), Seen: record.Seen}
	unread, _, err := t.store.LogPage(ctx, LogFilter{Subject: inbox.Subject}, Slice{Limit: MaxUnread, After: &Position{Key: inbox.Seen}})
	if err != nil {
		return Inbox{}, fmt.Errorf("find what is unread: %w", err)
	}
	inbox.Unread = len(unread)
	return inbox, nil
}

func (t *Team) inboxOf(ctx context.Context, caller Caller) (inboxRecord, error) {
	record, err := inboxCodec().Find(ctx, t.store, caller.Subject)
	if CodeOf(err) == CodeNotFound {
		return inboxRecord{Owner: caller.Subject}, nil
	}
	return record, err
}

// ReadInbox says that the caller has read the inbox up to an entry; what was read further before stays so. Errors: FORBIDDEN
// unless the caller is a reviewer, BAD_USER_INPUT for a number behind the log's end.
func (t *Team) ReadInbox(ctx context.Context, caller Caller, through int64) (Inbox, error) {
	if !caller.Decides() {
		return Inbox{}, Forbidden()
	}
	last, err := t.store.LastSeq(ctx)
	if err != nil {
		return Inbox{}, fmt.Errorf("find the log's end: %w", err)
	}
	if through < 0 || through > last {
		return Inbox{}, Refuse(CodeBadInput, Text{ZH: "日志中没有这条记录。", EN: "The log has no such entry."}, "input", "through")
	}
	for {
		record, err := t.inboxOf(ctx, caller)
		if err != nil {
			return Inbox{}, err
		}
		if record.Seen >= through {
			return t.Inbox(ctx, caller)
		}
		record.Version, record.Seen = record.Version+1, through
		if err := t.store.SaveDocument(ctx, inboxCodec().Document(record), nil); CodeOf(err) != CodeConflict && err != nil {
			return Inbox{}, fmt.Errorf("save inbox: %w", err)
		}
	}
}
