package graph

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

// bodyCodings are the content codings of bodies that are read (RFC 9110, section 8.4.1). There is no zstd: a frame that
// announces a window makes its reader allocate that much, far more than a body may have.
const bodyCodings = "gzip, deflate"

// errUnknownCoding is the cause of a refusal of a body that nothing here can decode.
var errUnknownCoding = errors.New("unknown content coding")

func errCoding() error {
	refusal := badRequest("请求体的 Content-Encoding 不受支持：可用 "+bodyCodings+"，或不压缩。",
		"The body's Content-Encoding is not supported: use "+bodyCodings+", or none.")
	refusal.Cause = errUnknownCoding
	return refusal
}

// decodedBody returns what a body decodes to, which whoever reads it must limit. Errors: BAD_USER_INPUT because of
// errUnknownCoding, and those of the body's beginning.
func decodedBody(header http.Header, body io.Reader) (io.ReadCloser, error) {
	switch strings.ToLower(strings.Join(header.Values("Content-Encoding"), ",")) {
	case "", "identity":
		return io.NopCloser(body), nil
	case "gzip", "x-gzip":
		return gzip.NewReader(body)
	case "deflate":
		return zlib.NewReader(body)
	default:
		return nil, errCoding()
	}
}
