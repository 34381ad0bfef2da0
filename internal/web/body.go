package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"cloudtag/internal/cloudtag"
)

// limitBody reads the body before the handler does, so that one that is too large gets a clear answer that repeats
// nothing of it.
func (s *Server) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		if r.ContentLength > s.config.MaxBodyBytes {
			s.refuseBody(w, r)
			return
		}
		body, err := readBody(w, r, s.config.MaxBodyBytes)
		if err != nil {
			s.refuseUnreadable(w, r, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// refuseUnreadable answers a request whose body is too large, or can't be read or decoded.
func (s *Server) refuseUnreadable(w http.ResponseWriter, r *http.Request, err error) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		s.refuseBody(w, r)
		return
	}
	writeError(w, r, http.StatusBadRequest, &cloudtag.Error{
		Code:    cloudtag.CodeBadInput,
		Message: cloudtag.Text{ZH: "请求未能完整读取。", EN: "The request could not be read to its end."},
		Cause:   err,
	})
}

func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	var body bytes.Buffer
	if r.ContentLength > 0 {
		body.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, limit))
	return body.Bytes(), err
}

func (s *Server) refuseBody(w http.ResponseWriter, r *http.Request) {
	s.config.Refused("body")
	w.Header().Set("Connection", "close") // the rest of the body is not read
	writeError(w, r, http.StatusRequestEntityTooLarge, cloudtag.Refuse(cloudtag.CodeLimitExceeded, cloudtag.Text{
		ZH: fmt.Sprintf("请求体最大 %d 字节。", s.config.MaxBodyBytes),
		EN: fmt.Sprintf("A request body has at most %d bytes.", s.config.MaxBodyBytes),
	}))
}
