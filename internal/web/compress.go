package web

import (
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
)

// jitter is the most bytes by which the length of a compressed answer is off, as a hash of its content says.
const jitter = 32

// compressed compresses answers for clients that can unpack them, but no event streams: their events must leave at once.
// Speed goes before size, since no answer is used twice. See docs/decisions.md for why that tells nobody anything.
func compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom), gzhttp.CompressionLevel(gzip.BestSpeed),
		gzhttp.RandomJitter(jitter, 0, false), gzhttp.ExceptContentTypes([]string{"text/event-stream"}))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return wrap(next), nil
}
