package sqlite

import "cloudtag/internal/store"

// cacheSize is how many records the writer remembers at least, and half of how many at most: some megabytes.
const cacheSize = 512

// cache holds the records that the writer used last, as they are stored, and which there are not. What was not used while
// as many others were as fit is forgotten.
type cache struct {
	recent, older map[store.Ref]any // nil: there is no such record
}

func newCache() *cache { return &cache{recent: make(map[store.Ref]any)} }

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
	if len(c.recent) >= cacheSize {
		c.recent, c.older = make(map[store.Ref]any, cacheSize), c.recent
	}
	c.recent[ref] = record
}
