package graph

import (
	"errors"
	"net/http"
	"strings"

	"github.com/elnormous/contenttype"
	"golang.org/x/net/http/httpguts"
)

// Media types of answers. The older one of GraphQL in JSON comes first: it is what clients get that take anything.
const (
	plainJSON   = "application/json"
	graphqlJSON = "application/graphql-response+json"
	eventStream = "text/event-stream"
)

// accepted is what a client takes as an answer, by the Accept header of its request.
type accepted struct {
	json   string // the media type that it prefers of those in JSON; empty: none
	events bool   // it takes server-sent events
}

// acceptedBy negotiates by the qualities of RFC 9110, section 12.5.1. A client without the header, or with one that makes
// no sense, takes JSON.
func acceptedBy(r *http.Request) accepted {
	header := strings.Join(r.Header.Values("Accept"), ",")
	switch header {
	case "":
		return accepted{json: plainJSON}
	case plainJSON, graphqlJSON: // nothing to negotiate, as most programs ask
		return accepted{json: header}
	}
	json, err := preferred(header, plainJSON, graphqlJSON)
	if err != nil {
		return accepted{json: plainJSON}
	}
	events, err := preferred(header, eventStream)
	return accepted{json: json, events: err == nil && events != ""}
}

// preferred is the media type that a header prefers; empty when it accepts none of them. All are in UTF-8, which many
// clients ask for by a parameter.
func preferred(header string, offers ...string) (string, error) {
	available := make([]contenttype.MediaType, len(offers))
	for i, offer := range offers {
		available[i] = contenttype.NewMediaType(offer + "; charset=utf-8")
	}
	chosen, _, err := contenttype.GetAcceptableMediaTypeFromHeader(header, available)
	if errors.Is(err, contenttype.ErrNoAcceptableTypeFound) {
		return "", nil
	}
	return chosen.MIME(), err
}

// nothing reports whether the client takes no answer that there is.
func (a accepted) nothing() bool { return a.json == "" && !a.events }

// isWebSocket reports whether a request asks for a WebSocket. Clients offer other protocols, such as h2c, for what else is
// an ordinary request.
func isWebSocket(r *http.Request) bool {
	return httpguts.HeaderValuesContainsToken(r.Header["Connection"], "upgrade") &&
		httpguts.HeaderValuesContainsToken(r.Header["Upgrade"], "websocket")
}
