//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudtag/db/mongo/mongotest"
	domain "cloudtag/internal/cloudtag"
	"cloudtag/internal/sealing"
)

// faultOptions set the length of TestKilledAtRandom. `make fault` sets them.
type faultOptions struct {
	kills    int           // FAULT_KILLS
	seed     uint64        // FAULT_SEED; by default another one in each run, which is printed
	longest  time.Duration // a server lives under load; FAULT_LONGEST
	stepDown bool          // the primary of MongoDB's replica set steps down in every other life, too; FAULT_STEP_DOWN
}

const shortestLife = 200 * time.Millisecond

func readFaultOptions(t *testing.T) faultOptions {
	t.Helper()
	options := faultOptions{kills: 5, seed: rand.Uint64(), longest: 700 * time.Millisecond}
	for name, read := range map[string]func(text string) error{
		"FAULT_KILLS":     func(text string) (err error) { options.kills, err = strconv.Atoi(text); return err },
		"FAULT_SEED":      func(text string) (err error) { options.seed, err = strconv.ParseUint(text, 10, 64); return err },
		"FAULT_LONGEST":   func(text string) (err error) { options.longest, err = time.ParseDuration(text); return err },
		"FAULT_STEP_DOWN": func(text string) (err error) { options.stepDown, err = strconv.ParseBool(text); return err },
	} {
		if text := os.Getenv(name); text != "" {
			if err := read(text); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	if options.kills < 1 || options.longest < shortestLife {
		t.Fatalf("FAULT_KILLS must be 1 or more, FAULT_LONGEST %s or more", shortestLife)
	}
	return options
}

// TestKilledAtRandom kills the server with SIGKILL at random moments under load: shops that submit, reviewers who claim,
// decide and undo, shops that lose their permission, followers. After each restart, everything acknowledged is stored exactly
// once; at the end, the store equals the result of an independent computation (see recount).
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	onEachStore(t, killedAtRandom)
}

// faultRun is one run on one store.
type faultRun struct {
	t        *testing.T
	options  faultOptions
	random   *rand.Rand
	uri      string
	address  string
	made     *promises
	recount  *recount
	place    string // the cursor of the last entry that the recount took
	auditor  string
	behind   map[string]int // versions of tags that are later than in the log when it was read, by order
	checked  int            // tags that were compared
	inStart  int            // kills before the server was ready
	followed *followed

	replicas  *mongotest.ReplicaSet // nil: elections are left alone
	stepDowns int
}

func killedAtRandom(t *testing.T, uri string) {
	options := readFaultOptions(t)
	t.Logf("seed %d (FAULT_SEED), %d kills (FAULT_KILLS), lives of up to %s (FAULT_LONGEST)", options.seed, options.kills, options.longest)
	f := &faultRun{
		t: t, options: options, uri: uri, address: freeAddress(t), made: newPromises(), recount: newRecount(),
		random:  rand.New(rand.NewPCG(options.seed, 0)), //nolint:gosec // reproducible from a printed seed
		auditor: token(t, "AUDITOR", "--ttl", "12h"), behind: map[string]int{},
	}
	if options.stepDown {
		f.openReplicaSet()
	}
	actors := f.openMarket()
	f.followed = f.follow()
	following, stopFollowing := context.WithCancel(t.Context())
	followers := f.followed.run(following, &server{t: t, address: f.address})
	defer func() { stopFollowing(); followers.Wait() }()
	began := time.Now()
	for life := range options.kills {
		f.live(life, actors)
		if (life+1)%10 == 0 || life+1 == options.kills {
			t.Logf("%s: %d of %d kills, %d more while starting, %d times the primary stepped down; %d entries of the log, %d tags, %d comparisons of tags, %d resumed subscriptions",
				time.Since(began).Round(time.Second), life+1, options.kills, f.inStart, f.stepDowns, f.recount.seq, len(f.recount.tags), f.checked, f.followed.resumptions())
		}
		if t.Failed() {
			t.Fatalf("after kill %d; again with FAULT_SEED=%d", life+1, options.seed)
		}
	}
	f.finish(actors)
}

// openMarket imports a market that is large enough, and returns the actors.
func (f *faultRun) openMarket() []actor {
	const shops = 6
	ordersPerKill := 100 // of each shop: more than it gets to submit
	if !f.embedded() {
		ordersPerKill = 25
	}
	victims := 2 + f.options.kills/8
	merchants, orders, byShop := faultMarket(f.t, f.random, shops, 200+f.options.kills*ordersPerKill, victims)
	mustCloudtag(f.t, "import", "merchants", merchants, "--strict", "--db", f.uri)
	mustCloudtag(f.t, "import", "orders", orders, "--strict", "--db", f.uri)
	shop := func(name string) *faultShop {
		return &faultShop{t: f.t, made: f.made, random: f.newRandom(), name: name, token: signed(f.t, name)[name], orders: byShop[name]}
	}
	var actors []actor
	for i := range shops {
		actors = append(actors, shop(fmt.Sprintf("m-%d", i+1)))
	}
	for _, name := range []string{"lin", "wei"} {
		actors = append(actors, &faultReviewer{
			t: f.t, made: f.made, random: f.newRandom(), name: name, token: token(f.t, "REVIEWER", "--subject", name, "--ttl", "12h"),
		})
	}
	admin := &faultAdmin{
		t: f.t, made: f.made, random: f.newRandom(),
		proposer: token(f.t, "REVIEWER", "--subject", "rita", "--ttl", "12h"), decider: token(f.t, "ADMIN", "--subject", "adam", "--ttl", "12h"),
	}
	for victim := range victims {
		admin.victims = append(admin.victims, shop(fmt.Sprintf("v-%d", victim)))
	}
	return append(actors, admin)
}

func (f *faultRun) newRandom() *rand.Rand {
	return rand.New(rand.NewPCG(f.options.seed, f.random.Uint64())) //nolint:gosec // reproducible from a printed seed
}

// unlimited are the flags of a server without rate limits, which have their own tests.
func unlimited() []string {
	return []string{"--limit-requests", "0", "--limit-tags", "0", "--limit-running-per-cpu", "0"}
}

// serve starts a server that runs recovery often.
func (f *faultRun) serve() *server {
	return serveAt(f.t, f.uri, f.address, append(unlimited(), "--upkeep-interval", "1s", "--log-level", "warn", "--cursor-secret", cursorSecret)...)
}

// live starts a server, checks what earlier servers acknowledged, runs the load, and kills the server. Sometimes the server is
// killed before it is ready, so that recovery is interrupted, too.
func (f *faultRun) live(life int, actors []actor) {
	if f.random.IntN(10) == 0 {
		f.dieStarting()
	}
	s := f.serve()
	f.check(s, fmt.Sprintf("life %d", life+1))
	ctx, cancel := context.WithCancel(f.t.Context())
	var acting sync.WaitGroup
	for _, a := range actors {
		random := f.newRandom()
		acting.Go(func() { keepActing(ctx, s, a, random) })
	}
	before := f.made.total()
	until(f.t, "something is acknowledged", func() bool { return f.made.total() > before || f.t.Failed() })
	if f.replicas != nil && life%2 == 0 {
		f.stepDown(s)
	}
	lives := time.NewTimer(shortestLife + time.Duration(f.random.Int64N(int64(f.options.longest-shortestLife)+1)))
	defer lives.Stop()
	select {
	case <-lives.C:
		s.kill()
	case <-s.ended:
		f.t.Errorf("the server ended by itself:\n%s", s.output)
	}
	cancel()
	acting.Wait()
	output := s.output.String()
	if strings.Contains(output, "panic") || f.embedded() && strings.Contains(output, `"level":"ERROR"`) { // a database elsewhere may fail
		f.t.Errorf("life %d: the server says:\n%s", life+1, output)
	}
}

// dieStarting kills a server while it starts.
func (f *faultRun) dieStarting() {
	f.inStart++
	s := launch(f.t, f.uri, f.address, append(unlimited(), "--upkeep-interval", "1s", "--cursor-secret", cursorSecret)...)
	select {
	case <-s.ended:
		f.t.Errorf("the server ended by itself:\n%s", s.output)
	case <-time.After(time.Duration(f.random.Int64N(int64(400 * time.Millisecond)))):
	}
	s.kill()
}

// embedded reports whether a change and its log entries are one transaction. Otherwise the entries follow; after a crash, once
// the recovery has appended them.
func (f *faultRun) embedded() bool { return strings.HasPrefix(f.uri, "sqlite:") }

// check reads the log's new entries, and compares them and the tags with what was acknowledged.
func (f *faultRun) check(s *server, when string) {
	f.t.Helper()
	changed := f.readLog(s, when)
	f.made.mu.Lock()
	for order := range f.made.tags {
		changed[order] = true
	}
	seen := f.made.tags
	f.made.tags = map[string]int{}
	f.made.mu.Unlock()
	for _, broken := range f.made.broken(f.recount.entries, false) {
		f.t.Errorf("%s: %s", when, broken)
	}
	for order := range f.behind {
		changed[order] = true
	}
	f.behind = map[string]int{}
	f.compareTags(s, when, changed, seen)
	if !f.embedded() || len(f.behind) == 0 {
		return
	}
	f.readLog(s, when) // by upkeep, meanwhile
	for order, version := range f.behind {
		if logged := f.recount.tags[order].version; logged < version {
			f.t.Errorf("%s: the tag of order %s has version %d, the log has version %d", when, order, version, logged)
		}
	}
	f.behind = map[string]int{}
}

const logPage = `query($after: Cursor) { log(first: 100, after: $after) {
  nodes { seq actor action subjects reason after } pageInfo { hasNextPage endCursor }
} }`

// readLog passes all new entries to the recount, and returns the orders whose tags they change.
func (f *faultRun) readLog(s *server, when string) map[string]bool {
	f.t.Helper()
	changed := map[string]bool{}
	for more := true; more; {
		var after *string
		if f.recount.seq > 0 {
			after = &f.place
		}
		page := ask[struct {
			Log struct {
				Nodes []struct {
					logEntry
					Reason *string `json:"reason"`
					After  *string `json:"after"`
				}
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
			}
		}](s, f.auditor, logPage, map[string]any{"after": after}).Log
		for _, node := range page.Nodes {
			entry := node.logEntry
			if node.Reason != nil {
				entry.Reason = *node.Reason
			}
			if node.After != nil {
				entry.After = json.RawMessage(*node.After)
			}
			if err := f.recount.take(entry); err != nil {
				f.t.Fatalf("%s: %v", when, err)
			}
			if order := entry.subject("tag"); order != "" {
				changed[order] = true
			}
		}
		if page.PageInfo.EndCursor != nil {
			f.place = *page.PageInfo.EndCursor
		}
		more = page.PageInfo.HasNextPage
	}
	return changed
}

const tagsByOrder = `query($orders: [ID!]!) { tags(filter: {orderNos: $orders}, first: 100) { nodes { orderNo status version } } }`

// compareTags compares stored tags with the recount. A tag may be newer than the log was when it was read; it is then compared
// again later. No tag may be older than the log, or than a response has shown.
func (f *faultRun) compareTags(s *server, when string, orders map[string]bool, seen map[string]int) {
	f.t.Helper()
	names := make([]string, 0, len(orders))
	for order := range orders {
		names = append(names, order)
	}
	slices.Sort(names)
	for chunk := range slices.Chunk(names, 100) {
		found := ask[struct {
			Tags struct {
				Nodes []struct {
					OrderNo, Status string
					Version         int
				}
			}
		}](s, f.auditor, tagsByOrder, map[string]any{"orders": chunk}).Tags.Nodes
		if len(found) != len(chunk) {
			f.t.Errorf("%s: %d of %d tags that were acknowledged or logged are there", when, len(found), len(chunk))
		}
		for _, tag := range found {
			f.checked++
			counted := f.recount.tags[tag.OrderNo]
			switch {
			case counted == nil:
				f.t.Errorf("%s: the log does not know the tag of order %s", when, tag.OrderNo)
			case tag.Version > counted.version:
				f.behind[tag.OrderNo] = tag.Version
			case tag.Version != counted.version || tag.Status != counted.status || tag.Version < seen[tag.OrderNo]:
				f.t.Errorf("%s: the tag of order %s is %s, version %d; by the log it is %s, version %d, and an answer showed version %d",
					when, tag.OrderNo, tag.Status, tag.Version, counted.status, counted.version, seen[tag.OrderNo])
			}
		}
	}
}

// finish waits until all started work is complete, and checks all of it.
func (f *faultRun) finish(actors []actor) {
	s := f.serve()
	f.check(s, "after the last kill")
	for _, a := range actors {
		shop, ok := a.(*faultShop)
		if !ok {
			continue
		}
		until(f.t, "the batch that "+shop.name+" was at is taken", func() bool {
			if shop.pending != nil {
				shop.submit(f.t.Context(), s)
			}
			return shop.pending == nil
		})
		for range 3 { // so that there is something to see even when the lives were hard
			shop.step(f.t.Context(), s)
		}
	}
	began := time.Now()
	until(f.t, "what was left half done is completed", func() bool {
		f.check(s, "in the end")
		if !f.embedded() && time.Since(began) < recoveredWithin {
			return false
		}
		return len(f.behind) == 0 && len(f.recount.unsettled()) == 0 && f.revocationsDone(s) && f.quiet(s) || f.t.Failed()
	})
	f.followed.compare(f.t, f.recount)
	s.stop()
	f.compareExports()
}

// recoveredWithin is the longest time in which a server on MongoDB applies what a killed one left pending: a few polls of the
// journal, and some rounds of upkeep.
const recoveredWithin = 20 * time.Second

// quiet reports whether nothing has been added to the log since it was read.
func (f *faultRun) quiet(s *server) bool {
	f.t.Helper()
	return s.logEnd() == f.place
}

// revocationsDone reports whether every approved revocation has recounted its cases.
func (f *faultRun) revocationsDone(s *server) bool {
	f.t.Helper()
	type revocation struct {
		ID          string
		CompletedAt *string
	}
	found := ask[struct{ Revocations []revocation }](s, f.auditor, `{ revocations(state: APPROVED) { id completedAt } }`, nil).Revocations
	return !slices.ContainsFunc(found, func(r revocation) bool { return r.CompletedAt == nil })
}

// compareExports reads the whole store without a server: the chain of the log is intact, nothing of what was read is missing,
// a new recount finds nothing broken or left, every tag matches it, and none succeeded twice. The log may have grown since it
// was read: background work goes on until the server stops.
func (f *faultRun) compareExports() {
	f.t.Helper()
	mustCloudtag(f.t, "verify-log", "--db", f.uri)
	stored := newRecount()
	lines := bufio.NewScanner(strings.NewReader(mustCloudtag(f.t, "export", "log", "--format", "ndjson", "--db", f.uri).stdout))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var entry logEntry
		if err := json.Unmarshal(lines.Bytes(), &entry); err != nil {
			f.t.Fatal(err)
		}
		if err := stored.take(entry); err != nil {
			f.t.Fatalf("the exported log: %v", err)
		}
	}
	export := mustCloudtag(f.t, "export", "tags", "--format", "csv", "--db", f.uri).stdout
	numbers, statuses, shops := column(f.t, export, "order_no"), column(f.t, export, "status"), column(f.t, export, "merchant_id")
	if len(numbers) != len(stored.tags) || stored.seq < f.recount.seq {
		f.t.Errorf("%d tags and %d entries are stored; the log has %d tags, it had %d entries before", len(numbers), stored.seq, len(stored.tags), f.recount.seq)
	}
	for _, broken := range slices.Concat(f.made.broken(stored.entries, true), stored.unsettled()) {
		f.t.Errorf("in the end: %s", broken)
	}
	succeeded, flips, voided := 0, 0, 0
	for i, number := range numbers {
		tag := stored.tags[number]
		if tag == nil || tag.status != statuses[i] || tag.shop != shops[i] {
			f.t.Errorf("order %s of %s is %s, by the log it is %+v", number, shops[i], statuses[i], tag)
			continue
		}
		if stored.revoked[tag.shop] && tag.live {
			f.t.Errorf("order %s of %s still counts, which was revoked", number, tag.shop)
		}
		flips += tag.flips
		switch tag.status {
		case "SUCCEEDED":
			succeeded++
		case "VOIDED":
			voided++
		}
	}
	f.t.Logf("in the end: %d tags, of which %d succeeded and %d were voided; %d entries of a success; %d shops revoked; %d entries",
		len(numbers), succeeded, voided, flips, len(stored.revoked), stored.seq)
	if succeeded == 0 || flips <= succeeded/2 || f.replicas != nil && f.stepDowns == 0 {
		f.t.Error("the run shows nothing")
	}
}

// followed has all events that the followers received.
type followed struct {
	seq       int64 // of the log's follower
	all, shop []statusEvent
	followers []*follower
}

const followLog = `subscription($after: Cursor) { logAppended(after: $after) { cursor node { seq } } }`

// followedShop is the shop that has a follower of its own.
const followedShop = "m-1"

// beginning is a cursor of the log's beginning, sealed by the test because no list returns one.
func (f *faultRun) beginning(role domain.Role, shop domain.MerchantID) string {
	f.t.Helper()
	sealer, err := sealing.New([]byte(cursorSecret))
	if err != nil {
		f.t.Fatal(err)
	}
	caller := domain.Caller{Roles: []domain.Role{role}, MerchantID: shop}
	return sealer.Seal(string(domain.LogPlace{}.Cursor()), caller.Audience())
}

// follow makes a follower of the log, one of all tags, and one of a shop's tags over server-sent events. All begin at the
// log's beginning.
func (f *faultRun) follow() *followed {
	heard := &followed{}
	tags := func(into *[]statusEvent) func(json.RawMessage) (string, error) {
		return func(data json.RawMessage) (string, error) {
			var event tagEvent
			err := json.Unmarshal(data, &event)
			*into = append(*into, statusEvent{event.TagStatusChanged.Tag.OrderNo, event.TagStatusChanged.Tag.Status})
			return event.TagStatusChanged.Cursor, err
		}
	}
	heard.followers = []*follower{
		{name: "the log's follower", token: f.auditor, document: followLog, cursor: f.beginning("AUDITOR", ""), take: func(data json.RawMessage) (string, error) {
			var event struct {
				LogAppended struct {
					Cursor string
					Node   struct{ Seq int64 }
				}
			}
			err := json.Unmarshal(data, &event)
			if seq := event.LogAppended.Node.Seq; err == nil && seq != heard.seq+1 {
				err = fmt.Errorf("entry %d came after entry %d", seq, heard.seq)
			}
			heard.seq++
			return event.LogAppended.Cursor, err
		}},
		{name: "the follower of all tags", token: f.auditor, document: followTags, cursor: f.beginning("AUDITOR", ""), take: tags(&heard.all)},
		{name: "the shop's follower", token: signed(f.t, followedShop)[followedShop], document: followTags, cursor: f.beginning("MERCHANT", followedShop), streams: true, take: tags(&heard.shop)},
	}
	return heard
}

func (h *followed) run(ctx context.Context, s *server) *sync.WaitGroup {
	var group sync.WaitGroup
	for _, f := range h.followers {
		group.Go(func() { f.run(ctx, s) })
	}
	return &group
}

func (h *followed) resumptions() int {
	total := 0
	for _, f := range h.followers {
		total += f.resumptions()
	}
	return total
}

// compare waits until the followers have received everything, and compares it with the events that the recount expects.
func (h *followed) compare(t *testing.T, r *recount) {
	t.Helper()
	var ofShop []statusEvent
	for _, event := range r.events {
		if r.tags[event.orderNo].shop == followedShop {
			ofShop = append(ofShop, event)
		}
	}
	for i, f := range h.followers {
		heard := func() int { return []int{int(h.seq), len(h.all), len(h.shop)}[i] }
		want := []int{int(r.seq), len(r.events), len(ofShop)}[i]
		until(t, f.name+" hears all", func() bool {
			if err := f.failure(); err != nil {
				t.Fatal(err)
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			return heard() >= want
		})
	}
	for i, pair := range [][2][]statusEvent{{h.all, r.events}, {h.shop, ofShop}} {
		f := h.followers[i+1]
		f.mu.Lock()
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("%s heard %d events, the recount has %d, or others", f.name, len(pair[0]), len(pair[1]))
		}
		f.mu.Unlock()
	}
}
