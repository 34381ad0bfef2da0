package store

import "cloudtag/internal/cloudtag"

// Draft collects the changes of one edit: the part of a [Tx] that is the same in every engine. The zero value is empty.
type Draft struct {
	Records map[Ref]any // as last put
	Order   []Ref       // by first put
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

// Overlay replaces stored records by those that the edit has put.
func (d *Draft) Overlay(stored map[Ref]any, refs []Ref) {
	for _, ref := range refs {
		if record, put := d.Records[ref]; put {
			stored[ref] = record
		}
	}
}
