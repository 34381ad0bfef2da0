package live

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Presence tells people who else is looking at something. It knows the people who are connected to this process, and
// forgets them when they leave; nothing of it is stored.
type Presence[K comparable] struct {
	mu    sync.Mutex
	rooms map[K]map[*Visit[K]]struct{}
}

// NewPresence returns a presence in which nobody looks at anything.
func NewPresence[K comparable]() *Presence[K] {
	return &Presence[K]{rooms: make(map[K]map[*Visit[K]]struct{})}
}

// Visitor is somebody who looks.
type Visitor struct {
	Subject string
	Since   time.Time // when the first of the person's visits that last began
}

// Visit is one person's look at one thing. It ends with Leave.
type Visit[K comparable] struct {
	presence *Presence[K]
	room     K
	visitor  Visitor
	changed  chan struct{} // holds at most one signal
}

// Enter begins a visit. The other visits to the same thing are signalled, and so is the new one, so that its first look
// at Changed does not wait.
func (p *Presence[K]) Enter(room K, subject string, now time.Time) *Visit[K] {
	visit := &Visit[K]{presence: p, room: room, visitor: Visitor{Subject: subject, Since: now}, changed: make(chan struct{}, 1)}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rooms[room] == nil {
		p.rooms[room] = make(map[*Visit[K]]struct{})
	}
	p.rooms[room][visit] = struct{}{}
	p.signal(room)
	return visit
}

// Changed is signalled when people have come or left since it was last received from.
func (v *Visit[K]) Changed() <-chan struct{} { return v.changed }

// Visitors returns who is looking, each person once, those who came first before others.
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

// Leave ends the visit; nothing of it is left. Leaving again does nothing.
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

// signal leaves a signal with every visit to a room that has none waiting.
func (p *Presence[K]) signal(room K) {
	for visit := range p.rooms[room] {
		select {
		case visit.changed <- struct{}{}:
		default:
		}
	}
}
