package graph_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func documentsOf(t *testing.T, texts ...string) *graph.Documents {
	t.Helper()
	byHash := map[string]string{}
	for _, text := range texts {
		byHash[sha(text)] = text
	}
	encoded, err := json.Marshal(byHash)
	if err != nil {
		t.Fatal(err)
	}
	documents := graph.NewDocuments()
	if err := documents.Read(strings.NewReader(string(encoded))); err != nil {
		t.Fatal(err)
	}
	return documents
}

const (
	knownQuery  = `query Me($x: Boolean!) { viewer { id @include(if: $x) } }`
	knownEvents = `subscription { tagStatusChanged { cursor } }`
)

func TestOnlyTrustedDocumentsRun(t *testing.T) {
	meter := newRecordingMeter()
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Documents, config.Meter, config.Development = documentsOf(t, knownQuery, knownEvents), meter, true
	})
	admin := s.As(cloudtag.RoleAdmin)
	hash := sha(knownQuery)
	named := `"variables": {"x": true}, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + hash + `"}}`
	get := func(query string) graphtest.Answer {
		return s.Send(http.MethodGet, "/?"+query, nil, http.Header{"Authorization": {admin}, "Accept-Language": {"en"}})
	}
	for name, answer := range map[string]graphtest.Answer{
		"text":          s.Do(admin, knownQuery, graphtest.Variables{"x": true}),
		"hash":          post(s, `{`+named+`}`, "Authorization", admin),
		"text and hash": post(s, `{"query": "`+knownQuery+`", `+named+`}`, "Authorization", admin),
		"documentId":    post(s, `{"documentId": "sha256:`+hash+`", "variables": {"x": true}}`, "Authorization", admin),
		"GET by hash":   get("variables=" + url.QueryEscape(`{"x":true}`) + "&extensions=" + url.QueryEscape(`{"persistedQuery":{"version":1,"sha256Hash":"`+hash+`"}}`)),
		"GET by id":     get("variables=" + url.QueryEscape(`{"x":true}`) + "&documentId=" + hash),
	} {
		var data struct{ Viewer struct{ ID string } }
		if answer.Into(t, &data); data.Viewer.ID != "test:ADMIN" {
			t.Errorf("%s: %s", name, answer.Raw)
		}
	}
	refused := map[string]graphtest.Answer{
		"another text":           s.Do(admin, knownQuery+" ", graphtest.Variables{"x": true}),
		"another's hash":         post(s, `{"query": "{ viewer { roles } }", `+named+`}`, "Authorization", admin),
		"an unknown hash":        post(s, `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "`+sha("x")+`"}}}`, "Authorization", admin),
		"an unknown id":          post(s, `{"documentId": "x"}`, "Authorization", admin),
		"introspection":          s.Do(admin, `{ __schema { queryType { name } } }`, nil),
		"nonsense":               s.Do(admin, `}`, nil),
		"somebody not signed in": s.Do("", `{ __typename }`, nil),
	}
	for name, answer := range refused {
		if !reflect.DeepEqual(answer.Codes(), []string{"UNTRUSTED_DOCUMENT"}) || answer.Status != 200 || !strings.Contains(answer.Errors[0].Message, "--trusted-documents") {
			t.Errorf("%s: %d %s", name, answer.Status, answer.Raw)
		}
	}
	if meter.refused["untrusted_document"] != len(refused) {
		t.Errorf("refusals recorded: %v, want %d", meter.refused, len(refused))
	}
}

// Sockets and event streams resolve document hashes, too.
func TestTrustedDocumentsOverStreams(t *testing.T) {
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Documents = documentsOf(t, knownQuery, knownEvents)
	})
	socket := s.Connect(s.As(cloudtag.RoleReviewer))
	send := func(id, payload string) {
		socket.SendText(`{"type":"subscribe","id":"` + id + `","payload":` + payload + `}`)
	}
	send("1", `{"documentId": "`+sha(knownQuery)+`", "variables": {"x": true}}`)
	if message := socket.Read(); message.Type != "next" || !strings.Contains(string(message.Payload), "test:REVIEWER") {
		t.Errorf("%s %s", message.Type, message.Payload)
	}
	socket.Read()
	send("2", `{"query": "{ viewer { id } }"}`)
	if message := socket.Read(); message.Type != "error" || !strings.Contains(string(message.Payload), "UNTRUSTED_DOCUMENT") {
		t.Errorf("%s %s", message.Type, message.Payload)
	}
	send("3", `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "`+sha(knownEvents)+`"}}}`)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Server.URL, strings.NewReader(`{"documentId": "`+sha(knownQuery)+`", "variables": {"x": true}}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Accept": {"text/event-stream"}, "Content-Type": {"application/json"}, "Authorization": {s.As(cloudtag.RoleReviewer)}}
	response, err := s.Server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text := readAll(t, response); !strings.Contains(text, "test:REVIEWER") {
		t.Errorf("over server-sent events: %s", text)
	}
}

// Without an allow-list, hashes are refused by the code and the message that clients of automatic persisted queries know, in
// every language.
func TestNoAutomaticPersistedQueries(t *testing.T) {
	s := graphtest.New(t)
	for _, language := range []string{"en", "zh-CN", ""} {
		answer := post(s, `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "`+sha(knownQuery)+`"}}}`,
			"Authorization", s.As(cloudtag.RoleAdmin), "Accept-Language", language)
		if !reflect.DeepEqual(answer.Codes(), []string{"PERSISTED_QUERY_NOT_SUPPORTED"}) || answer.Errors[0].Message != "PersistedQueryNotSupported" {
			t.Errorf("%s: %s", language, answer.Raw)
		}
	}
}

func TestInvalidTrustedDocumentsAreRefused(t *testing.T) {
	good := `{ viewer { id } }`
	for name, test := range map[string]struct{ text, says string }{
		"no JSON":     {`hello`, "JSON object"},
		"a list":      {`["` + good + `"]`, "JSON object"},
		"wrong hash":  {fmt.Sprintf(`{"%s": "{ viewer { roles } }"}`, sha(good)), "its text has the hash " + sha("{ viewer { roles } }")},
		"no GraphQL":  {fmt.Sprintf(`{"%s": "{"}`, sha("{")), sha("{")},
		"an old one":  {fmt.Sprintf(`{"%s": "{ gone }"}`, sha("{ gone }")), `Cannot query field "gone"`},
		"no document": {`{"": ""}`, "hash"},
	} {
		if err := graph.NewDocuments().Read(strings.NewReader(test.text)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want the error %q", name, err, test.says)
		}
	}
}
