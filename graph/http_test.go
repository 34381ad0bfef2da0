package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func post(s *graphtest.Stack, body string, header ...string) graphtest.Answer {
	headers := http.Header{"Content-Type": {"application/json"}, "Accept-Language": {"en"}}
	for i := 0; i+1 < len(header); i += 2 {
		headers.Set(header[i], header[i+1])
	}
	return s.Send(http.MethodPost, "/", strings.NewReader(body), headers)
}

// Malformed requests get a status, a code, a message and a request id; their content is not echoed.
func TestMalformedRequests(t *testing.T) {
	s := graphtest.New(t)
	const secret = "s3cret-words"
	for name, test := range map[string]struct {
		body, contentType string
		status            int
		code, message     string
	}{
		"no body":                {"", "application/json", 400, "BAD_USER_INPUT", "JSON object"},
		"no JSON":                {`{"query": "` + secret + `"`, "application/json", 400, "BAD_USER_INPUT", ""},
		"broken JSON":            {`{"query": ` + secret, "application/json", 400, "BAD_USER_INPUT", "not valid JSON (at byte "},
		"two objects":            {`{"query": "{ viewer { id } }"} {"x": "` + secret + `"}`, "application/json", 400, "BAD_USER_INPUT", "not valid JSON (at byte 31)"},
		"no query":               {`{"variables": {"x": "` + secret + `"}}`, "application/json", 400, "BAD_USER_INPUT", "no query"},
		"query of a number":      {`{"query": 5, "operationName": "` + secret + `"}`, "application/json", 400, "BAD_USER_INPUT", "query has the wrong type"},
		"variables of a list":    {`{"query": "{ viewer { id } }", "variables": ["` + secret + `"]}`, "application/json", 400, "BAD_USER_INPUT", "variables has the wrong type"},
		"a name in another case": {`{"Query": "{ viewer { id } }"}`, "application/json", 400, "BAD_USER_INPUT", "no query"},
		"a name twice":           {`{"query": "{ viewer { id } }", "query": "` + secret + `"}`, "application/json", 400, "BAD_USER_INPUT", "query occurs twice"},
		"a variable twice":       {`{"query": "{ viewer { id } }", "variables": {"a": {"b": 1, "b": "` + secret + `"}}}`, "application/json", 400, "BAD_USER_INPUT", "variables/a/b occurs twice"},
		"batch":                  {`[{"query": "` + secret + `"}]`, "application/json", 400, "BAD_USER_INPUT", "Batches"},
		"invalid UTF-8":          {"{\"query\": \"" + secret + "\xff\"}", "application/json", 400, "BAD_USER_INPUT", "UTF-8"},
		"no content type":        {`{"query": "` + secret + `"}`, "", 415, "BAD_USER_INPUT", "Content-Type"},
		"form":                   {"query=" + secret, "application/x-www-form-urlencoded", 415, "BAD_USER_INPUT", "Content-Type"},
		"multipart":              {"--x", "multipart/form-data; boundary=x", 415, "BAD_USER_INPUT", "Content-Type"},
		"too large":              {`{"query": "` + secret + strings.Repeat(" ", 1<<20) + `"}`, "application/json", 413, "LIMIT_EXCEEDED", "1048576 bytes"},
	} {
		for _, accept := range []string{"application/json", "text/event-stream"} {
			t.Run(name+" for "+accept, func(t *testing.T) {
				answer := post(s, test.body, "Content-Type", test.contentType, "Accept", accept)
				if answer.Status != test.status || len(answer.Errors) != 1 || answer.Errors[0].Code() != test.code {
					t.Fatalf("%d %s, want %d and %s", answer.Status, answer.Raw, test.status, test.code)
				}
				if !strings.Contains(answer.Errors[0].Message, test.message) {
					t.Errorf("message %q, want it to say %q", answer.Errors[0].Message, test.message)
				}
				if id, _ := answer.Errors[0].Extensions["requestId"].(string); !strings.HasPrefix(id, "req-") {
					t.Errorf("request id %q", id)
				}
				if strings.Contains(answer.Raw, secret) {
					t.Errorf("the body is quoted: %s", answer.Raw)
				}
			})
		}
	}
	if answer := s.Send(http.MethodPut, "/", nil, http.Header{}); answer.Status != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", answer.Status)
	}
}

// Member names of requests are case-sensitive.
func TestMemberNamesAreCaseSensitive(t *testing.T) {
	s := graphtest.New(t)
	token := s.As(cloudtag.RoleReviewer)
	const body = `{"query":"query A($v: Boolean!) { viewer { id @include(if: $v) } } query B { viewer { roles } }","Query":"{","OperationName":"B","operationName":"A","VARIABLES":{},"variables":{"v":true,"V":false}}`
	const want = `{"viewer":{"id":"test:REVIEWER"}}`
	if answer := post(s, body, "Authorization", token); string(answer.Data) != want {
		t.Errorf("HTTP: %s", answer.Raw)
	}
	socket := s.Connect(token)
	socket.SendText(`{"type":"subscribe","Type":"ping","id":"1","ID":"2","payload":` + body + `,"Payload":{}}`)
	if message := socket.Read(); message.ID != "1" || string(message.Answer(s).Data) != want {
		t.Errorf("socket: %+v", message)
	}
}

func TestGET(t *testing.T) {
	s := graphtest.New(t)
	reviewer := s.As(cloudtag.RoleReviewer)
	get := func(query string) graphtest.Answer {
		return s.Send(http.MethodGet, "/?"+query, nil, http.Header{"Authorization": {reviewer}, "Accept-Language": {"en"}})
	}
	escape := url.QueryEscape
	var data struct{ Viewer struct{ ID string } }
	get("query="+escape(`query ($x: Boolean!) { viewer { id @include(if: $x) } }`)+"&variables="+escape(`{"x": true}`)).Into(t, &data)
	if data.Viewer.ID != "test:REVIEWER" {
		t.Errorf("viewer %+v", data)
	}
	for query, want := range map[string]string{
		"query=" + escape(`mutation { importOrders(input: {orders: []}) { stored } }`): "GET is for queries only",
		"query=" + escape(`subscription { tagStatusChanged { cursor } }`):              "GET is for queries only",
		"variables=" + escape(`{}`): "no query",
		"query=" + escape(`{ viewer { id } }`) + "&variables=" + escape(`[1]`):              "variables must be a JSON object",
		"query=" + escape(`{ viewer { id } }`) + "&query=" + escape(`{ viewer { roles } }`): "query occurs twice",
		"Query=" + escape(`{ viewer { id } }`):                                              "no query",
		"query=" + escape(`{ viewer { id } }`) + "&variables=" + escape(`{"a":1,"a":2}`):    "variables must be a JSON object",
		"query=%ff": "not valid UTF-8",
		"query=%zz": "not well-formed",
	} {
		answer, status := get(query), http.StatusBadRequest
		if want == "GET is for queries only" {
			status = http.StatusMethodNotAllowed
		}
		if answer.Status != status || len(answer.Errors) != 1 || answer.Errors[0].Code() != "BAD_USER_INPUT" || !strings.Contains(answer.Errors[0].Message, want) {
			t.Errorf("%s: %d %s, want the error %q", query, answer.Status, answer.Raw, want)
		}
	}
}

// The status and the media type are those of the GraphQL-over-HTTP draft when the client asks for its media type.
func TestMediaTypes(t *testing.T) {
	s := graphtest.New(t)
	token := s.As(cloudtag.RoleReviewer)
	for _, test := range []struct {
		accept, query, contentType string
		status                     int
	}{
		{"*/*", `{ viewer { id } }`, "application/json", 200},
		{"application/json", `{ nothing }`, "application/json", 200},
		{"application/graphql-response+json", `{ viewer { id } }`, "application/graphql-response+json", 200},
		{"application/graphql-response+json, application/json;q=0.9", `{ nothing }`, "application/graphql-response+json", 400},
	} {
		answer := post(s, `{"query":"`+test.query+`"}`, "Accept", test.accept, "Authorization", token)
		if answer.Status != test.status || answer.Header.Get("Content-Type") != test.contentType {
			t.Errorf("%s %s: %d %s, want %d %s", test.accept, test.query, answer.Status, answer.Header.Get("Content-Type"), test.status, test.contentType)
		}
	}
}

func TestDocumentErrors(t *testing.T) {
	s := graphtest.New(t)
	token := s.As(cloudtag.RoleReviewer)
	for query, message := range map[string]string{
		`{`:                                    "Expected Name",
		`{ nothing }`:                          `Cannot query field "nothing" on type "Query"`,
		`{ policy(version: "x") { version } }`: "Int cannot represent non-integer value",
		`{ tags(filter: {status: [BAD]}) { totalCount } }`:    `BAD`,
		`{ viewer { id @include(if: {}) } }`:                  `Expected value of type "Boolean!", found {}`,
		`{ tags(orderBy: {a: 1}) { totalCount } }`:            `Expected value of type "TagOrder", found {a:1}`,
		`{ log(from: {}) { totalCount } }`:                    `Expected value of type "Time", found {}`,
		`{ log(after: 1e999) { totalCount } }`:                `Expected value of type "Cursor", found 1e999`,
		`{ log(after: [1e999]) { totalCount } }`:              `Expected value of type "Cursor", found [1e999]`,
		`{ log(after: x) { totalCount } }`:                    `Expected value of type "Cursor", found x`,
		`{ case(id: {}) { id } }`:                             `Expected value of type "ID!", found {}`,
		`subscription { tagStatusChanged { cursor } }`:        "Subscriptions need a WebSocket",
		`query A { viewer { id } } query B { viewer { id } }`: "operation  not found",
	} {
		answer := s.Do(token, query, nil)
		if len(answer.Errors) == 0 || answer.Errors[0].Code() != "BAD_USER_INPUT" || !strings.Contains(answer.Errors[0].Message, message) {
			t.Errorf("%s: %s, want BAD_USER_INPUT and %q", query, answer.Raw, message)
		}
	}
	long := s.Do(token, `{ `+strings.Repeat("x", 100_000)+` }`, nil)
	if len(long.Raw) > 2000 {
		t.Errorf("an error of %d bytes", len(long.Raw))
	}
}

// bomb returns a document whose fragments double: 2^levels fields in a few hundred bytes.
func bomb(levels int) string {
	var document strings.Builder
	document.WriteString("{ viewer { ...f0 } }")
	for i := range levels {
		fmt.Fprintf(&document, " fragment f%d on Viewer { ...f%d ...f%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&document, " fragment f%d on Viewer { id }", levels)
	return document.String()
}

func TestLimits(t *testing.T) {
	s := graphtest.New(t)
	token := s.As(cloudtag.RoleReviewer)
	nested := func(levels int) string {
		return "{ tags(first: 1) { nodes { " + strings.Repeat("order { tag { ", levels) + "orderNo" + strings.Repeat(" } }", levels) + " } } }"
	}
	alike := func(count int, field string) string {
		var fields strings.Builder
		for i := range count {
			fmt.Fprintf(&fields, " a%d: %s", i, field)
		}
		return fields.String()
	}
	aliases := func(count int) string { return "{" + alike(count, "viewer { id }") + " }" }
	for name, test := range map[string]struct{ query, message string }{
		"depth":                {nested(10), "nest 15 deep"},
		"aliases":              {aliases(51), "50 aliases"},
		"fields":               {"{ " + strings.Repeat("viewer { id } ", 301) + "}", "600 fields"},
		"flat fields":          {"{ viewer { " + strings.Repeat("id ", 3990) + "} }", "600 fields"},
		"unused":               {"{ viewer { id } } fragment f on Viewer { " + strings.Repeat("id ", 3970) + "}", "600 fields"},
		"fragments":            {"{ viewer { id } }" + strings.Repeat(" fragment f on Viewer { id }", 101), "100 fragments"},
		"operations":           {strings.Repeat("query { viewer { id } } ", 21), "20 operations"},
		"introspection, often": {"{ " + alike(20, "__schema { types { fields { type { fields { args { name } } } } } }") + "}", "complexity is "},
		"tokens":               {"{ " + strings.Repeat("viewer ", 5000) + "}", "4000 tokens"},
		"bomb":                 {bomb(60), "600 fields"},
		"page sizes":           {`{ cases(first: 100) { nodes { tags(first: 100) { nodes { orderNo status } } } } }`, "complexity is "},
		"no sizes":             {`{ cases { nodes { tags { nodes { case { tags { nodes { orderNo } } } } } } } }`, "complexity is "},
		"wrong sizes":          {`{ cases(first: -5) { nodes { tags(first: 1000000000) { nodes { orderNo status note } } } } }`, "complexity is "},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			answer := s.Do(token, test.query, nil)
			if took := time.Since(began); took > time.Second {
				t.Errorf("took %v", took)
			}
			if len(answer.Errors) == 0 || answer.Errors[0].Code() != "LIMIT_EXCEEDED" || !strings.Contains(answer.Errors[0].Message, test.message) {
				t.Errorf("%.300s, want LIMIT_EXCEEDED and %q", answer.Raw, test.message)
			}
		})
	}
	for name, query := range map[string]string{
		"nested enough": nested(5), "600 fields": "{ " + strings.Repeat("viewer { id } ", 300) + "}", "50 aliases": aliases(50),
		"the console's largest page": `{ cases(first: 100) { nodes { id state handling version openedAt dueAt overdue priority
			buyer { id risk { score level signals { code value weight } } exposure { orders merchants } } scenario { code name }
			explanation { count threshold text votes { entityId tags lastTagAt merchants { id name } } } decision { by at reason } } totalCount } }`,
	} {
		if answer := s.Do(token, query, nil); len(answer.Errors) > 0 {
			t.Errorf("%s: %s", name, answer.Raw)
		}
	}
}

// The price of a batch grows with its orders, up to the most that a batch may have.
func TestBatchesArePriced(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.Complexity = 60 })
	for orders, want := range map[int]string{1: "FORBIDDEN", 19: "FORBIDDEN", 20: "LIMIT_EXCEEDED", 1_000_000: "LIMIT_EXCEEDED"} {
		answer := s.Do(s.As(cloudtag.RoleReviewer), `mutation($i: SubmitTagsInput!) { submitTags(input: $i) { results { orderNo accepted } } }`,
			graphtest.Variables{"i": map[string]any{
				"orderNos": slices.Repeat([]string{"1"}, min(orders, 1000)), "scenario": "RETURN_SWAPPED", "idempotencyKey": "k",
			}})
		if len(answer.Errors) == 0 || answer.Errors[0].Code() != want {
			t.Errorf("%d orders: %s, want %s", orders, answer.Raw, want)
		}
	}
}

// The usual introspection query succeeds for signed-in callers and in development only.
func TestIntrospection(t *testing.T) {
	const query = `{ __schema { queryType { name } types { ...T } directives { name args { ...I } } } }
		fragment T on __Type { kind name description fields(includeDeprecated: true) { name description args { ...I } type { ...R } }
			inputFields { ...I } interfaces { ...R } enumValues { name description } possibleTypes { ...R } }
		fragment I on __InputValue { name description type { ...R } defaultValue }
		fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
			ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }`
	s := graphtest.New(t)
	dev := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Development = true })
	for name, test := range map[string]struct {
		answer graphtest.Answer
		open   bool
	}{
		"signed in":              {s.Do(s.As(cloudtag.RoleMerchant, "a"), query, nil), true},
		"nobody":                 {s.Do("", query, nil), false},
		"nobody, in development": {dev.Do("", query, nil), true},
		"typename only":          {s.Do("", `{ __typename }`, nil), true},
	} {
		if open := len(test.answer.Errors) == 0; open != test.open {
			t.Errorf("%s: %.300s", name, test.answer.Raw)
		}
		if !test.open && (len(test.answer.Errors) == 0 || test.answer.Errors[0].Code() != "UNAUTHENTICATED") {
			t.Errorf("%s: %.300s, want UNAUTHENTICATED", name, test.answer.Raw)
		}
	}
}

// failing is a service that fails as the test says.
type failing struct {
	resolversRecords
	run func(ctx context.Context) error
}

func (f failing) ScenarioRules(ctx context.Context) (map[cloudtag.ScenarioCode]cloudtag.PolicyRule, error) {
	return nil, f.run(ctx)
}

func TestFailuresDiscloseNothing(t *testing.T) {
	var run func(ctx context.Context) error
	s := graphtest.New(t, func(s *graphtest.Stack, _ *graph.Config) {
		s.Deps.Records = failing{s.Deps.Records, func(ctx context.Context) error { return run(ctx) }}
	})
	for name, test := range map[string]struct {
		run    func(context.Context) error
		code   string
		logged string
	}{
		"unknown error": {func(context.Context) error { return errors.New("secret-1") }, "INTERNAL", "secret-1"},
		"panic":         {func(context.Context) error { panic("secret-2") }, "INTERNAL", "secret-2"},
		"cause": {func(context.Context) error {
			return fmt.Errorf("wrapped: %w", &cloudtag.Error{Code: cloudtag.CodeUnavailable, Message: cloudtag.Text{EN: "busy", ZH: "忙"}, Cause: errors.New("secret-3")})
		}, "UNAVAILABLE", "secret-3"},
		"others' cancellation": {func(context.Context) error { return fmt.Errorf("secret-4: %w", context.Canceled) }, "INTERNAL", "secret-4"},
	} {
		t.Run(name, func(t *testing.T) {
			run = test.run
			answer := s.Do(s.As(cloudtag.RoleReviewer), `{ scenarios(category: REVIEW) { enabled } }`, nil)
			if len(answer.Errors) == 0 || answer.Errors[0].Code() != test.code || strings.Contains(answer.Raw, "secret") {
				t.Fatalf("%s, want %s and nothing else", answer.Raw, test.code)
			}
			if id := fmt.Sprint(answer.Errors[0].Extensions["requestId"]); !strings.Contains(s.Logs.String(), test.logged) || !strings.Contains(s.Logs.String(), id) {
				t.Errorf("the log lacks %s and request %s:\n%s", test.logged, id, s.Logs)
			}
			if path := answer.Errors[0].Path; len(path) != 3 || path[0] != "scenarios" || path[2] != "enabled" {
				t.Errorf("path %v", path)
			}
		})
	}
	if !strings.Contains(s.Logs.String(), "http_test.go") {
		t.Error("a panic is logged without its stack")
	}
}

// Errors of concurrent requests have each their own path, language and request id.
func TestErrorsAreNotShared(t *testing.T) {
	s := graphtest.New(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	body := func(alias string) *bytes.Reader {
		encoded, _ := json.Marshal(map[string]string{"query": "{ " + alias + ": policy { version } }"})
		return bytes.NewReader(encoded)
	}
	for i := range 4 {
		alias, language := fmt.Sprint("a", i), []string{"en", "zh"}[i%2]
		answer := s.Send(http.MethodPost, "/", body(alias), http.Header{
			"Authorization": {shop}, "Content-Type": {"application/json"}, "Accept-Language": {language}})
		want := map[string]string{"en": "Your role does not allow this.", "zh": "您的角色无权执行此操作。"}[language]
		if err := answer.Errors[0]; err.Message != want || !reflect.DeepEqual(err.Path, []any{alias}) || err.Code() != "FORBIDDEN" {
			t.Errorf("%s, want %q at %s", answer.Raw, want, alias)
		}
	}
}
