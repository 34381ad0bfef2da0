package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// What makes two shops a linked pair, and votes a burst. They are facts to look at, never verdicts: whether they have
// any effect is for the policy's switches, which are off by default.
const (
	linkedCommonBuyers = 5    // at least so many accounts tagged by both
	linkedShare        = 0.5  // of the accounts that the shop with fewer of them tagged
	linkedLift         = 10.0 // times as many in common as chance would bring about
	burstWithin        = time.Hour
	// meetingShops is with how many of the shops that tagged an account before a new one is compared, latest first: it
	// keeps the cost of a tag the same however many there are.
	meetingShops = 20
)

// The holds that the policy's switches can put on a case.
const (
	HoldLinkedPair = "LINKED_PAIR"
	HoldBurst      = "BURST"
)

// PairCounts is how often two shops tagged the same accounts.
type PairCounts struct {
	A         MerchantID `json:"a"` // before B
	B         MerchantID `json:"b"`
	Common    int        `json:"common"`    // accounts tagged by both, and counted for the pair (see [PairStore].Meet)
	BuyersOfA int        `json:"buyersOfA"` // accounts tagged by A
	BuyersOfB int        `json:"buyersOfB"`
	Buyers    int        `json:"buyers"` // accounts tagged by anybody
}

// Lift is how many times more accounts the shops have in common than two shops that tag by chance would.
func (p PairCounts) Lift() float64 {
	if p.BuyersOfA == 0 || p.BuyersOfB == 0 {
		return 0
	}
	return float64(p.Common) * float64(p.Buyers) / (float64(p.BuyersOfA) * float64(p.BuyersOfB))
}

// Linked reports whether the shops repeatedly tag the same accounts together.
func (p PairCounts) Linked() bool {
	return p.Common >= linkedCommonBuyers &&
		float64(p.Common) >= linkedShare*float64(min(p.BuyersOfA, p.BuyersOfB)) &&
		p.Lift() >= linkedLift
}

// LinkedPair is a pair that was linked when it last met, with the evidence of then.
type LinkedPair struct {
	PairCounts `json:",inline"`
	At         time.Time `json:"at"`
}

// Burst is most of a threshold's votes arriving within an hour.
type Burst struct {
	Entities int
	From, To time.Time
}

// FindBurst returns the largest group of entities whose tags arrived within an hour of each other, if it is most of the
// threshold; nil otherwise. live is ordered by time of submission.
func FindBurst(live []Tag, threshold int) *Burst {
	var found *Burst
	first := 0
	for last := range live {
		for live[last].SubmittedAt.Sub(live[first].SubmittedAt) > burstWithin {
			first++
		}
		entities := distinctEntities(live[first : last+1])
		if 2*entities > threshold && entities > 1 && (found == nil || entities > found.Entities) {
			found = &Burst{Entities: entities, From: live[first].SubmittedAt, To: live[last].SubmittedAt}
		}
	}
	return found
}

func distinctEntities(tags []Tag) int {
	seen := make(map[EntityID]struct{}, len(tags))
	for _, tag := range tags {
		seen[tag.EntityID] = struct{}{}
	}
	return len(seen)
}

// WantsLinks reports whether the policy in force asks which of the case's shops are linked; a store then tells the file
// by [CaseFile.Link] before it lets it be edited.
func (f *CaseFile) WantsLinks() bool {
	return f.policy.LinkedPairsCountOnce || f.policy.HoldLinkedPairs
}

// Link tells the file which of the shops that tag are linked pairs.
func (f *CaseFile) Link(pairs []LinkedPair) { f.links = pairs }

// Shops returns the shops with live tags, in order.
func (f *CaseFile) Shops() []MerchantID {
	shops := make([]MerchantID, len(f.live))
	for i, tag := range f.live {
		shops[i] = tag.MerchantID
	}
	slices.Sort(shops)
	return slices.Compact(shops)
}

// hold sets the holds that the policy's switches put on the case as it is.
func (f *CaseFile) hold() {
	f.Case.Holds = nil
	if f.policy.HoldLinkedPairs && len(f.linkedPairs()) > 0 {
		f.Case.Holds = append(f.Case.Holds, HoldLinkedPair)
	}
	if f.policy.HoldBursts && FindBurst(f.LiveTags(), f.Case.Threshold) != nil {
		f.Case.Holds = append(f.Case.Holds, HoldBurst)
	}
}

// joinLinked counts entities that linked shops join as one, and returns how many are left.
func (f *CaseFile) joinLinked() int {
	entityOf := map[MerchantID]EntityID{}
	leader := map[EntityID]EntityID{}
	for _, tag := range f.live {
		entityOf[tag.MerchantID] = tag.EntityID
		leader[tag.EntityID] = tag.EntityID
	}
	find := func(entity EntityID) EntityID {
		for leader[entity] != entity {
			entity = leader[entity]
		}
		return entity
	}
	votes := len(leader)
	for _, pair := range f.links {
		a, knownA := entityOf[pair.A]
		b, knownB := entityOf[pair.B]
		if !knownA || !knownB {
			continue
		}
		if a, b = find(a), find(b); a != b {
			leader[b] = a
			votes--
		}
	}
	return votes
}

// Collusion finds linked pairs from the log, behind the tags' backs: a tag costs nothing more for it, and every entry
// is looked at once, or again after a crash, which changes nothing.
type Collusion struct {
	store collusionStore
}

type collusionStore interface {
	DocumentStore
	LogReader
	PairStore
}

// PairStore keeps which shops tagged which accounts.
type PairStore interface {
	// Meet records that a shop tagged an account, and returns the counts of its pairs with up to limit of the other
	// shops that did, latest first by at. The first time, the account becomes one that each of those pairs has in common:
	// what a meeting costs, and counts, is bounded by limit, and an account with more shops than that is no evidence
	// against those far apart. The same meeting again changes no count.
	Meet(ctx context.Context, merchant MerchantID, buyer BuyerID, at time.Time, limit int) ([]PairCounts, error)
	// SaveLinkedPair stores a linked pair, or its newer evidence; evidence from before the stored one changes nothing.
	SaveLinkedPair(ctx context.Context, pair LinkedPair) error
	// DropLinkedPair takes a pair out that is no longer linked; there need not be one.
	DropLinkedPair(ctx context.Context, a, b MerchantID) error
	// LinkedPairs returns the linked pairs of which both shops are among those given, or all of them for none given; by
	// A, then B, up to limit.
	LinkedPairs(ctx context.Context, merchants []MerchantID, limit int) ([]LinkedPair, error)
}

// NewCollusion returns the service over a store.
func NewCollusion(store collusionStore) *Collusion { return &Collusion{store: store} }

// collusionProgress is up to where the log has been looked at.
type collusionProgress struct {
	Version int   `json:"version"`
	Seq     int64 `json:"seq"`
}

func collusionCodec() codec[collusionProgress] {
	return codec[collusionProgress]{KindCollusion, func(p collusionProgress) Document {
		return Document{ID: "progress", Version: p.Version, State: "RUNNING"}
	}}
}

// Carry looks at the log from where it stopped to its end.
func (c *Collusion) Carry(ctx context.Context) error {
	codec := collusionCodec()
	progress, err := codec.find(ctx, c.store, "progress")
	if err != nil && CodeOf(err) != CodeNotFound {
		return err
	}
	for {
		slice := Slice{Limit: upkeepPage, After: &Position{Key: progress.Seq}}
		entries, more, err := c.store.LogPage(ctx, LogFilter{Action: ActionTagSubmitted}, slice)
		if err != nil {
			return fmt.Errorf("read log: %w", err)
		}
		for _, entry := range entries {
			if err := c.look(ctx, entry); err != nil {
				return err
			}
			if err := yield(ctx); err != nil {
				return err
			}
		}
		if len(entries) == 0 {
			return nil
		}
		progress.Version++
		progress.Seq = entries[len(entries)-1].Seq
		err = c.store.SaveDocument(ctx, codec.document(progress), nil)
		if CodeOf(err) == CodeConflict {
			return nil // another instance is at it
		}
		if err != nil || !more {
			return err
		}
	}
}

// look records one tag and judges the pairs that it makes.
func (c *Collusion) look(ctx context.Context, entry Entry) error {
	merchant, buyer := MerchantID(entry.Subject("merchant")), BuyerID(entry.Subject("buyer"))
	pairs, err := c.store.Meet(ctx, merchant, buyer, entry.At, meetingShops)
	if err != nil {
		return fmt.Errorf("record meeting: %w", err)
	}
	for _, pair := range pairs {
		if pair.Linked() {
			err = c.store.SaveLinkedPair(ctx, LinkedPair{PairCounts: pair, At: entry.At})
		} else {
			err = c.store.DropLinkedPair(ctx, pair.A, pair.B)
		}
		if err != nil {
			return fmt.Errorf("store linked pair: %w", err)
		}
	}
	return nil
}

// linkedPairList names the list of linked pairs in cursors.
const linkedPairList = "lp"

// position is the pair's place: those with most in common have the highest.
func (p LinkedPair) position() Position {
	return Position{Key: int64(p.Common), ID: string(p.A) + "\x00" + string(p.B)}
}

// ranked returns all linked pairs, those with most in common first. They are read whole: how much a pair has in common
// changes with each tag, and shops that tag together are few.
func (c *Collusion) ranked(ctx context.Context, caller Caller) ([]LinkedPair, error) {
	if !caller.Reviews() {
		return nil, errForbidden()
	}
	pairs, err := c.store.LinkedPairs(ctx, nil, allLinkedPairs)
	if err != nil {
		return nil, fmt.Errorf("find linked pairs: %w", err)
	}
	slices.SortFunc(pairs, func(a, b LinkedPair) int { return comparePositions(b.position(), a.position()) })
	return pairs, nil
}

// List returns the first linked pairs, 1,000 of them at most, in the order of Page. FORBIDDEN unless the caller reviews.
func (c *Collusion) List(ctx context.Context, caller Caller) ([]LinkedPair, error) {
	pairs, err := c.ranked(ctx, caller)
	return pairs[:min(maxListed, len(pairs))], err
}

// Page returns a page of the linked pairs, those with most in common first, and how many there are. Errors: FORBIDDEN
// unless the caller reviews, BAD_USER_INPUT.
func (c *Collusion) Page(ctx context.Context, caller Caller, request PageRequest) (Page[LinkedPair], int, error) {
	slice, err := request.slice(linkedPairList)
	if err != nil {
		return Page[LinkedPair]{}, 0, err
	}
	pairs, err := c.ranked(ctx, caller)
	if err != nil {
		return Page[LinkedPair]{}, 0, err
	}
	items, more := pageOf(pairs, slice, LinkedPair.position)
	return newPage(linkedPairList, items, more, slice, LinkedPair.position), len(pairs), nil
}

// linksByShop are linked pairs by the first of their shops.
func linksByShop(pairs []LinkedPair) map[MerchantID][]LinkedPair {
	links := make(map[MerchantID][]LinkedPair)
	for _, pair := range pairs {
		links[pair.A] = append(links[pair.A], pair)
	}
	return links
}

// linksOf are the linked pairs of which the first shop has tags.
func linksOf(tags []Tag, byShop map[MerchantID][]LinkedPair) []LinkedPair {
	var links []LinkedPair
	seen := make(map[MerchantID]bool)
	for _, tag := range tags {
		if !seen[tag.MerchantID] {
			seen[tag.MerchantID] = true
			links = append(links, byShop[tag.MerchantID]...)
		}
	}
	return links
}

// Signals are what speaks for collusion in a case.
type Signals struct {
	Burst *Burst
	Pairs []LinkedPair // among the shops with live tags
}

// Signals returns what speaks for collusion in each case. FORBIDDEN unless the caller reviews.
func (r *Records) Signals(ctx context.Context, caller Caller, cases []Case) (map[CaseID]Signals, error) {
	if !caller.MaySeeCases() {
		return nil, errForbidden()
	}
	ids := make([]CaseID, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	live, err := r.store.LiveTags(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find live tags: %w", err)
	}
	var shops []MerchantID
	for _, tags := range live {
		for _, tag := range tags {
			shops = append(shops, tag.MerchantID)
		}
	}
	slices.Sort(shops)
	pairs, err := r.linkedAmong(ctx, slices.Compact(shops))
	if err != nil {
		return nil, err
	}
	signals := make(map[CaseID]Signals, len(cases))
	for _, c := range cases {
		file := CaseFile{links: pairs}
		for _, tag := range live[c.ID] {
			file.live = append(file.live, &fileTag{Tag: tag})
		}
		signals[c.ID] = Signals{Burst: FindBurst(live[c.ID], c.Threshold), Pairs: file.linkedPairs()}
	}
	return signals, nil
}

func (r *Records) linkedAmong(ctx context.Context, shops []MerchantID) ([]LinkedPair, error) {
	if len(shops) < 2 {
		return nil, nil
	}
	pairs, err := r.store.LinkedPairs(ctx, shops, allLinkedPairs)
	if err != nil {
		return nil, fmt.Errorf("find linked pairs: %w", err)
	}
	return pairs, nil
}

// linkedPairs returns the pairs of which both shops have live tags.
func (f *CaseFile) linkedPairs() []LinkedPair {
	shops := f.Shops()
	var among []LinkedPair
	for _, pair := range f.links {
		if slices.Contains(shops, pair.A) && slices.Contains(shops, pair.B) {
			among = append(among, pair)
		}
	}
	return among
}
