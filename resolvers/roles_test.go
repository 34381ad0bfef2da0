package resolvers_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"

	"github.com/vektah/gqlparser/v2/ast"
)

// everybody is a caller with every role but a shop's, who may see everything.
func (c *city) everybody() string {
	return c.Token(person("everybody", cloudtag.RoleReviewer, cloudtag.RoleAdmin, cloudtag.RoleAuditor, cloudtag.RolePlatform), time.Hour)
}

// fullDepth is how deep the paths of [fullPaths] lead.
const fullDepth = 5

// fullPaths are the paths of all fields of all queries, through records that exist.
func fullPaths(c *city) []path {
	c.T.Helper()
	callers := []string{c.everybody(), c.owner()} // some is only for a shop
	has := func(p path) bool {
		return slices.ContainsFunc(callers, func(caller string) bool {
			return slices.ContainsFunc(at(c.Do(caller, p.query("query"), nil).Data, p.names()), func(value any) bool { return value != nil })
		})
	}
	var all, open []path
	for _, root := range roots(schema().Query) {
		for _, first := range variations(root, c.ids) {
			if p := (path{first}); has(p.records()) {
				open = append(open, p)
				break
			}
		}
	}
	if len(open) != len(roots(schema().Query)) {
		c.T.Fatalf("only %d of %d queries find a record: %v", len(open), len(roots(schema().Query)), open)
	}
	for len(open) > 0 {
		p := open[0]
		open, all = open[1:], append(all, p)
		if len(p) < fullDepth && !p.leaf() && has(p) {
			open = append(open, p.next(c.ids)...)
		}
	}
	return all
}

// Every field of every query, for every role, follows the schema's directives. A role that may not read a field
// gets null where the field is nullable, and FORBIDDEN where it is not; a role that may is not refused.
func TestEveryFieldForEveryRole(t *testing.T) {
	c := newCity(t, fullPlan())
	paths := fullPaths(c)
	t.Logf("%d paths", len(paths))
	covers(t, paths)
	for _, role := range cloudtag.Roles() {
		caller := c.As(role)
		if role == cloudtag.RoleMerchant {
			caller = c.owner()
		}
		for _, p := range paths {
			if gate := barrier(p, role); gate == len(p)-1 || gate < 0 { // behind a gate everything is as at the gate
				checkPath(c, role, caller, p)
			}
		}
	}
	for _, p := range paths {
		if len(p) > 2 {
			continue
		}
		if codes := c.Do("", p.query("query"), nil).Codes(); len(codes) == 0 || codes[0] != "UNAUTHENTICATED" {
			t.Errorf("nobody, %s: %v, want UNAUTHENTICATED", p, codes)
		}
	}
}

// covers checks that the paths have every field of every type that queries lead to.
func covers(t *testing.T, paths []path) {
	t.Helper()
	covered := map[string]bool{}
	for _, p := range paths {
		for i := 1; i < len(p); i++ {
			covered[p[i-1].field.Type.Name()+"."+p[i].field.Name] = true
		}
	}
	seen, open := map[string]bool{}, roots(schema().Query)
	for len(open) > 0 {
		field := open[0]
		open = open[1:]
		if name := field.Type.Name(); !seen[name] {
			seen[name] = true
			for _, inner := range fieldsOf(field) {
				if !covered[name+"."+inner.Name] {
					t.Errorf("no path has %s.%s", name, inner.Name)
				}
			}
			open = append(open, fieldsOf(field)...)
		}
	}
}

// barrier is the first step that the schema does not permit to a role, -1 for none.
func barrier(p path, role cloudtag.Role) int {
	return slices.IndexFunc(p, func(step step) bool { return !permitted(step.field, role) })
}

func checkPath(c *city, role cloudtag.Role, caller string, p path) {
	c.T.Helper()
	answer := c.Do(caller, p.query("query"), nil)
	if barrier(p, role) < 0 {
		own := role == cloudtag.RoleMerchant // a merchant is refused what is not its own, by the services
		if !own && slices.Contains(answer.Codes(), "FORBIDDEN") {
			c.T.Errorf("%s, %s: refused, though the schema permits it: %s", role, p, answer.Raw)
		}
		return
	}
	if before := p[:len(p)-1]; len(before) > 0 {
		reached := at(c.Do(caller, before.query("query"), nil).Data, before.names())
		if !slices.ContainsFunc(reached, func(value any) bool { return value != nil }) {
			return // this role has no record of which the field could be asked
		}
	}
	if p[len(p)-1].field.Type.NonNull {
		if !slices.ContainsFunc(answer.Errors, func(err graphtest.Error) bool {
			return err.Code() == "FORBIDDEN" && slices.Equal(named(err.Path), p.names())
		}) {
			c.T.Errorf("%s, %s: %s, want FORBIDDEN there", role, p, answer.Raw)
		}
		return
	}
	got := at(answer.Data, p.names())
	if len(answer.Errors) > 0 || slices.ContainsFunc(got, func(value any) bool { return value != nil }) {
		c.T.Errorf("%s, %s: %s, want null", role, p, answer.Raw)
	}
}

// named are the fields of an error's path.
func named(path []any) []string {
	var names []string
	for _, part := range path {
		if name, ok := part.(string); ok {
			names = append(names, name)
		}
	}
	return names
}

// Every mutation for every role: refused and without any effect, or not refused for the role.
func TestEveryMutationForEveryRole(t *testing.T) {
	c := newCity(t, fullPlan())
	for _, field := range roots(schema().Mutation) {
		query := path{step{field, required(field.Arguments, c.ids)}}.query("mutation")
		for _, role := range cloudtag.Roles() {
			caller := c.As(role)
			if role == cloudtag.RoleMerchant {
				caller = c.owner()
			}
			logged := len(c.Store.Log())
			answer := c.Do(caller, query, nil)
			refused := slices.Equal(answer.Codes(), []string{"FORBIDDEN"})
			if refused == permitted(field, role) {
				t.Errorf("%s, %s: refused %t, the schema permits it %t: %s", role, field.Name, refused, permitted(field, role), answer.Raw)
			}
			if role == cloudtag.RoleAuditor && !refused { // whatever the schema says: an auditor changes nothing
				t.Errorf("an auditor may %s: %s", field.Name, answer.Raw)
			}
			if refused && len(c.Store.Log()) != logged {
				t.Errorf("%s, %s: refused, and something changed", role, field.Name)
			}
		}
		if codes := c.Do("", query, nil).Codes(); !slices.Equal(codes, []string{"UNAUTHENTICATED"}) {
			t.Errorf("nobody, %s: %v, want UNAUTHENTICATED", field.Name, codes)
		}
	}
}

// Every subscription for every role: refused at once, or the first event comes. Cursors are those of the log's begin.
func TestEverySubscriptionForEveryRole(t *testing.T) {
	c := newCity(t, fullPlan())
	for _, field := range roots(schema().Subscription) {
		written := func(caller string) string {
			return path{step{field, subscribing(c, caller, field)}}.query("subscription")
		}
		for _, role := range cloudtag.Roles() {
			caller := c.As(role)
			if role == cloudtag.RoleMerchant {
				caller = c.owner()
			}
			answer := c.events(caller, written(caller), 1)[0]
			refused := slices.Equal(answer.Codes(), []string{"FORBIDDEN"})
			if refused == permitted(field, role) || !refused && len(answer.Errors) > 0 {
				t.Errorf("%s, %s: %s, the schema permits it %t", role, field.Name, answer.Raw, permitted(field, role))
			}
		}
		if codes := c.events("", written(""), 1)[0].Codes(); !slices.Equal(codes, []string{"UNAUTHENTICATED"}) {
			t.Errorf("nobody, %s: %v, want UNAUTHENTICATED", field.Name, codes)
		}
	}
}

// subscribing writes a subscription's arguments: from the log's begin, about the case there is.
func subscribing(c *city, caller string, field *ast.FieldDefinition) string {
	var written []string
	for _, argument := range field.Arguments {
		switch argument.Type.Name() {
		case "Cursor":
			written = append(written, fmt.Sprintf("%s: %q", argument.Name, c.LogCursor(caller, 0)))
		case "PolicyInput":
			written = append(written, argument.Name+`: {basedOnVersion: 2, reason: "r"}`)
		case "ID":
			written = append(written, fmt.Sprintf("%s: %q", argument.Name, c.ids["case"]))
		}
	}
	return parenthesized(written)
}

// events subscribes over an event stream, reads a number of answers, and disconnects.
func (c *city) events(authorization, query string, count int) []graphtest.Answer {
	c.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	body, err := json.Marshal(map[string]string{"query": query})
	c.must(err)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Server.URL, strings.NewReader(string(body)))
	c.must(err)
	request.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}, "Authorization": {authorization}}
	response, err := c.Server.Client().Do(request)
	c.must(err)
	defer func() { _ = response.Body.Close() }()
	var answers []graphtest.Answer
	lines := bufio.NewScanner(response.Body)
	for len(answers) < count && lines.Scan() {
		if payload, found := strings.CutPrefix(lines.Text(), "data: "); found && payload != "" {
			answer := graphtest.Answer{Raw: payload}
			c.must(json.Unmarshal([]byte(payload), &answer))
			answers = append(answers, answer)
		}
	}
	if len(answers) < count {
		c.T.Fatalf("%s: %d answers of %d: %v", query, len(answers), count, lines.Err())
	}
	return answers
}

// Differences between two cities that reveal nothing: identifiers of requests and records, which are random in the program,
// and cursors, which are sealed and have a fixed length for a shop. Times are compared as they are.
var incidental = []*regexp.Regexp{
	regexp.MustCompile(`"(id|req)-\d+"`),
	regexp.MustCompile(`"requestId":"[^"]*"`),
	regexp.MustCompile(`"[\w-]{144}"`),
	regexp.MustCompile(`"column":\d+`), // behind an identifier
}

// cursors are those of answers: values of fields that the schema says are some.
var cursors = regexp.MustCompile(`"(?:cursor|startCursor|endCursor|liveCursor)":"([^"]*)"`)

func masked(raw string) string {
	for _, pattern := range incidental {
		raw = pattern.ReplaceAllString(raw, `"…"`)
	}
	return raw
}

// checkCursors checks that nothing but their number can be learnt from the cursors of an answer: they open for nobody
// else, and hold nothing in the clear.
func checkCursors(t *testing.T, c *city, raw string) {
	t.Helper()
	for _, found := range cursors.FindAllStringSubmatch(raw, -1) {
		text, ok := c.Cursors.Open(found[1], keeper(ownShop).Audience())
		if len(found[1]) != 144 || !ok {
			t.Errorf("%q is no sealed cursor of the shop's", found[1])
			continue
		}
		sealed, err := base64.RawURLEncoding.DecodeString(found[1])
		for _, part := range strings.Split(text, ":") {
			if err != nil || len(part) > 3 && strings.Contains(string(sealed), part) {
				t.Errorf("%q shows %q: %v", found[1], part, err)
			}
		}
		for _, other := range []cloudtag.Caller{{}, keeper("secret-shop-0"), person("", cloudtag.RoleReviewer), person("", cloudtag.RolePlatform)} {
			if _, ok := c.Cursors.Open(found[1], other.Audience()); ok {
				t.Errorf("%q opens for %q", found[1], other.Audience())
			}
		}
	}
}

// towns are two cities that a shop must not be able to distinguish: the accounts behind its orders, other shops, counts,
// thresholds, risk data and whatever else others do differ between them.
func towns(t *testing.T) (one, other *city) {
	t.Helper()
	return newCity(t, fullPlan()), newCity(t, plan{threshold: 5, alone: true, first: "secret-buyer-2", second: "secret-buyer-1", third: "secret-buyer-2"})
}

// compare lets the shop ask the same in both towns, and checks that the answers are the same and name nothing secret.
func compare(t *testing.T, one, other *city, callers [2]string, here, there string) graphtest.Answer {
	t.Helper()
	first, second := one.Do(callers[0], here, nil), other.Do(callers[1], there, nil)
	if masked(first.Raw) != masked(second.Raw) {
		t.Errorf("%s\ntells the towns apart:\n%s\n%s", here, first.Raw, second.Raw)
	}
	checkCursors(t, one, first.Raw)
	checkCursors(t, other, second.Raw)
	if strings.Contains(first.Raw, "secret") || strings.Contains(second.Raw, "secret") {
		t.Errorf("%s\ntells a secret:\n%s\n%s", here, first.Raw, second.Raw)
	}
	return first
}

// A shop sees its own data and nothing of rule 15's list: direct and nested fields, filters, counts, orderings and errors are
// the same in two cities in which only other shops' data differ.
func TestShopSeesNothingOfOthers(t *testing.T) {
	one, other := towns(t)
	callers := [2]string{one.owner(), other.owner()}
	asked := 0
	for _, root := range roots(schema().Query) {
		here, there := variations(root, one.ids), variations(root, other.ids)
		for i := range here {
			first, second := path{here[i]}, path{there[i]}
			compare(t, one, other, callers, first.query("query"), second.query("query"))
			depth := 3
			if i == 0 {
				depth = 7
			}
			asked += 1 + explore(t, one, other, callers, first, second, depth)
		}
	}
	if asked < 1000 {
		t.Errorf("only %d queries were asked", asked)
	}
	t.Logf("%d queries in each town", asked)
}

// explore follows all fields of an object down to a depth.
func explore(t *testing.T, one, other *city, callers [2]string, here, there path, depth int) (asked int) {
	t.Helper()
	if len(here) == depth || here.leaf() {
		return 0
	}
	firsts, seconds := here.next(one.ids), there.next(other.ids)
	for i, first := range firsts {
		answer := compare(t, one, other, callers, first.query("query"), seconds[i].query("query"))
		asked++
		exists := slices.ContainsFunc(at(answer.Data, first.names()), func(value any) bool { return value != nil })
		if exists {
			asked += explore(t, one, other, callers, first, seconds[i], depth)
		}
	}
	return asked
}

// The same for mutations: their answers and effects must not depend on other shops.
func TestShopChangesNothingOfOthers(t *testing.T) {
	one, other := towns(t)
	callers := [2]string{one.owner(), other.owner()}
	for _, root := range roots(schema().Mutation) {
		here, there := variations(root, one.ids), variations(root, other.ids)
		for i := range here {
			before := [2]int{len(one.Store.Log()), len(other.Store.Log())}
			first, second := path{here[i]}, path{there[i]}
			fields := fieldsOf(root)
			for _, field := range fields {
				compare(t, one, other, callers, append(first, step{field, ""}).query("mutation"), append(second, step{field, ""}).query("mutation"))
			}
			after := [2]int{len(one.Store.Log()), len(other.Store.Log())}
			if !permitted(root, cloudtag.RoleMerchant) && before != after {
				t.Errorf("%s changed something", first.query("mutation"))
			}
			for _, c := range []*city{one, other} {
				for _, entry := range c.Store.Log()[before[0]*btoi(c == one)+before[1]*btoi(c == other):] {
					if merchant := entry.Subject("merchant"); merchant != "" && merchant != string(ownShop) {
						t.Errorf("%s changed %v", first.query("mutation"), entry.Subjects)
					}
				}
			}
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// The same for events: a shop receives those of its own tags with all their fields, the same in both cities.
func TestEventsOfAShopRevealNothingOfOthers(t *testing.T) {
	one, other := towns(t)
	const own = 3 // two submissions and a success
	for _, root := range roots(schema().Subscription) {
		if !permitted(root, cloudtag.RoleMerchant) {
			continue
		}
		here, there := step{root, subscribing(one, one.owner(), root)}, step{root, subscribing(other, other.owner(), root)}
		open := [][2]path{{path{here}, path{there}}}
		for len(open) > 0 {
			pair := open[0]
			open = open[1:]
			firsts := one.events(one.owner(), pair[0].query("subscription"), own)
			seconds := other.events(other.owner(), pair[1].query("subscription"), own)
			exists := false
			for i, first := range firsts {
				if masked(first.Raw) != masked(seconds[i].Raw) {
					t.Errorf("%s distinguishes the towns:\n%s\n%s", pair[0], first.Raw, seconds[i].Raw)
				}
				checkCursors(t, one, first.Raw)
				checkCursors(t, other, seconds[i].Raw)
				if strings.Contains(first.Raw, "secret") {
					t.Errorf("%s reveals a secret: %s", pair[0], first.Raw)
				}
				exists = exists || slices.ContainsFunc(at(first.Data, pair[0].names()), func(value any) bool { return value != nil })
			}
			if pair[0].leaf() || !exists {
				continue
			}
			nextHere, nextThere := pair[0].next(one.ids), pair[1].next(other.ids)
			for i := range nextHere {
				open = append(open, [2]path{nextHere[i], nextThere[i]})
			}
		}
	}
}
