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

// recount is an independent, small model of the rules: from the log's submissions, decisions, undone decisions and revocations it
// computes the entries that must follow, and compares them with the log. It models a market with a threshold of three votes,
// without risk data, holds, history or expiry.
type recount struct {
	seq     int64
	tags    map[string]*countedTag
	cases   map[string]*countedCase
	judged  map[string]bool // shops about whose revocation was decided
	revoked map[string]bool // shops that lost their permission
	events  []statusEvent   // events for a follower of all tags, in order
	entries map[string]int  // how often the log has an entry, by promiseOf
}

type countedTag struct {
	shop, status string
	live         bool
	version      int
	flips        int // entries that say that it succeeded
}

// countedCase is a case of the recount. The effects of a decision are logged before the decision, so they are kept in said until
// it is logged; the effects of rules are logged after their cause, so they are expected from then on.
type countedCase struct {
	live     []string
	expected map[string]string // action that must be logged, by order
	said     map[string]string // action that was logged before the decision that explains it, by order
	before   map[string]string // statuses before the last decision, by order; nil when nothing can be taken back
}

const recountThreshold = 3

func newRecount() *recount {
	return &recount{
		tags: map[string]*countedTag{}, cases: map[string]*countedCase{},
		judged: map[string]bool{}, revoked: map[string]bool{}, entries: map[string]int{},
	}
}

// promiseOf names the acknowledged change that an entry proves; "" for other entries.
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

// take applies the next entry, and returns an error if it violates the rules.
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

// takeTag applies an entry about a tag: each version is logged once, in order.
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
		return fmt.Errorf("it has version %d, want %d", after.Version, tag.version)
	}
	if e.Action != "tag.discounted" {
		r.events = append(r.events, statusEvent{order, after.Status})
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

// settled returns an error unless all expected entries of the case were logged.
func (c *countedCase) settled() error {
	if len(c.expected) > 0 || len(c.said) > 0 {
		return fmt.Errorf("before it %v should have been logged, and a decision that explains %v", c.expected, c.said)
	}
	return nil
}

// expect consumes an expected entry.
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

// discount takes a revoked shop out of the case. It ignores shops that are not revoked.
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

// decided compares the logged effects with the decision that follows them.
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

// undone compares the logged effects with the decision that was undone.
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

// explain compares the logged effects with those that a decision must have.
func (c *countedCase) explain(called map[string]string) error {
	said := c.said
	c.said = map[string]string{}
	if !maps.Equal(said, called) {
		return fmt.Errorf("want the effects %v, logged were %v", called, said)
	}
	return nil
}

// unsettled returns the cases with missing entries.
func (r *recount) unsettled() []string {
	var ids []string
	for id, c := range r.cases {
		if err := c.settled(); err != nil {
			ids = append(ids, fmt.Sprintf("%s: %v", id, err))
		}
	}
	return ids
}
