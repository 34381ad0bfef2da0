package web

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzhttp"
)

// pages serves the browser pages and their assets, compressed for clients that accept it.
type pages struct {
	files    fs.FS
	compress func(http.Handler) http.HandlerFunc
}

// compressFrom is the size in bytes from which compression is worth it.
const compressFrom = 1024

func newPages(files fs.FS) (*pages, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return &pages{files: files, compress: func(next http.Handler) http.HandlerFunc { return wrap(next) }}, nil
}

// noncePlace is the placeholder in the pages for the response's nonce.
const noncePlace = "__NONCE__"

// page serves one page under the policy that policyFor makes of a nonce and of the origins that the page may connect to
// beside the server's own. Each response has a fresh nonce, in the policy and in the page, so it must not be cached.
func (p *pages) page(name string, policyFor func(nonce string, origins []string) string, origins func() []string) http.Handler {
	return p.compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := fs.ReadFile(p.files, name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		nonce := rand.Text()
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Security-Policy", policyFor(nonce, origins()))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(bytes.ReplaceAll(content, []byte(noncePlace), []byte(nonce)))
	}))
}

// pagePaths serves the console on its own paths, those that no other route serves and that a person opens. Anything else is
// 404.
func pagePaths(console http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		opened := r.Method == http.MethodGet || r.Method == http.MethodHead
		if !opened || !strings.Contains(r.Header.Get("Accept"), "text/html") {
			http.NotFound(w, r)
			return
		}
		console.ServeHTTP(w, r)
	})
}

// assetTypes are media types that not every system knows.
var assetTypes = map[string]string{
	".ttf": "font/ttf", ".woff2": "font/woff2", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
}

// packedSuffix marks an asset that the build has compressed with Brotli at its highest level. Such assets are embedded in no
// other form.
const packedSuffix = ".br"

// assets serves scripts, styles and fonts. Their names contain a hash of their content, so they can be cached for ever.
func (p *pages) assets() http.Handler {
	return p.compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Clean(r.URL.Path)[1:]
		packed := p.isFile(name + packedSuffix)
		if !packed && !p.isFile(name) || path.Ext(name) == packedSuffix {
			http.NotFound(w, r)
			return
		}
		if kind, known := assetTypes[path.Ext(name)]; known {
			w.Header().Set("Content-Type", kind)
		}
		assetHeaders(w.Header(), name)
		switch {
		case !packed:
			http.ServeFileFS(w, r, p.files, name)
		case accepts(r, "br"):
			w.Header().Set("Content-Encoding", "br")
			http.ServeFileFS(w, r, p.files, name+packedSuffix)
		default:
			p.unpacked(w, r, name)
		}
	}))
}

// unpacked serves a Brotli asset to a client that does not accept Brotli, which is rarely a browser.
func (p *pages) unpacked(w http.ResponseWriter, r *http.Request, name string) {
	packed, err := fs.ReadFile(p.files, name+packedSuffix)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	content, err := io.ReadAll(brotli.NewReader(bytes.NewReader(packed)))
	if err != nil {
		writeError(w, r, http.StatusInternalServerError, errInternal())
		return
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

func (p *pages) isFile(name string) bool {
	info, err := fs.Stat(p.files, name)
	return err == nil && !info.IsDir()
}

// accepts reports whether a client accepts a content coding. Without the header it does not (RFC 9110, section 12.5.3,
// allows any coding then, but such clients expect none).
func accepts(r *http.Request, coding string) bool {
	for _, field := range r.Header.Values("Accept-Encoding") {
		for offer := range strings.SplitSeq(field, ",") {
			name, weight, _ := strings.Cut(offer, ";")
			if !strings.EqualFold(strings.TrimSpace(name), coding) {
				continue
			}
			quality, given := strings.CutPrefix(strings.TrimSpace(weight), "q=")
			value, err := strconv.ParseFloat(quality, 64)
			return !given || err == nil && value > 0
		}
	}
	return false
}
