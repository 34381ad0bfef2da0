package datafile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxRecord is the longest row in bytes; a longer one is bad, and is skipped without being kept in memory.
const maxRecord = 1 << 20

// line is one line of a file with its line break; text is nil if it is too long.
type line struct {
	number int // from 1
	text   []byte
}

// check returns an error if the line can't be part of a row.
func (l line) check() error {
	switch {
	case l.text == nil:
		return fmt.Errorf("expected rows of at most %d bytes, but this one is longer; do the file's lines end with LF or CRLF?", maxRecord)
	case !utf8.Valid(l.text):
		return errors.New("expected text in UTF-8; save the file in UTF-8")
	default:
		return nil
	}
}

// errBareReturn rejects files whose lines end with CR, as old spreadsheets write them: they would be a single line.
var errBareReturn = errors.New("expected lines that end with LF or CRLF, but this one has CR alone; save the file with other line endings")

// hasBareReturn reports whether a text has a CR that is not part of its line break.
func hasBareReturn(text []byte) bool {
	return bytes.ContainsRune(bytes.TrimRight(text, "\r\n"), '\r')
}

// lineReader reads lines, and can unread them.
type lineReader struct {
	in    *bufio.Reader
	read  int // number of the last line read
	ahead []line
}

func newLineReader(in io.Reader) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(in, 64<<10)}
}

// byteOrderMark starts the UTF-8 files of some spreadsheets.
var byteOrderMark = []byte("\xef\xbb\xbf")

// next returns the next line, or io.EOF.
func (r *lineReader) next() (line, error) {
	if len(r.ahead) > 0 {
		next := r.ahead[0]
		r.ahead = r.ahead[1:]
		return next, nil
	}
	text, err := r.readLine()
	if err != nil {
		return line{}, err
	}
	r.read++
	if r.read == 1 {
		text = bytes.TrimPrefix(text, byteOrderMark)
	}
	return line{number: r.read, text: text}, nil
}

// unread returns lines to the reader, to be read again in the same order.
func (r *lineReader) unread(lines []line) {
	r.ahead = append(append(make([]line, 0, len(lines)+len(r.ahead)), lines...), r.ahead...)
}

// readLine reads to the next line break or the end of the file.
func (r *lineReader) readLine() ([]byte, error) {
	var text []byte
	tooLong := false
	for {
		part, err := r.in.ReadSlice('\n')
		if len(text)+len(part) > maxRecord {
			tooLong, text = true, nil
		}
		if !tooLong {
			text = append(text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (len(text) > 0 || tooLong), err == nil:
			return text, nil
		default:
			return nil, err
		}
	}
}
