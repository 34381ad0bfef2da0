package web

import (
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
)

// jitter is the most bytes that are added to the length of a compressed response, by a hash of its content, against attacks
// on its length.
const jitter = 32

// compressed compresses responses for clients that accept it, but not event streams, whose events must be sent at once. It
// favours speed over size, since no response is reused. See docs/decisions.md for why this is safe against attacks on
// lengths.
func compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom), gzhttp.CompressionLevel(gzip.BestSpeed),
		gzhttp.RandomJitter(jitter, 0, false), gzhttp.ExceptContentTypes([]string{"text/event-stream"}))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return wrap(next), nil
}
