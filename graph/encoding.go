package graph

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

// bodyCodings are the supported content codings of request bodies (RFC 9110, section 8.4.1). zstd is not among them: the
// window size that a frame declares makes the decoder allocate far more than a body may have.
const bodyCodings = "gzip, deflate"

// errUnknownCoding is the cause of refusing a body with an unsupported content coding.
var errUnknownCoding = errors.New("unknown content coding")

func errCoding() error {
	refusal := badRequest("请求体的 Content-Encoding 不受支持：可用 "+bodyCodings+"，或不压缩。",
		"The body's Content-Encoding is not supported: use "+bodyCodings+", or none.")
	refusal.Cause = errUnknownCoding
	return refusal
}

// decodedBody returns a reader of the decoded body, whose length the caller must limit. Errors: BAD_USER_INPUT caused by
// errUnknownCoding, and those of decoding the header.
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
