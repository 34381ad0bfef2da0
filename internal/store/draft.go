package store

import "cloudtag/internal/cloudtag"

// Draft is what one edit wants to change: the half of a [Tx] that is the same in every engine. Its zero value is one that
// wants nothing.
type Draft struct {
	Records map[Ref]any // as they were put last
	Order   []Ref       // by when they were put first
	Entries []cloudtag.Entry
}

// Put implements [Tx].
func (d *Draft) Put(kind *Kind, record any) {
	ref := Ref{kind, kind.ID(record)}
	if d.Records == nil {
		d.Records = make(map[Ref]any)
	}
	if _, again := d.Records[ref]; !again {
		d.Order = append(d.Order, ref)
	}
	d.Records[ref] = record
}

// Append implements [Tx].
func (d *Draft) Append(entries ...cloudtag.Entry) { d.Entries = append(d.Entries, entries...) }

// Over puts records that were put in the place of stored ones.
func (d *Draft) Over(stored map[Ref]any, refs []Ref) {
	for _, ref := range refs {
		if record, put := d.Records[ref]; put {
			stored[ref] = record
		}
	}
}
