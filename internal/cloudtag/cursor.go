package cloudtag

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Cursor is a place in a list as clients hold it: opaque, and good for the list it came from only.
type Cursor string

// encodeCursor makes a cursor of a position in the list of a name, such as "log" or "SUBMITTED_AT_DESC".
func encodeCursor(list string, position Position) Cursor {
	text := list + ":" + strconv.FormatInt(position.Key, 36) + ":" + position.ID
	return Cursor(base64.RawURLEncoding.EncodeToString([]byte(text)))
}

// decodeCursor returns the position in the list; BAD_USER_INPUT, with the field, for anything that
// [encodeCursor] did not make for that list.
func decodeCursor(list string, cursor Cursor, field string) (Position, error) {
	text, err := base64.RawURLEncoding.DecodeString(string(cursor))
	if err == nil {
		name, rest, _ := strings.Cut(string(text), ":")
		number, id, complete := strings.Cut(rest, ":")
		key, err := strconv.ParseInt(number, 36, 64)
		if err == nil && complete && name == list {
			return Position{Key: key, ID: id}, nil
		}
	}
	return Position{}, Refuse(CodeBadInput, Text{
		ZH: "游标无效：请使用同一列表返回的游标。",
		EN: "The cursor is not one of this list: use a cursor that the same list returned.",
	}, field)
}

// logList names the log in cursors.
const logList = "log"

// LogCursor is the place after an entry of the log.
func LogCursor(seq int64) Cursor { return encodeCursor(logList, Position{Key: seq}) }

// ParseLogCursor returns the sequence number that a cursor of the log stands at.
func ParseLogCursor(cursor Cursor) (int64, error) {
	position, err := decodeCursor(logList, cursor, "after")
	if err == nil && (position.Key < 0 || position.ID != "") {
		_, err = decodeCursor(logList, "", "after")
	}
	return position.Key, err
}
