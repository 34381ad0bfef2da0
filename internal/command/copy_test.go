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

// copyStore is a CopyStore in memory.
type copyStore struct {
	rows      map[copying.Kind][]copying.Row
	recovered bool
	closed    bool
	ended     bool
}

func (s *copyStore) LogPage(context.Context, cloudtag.LogFilter, cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	return nil, false, nil
}

func (s *copyStore) CopyRows(_ context.Context, kind copying.Kind, after string, limit int) ([]copying.Row, error) {
	rows := s.rows[kind]
	place := 1 + slices.IndexFunc(rows, func(row copying.Row) bool { return row.Key == after })
	return rows[place:min(len(rows), place+limit)], nil
}

func (s *copyStore) BeginCopy(_ context.Context, first copying.State) (copying.State, error) {
	if len(s.rows) > 0 {
		return first, copying.ErrNotEmpty
	}
	s.rows = map[copying.Kind][]copying.Row{}
	return first, nil
}

func (s *copyStore) PutRows(_ context.Context, kind copying.Kind, rows []copying.Row, _ copying.State) error {
	s.rows[kind] = append(s.rows[kind], rows...)
	return nil
}

func (s *copyStore) EndCopy(context.Context) error {
	s.ended = true
	return nil
}

func (s *copyStore) Recover(context.Context) (int, error) {
	s.recovered = true
	return 0, nil
}

func (s *copyStore) Close() error {
	s.closed = true
	return nil
}

func opening(store *copyStore, err error) func(context.Context, string) (CopyStore, error) {
	return func(context.Context, string) (CopyStore, error) {
		if err != nil {
			return nil, err
		}
		return store, nil
	}
}

func filledStore() *copyStore {
	return &copyStore{rows: map[copying.Kind][]copying.Row{
		copying.Orders: {{Key: "1", Value: cloudtag.Order{OrderNo: "1"}}, {Key: "2", Value: cloudtag.Order{OrderNo: "2"}}},
	}}
}

func TestCopyPrintsCountsChecksumsAndRate(t *testing.T) {
	streams, from, to := capture(""), filledStore(), &copyStore{}
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
		t.Errorf("orders are printed as %q in:\n%s", orders, streams.out)
	}
	if summary := streams.err.String(); !strings.HasPrefix(summary, "copied and compared: both stores hold the same data; ") || !strings.HasSuffix(summary, " rows/s\n") {
		t.Errorf("summary %q", summary)
	}
}

func TestCopyNamesTheStoreThatFails(t *testing.T) {
	for name, test := range map[string]struct {
		from, to func(context.Context, string) (CopyStore, error)
		want     string
	}{
		"no source":        {opening(nil, errStore), opening(&copyStore{}, nil), "--from: the store is gone"},
		"no target":        {opening(filledStore(), nil), opening(nil, errStore), "--to: the store is gone"},
		"non-empty target": {opening(filledStore(), nil), opening(filledStore(), nil), "copy: the target holds something"},
	} {
		t.Run(name, func(t *testing.T) {
			streams := capture("")
			err := Copy(t.Context(), &config.Copy{}, CopyParts{From: test.from, To: test.to, Clock: fixedClock(now)}, streams.Streams)
			if err == nil || !strings.Contains(err.Error(), test.want) || streams.out.Len() > 0 {
				t.Errorf("%v, want %q; printed %q", err, test.want, streams.out)
			}
			if name != "non-empty target" && !errors.Is(err, errStore) {
				t.Errorf("%v does not wrap its cause", err)
			}
		})
	}
}
