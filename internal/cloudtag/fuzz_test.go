package cloudtag_test

import (
	"regexp"
	"strings"
	"testing"

	. "cloudtag/internal/cloudtag"
)

// FuzzOrderNo compares Valid with the definition of order numbers (rule 1).
func FuzzOrderNo(f *testing.F) {
	for _, seed := range []string{"1000000001", "JD-2026_03.A", "", " 1", "1\x00", "订单", "1\u200b", "１", strings.Repeat("9", 65)} {
		f.Add(seed)
	}
	described := regexp.MustCompile(`\A[0-9A-Za-z._-]{1,64}\z`)
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := OrderNo(text).Valid(), described.MatchString(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	})
}

// FuzzCursor checks that encoded cursors decode to the same position, and that any other text is
// rejected, naming the field, or decodes to a position of the same list.
func FuzzCursor(f *testing.F) {
	f.Add("log", int64(17), "", "")
	f.Add("SUBMITTED_AT_DESC", int64(-1), "1000000001", string(LogPlace{Seq: 3}.Cursor()))
	f.Add("OPENED_AT_DESC", int64(1)<<62, "RETURN_SWAPPED:b:1", "%%%")
	f.Fuzz(func(t *testing.T, list string, key int64, id, foreign string) {
		position := Position{Key: key, ID: id}
		if !strings.Contains(list, ":") {
			if got, err := DecodeCursor(list, EncodeCursor(list, position), "after"); err != nil || got != position {
				t.Errorf("%q %+v came back as %+v, %v", list, position, got, err)
			}
			if _, err := DecodeCursor(list+"x", EncodeCursor(list, position), "after"); CodeOf(err) != CodeBadInput || fieldOf(err) != "after" {
				t.Errorf("a cursor of %q in another list: %v", list, err)
			}
		}
		if place, err := ParseLogCursor(Cursor(foreign)); err == nil && place.Seq < 0 {
			t.Errorf("%q stands before the log's beginning", foreign)
		} else if err != nil && CodeOf(err) != CodeBadInput {
			t.Errorf("%q: %v", foreign, err)
		}
	})
}
