package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

const tagPages = `query ($after: Cursor, $before: Cursor) { tags(first: 2, after: $after, before: $before) {
	nodes { orderNo } edges { cursor } pageInfo { startCursor endCursor } } liveCursor }`

type tagPage struct {
	Tags struct {
		Nodes    []struct{ OrderNo string }
		Edges    []struct{ Cursor string }
		PageInfo struct{ StartCursor, EndCursor string }
	}
	LiveCursor string
}

// Staff of one shop, and reviewers of any role, can use each other's cursors; other callers can't.
func TestCursorsWorkForCallersWhoSeeTheSame(t *testing.T) {
	s := market(t)
	for i := range 5 {
		tag(s, "a", i)
	}
	callers := map[string]string{
		"shop a": s.As(cloudtag.RoleMerchant, "a"), "shop a, another person": s.Token(cloudtag.Caller{Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: "a"}, 1<<40),
		"shop b": s.As(cloudtag.RoleMerchant, "b"), "reviewer": s.As(cloudtag.RoleReviewer), "admin": s.As(cloudtag.RoleAdmin), "auditor": s.As(cloudtag.RoleAuditor),
	}
	alike := func(one, other string) bool {
		shop := func(name string) string { shop, _, _ := strings.Cut(name, ","); return shop }
		return shop(one) == shop(other) || !strings.HasPrefix(one, "shop") && !strings.HasPrefix(other, "shop")
	}
	for from, giver := range callers {
		if from == "shop b" {
			continue // it has no tags
		}
		var first tagPage
		s.Do(giver, tagPages, nil).Into(t, &first)
		edges := first.Tags.Edges
		if info := first.Tags.PageInfo; info.EndCursor != edges[1].Cursor || info.StartCursor != edges[0].Cursor {
			t.Errorf("%s: the page's cursors are not those of its edges: %+v", from, first)
		}
		for to, taker := range callers {
			answer := s.Do(taker, tagPages, graphtest.Variables{"after": edges[1].Cursor})
			if alike(from, to) {
				var second tagPage
				answer.Into(t, &second)
				if len(second.Tags.Nodes) != 2 || second.Tags.Nodes[0].OrderNo != "a-2" {
					t.Errorf("%s can use a cursor of %s: %s", to, from, answer.Raw)
				}
			} else if fmt.Sprint(answer.Codes()) != "[BAD_USER_INPUT]" {
				t.Errorf("%s takes a cursor of %s: %s", to, from, answer.Raw)
			}
		}
	}
}

// All invalid cursors get the same error: forged, altered, of another list, of another caller, or unencrypted.
func TestInvalidCursorsGetTheSameError(t *testing.T) {
	s := market(t)
	for i := range 3 {
		tag(s, "a", i)
	}
	shop := s.As(cloudtag.RoleMerchant, "a")
	var page tagPage
	s.Do(shop, tagPages, nil).Into(t, &page)
	own := page.Tags.Edges[0].Cursor
	other := s.As(cloudtag.RoleReviewer)
	foreign := map[string]string{
		"the log's": page.LiveCursor, "another's": s.Seal(other, "ts-:0:a-1"), "in the clear": "ts-:0:a-1", "nobody's": s.Seal("", "ts-:0:a-1"),
		"cut": own[:143], "longer": own + "A", "altered": swapLast(own), "noise": strings.Repeat("x", 144), "blank": " ", "sealed nonsense": s.Seal(shop, "x"),
		"empty inside": s.Seal(shop, ""), "the one that stands for others": s.Seal(shop, cloudtag.ForeignCursor), "long": strings.Repeat("A", 100_000), "not of ASCII": "游标",
	}
	for _, field := range []string{"after", "before"} {
		want := fmt.Sprintf("The cursor is not one of this list: use a cursor that the same list returned. BAD_USER_INPUT [%s]", field)
		for name, cursor := range foreign {
			answer := s.Do(shop, tagPages, graphtest.Variables{field: cursor})
			if len(answer.Errors) != 1 {
				t.Errorf("%s: %s", name, answer.Raw)
				continue
			}
			failure := answer.Errors[0]
			if got := fmt.Sprintf("%s %s %v", failure.Message, failure.Code(), failure.Extensions["field"]); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	}
	for _, bad := range []any{7, true, []string{own, own}, map[string]any{}} {
		if answer := s.Do(shop, tagPages, graphtest.Variables{"after": bad}); fmt.Sprint(answer.Codes()) != "[BAD_USER_INPUT]" {
			t.Errorf("%v: %s", bad, answer.Raw)
		}
	}
	// The empty cursor is the beginning of the list.
	for _, none := range []any{nil, ""} {
		if answer := s.Do(shop, tagPages, graphtest.Variables{"after": none}); len(answer.Errors) > 0 {
			t.Errorf("%v: %s", none, answer.Raw)
		}
	}
}

// swapLast changes a significant character.
func swapLast(cursor string) string {
	last := byte('A')
	if cursor[len(cursor)-2] == last {
		last = 'B'
	}
	return cursor[:len(cursor)-2] + string(last) + cursor[len(cursor)-1:]
}

// Two cursors of the log's end always differ, so that they do not reveal whether anything was appended in between; cursors of
// an entry are equal, so that clients can detect duplicates.
func TestLiveCursorsAreUnlinkable(t *testing.T) {
	s := market(t)
	tag(s, "a", 1)
	shop := s.As(cloudtag.RoleMerchant, "a")
	seen := map[string]bool{}
	for range 10 {
		var page tagPage
		s.Do(shop, tagPages, nil).Into(t, &page)
		if seen[page.LiveCursor] || len(page.LiveCursor) != len(page.Tags.Edges[0].Cursor) {
			t.Errorf("the live cursor %q is one of before, or longer than others", page.LiveCursor)
		}
		if len(seen) > 0 && !seen[page.Tags.Edges[0].Cursor] {
			t.Errorf("the tag's cursor has changed to %q", page.Tags.Edges[0].Cursor)
		}
		seen[page.LiveCursor], seen[page.Tags.Edges[0].Cursor] = true, true
	}
}

// Resuming from an entry that a restore from an older backup has removed ends with RESYNC.
func TestResumingAfterARestoreEndsWithResync(t *testing.T) {
	s := market(t)
	tag(s, "a", 1)
	shop := s.As(cloudtag.RoleMerchant, "a")
	last := len(s.Store.Log())
	entry := s.Store.Log()[last-1]
	socket := s.Connect(shop)
	socket.Subscribe("same", tagEvents, graphtest.Variables{"after": s.LogCursor(shop, last-1)})
	readTag(s, socket, "same")
	place := entry.Place()
	for name, other := range map[string]cloudtag.LogPlace{
		"another entry of the number": {Seq: place.Seq, Hash: "0011223344556677"},
		"no entry of the number":      {Seq: place.Seq + 1, Hash: place.Hash},
		"no hash":                     {Seq: place.Seq},
	} {
		socket.Subscribe(name, tagEvents, graphtest.Variables{"after": s.Seal(shop, other.Cursor())})
		for {
			message := socket.Read()
			if message.ID != name || message.Type == "complete" {
				continue
			}
			if !strings.Contains(string(message.Payload), "RESYNC") {
				t.Errorf("%s: %s", name, message.Payload)
			}
			break
		}
	}
}
