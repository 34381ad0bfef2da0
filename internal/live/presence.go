package live

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Presence tracks who is looking at which thing, among the people connected to this process. Nothing of it is stored.
type Presence[K comparable] struct {
	mu    sync.Mutex
	rooms map[K]map[*Visit[K]]struct{}
}

// NewPresence returns an empty presence.
func NewPresence[K comparable]() *Presence[K] {
	return &Presence[K]{rooms: make(map[K]map[*Visit[K]]struct{})}
}

// Visitor is a person with at least one visit.
type Visitor struct {
	Subject string
	Since   time.Time // when the earliest of the person's current visits began
}

// Visit is one person's view of one thing, such as a browser tab. It ends with Leave.
type Visit[K comparable] struct {
	presence *Presence[K]
	room     K
	visitor  Visitor
	changed  Signal
}

// Enter begins a visit. It signals all visits to the same thing, the new one included, so that its first receive from
// Changed does not wait.
func (p *Presence[K]) Enter(room K, subject string, now time.Time) *Visit[K] {
	visit := &Visit[K]{presence: p, room: room, visitor: Visitor{Subject: subject, Since: now}, changed: NewSignal()}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rooms[room] == nil {
		p.rooms[room] = make(map[*Visit[K]]struct{})
	}
	p.rooms[room][visit] = struct{}{}
	p.signal(room)
	return visit
}

// Changed is signalled when visits have begun or ended since it was last received from.
func (v *Visit[K]) Changed() <-chan struct{} { return v.changed }

// Visitors returns who is looking, each person once, the earliest first.
func (v *Visit[K]) Visitors() []Visitor {
	v.presence.mu.Lock()
	defer v.presence.mu.Unlock()
	var visitors []Visitor
	for visit := range v.presence.rooms[v.room] {
		place := slices.IndexFunc(visitors, func(other Visitor) bool { return other.Subject == visit.visitor.Subject })
		switch {
		case place < 0:
			visitors = append(visitors, visit.visitor)
		case visit.visitor.Since.Before(visitors[place].Since):
			visitors[place] = visit.visitor
		}
	}
	slices.SortFunc(visitors, func(a, b Visitor) int {
		if order := a.Since.Compare(b.Since); order != 0 {
			return order
		}
		return strings.Compare(a.Subject, b.Subject)
	})
	return visitors
}

// Leave ends the visit. Leaving again does nothing.
func (v *Visit[K]) Leave() {
	p := v.presence
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.rooms[v.room], v)
	if len(p.rooms[v.room]) == 0 {
		delete(p.rooms, v.room)
		return
	}
	p.signal(v.room)
}

// signal signals every visit to a room. The lock is held.
func (p *Presence[K]) signal(room K) {
	for visit := range p.rooms[room] {
		visit.changed.Send()
	}
}
