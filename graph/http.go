package graph

import (
	"bytes"
	"cmp"
	"context"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// ServeHTTP validates a request's form before gqlgen sees it, which would accept bodies of any length and quote them in its
// errors.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(withAddress(model.WithCursors(r.Context(), s.config.Cursors), r.RemoteAddr))
	if isWebSocket(r) {
		s.serveSocket(w, r)
		return
	}
	_, signedIn := callerFrom(r.Context()) //nolint:contextcheck // the request's context, with its address
	r, err := s.countRequest(r)
	switch {
	case err != nil:
		if !signedIn {
			w.Header().Set("Connection", "close") // otherwise net/http reads the body before it responds
		}
		s.refuse(w, r, http.StatusTooManyRequests, err)
	case acceptedBy(r).nothing():
		s.refuse(w, r, http.StatusNotAcceptable, badRequest(
			"Accept 须包含 application/graphql-response+json、application/json 或 text/event-stream。",
			"Accept must include application/graphql-response+json, application/json or text/event-stream."))
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
	body, release, err := s.readBody(w, r)
	defer release()
	if err != nil {
		w.Header().Set("Connection", "close") // the rest of the body is not read
		if errors.Is(err, errUnknownCoding) {
			w.Header().Set("Accept-Encoding", bodyCodings)
		}
		s.refuse(w, r, statusOfBody(err), err)
		return
	}
	params, err := parseRequest(body)
	if err != nil {
		s.refuse(w, r, http.StatusBadRequest, err)
		return
	}
	release()
	s.serveParams(w, r, params)
}

// serveParams executes a request whose body has been read.
func (s *server) serveParams(w http.ResponseWriter, r *http.Request, params *graphql.RawParams) {
	params.Headers = r.Header
	read := asked{params: params, accepted: acceptedBy(r), byGET: r.Method == http.MethodGet}
	s.gqlgen.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), askedKey{}, read)))
}

// readBody reads a body within the limits, which apply before and after decompression; release returns the reserved memory.
func (s *server) readBody(w http.ResponseWriter, r *http.Request) (body []byte, release func(), refusal error) {
	limit := s.config.Limits.BodyBytes
	if r.ContentLength > limit {
		return nil, func() {}, errBodyTooLong(limit)
	}
	caller, _ := callerFrom(r.Context())
	release = func() {}
	plain, err := decodedBody(r.Header, http.MaxBytesReader(w, r.Body, limit))
	if err == nil {
		body, release, err = s.bodies.read(http.MaxBytesReader(w, plain, limit), caller, limit)
	}
	var tooLarge *http.MaxBytesError
	var known *cloudtag.Error
	switch {
	case errors.As(err, &tooLarge):
		err = errBodyTooLong(limit)
	case err != nil && !errors.As(err, &known):
		err = badRequest("请求体未能完整读取。", "The body could not be read to its end.")
	}
	return body, release, err
}

// parseRequest decodes a GraphQL request. Its errors do not quote the body, apart from names of members.
func parseRequest(body []byte) (*graphql.RawParams, error) {
	if !utf8.Valid(body) {
		return nil, badRequest("请求体含有无效的 UTF-8 编码。", "The body is not valid UTF-8.")
	}
	switch trimmed := bytes.TrimLeft(body, " \t\r\n"); {
	case len(trimmed) == 0:
		return nil, errNotAnObject()
	case trimmed[0] == '[':
		return nil, &limitError{reason: reasonBatch, refusal: badRequest("不支持批量请求：每次请求一个操作。", "Batches of requests are not supported: send one operation per request.")}
	}
	var request struct {
		graphql.RawParams
		DocumentID string `json:"documentId"`
	}
	if err := decodeJSON(body, &request); err != nil {
		return nil, notARequest(err)
	}
	params := &request.RawParams
	nameDocument(params, request.DocumentID)
	if params.Query == "" && hashIn(params.Extensions) == "" {
		return nil, badRequest("缺少 query：须为 GraphQL 文本。", "There is no query: it must be a GraphQL document.")
	}
	return params, nil
}

// notARequest converts a decoding error into a refusal that names the member or the position.
func notARequest(err error) *cloudtag.Error {
	var form *json.SemanticError
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &form) && form.JSONPointer != "":
		field := shortened(string(form.JSONPointer[1:]))
		return badRequest(fmt.Sprintf("请求中的 %s 类型有误。", field), fmt.Sprintf("The request's %s has the wrong type.", field))
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntax):
		field := shortened(string(syntax.JSONPointer[1:]))
		return badRequest(fmt.Sprintf("请求中的 %s 重复出现。", field), fmt.Sprintf("The request's %s occurs twice.", field))
	case errors.As(err, &syntax):
		return badRequest(fmt.Sprintf("请求体不是有效的 JSON（第 %d 字节处）。", syntax.ByteOffset), fmt.Sprintf("The body is not valid JSON (at byte %d).", syntax.ByteOffset))
	default:
		return errNotAnObject()
	}
}

func errNotAnObject() *cloudtag.Error {
	return badRequest("请求体须为 JSON 对象，含 query，可含 variables、operationName。",
		"The body must be a JSON object with query, and perhaps variables and operationName.")
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
	s.serveParams(w, r, params)
}

// parseQuery decodes a query string as parseRequest decodes a body.
func parseQuery(raw string) (*graphql.RawParams, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("查询串编码有误。", "The query string is not well-formed.")
	}
	for name, given := range values {
		if !utf8.ValidString(values.Get(name)) {
			return nil, badRequest("查询串含有无效的 UTF-8 编码。", "The query string is not valid UTF-8.")
		}
		if len(given) > 1 {
			return nil, badRequest("查询串中的 "+shortened(name)+" 重复出现。", "The query string's "+shortened(name)+" occurs twice.")
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

// parseObject decodes a JSON object; an empty text leaves it nil.
func parseObject(text string, object *map[string]any) error {
	if text == "" {
		return nil
	}
	return decodeJSON([]byte(text), object)
}

func badRequest(zh, en string) *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: zh, EN: en})
}

// refuse responds to a request that is not executed.
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

// responseType is the media type of a JSON response.
func responseType(r *http.Request) string { return cmp.Or(acceptedBy(r).json, plainJSON) }

// asked is a request whose body has been read.
type asked struct {
	params   *graphql.RawParams
	accepted accepted
	byGET    bool
}

type askedKey struct{}

// askedFrom returns the context's request over HTTP; ok is false on a socket.
func askedFrom(ctx context.Context) (request asked, ok bool) {
	request, ok = ctx.Value(askedKey{}).(asked)
	return request, ok
}

// streams reports whether the response is an event stream: for a subscription if the client accepts one, for other operations
// if it accepts nothing else.
func (a asked) streams(operation *graphql.OperationContext) bool {
	return a.accepted.json == "" || a.accepted.events && kindOf(operation) == ast.Subscription
}

// kindOf is the kind of an operation; empty when the operation is unknown, as after a syntax error.
func kindOf(operation *graphql.OperationContext) ast.Operation {
	if operation == nil || operation.Operation == nil {
		return ""
	}
	return operation.Operation.Operation
}

// answerTransport executes the requests of serveParams. gqlgen's own transports read bodies of any length, and use statuses of
// older drafts of GraphQL over HTTP.
type answerTransport struct{ server *server }

// Supports reports whether the request came through serveParams.
func (answerTransport) Supports(r *http.Request) bool {
	_, read := askedFrom(r.Context())
	return read
}

// Do executes the operation and writes its response. It holds a slot of the load limiter during the execution only, not while
// a slow client sends the request or reads the response.
func (t answerTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	leave, err := t.server.enter(r.Context())
	if err != nil {
		t.server.refuse(w, r, http.StatusServiceUnavailable, err)
		return
	}
	defer leave()
	ctx := r.Context()
	request, _ := askedFrom(ctx)
	request.params.ReadTime = graphql.TraceTiming{Start: graphql.GetStartTime(ctx), End: graphql.Now()}
	operation, refusals := exec.CreateOperationContext(ctx, request.params)
	wrongMethod := refusals != nil && changesByGET(ctx, operation)
	if request.streams(operation) && !wrongMethod {
		t.server.serveEvents(w, r, exec, operation, refusals, leave)
		return
	}
	w.Header().Set("Content-Type", responseType(r))
	if refusals == nil {
		responses, ctx := exec.DispatchOperation(ctx, operation)
		response := responses(ctx)
		leave()
		t.server.writeResponse(w, response)
		return
	}
	response := exec.DispatchError(graphql.WithOperationContext(ctx, operation), refusals)
	leave()
	status := statusOf(refusals, responseType(r))
	var known *cloudtag.Error
	switch {
	case wrongMethod:
		status = http.StatusMethodNotAllowed
		w.Header().Set("Allow", http.MethodPost)
	case errors.As(refusals, &known) && known.Code == cloudtag.CodeRateLimited:
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(int(known.RetryAfter/time.Second)))
	}
	w.WriteHeader(status)
	writeRefusal(w, response)
}

// statusOf is the status for a document that was not executed: 400 for clients that accept GraphQL's own media type, 200 with
// application/json, where a client could not distinguish the server's error response from a proxy's.
func statusOf(refusals gqlerror.List, contentType string) int {
	if contentType == graphqlJSON && errcode.GetErrorKind(refusals) == errcode.KindProtocol {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// changesByGET reports whether a request by GET is for an operation that GET does not allow.
func changesByGET(ctx context.Context, operation *graphql.OperationContext) bool {
	request, overHTTP := askedFrom(ctx)
	if !overHTTP || !request.byGET {
		return false
	}
	kind := kindOf(operation)
	return kind == ast.Mutation || kind == ast.Subscription && !request.accepted.events
}

// refused is the response to a request that was not executed: errors without "data", not even null.
type refused struct {
	Errors     gqlerror.List  `json:"errors"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

func refusalOf(response *graphql.Response) refused {
	return refused{response.Errors, response.Extensions}
}

func writeRefusal(w io.Writer, response *graphql.Response) {
	_, _ = w.Write(encoded(refusalOf(response)))
}

// writeResponse writes the response of an executed operation by one Write, with its length.
func (s *server) writeResponse(w http.ResponseWriter, response *graphql.Response) {
	buffer, _ := s.buffers.Get().(*bytes.Buffer)
	buffer.Reset()
	encodeResponse(buffer, response)
	w.Header().Set("Content-Length", strconv.Itoa(buffer.Len()))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(buffer.Bytes())
	if buffer.Cap() <= maxKeptBuffer {
		s.buffers.Put(buffer)
	}
}

// maxKeptBuffer is the largest buffer that is reused, in bytes.
const maxKeptBuffer = 1 << 20

// encodeResponse writes a response. Data without errors, the common case, is JSON already and is copied as it is.
func encodeResponse(to *bytes.Buffer, response *graphql.Response) {
	if response == nil {
		response = &graphql.Response{}
	}
	if len(response.Errors) > 0 || len(response.Data) == 0 || response.HasNext != nil {
		to.Write(encoded(response))
		return
	}
	to.WriteString(`{"data":`)
	to.Write(response.Data)
	if len(response.Extensions) > 0 {
		to.WriteString(`,"extensions":`)
		to.Write(encoded(response.Extensions))
	}
	to.WriteString("}")
}

func encoded(v any) []byte {
	text, err := stdjson.Marshal(v)
	if err != nil {
		panic(fmt.Errorf("encode response: %w", err))
	}
	return text
}
