package graph

import (
	"errors"
	"net/http"
	"strings"

	"github.com/elnormous/contenttype"
	"golang.org/x/net/http/httpguts"
)

// Media types of responses. Clients that accept anything get plain JSON, the older of the two for GraphQL.
const (
	plainJSON   = "application/json"
	graphqlJSON = "application/graphql-response+json"
	eventStream = "text/event-stream"
)

// accepted is what a client's Accept header allows as a response.
type accepted struct {
	json   string // the preferred JSON media type; empty: none is acceptable
	events bool   // server-sent events are acceptable
}

// acceptedBy negotiates by the quality values of RFC 9110, section 12.5.1. Without the header, or with a malformed one, the
// response is JSON.
func acceptedBy(r *http.Request) accepted {
	header := strings.Join(r.Header.Values("Accept"), ",")
	switch header {
	case "":
		return accepted{json: plainJSON}
	case plainJSON, graphqlJSON: // what most programs send: nothing to negotiate
		return accepted{json: header}
	}
	json, err := preferred(header, plainJSON, graphqlJSON)
	if err != nil {
		return accepted{json: plainJSON}
	}
	events, err := preferred(header, eventStream)
	return accepted{json: json, events: err == nil && events != ""}
}

// preferred returns the offer that a header prefers; empty when it accepts none. Offers have charset=utf-8, since many
// clients request it.
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

// nothing reports whether no available media type is acceptable.
func (a accepted) nothing() bool { return a.json == "" && !a.events }

// isWebSocket reports whether a request is a WebSocket handshake. Upgrades to other protocols, such as h2c, are ordinary
// requests.
func isWebSocket(r *http.Request) bool {
	return httpguts.HeaderValuesContainsToken(r.Header["Connection"], "upgrade") &&
		httpguts.HeaderValuesContainsToken(r.Header["Upgrade"], "websocket")
}
