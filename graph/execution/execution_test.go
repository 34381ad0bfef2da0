package execution_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudtag/graph/execution"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The schema is small and has every combination of nullable and failing fields. The code for it is what graph/executorgen would
// generate.
var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query { node: Node  strict: Node!  nodes: [Node!]!  holes: [Node]  words: [String!] }
	type Mutation { first: Node  second: Node }
	type Subscription { watch: Node }
	type Node { id: ID!  name: String  must: String!  slow: String  other: String  sized(n: Int): String  child: Node  children: [Node!] }
`})

const (
	typeQuery = iota
	typeMutation
	typeSubscription
	typeNode
)

type field = execution.FieldType[*fixture]

var types = []execution.Type[*fixture]{
	typeQuery: {Name: "Query", Fields: map[string]field{
		"node": {Index: 0, Of: typeNode, Waits: true}, "strict": {Index: 1, Of: typeNode, Waits: true},
		"nodes": {Index: 2, Of: typeNode}, "holes": {Index: 3, Of: typeNode}, "words": {Index: 4, Of: execution.Leaf},
	}},
	typeMutation:     {Name: "Mutation", Fields: map[string]field{"first": {Index: 0, Of: typeNode}, "second": {Index: 1, Of: typeNode}}},
	typeSubscription: {Name: "Subscription", Fields: map[string]field{"watch": {Index: 0, Of: typeNode}}},
	typeNode: {Name: "Node", Fields: map[string]field{
		"id": {Index: 0, Of: execution.Leaf}, "name": {Index: 1, Of: execution.Leaf}, "must": {Index: 2, Of: execution.Leaf},
		"slow": {Index: 3, Of: execution.Leaf, Waits: true}, "other": {Index: 4, Of: execution.Leaf, Waits: true},
		"sized": {Index: 5, Of: execution.Leaf, Waits: true, Args: (*fixture).readSize}, "child": {Index: 6, Of: typeNode}, "children": {Index: 7, Of: typeNode},
	}},
}

func (*fixture) readSize(ctx context.Context, raw map[string]any) (map[string]any, error) {
	if raw["n"] == int64(13) {
		return nil, graphql.ErrorOnPath(graphql.WithPathContext(ctx, graphql.NewPathWithField("n")), errors.New("13 is no size"))
	}
	return raw, nil
}

type node struct {
	id       string
	name     *string
	must     *string
	child    *node
	children []*node
}

// fixture is the execution context with what its resolvers do.
type fixture struct {
	operation *graphql.OperationContext
	root      *node
	nodes     []*node
	holes     []*node
	words     []string
	slow      func(n *node) (*string, error)
	other     func(n *node) (*string, error)
	sized     func(n *node, size any) (*string, error)
	order     []string
}

func (x *fixture) writeQuery(ctx context.Context, w *execution.Writer, f *execution.Field, _ struct{}) bool {
	switch f.Index {
	case execution.Typename:
		w.Buf = append(w.Buf, `"Query"`...)
		return true
	case 0, 1:
		v, ok := execution.Resolve(ctx, w, func(context.Context) (*node, error) {
			if x.root == nil {
				return nil, errors.New("no root")
			}
			return x.root, nil
		})
		if !ok {
			return w.Null(f.NonNull())
		}
		return x.writeNode(ctx, w, f, v) || w.Null(f.NonNull())
	case 2:
		return execution.List(ctx, x, w, f, x.nodes, true, (*fixture).writeNode)
	case 3:
		return execution.List(ctx, x, w, f, x.holes, false, func(x *fixture, ctx context.Context, w *execution.Writer, f *execution.Field, n *node) bool {
			return x.writeNode(ctx, w, f, n) || w.Null(false)
		})
	default:
		return execution.List(ctx, x, w, f, x.words, true, func(_ *fixture, _ context.Context, w *execution.Writer, _ *execution.Field, v string) bool {
			w.Buf = fmt.Appendf(w.Buf, "%q", v)
			return true
		})
	}
}

func (x *fixture) writeMutation(ctx context.Context, w *execution.Writer, f *execution.Field, _ struct{}) bool {
	x.order = append(x.order, f.Name)
	return x.writeNode(ctx, w, f, x.root) || w.Null(false)
}

func (x *fixture) writeNode(ctx context.Context, w *execution.Writer, f *execution.Field, n *node) bool {
	if n == nil {
		return w.Missing(ctx, true, "Node!")
	}
	return execution.Object(ctx, x, w, f.Of, n, (*fixture).writeNodeField)
}

func (x *fixture) writeNodeField(ctx context.Context, w *execution.Writer, f *execution.Field, n *node) bool {
	text := func(v *string) bool {
		if v == nil {
			return w.Missing(ctx, f.NonNull(), "String!")
		}
		w.Buf = fmt.Appendf(w.Buf, "%q", *v)
		return true
	}
	resolved := func(resolve func() (*string, error)) bool {
		v, ok := execution.Resolve(ctx, w, func(context.Context) (*string, error) { return resolve() })
		if !ok {
			return w.Null(f.NonNull())
		}
		return text(v)
	}
	switch f.Index {
	case execution.Typename:
		w.Buf = append(w.Buf, `"Node"`...)
		return true
	case 0:
		return text(&n.id)
	case 1:
		return text(n.name)
	case 2:
		return text(n.must)
	case 3:
		return resolved(func() (*string, error) { return x.slow(n) })
	case 4:
		return resolved(func() (*string, error) { return x.other(n) })
	case 5:
		fc, ok := execution.Arguments(ctx, x, w, f, x.operation.Variables, (*fixture).readSize)
		if !ok {
			return w.Null(f.NonNull())
		}
		return resolved(func() (*string, error) { return x.sized(n, fc.Args["n"]) })
	case 6:
		if n.child == nil {
			return w.Null(false)
		}
		return x.writeNode(ctx, w, f, n.child) || w.Null(false)
	default:
		return execution.List(ctx, x, w, f, n.children, true, (*fixture).writeNode) || w.Null(false)
	}
}

// prepare returns the context of an operation.
func (x *fixture) prepare(t *testing.T, query string, variables map[string]any) context.Context {
	t.Helper()
	document, refused := gqlparser.LoadQueryWithRules(schema, query, nil)
	if refused != nil {
		t.Fatal(refused)
	}
	x.operation = &graphql.OperationContext{
		RawQuery: query, Doc: document, Operation: document.Operations[0], Variables: variables,
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) },
	}
	return x.answering(t.Context())
}

// answering returns a context of the operation that has no errors yet.
func (x *fixture) answering(ctx context.Context) context.Context {
	ctx = graphql.WithOperationContext(ctx, x.operation)
	return graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, graphql.DefaultRecover)
}

// run returns the response's data, and its errors as "path: message".
func (x *fixture) run(t *testing.T, query string, variables map[string]any) (data string, failures []string) {
	t.Helper()
	ctx := x.prepare(t, query, variables)
	var response *graphql.Response
	if x.operation.Operation.Operation == ast.Mutation {
		response = execution.Answer(ctx, x, x.operation, types, typeMutation, (*fixture).writeMutation)
	} else {
		response = execution.Answer(ctx, x, x.operation, types, typeQuery, (*fixture).writeQuery)
	}
	if !json.Valid(response.Data) {
		t.Fatalf("%s is no JSON", response.Data)
	}
	return string(response.Data), failuresOf(ctx)
}

func failuresOf(ctx context.Context) (failures []string) {
	for _, err := range graphql.GetErrors(ctx) {
		message, _, _ := strings.Cut(err.Message, " (")
		failures = append(failures, err.Path.String()+": "+message)
	}
	return failures
}

func named(text string) *string { return &text }

func full(id string) *node {
	return &node{id: id, name: named("name " + id), must: named("must " + id)}
}

func TestAnswers(t *testing.T) {
	const noID = "cannot return null for non-null field Node.must"
	hollow := &node{id: "h"}
	for name, test := range map[string]struct {
		x         fixture
		query     string
		variables map[string]any
		data      string
		failures  []string
	}{
		"fields in the order of the document": {
			fixture{root: full("a")}, `{ node { name id __typename } again: __typename }`, nil,
			`{"node":{"name":"name a","id":"a","__typename":"Node"},"again":"Query"}`, nil,
		},
		"fragments, merged with fields": {
			fixture{root: &node{id: "a", child: full("b")}},
			`{ node { child { id } ...rest ... on Node { id } } } fragment rest on Node { child { name ...more } } fragment more on Node { must id }`, nil,
			`{"node":{"child":{"id":"b","name":"name b","must":"must b"},"id":"a"}}`, nil,
		},
		"aliases": {
			fixture{root: full("a")}, `{ one: node { x: id y: id } two: node { id } }`, nil,
			`{"one":{"x":"a","y":"a"},"two":{"id":"a"}}`, nil,
		},
		"skip and include": {
			fixture{root: full("a")},
			`query($no: Boolean = false, $yes: Boolean = true) { node { id @skip(if: $yes) name @include(if: $no) must @include(if: $yes) ... @skip(if: $no) { again: id } } }`,
			map[string]any{"no": false, "yes": true},
			`{"node":{"must":"must a","again":"a"}}`, nil,
		},
		"lists of everything": {
			fixture{nodes: []*node{full("a"), full("b")}, holes: []*node{}, words: []string{"x", "y"}}, `{ nodes { id } holes { id } words }`, nil,
			`{"nodes":[{"id":"a"},{"id":"b"}],"holes":[],"words":["x","y"]}`, nil,
		},
		"null where it is allowed": {
			fixture{root: hollow}, `{ node { name child { id } } }`, nil, `{"node":{"name":null,"child":null}}`, nil,
		},
		"null where it is not, up to what may be null": {
			fixture{root: &node{id: "a", child: hollow}}, `{ node { id child { id must } name } }`, nil,
			`{"node":{"id":"a","child":null,"name":null}}`, []string{"node.child.must: " + noID},
		},
		"a row that must not be null makes its list null": {
			fixture{root: &node{id: "a", children: []*node{full("b"), hollow, hollow}}}, `{ node { children { id must } id } }`, nil,
			`{"node":{"children":null,"id":"a"}}`, []string{"node.children[1].must: " + noID, "node.children[2].must: " + noID},
		},
		"a row that may be null": {
			fixture{holes: []*node{full("b"), hollow}}, `{ holes { id must } }`, nil,
			`{"holes":[{"id":"b","must":"must b"},null]}`, []string{"holes[1].must: " + noID},
		},
		"everything": {
			fixture{nodes: []*node{hollow}, root: full("a")}, `{ node { id } nodes { must } }`, nil, `null`, []string{"nodes[0].must: " + noID},
		},
		"an error": {
			fixture{}, `{ node { id } words }`, nil, `{"node":null,"words":[]}`, []string{"node: no root"},
		},
		"an error where null is not allowed": {
			fixture{}, `{ words strict { id } }`, nil, `null`, []string{"strict: no root"},
		},
		"an error of a row": {
			fixture{nodes: []*node{full("a"), full("b")}, slow: func(n *node) (*string, error) {
				if n.id == "b" {
					return nil, errors.New("too slow")
				}
				return &n.id, nil
			}},
			`{ nodes { s: slow } }`, nil, `{"nodes":[{"s":"a"},{"s":null}]}`, []string{"nodes[1].s: too slow"},
		},
		"a panic of a resolver": {
			fixture{nodes: []*node{full("a")}, slow: func(*node) (*string, error) { panic("!") }, other: func(n *node) (*string, error) { return &n.id, nil }},
			`{ nodes { other slow id } }`, nil, `{"nodes":[{"other":"a","slow":null,"id":"a"}]}`, []string{"nodes[0].slow: internal system error"},
		},
		"arguments": {
			fixture{root: full("a"), sized: func(_ *node, size any) (*string, error) { return named(fmt.Sprint(size)), nil }},
			`query($n: Int) { node { sized none: sized(n: null) two: sized(n: 2) v: sized(n: $n) } }`, map[string]any{"n": 7},
			`{"node":{"sized":"\u003cnil\u003e","none":"\u003cnil\u003e","two":"2","v":"7"}}`, nil,
		},
		"arguments that can't be read": {
			fixture{nodes: []*node{full("a"), full("b")}}, `{ nodes { id s: sized(n: 13) } }`, nil,
			`{"nodes":[{"id":"a","s":null},{"id":"b","s":null}]}`, []string{"nodes[0].s.n: 13 is no size", "nodes[1].s.n: 13 is no size"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			data, failures := test.x.run(t, test.query, test.variables)
			want := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(test.data)
			if data != want {
				t.Errorf("%s\nwant %s", data, want)
			}
			if !sameFailures(failures, test.failures) {
				t.Errorf("%q\nwant %q", failures, test.failures)
			}
		})
	}
}

// sameFailures compares errors in any order, because fields run concurrently.
func sameFailures(got, want []string) bool {
	missing := make(map[string]int)
	for _, failure := range want {
		missing[failure]++
	}
	for _, failure := range got {
		missing[failure]--
	}
	for _, count := range missing {
		if count != 0 {
			return false
		}
	}
	return true
}

// Resolvers of one object run concurrently: each waits for the other here.
func TestResolversOfAnObjectRunConcurrently(t *testing.T) {
	slow, other := make(chan struct{}), make(chan struct{})
	x := fixture{root: full("a")}
	x.slow = func(n *node) (*string, error) { close(slow); return &n.id, await(t, other) }
	x.other = func(n *node) (*string, error) { close(other); return &n.id, await(t, slow) }
	if data, failures := x.run(t, `{ node { slow id other } }`, nil); data != `{"node":{"slow":"a","id":"a","other":"a"}}` || failures != nil {
		t.Error(data, failures)
	}
}

// Elements of a list run concurrently if a resolver with arguments is called for each.
func TestElementsWithArgumentsRunConcurrently(t *testing.T) {
	both := map[string]chan struct{}{"a": make(chan struct{}), "b": make(chan struct{})}
	x := fixture{nodes: []*node{full("a"), full("b")}}
	x.sized = func(n *node, _ any) (*string, error) {
		close(both[n.id])
		for _, other := range both {
			if err := await(t, other); err != nil {
				return nil, err
			}
		}
		return &n.id, nil
	}
	if data, failures := x.run(t, `{ nodes { id sized(n: 1) } }`, nil); data != `{"nodes":[{"id":"a","sized":"a"},{"id":"b","sized":"b"}]}` || failures != nil {
		t.Error(data, failures)
	}
}

// Other elements run in order: the first one makes the batches load for all.
func TestElementsRunInOrder(t *testing.T) {
	var order []string
	x := fixture{nodes: []*node{full("a"), full("b"), full("c")}}
	x.slow = func(n *node) (*string, error) { order = append(order, n.id); return &n.id, nil }
	if _, failures := x.run(t, `{ nodes { slow } }`, nil); failures != nil || strings.Join(order, "") != "abc" {
		t.Error(order, failures)
	}
}

func TestMutationsRunInOrder(t *testing.T) {
	x := fixture{root: full("a")}
	if data, _ := x.run(t, `mutation { second { id } first { id } again: second { id } }`, nil); data != `{"second":{"id":"a"},"first":{"id":"a"},"again":{"id":"a"}}` || strings.Join(x.order, " ") != "second first second" {
		t.Error(data, x.order)
	}
}

func TestEvents(t *testing.T) {
	x := fixture{}
	ctx := x.prepare(t, `subscription { seen: watch { id must } }`, nil)
	events := make(chan *node, 2)
	next := execution.Subscribe(ctx, &x, x.operation, types, typeSubscription, func(x *fixture, _ context.Context, _ *execution.Writer, f *execution.Field) graphql.ResponseHandler {
		return execution.Events(x, f, events, func(x *fixture, ctx context.Context, w *execution.Writer, f *execution.Field, n *node) bool {
			return x.writeNode(ctx, w, f, n) || w.Null(false)
		})
	})
	events <- full("a")
	events <- &node{id: "b"}
	close(events)
	if response := next(ctx); string(response.Data) != `{"seen":{"id":"a","must":"must a"}}` {
		t.Errorf("%s", response.Data)
	}
	if response := next(ctx); string(response.Data) != `{"seen":null}` {
		t.Errorf("%s", response.Data)
	}
	if failures := failuresOf(ctx); len(failures) != 1 || !strings.HasPrefix(failures[0], "seen.must: ") {
		t.Error(failures)
	}
	if response := next(ctx); response != nil {
		t.Errorf("after the last event: %s", response.Data)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	open := execution.Events(&x, &execution.Field{}, make(chan *node), (*fixture).writeNode)
	if response := open(ended); response != nil {
		t.Errorf("after the end: %s", response.Data)
	}
}

// await waits for a channel to be closed, with a timeout.
func await(t *testing.T, closed chan struct{}) error {
	t.Helper()
	select {
	case <-closed:
		return nil
	case <-time.After(10 * time.Second):
		return errors.New("the other did not run meanwhile")
	}
}
