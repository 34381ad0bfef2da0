package web

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"cloudtag/internal/cloudtag"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

// bodyCodings are the content codings of bodies that are read (RFC 9110, section 8.4.1). There is no zstd: a frame that
// announces a window makes its reader allocate that much, far more than a body may have.
const bodyCodings = "gzip, deflate"

// errUnknownCoding is of a body that is not read, since nothing here can decode it.
var errUnknownCoding = errors.New("unknown content coding")

// decoded decodes bodies that are compressed. The limit of bodies holds for them as they come and for what they decode to:
// the latter is limited by whoever reads them next.
func (s *Server) decoded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		coding := strings.ToLower(strings.Join(r.Header.Values("Content-Encoding"), ","))
		if coding == "" || coding == "identity" {
			next.ServeHTTP(w, r)
			return
		}
		body, err := decodedBody(coding, http.MaxBytesReader(w, r.Body, s.config.MaxBodyBytes))
		if errors.Is(err, errUnknownCoding) {
			w.Header().Set("Accept-Encoding", bodyCodings)
			writeError(w, r, http.StatusUnsupportedMediaType, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
				ZH: "请求体的 Content-Encoding 不受支持：可用 " + bodyCodings + "，或不压缩。",
				EN: "The body's Content-Encoding is not supported: use " + bodyCodings + ", or none.",
			}))
			return
		}
		if err != nil {
			s.refuseUnreadable(w, r, err)
			return
		}
		defer func() { _ = body.Close() }()
		plain := r.Clone(r.Context())
		plain.Body, plain.ContentLength = body, -1
		plain.Header.Del("Content-Encoding")
		plain.Header.Del("Content-Length")
		next.ServeHTTP(w, plain)
	})
}

// decodedBody returns what a body decodes to. Errors: errUnknownCoding, and those of the body's beginning.
func decodedBody(coding string, body io.Reader) (io.ReadCloser, error) {
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewReader(body)
	case "deflate":
		return zlib.NewReader(body)
	default:
		return nil, errUnknownCoding
	}
}
