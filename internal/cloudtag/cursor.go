package cloudtag

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Cursor is a position in a list, valid for that list only. Here it is plain text; clients get it encrypted (see
// graph/model), since a position in the log would reveal how much other merchants do (rule 15).
type Cursor string

// ForeignCursor stands for a cursor that can't be decrypted: forged, altered, or of another caller or deployment. Every
// list rejects it like a cursor of another list.
const ForeignCursor Cursor = "?"

// encodeCursor encodes a position in a list, whose name, such as "log", has no colon.
func encodeCursor(list string, position Position) Cursor {
	return Cursor(list + ":" + strconv.FormatInt(position.Key, 36) + ":" + position.ID)
}

// decodeCursor decodes a position in a list; BAD_USER_INPUT, with the field, for anything but a cursor of that list.
func decodeCursor(list string, cursor Cursor, field string) (Position, error) {
	name, rest, _ := strings.Cut(string(cursor), ":")
	number, id, complete := strings.Cut(rest, ":")
	if key, err := strconv.ParseInt(number, 36, 64); err == nil && complete && name == list {
		return Position{Key: key, ID: id}, nil
	}
	return Position{}, Refuse(CodeBadInput, Text{
		ZH: "游标无效：请使用同一列表返回的游标。",
		EN: "The cursor is not one of this list: use a cursor that the same list returned.",
	}, field)
}

// logList is the name of the log in cursors.
const logList = "log"

// placeHashLength is the length of the hash prefix in a LogPlace, in bytes.
const placeHashLength = 8

// LogPlace is a position in the log: after an entry, or at the start. The hash distinguishes the entry from another one
// with the same number, which a log has that was restored from a backup and has grown since.
type LogPlace struct {
	Seq  int64  // 0: the start
	Hash string // the first bytes of the entry's hash, in hexadecimal; empty at the start
}

// Place is the position after the entry.
func (e Entry) Place() LogPlace {
	return LogPlace{Seq: e.Seq, Hash: hex.EncodeToString(e.Hash[:min(placeHashLength, len(e.Hash))])}
}

// Cursor encodes the position.
func (p LogPlace) Cursor() Cursor {
	return encodeCursor(logList, Position{Key: p.Seq, ID: p.Hash})
}

// ParseLogCursor decodes a cursor of the log. BAD_USER_INPUT for any other.
func ParseLogCursor(cursor Cursor) (LogPlace, error) {
	return parseLogCursor(cursor, "after")
}

func parseLogCursor(cursor Cursor, field string) (LogPlace, error) {
	position, err := decodeCursor(logList, cursor, field)
	if err == nil && (position.Key < 0 || position.Key == 0 && position.ID != "") {
		_, err = decodeCursor(logList, ForeignCursor, field)
	}
	if err != nil {
		return LogPlace{}, err
	}
	return LogPlace{Seq: position.Key, Hash: position.ID}, nil
}

// LogPager reads pages of the log; it is a part of [LogReader].
type LogPager interface {
	LogPage(ctx context.Context, filter LogFilter, slice Slice) (entries []Entry, more bool, err error)
}

// Check checks that the log still has the entry of the position. RESYNC, with the field, if it does not, or has another one
// with that number.
func (p LogPlace) Check(ctx context.Context, log LogPager, field string) error {
	if p.Seq == 0 {
		return nil
	}
	entries, _, err := log.LogPage(ctx, LogFilter{}, Slice{Limit: 1, After: &Position{Key: p.Seq - 1}})
	if err != nil {
		return fmt.Errorf("read log entry %d: %w", p.Seq, err)
	}
	if len(entries) == 0 || !p.Of(entries[0]) {
		return errResync(field)
	}
	return nil
}

// Of reports whether this is the position after the entry.
func (p LogPlace) Of(entry Entry) bool { return p == entry.Place() }

// errResync is the error for a cursor whose position the log does not have.
func errResync(field string) error {
	return Refuse(CodeResync, Text{
		ZH: "日志中没有该游标的位置：请重新读取数据，并不带游标重新订阅或翻页。",
		EN: "The log does not have this cursor's place: read the records again, and subscribe or page without it.",
	}, field)
}

// LogSlice checks a request for a page of the log. Errors: BAD_USER_INPUT for an invalid [PageRequest], RESYNC for cursors
// whose position the log does not have any more.
func (r PageRequest) LogSlice(ctx context.Context, log LogPager) (Slice, error) {
	slice, err := r.slice(logList)
	if err != nil {
		return Slice{}, err
	}
	for field, cursor := range map[string]Cursor{"after": r.After, "before": r.Before} {
		if cursor == "" {
			continue
		}
		place, err := parseLogCursor(cursor, field)
		if err != nil {
			return Slice{}, err
		}
		if err := place.Check(ctx, log, field); err != nil {
			return Slice{}, err
		}
	}
	if slice.After != nil {
		slice.After = &Position{Key: slice.After.Key}
	}
	if slice.Before != nil {
		slice.Before = &Position{Key: slice.Before.Key}
	}
	return slice, nil
}

// NewLogPage builds a page from the entries that the log returned for a slice.
func NewLogPage(entries []Entry, more bool, slice Slice) Page[Entry] {
	return newPage(logList, entries, more, slice, func(e Entry) Position { return Position{Key: e.Seq, ID: e.Place().Hash} })
}
