package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// via is how a request came.
type via int

const (
	viaPOST via = iota + 1
	viaGET
	viaSSE
	viaSocket
)

type transportKey struct{}

func withTransport(ctx context.Context, v via) context.Context {
	return context.WithValue(ctx, transportKey{}, v)
}

func transportFrom(ctx context.Context) via {
	v, _ := ctx.Value(transportKey{}).(via)
	return v
}

const (
	plainJSON   = "application/json"
	graphqlJSON = "application/graphql-response+json"
)

// ServeHTTP looks at the form of a request before gqlgen does, which would take bodies of any length and quote them
// in its errors.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "" {
		s.serveSocket(w, r)
		return
	}
	r, err := s.countRequest(r)
	switch {
	case err != nil:
		s.refuse(w, r, http.StatusTooManyRequests, err)
	case r.Method == http.MethodPost:
		s.servePOST(w, r)
	case r.Method == http.MethodGet:
		s.serveGET(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		s.refuse(w, r, http.StatusMethodNotAllowed, badRequest("请使用 POST 或 GET。", "Use POST or GET."))
	}
}

func (s *server) servePOST(w http.ResponseWriter, r *http.Request) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != plainJSON {
		s.refuse(w, r, http.StatusUnsupportedMediaType,
			badRequest("请求体须为 JSON：请设置 Content-Type: application/json。", "The body must be JSON: set Content-Type: application/json."))
		return
	}
	body, status, err := s.readBody(w, r)
	var params *graphql.RawParams
	if err == nil {
		status = http.StatusBadRequest
		params, err = parseRequest(body)
	}
	if err != nil {
		s.refuse(w, r, status, err)
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		r.Body = io.NopCloser(bytes.NewReader(payloadOf(params, body)))
		s.gqlgen.ServeHTTP(w, r.WithContext(withTransport(r.Context(), viaSSE)))
		return
	}
	s.serveParams(w, r, viaPOST, params)
}

// serveParams answers a request of which everything has been read.
func (s *server) serveParams(w http.ResponseWriter, r *http.Request, v via, params *graphql.RawParams) {
	params.Headers = r.Header
	ctx := context.WithValue(withTransport(r.Context(), v), paramsKey{}, params)
	s.gqlgen.ServeHTTP(w, r.WithContext(ctx))
}

// payloadOf is a request for gqlgen to read: as it came, or with the document's name where gqlgen looks for it.
func payloadOf(params *graphql.RawParams, asItCame []byte) []byte {
	if params.Query != "" {
		return asItCame
	}
	encoded, err := json.Marshal(params)
	if err != nil {
		return asItCame
	}
	return encoded
}

// readBody reads a body within the limit.
func (s *server) readBody(w http.ResponseWriter, r *http.Request) (body []byte, status int, refusal error) {
	limit := s.config.Limits.BodyBytes
	var buffer bytes.Buffer
	if r.ContentLength > 0 && r.ContentLength <= limit {
		buffer.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge, limited(reasonBody,
			fmt.Sprintf("请求体最多 %d 字节。", limit), fmt.Sprintf("A request's body has at most %d bytes.", limit))
	case err != nil:
		return nil, http.StatusBadRequest, badRequest("请求体未能完整读取。", "The body could not be read to its end.")
	}
	return buffer.Bytes(), 0, nil
}

// parseRequest reads a GraphQL request; what it says about a bad one quotes nothing of it.
func parseRequest(body []byte) (*graphql.RawParams, error) {
	if !utf8.Valid(body) {
		return nil, badRequest("请求体含有无效的 UTF-8 编码。", "The body is not valid UTF-8.")
	}
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if len(trimmed) > 0 && trimmed[0] == '[' {
		return nil, &limitError{reason: reasonBatch, refusal: badRequest("不支持批量请求：每次请求一个操作。", "Batches of requests are not supported: send one operation per request.")}
	}
	var request struct {
		graphql.RawParams
		DocumentID string `json:"documentId"`
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		return nil, notARequest(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, badRequest("请求体须只有一个 JSON 对象。", "The body must be one JSON object and nothing else.")
	}
	params := &request.RawParams
	nameDocument(params, request.DocumentID)
	if params.Query == "" && hashIn(params.Extensions) == "" {
		return nil, badRequest("缺少 query：须为 GraphQL 文本。", "There is no query: it must be a GraphQL document.")
	}
	return params, nil
}

// notARequest says where a body stops being a request.
func notARequest(err error) *cloudtag.Error {
	var form *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &form) && form.Field != "":
		return badRequest(fmt.Sprintf("请求中的 %s 类型有误。", shortened(form.Field)), fmt.Sprintf("The request's %s has the wrong type.", shortened(form.Field)))
	case errors.As(err, &syntax):
		return badRequest(fmt.Sprintf("请求体不是有效的 JSON（第 %d 字节处）。", syntax.Offset), fmt.Sprintf("The body is not valid JSON (at byte %d).", syntax.Offset))
	default:
		return badRequest("请求体须为 JSON 对象，含 query，可含 variables、operationName。",
			"The body must be a JSON object with query, and perhaps variables and operationName.")
	}
}

func (s *server) serveGET(w http.ResponseWriter, r *http.Request) {
	if int64(len(r.URL.RawQuery)) > s.config.Limits.BodyBytes {
		limit := s.config.Limits.BodyBytes
		s.refuse(w, r, http.StatusRequestURITooLong,
			limited(reasonQueryString, fmt.Sprintf("查询串最多 %d 字节。", limit), fmt.Sprintf("A query string has at most %d bytes.", limit)))
		return
	}
	params, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		s.refuse(w, r, http.StatusBadRequest, err)
		return
	}
	s.serveParams(w, r, viaGET, params)
}

// parseQuery reads a query string as parseRequest reads a body.
func parseQuery(raw string) (*graphql.RawParams, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("查询串编码有误。", "The query string is not well-formed.")
	}
	for name := range values {
		if !utf8.ValidString(values.Get(name)) {
			return nil, badRequest("查询串含有无效的 UTF-8 编码。", "The query string is not valid UTF-8.")
		}
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	for name, object := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if err := parseObject(values.Get(name), object); err != nil {
			return nil, badRequest(name+" 须为 JSON 对象。", name+" must be a JSON object.")
		}
	}
	nameDocument(params, values.Get("documentId"))
	if params.Query == "" && hashIn(params.Extensions) == "" {
		return nil, badRequest("缺少 query：须为 GraphQL 文本。", "There is no query: it must be a GraphQL document.")
	}
	return params, nil
}

// parseObject reads a JSON object; an empty text is none.
func parseObject(text string, object *map[string]any) error {
	if text == "" {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(object); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("more than one value")
	}
	return nil
}

func badRequest(zh, en string) *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: zh, EN: en})
}

// refuse answers a request that never becomes an operation.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, status int, refusal error) {
	w.Header().Set("Content-Type", responseType(r))
	var known *cloudtag.Error
	if errors.As(refusal, &known) && known.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(known.RetryAfter/time.Second)))
	}
	w.WriteHeader(status)
	response := &graphql.Response{Errors: gqlerror.List{s.presenter.present(r.Context(), refusal)}}
	if state, counted := r.Context().Value(rateKey{}).(*rateState); counted {
		withRates(response, state)
	}
	writeRefusal(w, response)
}

// responseType is the media type to answer with: the older one unless the newer is asked for.
func responseType(r *http.Request) string {
	for _, accepted := range r.Header.Values("Accept") {
		if strings.Contains(accepted, graphqlJSON) {
			return graphqlJSON
		}
	}
	return plainJSON
}

type paramsKey struct{}

// answerTransport answers queries and mutations that serveParams was given. gqlgen's own read bodies of any length, and
// name statuses that the specification of GraphQL over HTTP has left behind.
type answerTransport struct{ server *server }

// Supports reports whether the request was read.
func (answerTransport) Supports(r *http.Request) bool {
	_, read := r.Context().Value(paramsKey{}).(*graphql.RawParams)
	return read
}

// Do executes the operation and writes its answer. It has a place among those that run for as long as it computes, but
// neither while a client sends its request nor while it takes its answer, for which clients may need long.
func (t answerTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	leave, err := t.server.enter(r.Context())
	if err != nil {
		t.server.refuse(w, r, http.StatusServiceUnavailable, err)
		return
	}
	answered := t.execute(r, exec, leave)
	if answered.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.Header().Set("Content-Type", responseType(r))
	w.WriteHeader(answered.status)
	answered.write(w, answered.response)
}

// executed is what became of a request.
type executed struct {
	status   int
	response *graphql.Response
	write    func(io.Writer, *graphql.Response)
}

// execute runs the operation of a request.
func (answerTransport) execute(r *http.Request, exec graphql.GraphExecutor, leave func()) executed {
	defer leave()
	ctx := r.Context()
	params, _ := ctx.Value(paramsKey{}).(*graphql.RawParams)
	params.ReadTime = graphql.TraceTiming{Start: graphql.GetStartTime(ctx), End: graphql.Now()}
	operation, refusals := exec.CreateOperationContext(ctx, params)
	if refusals != nil {
		status := statusOf(refusals, responseType(r))
		if changesByGET(ctx, operation) {
			status = http.StatusMethodNotAllowed
		}
		return executed{status, exec.DispatchError(graphql.WithOperationContext(ctx, operation), refusals), writeRefusal}
	}
	responses, ctx := exec.DispatchOperation(ctx, operation)
	return executed{http.StatusOK, responses(ctx), writeResponse}
}

// statusOf is the status of a document that was not executed: clients that take GraphQL's own media type learn it by
// the status, others, who can't tell a proxy's answer from the server's by its type, by the errors alone.
func statusOf(refusals gqlerror.List, contentType string) int {
	if contentType == graphqlJSON && errcode.GetErrorKind(refusals) == errcode.KindProtocol {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// changesByGET reports whether the operation is none that GET may ask for, whatever else is wrong with it.
func changesByGET(ctx context.Context, operation *graphql.OperationContext) bool {
	return transportFrom(ctx) == viaGET && operation != nil && operation.Operation != nil &&
		operation.Operation.Operation != ast.Query
}

// writeRefusal writes the answer to what was not executed: it has errors and no data, not even null.
func writeRefusal(w io.Writer, response *graphql.Response) {
	_, _ = w.Write(encoded(struct {
		Errors     gqlerror.List  `json:"errors"`
		Extensions map[string]any `json:"extensions,omitempty"`
	}{response.Errors, response.Extensions}))
}

// writeResponse writes an answer. Data without errors, the common case, is JSON already and is not looked through again.
func writeResponse(w io.Writer, response *graphql.Response) {
	if response == nil {
		response = &graphql.Response{}
	}
	if len(response.Errors) > 0 || len(response.Data) == 0 || response.HasNext != nil {
		_, _ = w.Write(encoded(response))
		return
	}
	_, _ = io.WriteString(w, `{"data":`)
	_, _ = w.Write(response.Data)
	if len(response.Extensions) > 0 {
		_, _ = io.WriteString(w, `,"extensions":`)
		_, _ = w.Write(encoded(response.Extensions))
	}
	_, _ = io.WriteString(w, "}")
}

func encoded(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Errorf("encode response: %w", err))
	}
	return text
}
