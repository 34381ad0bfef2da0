package auditlog_test

import (
	"errors"
	"slices"
	"testing"

	"cloudtag/internal/auditlog"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
)

func TestEntryDetectsTampering(t *testing.T) {
	m := NewOffice(t)
	m.SubmitOne("A", "b-1")
	m.SubmitOne("B", "b-1")
	log := &tampered{Store: m.Store, entries: m.Store.Entries()}
	reader, auditor := auditlog.NewReader(log), Caller{Subject: "a", Roles: []Role{RoleAuditor}}
	check := func(doing string, want ...bool) {
		t.Helper()
		for i, intact := range want {
			got, err := reader.Entry(t.Context(), auditor, int64(i+1))
			if err != nil || got.Seq != int64(i+1) || got.Intact != intact {
				t.Errorf("%s: entry %d: %+v, %v, want intact %t", doing, i+1, got, err, intact)
			}
		}
	}
	check("untouched", true, true, true)
	log.entries[1].Reason += "x"
	check("the second one changed", true, false, true)
	log.entries[1].Hash = log.entries[1].ChainHash(log.entries[0].Hash)
	check("and hashed again", true, true, false)
	for _, seq := range []int64{-1, 0, int64(len(log.entries)) + 1} {
		if _, err := reader.Entry(t.Context(), auditor, seq); CodeOf(err) != CodeNotFound {
			t.Errorf("entry %d: %v", seq, err)
		}
	}
	if _, err := reader.Entry(t.Context(), ShopCaller("A"), 1); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop: %v", err)
	}
}

// A log that was restored from an older backup has other entries with the same numbers, or none yet: pages
// and streams that resume in the lost part fail with RESYNC instead of skipping entries.
func TestCursorsOfARestoredLogResync(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	for _, order := range []string{"b-1", "b-2", "b-3"} {
		o.SubmitOne("A", BuyerID(order))
	}
	lost := o.Store.Entries()
	backup := len(lost) - 3
	restored := NewStore(t)
	restored.Append(lost[:backup]...)
	restored.Append(Entry{At: Start, Action: "another", Actor: "somebody"})
	reader := auditlog.NewReader(restored)
	caller := Person("rev", RoleReviewer)
	for i, entry := range lost {
		want := CodeResync
		if i < backup {
			want = ""
		}
		cursor := entry.Place().Cursor()
		if err := entry.Place().Check(ctx, restored, "after"); CodeOf(err) != want {
			t.Errorf("place %d: %v, want %q", entry.Seq, err, want)
		}
		for field, request := range map[string]PageRequest{"after": {After: cursor}, "before": {Before: cursor}} {
			_, err := reader.Page(ctx, caller, LogFilter{}, request)
			var refusal *Error
			if CodeOf(err) != want || errors.As(err, &refusal) && !slices.Equal(refusal.Field, []string{field}) {
				t.Errorf("%s %d: %v, want %q", field, entry.Seq, err, want)
			}
		}
	}
}
