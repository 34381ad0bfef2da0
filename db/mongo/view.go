package mongo

import "cloudtag/internal/store"

// viewBytes bounds what a view keeps of records whose change is applied, in bytes as they are stored.
const viewBytes = 8 << 20

// view is what is known of the records as of a commit: those that were read or changed lately, exactly. Whatever is not
// applied yet is in it, so that reads of the collections are completed by it. One goroutine uses it.
type view struct {
	place int64       // the commit that it is exact as of
	chain store.Chain // where the log ends there

	// Two generations: what is used moves to the newer one, and the older one is given up when that is full.
	newer, older map[store.Ref]seen
	bytes        int // of the newer one
}

// seen is a record as a commit left it; the record is nil where there is none.
type seen struct {
	record any
	commit int64
	size   int
}

func newView(place int64, chain store.Chain) *view {
	return &view{place: place, chain: chain, newer: make(map[store.Ref]seen), older: make(map[store.Ref]seen)}
}

// get returns what is known of a record.
func (v *view) get(ref store.Ref) (s seen, known bool) {
	if s, known = v.newer[ref]; known {
		return s, true
	}
	if s, known = v.older[ref]; known {
		v.put(ref, s)
	}
	return s, known
}

func (v *view) put(ref store.Ref, s seen) {
	const ofAnEntry = 100
	if _, again := v.newer[ref]; !again {
		v.bytes += ofAnEntry + len(ref.ID) + s.size
	}
	v.newer[ref] = s
}

// learn takes in what was read, unless something newer is known.
func (v *view) learn(ref store.Ref, s seen) {
	if old, known := v.get(ref); !known || s.commit > old.commit {
		v.put(ref, s)
	}
}

// add moves the view on by a block, which follows on it.
func (v *view) add(b *block) {
	v.place, v.chain = b.number, b.chain
	for _, c := range b.changes {
		v.put(c.ref, seen{c.record, b.number, len(c.document)})
	}
}

// tidy gives up what was not used lately, but for what is newer than the commit up to which all is applied. It must not be
// called while records are being read.
func (v *view) tidy(applied int64) {
	if v.bytes < viewBytes/2 {
		return
	}
	gone := v.older
	v.older, v.newer, v.bytes = v.newer, make(map[store.Ref]seen), 0
	for ref, s := range gone {
		if _, kept := v.older[ref]; !kept && s.commit > applied {
			v.put(ref, s)
		}
	}
}
