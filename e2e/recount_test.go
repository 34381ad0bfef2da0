//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// logEntry is an entry of the log.
type logEntry struct {
	Seq      int64           `json:"seq"`
	Actor    string          `json:"actor"`
	Action   string          `json:"action"`
	Subjects []string        `json:"subjects"`
	Reason   string          `json:"reason"`
	After    json.RawMessage `json:"after"`
}

// subject is the identifier of a kind of subject, "" without one.
func (e logEntry) subject(kind string) string {
	for _, subject := range e.Subjects {
		if id, found := strings.CutPrefix(subject, kind+":"); found {
			return id
		}
	}
	return ""
}

// recount is a second, small computation of what a log has to say: given what people did (submissions, decisions,
// decisions taken back, revocations) it knows what the rules make of it, and holds each entry against that. It knows a
// market of three votes without risk data, holds, history or the passing of time.
type recount struct {
	seq     int64
	tags    map[string]*countedTag
	cases   map[string]*countedCase
	judged  map[string]bool // shops about whose revocation was decided
	revoked map[string]bool // shops that lost their permission
	events  []told          // what a follower of all tags hears, in order
	entries map[string]int  // how often the log has an entry, by promiseOf
}

type countedTag struct {
	shop, status string
	live         bool
	version      int
	flips        int // entries that say that it succeeded
}

// countedCase is a case of the recount. What a decision does is told before the decision itself, so that said is held
// against it when it comes; what the rules do is told after its cause, so that it is expected from then on.
type countedCase struct {
	live     []string
	expected map[string]string // action that must be told, by order
	said     map[string]string // action that was told and waits for the decision that explains it, by order
	before   map[string]string // statuses before the last decision, by order; nil when nothing can be taken back
}

const recountThreshold = 3

func newRecount() *recount {
	return &recount{
		tags: map[string]*countedTag{}, cases: map[string]*countedCase{},
		judged: map[string]bool{}, revoked: map[string]bool{}, entries: map[string]int{},
	}
}

// promiseOf names what an entry proves that was done; "" for entries that nobody is promised.
func promiseOf(e logEntry) string {
	switch e.Action {
	case "tag.submitted":
		return e.Action + " " + e.subject("tag")
	case "case.decided":
		return e.Action + " " + e.subject("case") + " " + e.Reason
	case "case.claimed", "case.released", "case.undone":
		return e.Action + " " + e.subject("case") + " " + e.Actor
	case "revocation.proposed", "revocation.decided":
		return e.Action + " " + e.subject("merchant") + " " + e.Reason
	default:
		return ""
	}
}

// take takes the next entry, and says what is wrong with it.
func (r *recount) take(e logEntry) error {
	if e.Seq != r.seq+1 {
		return fmt.Errorf("entry %d comes after entry %d", e.Seq, r.seq)
	}
	r.seq = e.Seq
	if promise := promiseOf(e); promise != "" {
		r.entries[promise]++
	}
	var err error
	switch {
	case strings.HasPrefix(e.Action, "tag."):
		err = r.takeTag(e)
	case e.Action == "case.decided":
		err = r.decided(r.caseOf(e), e)
	case e.Action == "case.undone":
		err = r.undone(r.caseOf(e))
	case e.Action == "revocation.decided":
		r.judged[e.subject("merchant")] = true
	case e.Action == "merchant.permission_changed" && string(e.After) == `"REVOKED"`:
		if shop := e.subject("merchant"); r.judged[shop] {
			r.revoked[shop] = true
		} else {
			err = fmt.Errorf("nobody has decided that")
		}
	}
	if err != nil {
		return fmt.Errorf("entry %d, %s of %s: %w", e.Seq, e.Action, strings.Join(e.Subjects, " "), err)
	}
	return nil
}

func (r *recount) caseOf(e logEntry) *countedCase {
	id := e.subject("case")
	if r.cases[id] == nil {
		r.cases[id] = &countedCase{expected: map[string]string{}, said: map[string]string{}}
	}
	return r.cases[id]
}

// takeTag takes an entry about a tag: each is one version of it, told once, in order.
func (r *recount) takeTag(e logEntry) error {
	var after struct {
		Status  string
		Version int
	}
	if err := json.Unmarshal(e.After, &after); err != nil {
		return err
	}
	order, c := e.subject("tag"), r.caseOf(e)
	tag := r.tags[order]
	if e.Action == "tag.submitted" {
		if tag != nil {
			return fmt.Errorf("it was submitted before")
		}
		tag = &countedTag{shop: e.subject("merchant"), status: "ACCUMULATING", live: true}
		r.tags[order] = tag
	}
	if tag == nil {
		return fmt.Errorf("it was never submitted")
	}
	if tag.version++; after.Version != tag.version {
		return fmt.Errorf("it tells version %d, the next one is %d", after.Version, tag.version)
	}
	if e.Action != "tag.discounted" {
		r.events = append(r.events, told{order, after.Status})
	}
	switch e.Action {
	case "tag.submitted":
		if err := c.settled(); err != nil {
			return err
		}
		c.live, c.before = append(c.live, order), nil
		r.tally(c)
		return nil
	case "tag.succeeded":
		tag.flips++
		if e.Actor == "system:engine" {
			return c.expect(order, e.Action)
		}
		c.said[order] = e.Action
	case "tag.rejected", "tag.restored":
		c.said[order] = e.Action
	case "tag.voided", "tag.discounted":
		if len(c.expected) == 0 {
			r.discount(c, tag.shop)
		}
		return c.expect(order, e.Action)
	default:
		return fmt.Errorf("nothing calls for that")
	}
	return nil
}

// settled tells whether all that the case called for was told.
func (c *countedCase) settled() error {
	if len(c.expected) > 0 || len(c.said) > 0 {
		return fmt.Errorf("before it %v should have been told, and a decision that explains %v", c.expected, c.said)
	}
	return nil
}

// expect takes something that was called for.
func (c *countedCase) expect(order, action string) error {
	if c.expected[order] != action {
		return fmt.Errorf("nothing calls for that, but for %v", c.expected)
	}
	delete(c.expected, order)
	return nil
}

// tally counts the votes, and lets all tags succeed when there are enough.
func (r *recount) tally(c *countedCase) {
	voters := map[string]bool{}
	for _, order := range c.live {
		voters[r.tags[order].shop] = true
	}
	if len(voters) < recountThreshold {
		return
	}
	for _, order := range c.live {
		if tag := r.tags[order]; tag.status == "ACCUMULATING" {
			tag.status = "SUCCEEDED"
			c.expected[order] = "tag.succeeded"
		}
	}
}

// discount takes a revoked shop out of the case. It may be told of a shop that was revoked only.
func (r *recount) discount(c *countedCase, shop string) {
	if !r.revoked[shop] {
		return
	}
	c.before = nil
	c.live = slices.DeleteFunc(c.live, func(order string) bool {
		tag := r.tags[order]
		if tag.shop != shop {
			return false
		}
		tag.live = false
		c.expected[order] = "tag.discounted"
		if tag.status == "ACCUMULATING" {
			tag.status = "VOIDED"
			c.expected[order] = "tag.voided"
		}
		return true
	})
}

// decided holds what was told against the decision that came behind it.
func (r *recount) decided(c *countedCase, e logEntry) error {
	decision, _, _ := strings.Cut(e.Reason, ":")
	before, called := map[string]string{}, map[string]string{}
	for _, order := range c.live {
		tag := r.tags[order]
		before[order] = tag.status
		switch {
		case decision == "CONFIRM" && tag.status == "ACCUMULATING":
			called[order], tag.status = "tag.succeeded", "SUCCEEDED"
		case decision == "REJECT":
			called[order], tag.status, tag.live = "tag.rejected", "REJECTED", false
		}
	}
	c.live = slices.DeleteFunc(c.live, func(order string) bool { return !r.tags[order].live })
	c.before = before
	return c.explain(called)
}

// undone holds what was told against the decision that was taken back.
func (r *recount) undone(c *countedCase) error {
	if c.before == nil {
		return fmt.Errorf("there is no decision to take back")
	}
	called := map[string]string{}
	for order, status := range c.before {
		tag := r.tags[order]
		if tag.status != status {
			called[order] = "tag.restored"
		}
		tag.status, tag.live = status, true
	}
	c.live, c.before = slices.Sorted(maps.Keys(c.before)), nil
	return c.explain(called)
}

// explain compares what was told with what a decision calls for.
func (c *countedCase) explain(called map[string]string) error {
	said := c.said
	c.said = map[string]string{}
	if !maps.Equal(said, called) {
		return fmt.Errorf("it calls for %v, told was %v", called, said)
	}
	return nil
}

// unsettled are the cases of which something is still to be told.
func (r *recount) unsettled() []string {
	var ids []string
	for id, c := range r.cases {
		if err := c.settled(); err != nil {
			ids = append(ids, fmt.Sprintf("%s: %v", id, err))
		}
	}
	return ids
}
