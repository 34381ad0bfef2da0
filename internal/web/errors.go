package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/locale"
	"cloudtag/internal/reqid"
)

// refusal is a GraphQL response that has errors and no data.
type refusal struct {
	Errors []refusalError `json:"errors"`
}

type refusalError struct {
	Message    string         `json:"message"`
	Extensions map[string]any `json:"extensions"`
}

// writeError writes an error in the caller's language, as a GraphQL response. The error's cause is not shown.
func writeError(w http.ResponseWriter, r *http.Request, status int, err *cloudtag.Error) {
	extensions := map[string]any{"code": err.Code, "requestId": reqid.From(r.Context())}
	if err.RetryAfter > 0 {
		seconds := int(err.RetryAfter / time.Second)
		extensions["retryAfter"] = seconds
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	body, encodingErr := json.Marshal(refusal{Errors: []refusalError{{
		Message: err.Message.In(locale.From(r.Context())), Extensions: extensions,
	}}})
	if encodingErr != nil { // texts and a code can't fail to encode
		panic(encodingErr)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
}
