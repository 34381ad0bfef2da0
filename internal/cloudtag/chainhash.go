package cloudtag

import (
	"crypto/sha256"
	"encoding/binary"
)

// ChainHash is the entry's hash: SHA-256 over the hash of the entry before it (nothing for the first) and everything the
// entry says. Whoever changes, removes or inserts an entry breaks the chain from there on.
func (e Entry) ChainHash(before []byte) []byte {
	said := make([]byte, 0, 1024) // enough for most: every tag's way passes here
	said = append(said, before...)
	said = appendNumber(said, e.Seq)
	said = appendNumber(said, e.At.UnixMilli())
	said = appendField(said, e.Actor)
	said = appendField(said, e.Action)
	said = appendNumber(said, int64(len(e.Subjects)))
	for _, subject := range e.Subjects {
		said = appendField(said, subject)
	}
	said = appendField(said, e.Reason)
	said = appendField(said, e.Before)
	said = appendField(said, e.After)
	sum := sha256.Sum256(said)
	return sum[:]
}

// appendField appends a text behind its length, so that no two different entries hash the same bytes.
func appendField[T ~string | ~[]byte](said []byte, text T) []byte {
	return append(appendNumber(said, int64(len(text))), text...)
}

func appendNumber(said []byte, number int64) []byte {
	return binary.BigEndian.AppendUint64(said, uint64(number))
}
