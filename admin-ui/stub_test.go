//go:build !console

package adminui_test

import (
	"bytes"
	"io/fs"
	"testing"
	"testing/fstest"

	adminui "cloudtag/admin-ui"
)

func TestStubSaysHowToBuildOnBothPages(t *testing.T) {
	if adminui.Built {
		t.Fatal("Built is true without the tag console")
	}
	files := adminui.Files()
	if err := fstest.TestFS(files, "index.html", "graphiql/index.html"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.html", "graphiql/index.html"} {
		t.Run(name, func(t *testing.T) {
			page, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"make build", "make run", `lang="zh-CN"`, `lang="en"`} {
				if !bytes.Contains(page, []byte(want)) {
					t.Errorf("the page does not contain %q", want)
				}
			}
			// The strictest security policy must fit the stub as well.
			for _, refused := range []string{"<script", "<style", "style="} {
				if bytes.Contains(page, []byte(refused)) {
					t.Errorf("the page contains %q, which the pages' security policy refuses", refused)
				}
			}
		})
	}
}

// The two are separate files because embedding follows no links; they must not drift apart.
func TestStubPagesAreTheSame(t *testing.T) {
	start, err := fs.ReadFile(adminui.Files(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	graphiql, err := fs.ReadFile(adminui.Files(), "graphiql/index.html")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(start, graphiql) {
		t.Error("stub/index.html and stub/graphiql/index.html differ: copy the first over the second")
	}
}
