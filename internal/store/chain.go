package store

import "cloudtag/internal/cloudtag"

// Chain is where the log ends: what the next entries are numbered and hashed behind.
type Chain struct {
	Seq  int64
	Head []byte // hash of the newest entry
}

// Seal gives entries their numbers and hashes, in order. It returns copies.
func (c *Chain) Seal(entries []cloudtag.Entry) []cloudtag.Entry {
	sealed := make([]cloudtag.Entry, len(entries))
	for i, entry := range entries {
		c.Seq++
		entry.Seq = c.Seq
		entry.Hash = entry.ChainHash(c.Head)
		c.Head = entry.Hash
		sealed[i] = entry
	}
	return sealed
}
