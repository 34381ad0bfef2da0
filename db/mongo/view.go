package mongo

import "cloudtag/internal/store"

// viewBytes bounds the applied records that a view caches, by their stored size.
const viewBytes = 8 << 20

// view caches records exactly as of a commit: those recently read or changed. It contains every change that is not applied
// yet, so that reads of the collections can be corrected by it. One goroutine uses it.
type view struct {
	commit int64       // the one it is as of
	chain  store.Chain // the end of the log with it

	// Two generations: a record that is used moves to the newer one, and the older one is evicted as a whole.
	newer, older map[store.Ref]revision
	bytes        int // of the newer one
}

// revision is a record as a commit left it; record is nil if it does not exist.
type revision struct {
	record any
	commit int64
	size   int
}

func newView(commit int64, chain store.Chain) *view {
	return &view{commit: commit, chain: chain, newer: make(map[store.Ref]revision), older: make(map[store.Ref]revision)}
}

// get returns the cached revision of a record.
func (v *view) get(ref store.Ref) (r revision, known bool) {
	if r, known = v.newer[ref]; known {
		return r, true
	}
	if r, known = v.older[ref]; known {
		v.put(ref, r)
	}
	return r, known
}

func (v *view) put(ref store.Ref, r revision) {
	const overhead = 100
	if _, again := v.newer[ref]; !again {
		v.bytes += overhead + len(ref.ID) + r.size
	}
	v.newer[ref] = r
}

// merge caches a revision that was read, unless a newer one is cached.
func (v *view) merge(ref store.Ref, r revision) {
	if old, known := v.get(ref); !known || r.commit > old.commit {
		v.put(ref, r)
	}
}

// add advances the view by the next block.
func (v *view) add(b *block) {
	v.commit, v.chain = b.number, b.chain
	for _, c := range b.changes {
		v.put(c.ref, revision{c.record, b.number, len(c.document)})
	}
}

// evict drops what was not used recently, except changes after the commit up to which all are applied. It must not be called
// while records are being read.
func (v *view) evict(applied int64) {
	if v.bytes < viewBytes/2 {
		return
	}
	evicted := v.older
	v.older, v.newer, v.bytes = v.newer, make(map[store.Ref]revision), 0
	for ref, r := range evicted {
		if _, kept := v.older[ref]; !kept && r.commit > applied {
			v.put(ref, r)
		}
	}
}
