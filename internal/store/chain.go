package store

import "cloudtag/internal/cloudtag"

// Chain is where the log ends: what the next entries are numbered and hashed behind.
type Chain struct {
	Seq  int64
	Head []byte // hash of the newest entry
}

// Seal gives entries their numbers and hashes, in order. It returns copies. An entry that comes into an empty log with number
// and hash is where a log begins that was trimmed before it was copied: it keeps both.
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
