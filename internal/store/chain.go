package store

import "cloudtag/internal/cloudtag"

// Chain is the end of the log's hash chain, which the next entries continue.
type Chain struct {
	Seq  int64
	Head []byte // hash of the newest entry
}

// Seal returns copies of entries with sequence numbers and hashes assigned, in order. The first entry of an empty log keeps
// the number and hash that it may come with: it is copied from a log whose beginning was trimmed.
func (c *Chain) Seal(entries []cloudtag.Entry) []cloudtag.Entry {
	sealed := make([]cloudtag.Entry, len(entries))
	for i, entry := range entries {
		if c.Seq == 0 && entry.Seq > 1 && entry.Hash != nil {
			c.Seq, c.Head, sealed[i] = entry.Seq, entry.Hash, entry
			continue
		}
		c.Seq++
		entry.Seq = c.Seq
		entry.Hash = entry.ChainHash(c.Head)
		c.Head = entry.Hash
		sealed[i] = entry
	}
	return sealed
}
