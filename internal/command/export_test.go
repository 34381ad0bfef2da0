package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
)

// lists serves pages of tags, cases and entries; reading page number failAt fails.
type lists struct {
	t      *testing.T
	total  int
	failAt int
	pages  int
}

func page[T any](l *lists, caller cloudtag.Caller, request cloudtag.PageRequest, item func(n int) T) (cloudtag.Page[T], error) {
	l.pages++
	if l.pages == l.failAt {
		return cloudtag.Page[T]{}, errStore
	}
	if !caller.Reviews() || request.First == nil || *request.First > cloudtag.MaxPageSize {
		l.t.Errorf("request %+v by %+v", request, caller)
	}
	start := 0
	if request.After != "" {
		if _, err := fmt.Sscan(string(request.After), &start); err != nil {
			l.t.Fatal(err)
		}
	}
	var p cloudtag.Page[T]
	for n := start; n < min(l.total, start+*request.First); n++ {
		p.Items = append(p.Items, item(n))
		p.Cursors = append(p.Cursors, cloudtag.Cursor(fmt.Sprint(n+1)))
	}
	p.HasNextPage = start+len(p.Items) < l.total
	return p, nil
}

func (l *lists) TagPage(_ context.Context, caller cloudtag.Caller, _ cloudtag.TagFilter, order cloudtag.TagOrder, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Tag], error) {
	if order != cloudtag.TagsBySubmittedAsc {
		l.t.Errorf("order %s: new tags would shift the pages", order)
	}
	return page(l, caller, request, func(n int) cloudtag.Tag { return cloudtag.Tag{OrderNo: cloudtag.OrderNo(fmt.Sprintf("o-%d", n))} })
}

func (l *lists) CasePage(_ context.Context, caller cloudtag.Caller, _ cloudtag.CaseFilter, order cloudtag.CaseOrder, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Case], error) {
	if order != cloudtag.CasesByOpenedDesc {
		l.t.Errorf("order %s: changed cases would shift the pages", order)
	}
	return page(l, caller, request, func(n int) cloudtag.Case { return cloudtag.Case{ID: cloudtag.CaseID(fmt.Sprintf("o-%d", n))} })
}

func (l *lists) Page(_ context.Context, caller cloudtag.Caller, _ cloudtag.LogFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Entry], error) {
	return page(l, caller, request, func(n int) cloudtag.Entry { return cloudtag.Entry{Seq: int64(n), Reason: fmt.Sprintf("o-%d", n)} })
}

func TestExportWritesEveryRowOnce(t *testing.T) {
	for _, kind := range []string{"tags", "cases", "log"} {
		for _, format := range []string{"csv", "ndjson"} {
			for _, total := range []int{0, 1, 100, 250} {
				streams := capture("")
				all := &lists{t: t, total: total}
				if err := Export(t.Context(), &config.Export{Kind: kind, Format: format}, all, all, streams.Streams); err != nil {
					t.Fatal(err)
				}
				text := streams.out.String()
				rows := strings.Count(text, "\n")
				if format == "csv" {
					rows--
				}
				if rows != total {
					t.Errorf("%s %s: %d rows, want %d", kind, format, rows, total)
				}
				for _, n := range []int{0, total / 2, total - 1} {
					if total > 0 && strings.Count(text, fmt.Sprintf("o-%d,", n))+strings.Count(text, fmt.Sprintf("o-%d\"", n)) != 1 {
						t.Errorf("%s %s: row %d of %d was not written exactly once", kind, format, n, total)
					}
				}
			}
		}
	}
}

func TestExportReplacesTheFileOnlyWhenComplete(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "tags.csv")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := &config.Export{Kind: "tags", Format: "csv", Output: name}
	if err := Export(t.Context(), settings, &lists{t: t, total: 250, failAt: 2}, nil, capture("").Streams); !errors.Is(err, errStore) {
		t.Fatal(err)
	}
	content, err := os.ReadFile(name)
	left, _ := os.ReadDir(dir)
	if err != nil || string(content) != "old" || len(left) != 1 {
		t.Errorf("after a failure: %q, %v, %d files", content, err, len(left))
	}
	streams := capture("")
	if err := Export(t.Context(), settings, &lists{t: t, total: 250}, nil, streams.Streams); err != nil {
		t.Fatal(err)
	}
	content, err = os.ReadFile(name)
	left, _ = os.ReadDir(dir)
	if err != nil || strings.Count(string(content), "\n") != 251 || len(left) != 1 || streams.out.Len() > 0 {
		t.Errorf("%d bytes, %v, %d files", len(content), err, len(left))
	}
	settings.Output = filepath.Join(dir, "none", "tags.csv")
	if err := Export(t.Context(), settings, &lists{t: t}, nil, capture("").Streams); err == nil || !strings.Contains(err.Error(), "--output") {
		t.Errorf("%v", err)
	}
}
