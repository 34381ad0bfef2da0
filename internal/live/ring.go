package live

import "cloudtag/internal/cloudtag"

// ring keeps the newest entries of the log, without gap.
type ring struct {
	entries []cloudtag.Entry // the entry numbered seq is at seq % len
	oldest  int64            // sequence number of the oldest entry kept; newest+1 when none is
	newest  int64            // the newest entry that was read, kept or not
}

// add appends the entry after the newest. An entry of any other number starts the ring anew: what is kept is always
// without gap, and readers find the rest in the store.
func (r *ring) add(entry cloudtag.Entry) {
	if entry.Seq != r.newest+1 {
		r.oldest = entry.Seq
	}
	r.newest = entry.Seq
	r.entries[entry.Seq%int64(len(r.entries))] = entry
	r.oldest = max(r.oldest, r.newest-int64(len(r.entries))+1)
}

// at returns the entry with a number, if it is kept.
func (r *ring) at(seq int64) (cloudtag.Entry, bool) {
	if seq < r.oldest || seq > r.newest {
		return cloudtag.Entry{}, false
	}
	return r.entries[seq%int64(len(r.entries))], true
}

// covers reports whether every entry after a place is kept.
func (r *ring) covers(place int64) bool { return place >= r.oldest-1 }

// after returns the entries of a subject after a place that the ring covers, at most limit, and the place up to
// which it has looked. The empty subject is that of all entries.
func (r *ring) after(place int64, subject cloudtag.Subject, limit int) (entries []cloudtag.Entry, seen int64) {
	filter := cloudtag.LogFilter{Subject: subject}
	for seq := place + 1; seq <= r.newest; seq++ {
		if entry := r.entries[seq%int64(len(r.entries))]; filter.Matches(entry) {
			entries = append(entries, entry)
			if len(entries) == limit {
				return entries, seq
			}
		}
	}
	return entries, max(place, r.newest)
}
