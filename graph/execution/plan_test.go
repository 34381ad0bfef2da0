package execution_test

import (
	"context"
	"testing"

	"cloudtag/graph/execution"

	"github.com/99designs/gqlgen/graphql"
)

func TestPlansOfOneOperation(t *testing.T) {
	plans := execution.NewPlans(1)
	x := fixture{}
	plan := func(ctx context.Context, variables map[string]any) *execution.Selection {
		x.again(variables)
		return execution.Plan(execution.WithPlans(ctx, plans), &x, x.operation, types, typeQuery)
	}

	t.Run("share what has no arguments", func(t *testing.T) {
		ctx := x.prepare(t, `query ($n: Int) { nodes { sized(n: $n) child { id } } words }`, nil)
		first, second := plan(ctx, map[string]any{"n": int64(1)}), plan(ctx, map[string]any{"n": int64(2)})
		for n, set := range map[int64]*execution.Selection{1: first, 2: second} {
			if got := set.Fields[0].Of.Fields[0].Args["n"]; got != n {
				t.Errorf("n is %v, want %d", got, n)
			}
		}
		if first.Fields[0].Of.Fields[1].Of != second.Fields[0].Of.Fields[1].Of {
			t.Error("the selection of child is planned twice")
		}
	})
	t.Run("depend on variables of directives", func(t *testing.T) {
		ctx := x.prepare(t, `query ($s: Boolean!) { nodes { id name @skip(if: $s) } }`, nil)
		for skipped, want := range map[bool]int{true: 1, false: 2} {
			if got := len(plan(ctx, map[string]any{"s": skipped}).Fields[0].Of.Fields); got != want {
				t.Errorf("@skip(if: %v): %d fields, want %d", skipped, got, want)
			}
		}
	})
	t.Run("are not those of another operation", func(t *testing.T) {
		for query, want := range map[string]string{`{ words }`: "words", `{ nodes { id } }`: "nodes"} {
			ctx := x.prepare(t, query, nil)
			for range 2 {
				if got := plan(ctx, nil).Fields[0].Name; got != want {
					t.Errorf("%s: %s", query, got)
				}
			}
		}
	})
}

// again begins another request with the same operation.
func (x *fixture) again(variables map[string]any) {
	before := x.operation
	x.operation = &graphql.OperationContext{
		RawQuery: before.RawQuery, Doc: before.Doc, Operation: before.Operation, Variables: variables,
		RootResolverMiddleware: before.RootResolverMiddleware,
	}
}

// Invalid arguments have an error in each request.
func TestPlansDecodeArgumentsInEachRequest(t *testing.T) {
	plans := execution.NewPlans(1)
	x := fixture{nodes: []*node{full("a")}}
	x.sized = func(n *node, _ any) (*string, error) { return &n.id, nil }
	ctx := x.prepare(t, `query ($n: Int) { nodes { id sized(n: $n) } }`, nil)
	for _, test := range []struct {
		n        int64
		want     string
		failures int
	}{
		{13, `{"nodes":[{"id":"a","sized":null}]}`, 1}, {1, `{"nodes":[{"id":"a","sized":"a"}]}`, 0}, {13, `{"nodes":[{"id":"a","sized":null}]}`, 1},
	} {
		x.again(map[string]any{"n": test.n})
		ctx := execution.WithPlans(x.answering(ctx), plans)
		response := execution.Answer(ctx, &x, x.operation, types, typeQuery, (*fixture).writeQuery)
		if failures := failuresOf(ctx); string(response.Data) != test.want || len(failures) != test.failures {
			t.Errorf("n = %d: %s, %v", test.n, response.Data, failures)
		}
	}
}
