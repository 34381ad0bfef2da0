package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

// pages serves the browser pages and what they load, compressed for clients that can unpack it.
type pages struct {
	files    fs.FS
	compress func(http.Handler) http.HandlerFunc
}

// compressFrom is the size in bytes from which compressing pays.
const compressFrom = 1024

func newPages(files fs.FS) (*pages, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return &pages{files: files, compress: func(next http.Handler) http.HandlerFunc { return wrap(next) }}, nil
}

// page serves one page under a policy. Browsers ask each time whether it has changed: it names the assets of its build.
func (p *pages) page(name, policy string) http.Handler {
	return p.compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := fs.ReadFile(p.files, name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		sum := sha256.Sum256(content)
		// Weak: the same page, compressed or not.
		w.Header().Set("ETag", `W/"`+hex.EncodeToString(sum[:12])+`"`)
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("Content-Security-Policy", policy)
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	}))
}

// assetTypes are media types that not every machine knows.
var assetTypes = map[string]string{".ttf": "font/ttf", ".woff2": "font/woff2", ".js": "text/javascript; charset=utf-8"}

// assets serves scripts, styles and fonts. Their names change with their content, so that they never go stale.
func (p *pages) assets() http.Handler {
	return p.compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Clean(r.URL.Path)[1:]
		info, err := fs.Stat(p.files, name)
		if err != nil || info.IsDir() {
			http.NotFound(w, r)
			return
		}
		if kind, known := assetTypes[path.Ext(name)]; known {
			w.Header().Set("Content-Type", kind)
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeFileFS(w, r, p.files, name)
	}))
}
