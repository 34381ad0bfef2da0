package live

import "cloudtag/internal/cloudtag"

// ring holds the newest entries of the log, without gaps.
type ring struct {
	entries []cloudtag.Entry // the entry numbered seq is at seq % len
	oldest  int64            // sequence number of the oldest entry kept; newest+1 when none is
	newest  int64            // the newest entry that was read, kept or not
}

// add appends the entry after the newest. Any other sequence number restarts the ring, so that it never has a gap; readers
// find the rest in the store.
func (r *ring) add(entry cloudtag.Entry) {
	if entry.Seq != r.newest+1 {
		r.oldest = entry.Seq
	}
	r.newest = entry.Seq
	r.entries[entry.Seq%int64(len(r.entries))] = entry
	r.oldest = max(r.oldest, r.newest-int64(len(r.entries))+1)
}

// at returns the entry with a sequence number, if the ring has it.
func (r *ring) at(seq int64) (cloudtag.Entry, bool) {
	if seq < r.oldest || seq > r.newest {
		return cloudtag.Entry{}, false
	}
	return r.entries[seq%int64(len(r.entries))], true
}

// covers reports whether the ring has every entry after a position.
func (r *ring) covers(place int64) bool { return place >= r.oldest-1 }

// after returns the entries of a subject after a position that the ring covers, at most limit, and the position up to which
// it has searched. The empty subject matches all entries.
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
