package sqlite

import (
	"context"
	"reflect"
	"testing"

	"cloudtag/internal/cloudtag"
)

// TestTagStreamInPiecesOfAnySize: wherever a piece ends, inside of a case or between two, the stream is the same.
func TestTagStreamInPiecesOfAnySize(t *testing.T) {
	w := newWorld(t)
	var whole []tagsOfCase
	err := w.store.TagsByCase(context.Background(), func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error {
		whole = append(whole, tagsOfCase{id: id, tags: tags, risk: risk})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, c := range whole {
		count += len(c.tags)
	}
	if count != len(w.tags) || len(whole) != len(w.cases) {
		t.Fatalf("%d tags of %d cases, want %d of %d", count, len(whole), len(w.tags), len(w.cases))
	}
	for _, piece := range []int{1, 2, 3, 7, 50, count - 1, count, count + 1} {
		stream := tagStream{names: make(map[int64]string)}
		var pieced []tagsOfCase
		for more := true; more; {
			err := w.store.read(context.Background(), "read a piece", func(r *reading) (err error) {
				var next []tagsOfCase
				next, more, err = stream.next(r, piece)
				pieced = append(pieced, next...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(pieced, whole) {
			t.Errorf("pieces of %d: %d cases, want the same %d", piece, len(pieced), len(whole))
		}
	}
}
