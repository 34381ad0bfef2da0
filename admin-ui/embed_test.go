//go:build console

package adminui_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	adminui "cloudtag/admin-ui"
)

var (
	address      = regexp.MustCompile(`(?:src|href)="([^"]*)"`)
	hashedAsset  = regexp.MustCompile(`^assets/.+-[\w-]{8}\.\w+(?:\.br)?$`)
	inlineScript = regexp.MustCompile(`<script(?:[^>]*)>[^<]`)
)

func TestBuiltPagesLoadOnlyEmbeddedAssets(t *testing.T) {
	if !adminui.Built {
		t.Fatal("Built is false with the tag console")
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
			if inlineScript.Match(page) {
				t.Error("the page has an inline script, which the pages' security policy refuses")
			}
			assets := 0
			for _, match := range address.FindAllStringSubmatch(string(page), -1) {
				if match[1] == "data:," {
					continue
				}
				// /graphiql is served without a trailing slash: only absolute addresses resolve the same on both pages.
				asset, absolute := strings.CutPrefix(match[1], "/")
				if !absolute {
					t.Errorf("%q is not an absolute path", match[1])
					continue
				}
				_, plain := fs.Stat(files, asset)
				if _, packed := fs.Stat(files, asset+".br"); (plain == nil) == (packed == nil) {
					t.Errorf("the page asks for %q, which is not there exactly once: %v, %v", match[1], plain, packed)
				}
				assets++
			}
			if assets == 0 {
				t.Error("the page loads nothing")
			}
		})
	}
}

func TestAssetsAreNamedByContent(t *testing.T) {
	assets, err := fs.Glob(adminui.Files(), "assets/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(assets) == 0 {
		t.Fatal("there are no assets")
	}
	for _, asset := range assets {
		if !hashedAsset.MatchString(asset) {
			t.Errorf("%s has no hash in its name, so it can't be cached for ever", asset)
		}
	}
}
