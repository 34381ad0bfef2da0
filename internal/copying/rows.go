package copying

import (
	"strconv"

	"cloudtag/internal/cloudtag"
)

// Kind is a kind of rows. Derived data (indexes, counts of tags, lists of entries by subject) is not copied: the target
// derives it again.
type Kind string

// The kinds, with the type of their rows' values.
const (
	Policies  Kind = "policies"      // [cloudtag.Policy], and the one [cloudtag.PolicyTimeline]
	Merchants Kind = "merchants"     // [Merchant]
	Orders    Kind = "orders"        // [cloudtag.Order]
	Risks     Kind = "risk profiles" // [Risk]
	Cases     Kind = "cases"         // [Case], with all its tags
	Batches   Kind = "batches"       // [cloudtag.Batch], those with a key
	Documents Kind = "documents"     // [cloudtag.Document]
	Log       Kind = "log"           // [cloudtag.Entry]; in order, without gaps
)

// Kinds returns all kinds in the order in which they are copied.
func Kinds() []Kind {
	return []Kind{Policies, Merchants, Orders, Risks, Cases, Batches, Documents, Log}
}

// Row is one record of a store.
type Row struct {
	Key   string // position in its store; opaque elsewhere
	Value any
}

// Number parses a numeric key; the key before the first is one below all numbers.
func Number(key string) (int64, error) {
	if key == "" {
		return -1, nil
	}
	return strconv.ParseInt(key, 10, 64)
}

// Merchant is a shop.
type Merchant struct {
	cloudtag.Merchant
	Recount bool // its entity changed, and its cases are not all recounted
}

// Risk is a risk profile.
type Risk struct {
	cloudtag.RiskProfile
	Evaluate bool // its account's cases are not all evaluated with it
}

// Case is a case with its tags, by time of submission, then order number.
type Case struct {
	cloudtag.Case
	Tags []cloudtag.Tag
}
