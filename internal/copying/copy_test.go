package copying

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
)

// shelf is a store of orders and log entries in memory.
type shelf struct {
	orders []cloudtag.Order
	log    []cloudtag.Entry
	state  *State
	ended  bool
}

func (s *shelf) LogPage(_ context.Context, _ cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	return s.log[max(0, len(s.log)-slice.Limit):], false, nil
}

func (s *shelf) CopyRows(_ context.Context, kind Kind, after string, limit int) (rows []Row, err error) {
	place := 0
	if after != "" {
		if place, err = strconv.Atoi(after); err != nil {
			return nil, err
		}
	}
	add := func(n int, value func(int) any) {
		for i := place; i < n && len(rows) < limit; i++ {
			rows = append(rows, Row{Key: strconv.Itoa(i + 1), Value: value(i)})
		}
	}
	switch kind {
	case Orders:
		add(len(s.orders), func(i int) any { return s.orders[i] })
	case Log:
		add(len(s.log), func(i int) any { return s.log[i] })
	}
	return rows, nil
}

func (s *shelf) BeginCopy(_ context.Context, first State) (State, error) {
	if s.state == nil {
		s.state = &first
	}
	return *s.state, nil
}

func (s *shelf) PutRows(_ context.Context, _ Kind, rows []Row, next State) error {
	for _, row := range rows {
		switch value := row.Value.(type) {
		case cloudtag.Order:
			s.orders = append(s.orders, value)
		case cloudtag.Entry:
			s.log = append(s.log, value)
		}
	}
	s.state = &next
	return nil
}

func (s *shelf) EndCopy(context.Context) error {
	s.ended = true
	return nil
}

func filledShelf(orders int) *shelf {
	s := &shelf{log: []cloudtag.Entry{{Seq: 1, Hash: []byte{1}}, {Seq: 2, Hash: []byte{2}}}}
	for n := range orders {
		s.orders = append(s.orders, cloudtag.Order{OrderNo: cloudtag.OrderNo(fmt.Sprint(n))})
	}
	return s
}

func quiet(string, Kind, int) {}

func TestCopyAll(t *testing.T) {
	from, to := filledShelf(3*pageSize+1), &shelf{}
	done := map[string]int{}
	totals, err := Copy(t.Context(), from, to, func(doing string, kind Kind, rows int) { done[doing+" "+string(kind)] += rows })
	if err != nil || !to.ended || !slices.Equal(to.log[1].Hash, []byte{2}) {
		t.Fatalf("ended %t: %v", to.ended, err)
	}
	for i, total := range totals {
		want := map[Kind]int{Orders: 3*pageSize + 1, Log: 2}[total.Kind]
		if total.Kind != Kinds()[i] || total.Count != want {
			t.Errorf("%s: %d rows, want %d", total.Kind, total.Count, want)
		}
	}
	if done["copying orders"] != 3*pageSize+1 || done["comparing orders"] != 2*(3*pageSize+1) {
		t.Errorf("reported %v", done)
	}
}

func TestCopyStops(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(from, to *shelf)
		says  string
	}{
		"another source": {func(_, to *shelf) { to.state = &State{Source: "entry 1 (aa)", Kind: Log} }, "not what the copy was begun with"},
		"a row too few":  {func(_, to *shelf) { to.state = &State{Source: "entry 2 (02)", Kind: Log} }, "the orders differ: the source has 2"},
		"another row": {func(_, to *shelf) {
			to.state, to.orders = &State{Source: "entry 2 (02)", Kind: Log}, []cloudtag.Order{{OrderNo: "0"}, {OrderNo: "other"}}
		}, "the orders differ"},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := filledShelf(2), &shelf{}
			test.spoil(from, to)
			if _, err := Copy(t.Context(), from, to, quiet); err == nil || to.ended || !strings.Contains(err.Error(), test.says) {
				t.Errorf("ended %t, %v, want the report %q", to.ended, err, test.says)
			}
		})
	}
	from, to := filledShelf(2), &shelf{}
	_, err := Copy(t.Context(), from, to, func(doing string, _ Kind, _ int) {
		if doing == DoingCompare {
			from.log = append(from.log[:1:1], cloudtag.Entry{Seq: 2, Hash: []byte{3}})
		}
	})
	if err == nil || to.ended {
		t.Errorf("the source changed meanwhile, and the copy ended: %t, %v", to.ended, err)
	}
	if errors.Is(err, ErrNotEmpty) {
		t.Errorf("another reason: %v", err)
	}
}

// A digest is the same for what a store can't distinguish, and another for anything else.
func TestDigest(t *testing.T) {
	digest := func(values ...any) string {
		var d Digest
		for _, value := range values {
			if err := d.add(Row{Value: value}); err != nil {
				t.Fatal(err)
			}
		}
		return d.String()
	}
	one, other := cloudtag.Order{OrderNo: "1"}, cloudtag.Order{OrderNo: "2"}
	same := [][2]string{
		{digest(one, other), digest(other, one)},
		{digest(cloudtag.Batch{}), digest(cloudtag.Batch{Results: []cloudtag.OrderResult{}})},
		{digest(cloudtag.Document{Body: []byte(`{"a": 1, "b": 2}`)}), digest(cloudtag.Document{Body: []byte(`{"b":2,"a":1}`)})},
	}
	for i, pair := range same {
		if pair[0] != pair[1] {
			t.Errorf("pair %d differs", i)
		}
	}
	seen := map[string]bool{}
	for _, d := range []string{digest(), digest(one), digest(other), digest(one, other), digest(one, one), digest(one, one, other)} {
		if seen[d] {
			t.Errorf("%s stands for two", d)
		}
		seen[d] = true
	}
}
