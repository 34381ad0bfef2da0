package sqlite

import "cloudtag/internal/store"

// cache holds the records that were used last, as they are stored, and which there are not. What was not used while as many
// others were as fit is forgotten.
type cache struct {
	size          int               // records that are remembered at least, and half of how many at most
	recent, older map[store.Ref]any // nil: there is no such record
}

func newCache(size int) *cache { return &cache{size: size, recent: make(map[store.Ref]any)} }

// get returns a record, nil where there is none, and whether that is known.
func (c *cache) get(ref store.Ref) (record any, known bool) {
	if record, known = c.recent[ref]; known {
		return record, true
	}
	if record, known = c.older[ref]; known {
		c.put(ref, record)
	}
	return record, known
}

func (c *cache) put(ref store.Ref, record any) {
	if len(c.recent) >= c.size {
		c.recent, c.older = make(map[store.Ref]any, c.size), c.recent
	}
	c.recent[ref] = record
}
