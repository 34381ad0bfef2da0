package logview_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/auditlog"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/logview"
)

// sumView is a view for tests: it keeps the numbers of the entries that it has counted, in one document.
type sumView struct {
	logview.View
	store  logview.Store
	folds  []int // the length of each page that was folded
	settle func(left json.RawMessage) (logview.Step, error)
	left   json.RawMessage // of the next step
	take   func(logview.Page) int
	pad    int // bytes that each entry adds to what is stored
}

type seqSum struct {
	Version int     `json:"version"`
	Seqs    []int64 `json:"seqs"`
	Pad     string  `json:"pad,omitempty"`
}

func countedCodec(revision string) Codec[seqSum] {
	return Codec[seqSum]{Kind: KindMetrics, Encode: func(c seqSum) Document {
		return Document{ID: revision + "/sum", Version: c.Version, State: "COUNTED"}
	}}
}

func newSumView(store logview.Store, revision string) *sumView {
	v := &sumView{store: store, View: logview.View{Kind: KindMetrics, ID: revision + "/position"}}
	v.Fold = func(ctx context.Context, page logview.Page) (step logview.Step, err error) {
		v.folds = append(v.folds, len(page.Entries))
		step.Folded = len(page.Entries)
		if v.take != nil {
			step.Folded = v.take(page)
		}
		if step.Folded == 0 {
			return step, nil
		}
		sum, err := v.sum(ctx, revision)
		if err != nil {
			return step, err
		}
		sum.Version++
		for _, entry := range page.Entries[:step.Folded] {
			sum.Seqs = append(sum.Seqs, entry.Seq)
		}
		sum.Pad = strings.Repeat("x", v.pad*step.Folded)
		step.Documents, step.Left = []Document{countedCodec(revision).Document(sum)}, v.left
		v.left = nil
		return step, nil
	}
	v.Settle = func(_ context.Context, left json.RawMessage) (logview.Step, error) { return v.settle(left) }
	return v
}

func (v *sumView) sum(ctx context.Context, revision string) (seqSum, error) {
	sum, err := countedCodec(revision).Find(ctx, v.store, revision+"/sum")
	if CodeOf(err) == CodeNotFound {
		return seqSum{}, nil
	}
	return sum, err
}

func (v *sumView) CatchUp(ctx context.Context) error { return v.View.CatchUp(ctx, v.store) }

// Counted implements [auditlog.CountedView].
func (v *sumView) Counted(ctx context.Context) (int64, error) { return v.View.Counted(ctx, v.store) }

// wantCounted checks that each entry from one to another was counted once, in order.
func (v *sumView) wantCounted(t *testing.T, first, last int64) {
	t.Helper()
	revision, _, _ := strings.Cut(v.ID, "/")
	sum, err := v.sum(t.Context(), revision)
	if err != nil {
		t.Fatal(err)
	}
	var want []int64
	for seq := first; seq <= last; seq++ {
		want = append(want, seq)
	}
	if !slices.Equal(sum.Seqs, want) {
		t.Errorf("counted %v, want %d to %d", sum.Seqs, first, last)
	}
	if seq, err := v.Counted(t.Context()); err != nil || seq != last {
		t.Errorf("the checkpoint is at %d, %v; want %d", seq, err, last)
	}
}

// appendEntries appends so many entries, one a second.
func appendEntries(s *Store, count int) {
	for n := range count {
		s.Append(Entry{At: Start.Add(time.Duration(n) * time.Second), Actor: "import", Action: ActionRiskImported, Subjects: []Subject{"buyer:b"}})
	}
}

// dyingCommit ends the process before or after its nth commit of a view.
type dyingCommit struct {
	*Store
	dieAt   int
	after   bool
	before  func() // runs before each commit
	commits int
}

func (d *dyingCommit) SaveDocuments(ctx context.Context, documents []Document, entries []Entry) error {
	d.commits++
	if d.before != nil {
		d.before()
	}
	if d.commits != d.dieAt {
		return d.Store.SaveDocuments(ctx, documents, entries)
	}
	if d.after {
		if err := d.Store.SaveDocuments(ctx, documents, entries); err != nil {
			return err
		}
	}
	return ErrDied
}

// Whether the process dies before or after a commit, each entry counts once.
func TestAViewCountsOnceWhereverTheProcessDies(t *testing.T) {
	for _, after := range []bool{false, true} {
		for dieAt := 1; dieAt <= 3; dieAt++ {
			t.Run(fmt.Sprintf("commit %d, after it %t", dieAt, after), func(t *testing.T) {
				store := NewStore(t)
				appendEntries(store, 2500)
				err := newSumView(&dyingCommit{Store: store, dieAt: dieAt, after: after}, "1").CatchUp(t.Context())
				if !errors.Is(err, ErrDied) {
					t.Fatalf("not dead: %v", err)
				}
				appendEntries(store, 10)
				view := newSumView(store, "1")
				if err := view.CatchUp(t.Context()); err != nil {
					t.Fatal(err)
				}
				view.wantCounted(t, 1, 2510)
			})
		}
	}
}

// Another instance that is faster is left to go on; nothing of the slower one is stored.
func TestAViewCountsOnceOnTwoInstances(t *testing.T) {
	store := NewStore(t)
	appendEntries(store, 2500)
	other, busy := newSumView(store, "1"), false
	slower := &dyingCommit{Store: store, before: func() {
		if !busy {
			busy = true
			if err := other.CatchUp(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}}
	if err := newSumView(slower, "1").CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	other.wantCounted(t, 1, 2500)
	if slower.commits != 1 {
		t.Errorf("went on for %d commits", slower.commits)
	}
}

// A document of the view that somebody else changes is folded as it is then; what can't be stored at all is an error, and not
// taken for another instance's progress.
func TestAViewsDocumentsChangeMeanwhile(t *testing.T) {
	store := NewStore(t)
	appendEntries(store, 5)
	changes := 1
	changing := &dyingCommit{Store: store, before: func() {
		if changes--; changes >= 0 {
			sum, err := newSumView(store, "1").sum(t.Context(), "1")
			if err != nil {
				t.Fatal(err)
			}
			sum.Version++
			if err := store.SaveDocument(t.Context(), countedCodec("1").Document(sum), nil); err != nil {
				t.Fatal(err)
			}
		}
	}}
	view := newSumView(changing, "1")
	if err := view.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	view.wantCounted(t, 1, 5)
	appendEntries(store, 1)
	changes = 2
	if err := view.CatchUp(t.Context()); CodeOf(err) != CodeConflict {
		t.Errorf("what can't be stored: %v", err)
	}
	view.wantCounted(t, 1, 5)
}

// A revision that is raised counts again, from the first entry that a trimmed log has kept; another view goes on where it was.
func TestARaisedRevisionRestartsAView(t *testing.T) {
	store := NewStore(t)
	appendEntries(store, 30)
	first := newSumView(store, "1")
	if err := first.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	log := store.Entries()
	to := auditlog.Start{Seq: 11, Before: log[9].Hash, Until: log[9].At}
	if err := auditlog.NewRetention(store, &TestClock{Time: Start}, first).Trim(t.Context(), to, "file", "sum"); err != nil {
		t.Fatal(err)
	}
	second := newSumView(store, "2")
	for _, view := range []*sumView{first, second} {
		if err := view.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	first.wantCounted(t, 1, 31)
	second.wantCounted(t, 11, 31)
}

// Pages are as long as the fold needs them, and what they come to fits into a commit.
func TestAViewsPages(t *testing.T) {
	atLeast := func(wanted int) func(logview.Page) int {
		return func(page logview.Page) int {
			if len(page.Entries) < wanted {
				return 0
			}
			return len(page.Entries)
		}
	}
	for name, test := range map[string]struct {
		entries int
		take    func(logview.Page) int
		pad     int
		folds   []int
		counted int64
		err     string
	}{
		"an empty log":                   {0, nil, 0, nil, 0, ""},
		"shorter than a page":            {5, nil, 0, []int{5}, 5, ""},
		"several pages":                  {2100, nil, 0, []int{1024, 1024, 52}, 2100, ""},
		"a fold that wants more":         {2100, atLeast(1500), 0, []int{1024, 2048, 52}, 2048, ""},
		"a fold that waits at the end":   {5, atLeast(6), 0, []int{5}, 0, ""},
		"a part of a page":               {5, func(page logview.Page) int { return min(2, len(page.Entries)) }, 0, []int{5, 3, 1}, 5, ""},
		"too much for one commit":        {1024, nil, 7 << 10, []int{1024, 512, 512}, 1024, ""},
		"one entry that is too much":     {1, nil, 5 << 20, []int{1}, 1, ""},
		"a fold that takes nothing ever": {4200, atLeast(5000), 0, []int{1024, 2048, 4096}, 0, "none of the longest page"},
		"the longest page is known to be": {4200, func(page logview.Page) int {
			if page.More && !page.Longest {
				return 0
			}
			return len(page.Entries)
		}, 0, []int{1024, 2048, 4096, 104}, 4200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			store := NewStore(t)
			appendEntries(store, test.entries)
			view := newSumView(store, "1")
			view.take, view.pad = test.take, test.pad
			err := view.CatchUp(t.Context())
			if (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Fatalf("%v, want %q", err, test.err)
			}
			view.wantCounted(t, 1, test.counted)
			if !reflect.DeepEqual(view.folds, test.folds) {
				t.Errorf("folded pages of %v, want %v", view.folds, test.folds)
			}
		})
	}
}

// What a step leaves to do is done, and done to its end, before the next entries are folded, wherever the process dies.
func TestAViewSettlesBeforeItGoesOn(t *testing.T) {
	for dieAt := range 6 {
		store := NewStore(t)
		appendEntries(store, 1030)
		var done []string
		run := func(store logview.Store) error {
			view := newSumView(store, "1")
			if seq, err := view.Counted(t.Context()); err != nil || seq == 0 {
				view.left = MustJSON(3)
			}
			view.settle = func(left json.RawMessage) (step logview.Step, err error) {
				var steps int
				if err := json.Unmarshal(left, &steps); err != nil {
					return step, err
				}
				if seq, err := view.Counted(t.Context()); err != nil || seq != 1024 {
					t.Errorf("settled behind entry %d, %v", seq, err)
				}
				if step := fmt.Sprint(steps); !slices.Contains(done, step) {
					done = append(done, step)
				}
				if steps > 1 {
					step.Left = MustJSON(steps - 1)
				}
				return step, nil
			}
			return view.CatchUp(t.Context())
		}
		err := run(&dyingCommit{Store: store, dieAt: dieAt})
		if died := dieAt > 0; died != errors.Is(err, ErrDied) {
			t.Fatalf("died at commit %d: %v", dieAt, err)
		}
		if err := run(store); err != nil {
			t.Fatal(err)
		}
		newSumView(store, "1").wantCounted(t, 1, 1030)
		if !slices.Equal(done, []string{"3", "2", "1"}) {
			t.Errorf("died at commit %d: did %v", dieAt, done)
		}
	}
}

// countingPace counts how often work asks whether it may go on.
type countingPace struct {
	asked int
	err   error
}

func (p *countingPace) Yield(context.Context) error {
	p.asked++
	return p.err
}

// Between two commits a view gives way, and it ends where its context ends.
func TestAViewGivesWay(t *testing.T) {
	store := NewStore(t)
	appendEntries(store, 2500)
	stopped := errors.New("stopped")
	pace := &countingPace{err: stopped}
	view := newSumView(store, "1")
	if err := view.CatchUp(WithPace(t.Context(), pace)); !errors.Is(err, stopped) {
		t.Fatal(err)
	}
	view.wantCounted(t, 1, 1024)
	pace.err = nil
	if err := view.CatchUp(WithPace(t.Context(), pace)); err != nil {
		t.Fatal(err)
	}
	view.wantCounted(t, 1, 2500)
	if pace.asked != 3 {
		t.Errorf("gave way %d times, want once behind each of 3 commits", pace.asked)
	}
}
