package command

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/copying"
)

// shelf is a store in memory with rows to copy.
type shelf struct {
	rows      map[copying.Kind][]copying.Row
	recovered bool
	closed    bool
	ended     bool
}

func (s *shelf) LogPage(context.Context, cloudtag.LogFilter, cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	return nil, false, nil
}

func (s *shelf) CopyRows(_ context.Context, kind copying.Kind, after string, limit int) ([]copying.Row, error) {
	rows := s.rows[kind]
	place := 1 + slices.IndexFunc(rows, func(row copying.Row) bool { return row.Key == after })
	return rows[place:min(len(rows), place+limit)], nil
}

func (s *shelf) BeginCopy(_ context.Context, first copying.State) (copying.State, error) {
	if len(s.rows) > 0 {
		return first, copying.ErrNotEmpty
	}
	s.rows = map[copying.Kind][]copying.Row{}
	return first, nil
}

func (s *shelf) PutRows(_ context.Context, kind copying.Kind, rows []copying.Row, _ copying.State) error {
	s.rows[kind] = append(s.rows[kind], rows...)
	return nil
}

func (s *shelf) EndCopy(context.Context) error {
	s.ended = true
	return nil
}

func (s *shelf) Recover(context.Context) (int, error) {
	s.recovered = true
	return 0, nil
}

func (s *shelf) Close() error {
	s.closed = true
	return nil
}

func opening(store *shelf, err error) func(context.Context, string) (CopyStore, error) {
	return func(context.Context, string) (CopyStore, error) {
		if err != nil {
			return nil, err
		}
		return store, nil
	}
}

func filledShelf() *shelf {
	return &shelf{rows: map[copying.Kind][]copying.Row{
		copying.Orders: {{Key: "1", Value: cloudtag.Order{OrderNo: "1"}}, {Key: "2", Value: cloudtag.Order{OrderNo: "2"}}},
	}}
}

// TestCopyTellsWhatWasCopied: the clock is asked once when the copy begins and once at its end; no bar is drawn, but its
// meters ask too.
func TestCopyTellsWhatWasCopied(t *testing.T) {
	streams, from, to := capture(""), filledShelf(), &shelf{}
	parts := CopyParts{From: opening(from, nil), To: opening(to, nil), Clock: &steppingClock{}}
	if err := Copy(t.Context(), &config.Copy{From: "here", To: "there"}, parts, streams.Streams); err != nil {
		t.Fatal(err)
	}
	if !from.recovered || to.recovered || !to.ended || from.ended || !from.closed || !to.closed {
		t.Errorf("source %+v, target %+v", from, to)
	}
	var orders []string
	for line := range strings.Lines(streams.out.String()) {
		if fields := strings.Fields(line); fields[0] == string(copying.Orders) {
			orders = fields
		}
	}
	if len(orders) != 3 || orders[1] != "2" || len(orders[2]) != 64 {
		t.Errorf("tells of orders %q in:\n%s", orders, streams.out)
	}
	if said := streams.err.String(); !strings.HasPrefix(said, "copied and compared: the stores have the same; ") || !strings.HasSuffix(said, " rows/s\n") {
		t.Errorf("says %q", said)
	}
}

func TestCopyNamesTheStoreThatFails(t *testing.T) {
	for name, test := range map[string]struct {
		from, to func(context.Context, string) (CopyStore, error)
		says     string
	}{
		"no source":    {opening(nil, errStore), opening(&shelf{}, nil), "--from: the store is gone"},
		"no target":    {opening(filledShelf(), nil), opening(nil, errStore), "--to: the store is gone"},
		"a full store": {opening(filledShelf(), nil), opening(filledShelf(), nil), "copy: the target holds something"},
	} {
		t.Run(name, func(t *testing.T) {
			streams := capture("")
			err := Copy(t.Context(), &config.Copy{}, CopyParts{From: test.from, To: test.to, Clock: fixedClock(now)}, streams.Streams)
			if err == nil || !strings.Contains(err.Error(), test.says) || streams.out.Len() > 0 {
				t.Errorf("%v, want %q; printed %q", err, test.says, streams.out)
			}
			if name != "a full store" && !errors.Is(err, errStore) {
				t.Errorf("%v does not keep its cause", err)
			}
		})
	}
}
