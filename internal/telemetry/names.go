package telemetry

import "sync"

const (
	maxNames      = 100 // values of a label, beside other and anonymous
	maxNameLength = 64
	nameOther     = "other"
	nameAnonymous = "anonymous"
)

// names bounds the values of a label that callers choose: the first ones get series of their own, all later ones share one.
type names struct {
	mu    sync.RWMutex
	known map[string]struct{}
}

func newNames() *names { return &names{known: make(map[string]struct{}, maxNames)} }

// label returns the label value for a name.
func (n *names) label(name string) string {
	if name == "" {
		return nameAnonymous
	}
	n.mu.RLock()
	_, known := n.known[name]
	full := len(n.known) >= maxNames
	n.mu.RUnlock()
	switch {
	case known:
		return name
	case full, len(name) > maxNameLength:
		return nameOther
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, known := n.known[name]; !known && len(n.known) >= maxNames {
		return nameOther
	}
	n.known[name] = struct{}{}
	return name
}
