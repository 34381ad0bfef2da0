package resolvers_test

import (
	"fmt"
	"testing"

	"cloudtag/internal/casework"
)

func TestSavedViews(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	ann, ben := c.reviewer("ann"), c.reviewer("ben")
	save := func(caller, input string) (map[string]any, string) {
		return c.call(caller, "saveView", input, "view { id page name search shared createdBy canEdit }")
	}
	payload, refused := save(ann, `page: "queue", name: "urgent", search: "a=b", shared: true`)
	expect(t, "saved", line(refused, field(payload, "view.createdBy"), field(payload, "view.canEdit")), "ann true")
	id := field(payload, "view.id")
	_, refused = save(ann, `page: "queue", name: "urgent", search: "", shared: false`)
	expect(t, "the same name", refused, "CONFLICT input.name")
	_, refused = save(ben, fmt.Sprintf(`id: %q, page: "queue", name: "mine now", search: "", shared: false`, id))
	expect(t, "changed by another", refused, "NOT_FOUND")
	payload, refused = save(ann, fmt.Sprintf(`id: %q, page: "queue", name: "very urgent", search: "", shared: true`, id))
	expect(t, "changed", line(refused, field(payload, "view.name"), field(payload, "view.id")), fmt.Sprintf("very urgent %s", id))
	var list struct{ Mine, Shared any }
	c.Do(ben, `{ mine: savedViews(page: "queue") { totalCount }, shared: savedViews(page: "queue", shared: true) { totalCount nodes { name canEdit } } }`, nil).Into(t, &list)
	expect(t, "ben's own", list.Mine, any(map[string]any{"totalCount": 0.0}))
	expect(t, "for others", list.Shared, any(map[string]any{"totalCount": 1.0, "nodes": []any{map[string]any{"name": "very urgent", "canEdit": false}}}))
	remove := func(caller string) (map[string]any, string) {
		return c.call(caller, "deleteView", fmt.Sprintf("id: %q", id), "deletedId")
	}
	payload, refused = remove(ben)
	expect(t, "deleted by another", line(refused, payload["deletedId"]), "NOT_FOUND <nil>")
	payload, refused = remove(ann)
	expect(t, "deleted", line(refused, payload["deletedId"]), id)
	for n := range casework.MaxViews {
		if _, refused := save(ann, fmt.Sprintf(`page: "queue", name: "%d", search: "", shared: false`, n)); refused != "" {
			t.Fatal(refused)
		}
	}
	_, refused = save(ann, `page: "queue", name: "one more", search: "", shared: false`)
	expect(t, "one more", refused, "TOO_MANY_VIEWS input")
}
