package casework

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// MaxUnread is the highest number of unread entries that is counted.
const MaxUnread = 100

// Inbox is the log entries that concern one reviewer: notes that mention them, cases assigned to or taken from them. The
// entries are those with the person's [cloudtag.ReviewerSubject]; only the read position is stored separately.
type Inbox struct {
	Subject cloudtag.Subject
	Seen    int64 // number of the last entry that was read; 0: none
	Unread  int   // later entries, up to MaxUnread
}

// inboxRecord is the position up to which a person has read their inbox.
type inboxRecord struct {
	Version int    `json:"version"`
	Owner   string `json:"owner"`
	Seen    int64  `json:"seen"`
}

func inboxCodec() cloudtag.Codec[inboxRecord] {
	return cloudtag.Codec[inboxRecord]{Kind: cloudtag.KindInbox, Encode: func(r inboxRecord) cloudtag.Document {
		return cloudtag.Document{ID: r.Owner, Version: r.Version, State: "READ"}
	}}
}

// Inbox returns the caller's inbox. FORBIDDEN unless the caller reviews.
func (t *Team) Inbox(ctx context.Context, caller cloudtag.Caller) (Inbox, error) {
	if !caller.Reviews() {
		return Inbox{}, cloudtag.Forbidden()
	}
	record, err := t.inboxOf(ctx, caller)
	if err != nil {
		return Inbox{}, err
	}
	inbox := Inbox{Subject: cloudtag.ReviewerSubject(caller.Subject), Seen: record.Seen}
	unread, _, err := t.store.LogPage(ctx, cloudtag.LogFilter{Subject: inbox.Subject}, cloudtag.Slice{Limit: MaxUnread, After: &cloudtag.Position{Key: inbox.Seen}})
	if err != nil {
		return Inbox{}, fmt.Errorf("find unread entries: %w", err)
	}
	inbox.Unread = len(unread)
	return inbox, nil
}

func (t *Team) inboxOf(ctx context.Context, caller cloudtag.Caller) (inboxRecord, error) {
	record, err := inboxCodec().Find(ctx, t.store, caller.Subject)
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		return inboxRecord{Owner: caller.Subject}, nil
	}
	return record, err
}

// ReadInbox marks the caller's inbox as read up to an entry; the position never goes back. Errors: FORBIDDEN unless the caller
// is a reviewer, BAD_USER_INPUT for a number beyond the log's end.
func (t *Team) ReadInbox(ctx context.Context, caller cloudtag.Caller, through int64) (Inbox, error) {
	if !caller.Decides() {
		return Inbox{}, cloudtag.Forbidden()
	}
	last, err := t.store.LastSeq(ctx)
	if err != nil {
		return Inbox{}, fmt.Errorf("find the log's end: %w", err)
	}
	if through < 0 || through > last {
		return Inbox{}, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: "日志中没有这条记录。", EN: "The log has no such entry."}, "input", "through")
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
		if err := t.store.SaveDocument(ctx, inboxCodec().Document(record), nil); cloudtag.CodeOf(err) != cloudtag.CodeConflict && err != nil {
			return Inbox{}, fmt.Errorf("save inbox: %w", err)
		}
	}
}
