package cloudtag

import "time"

// Permission is what a shop may do with cloud tags. REVOKED is for good (rule 13).
type Permission string

// The permissions of a shop.
const (
	PermissionActive    Permission = "ACTIVE"
	PermissionSuspended Permission = "SUSPENDED"
	PermissionRevoked   Permission = "REVOKED"
)

// Merchant is a shop.
type Merchant struct {
	ID         MerchantID `json:"id"`
	Name       string     `json:"name"`
	EntityID   EntityID   `json:"entityId"` // the shop's own identifier where no legal entity is known
	Permission Permission `json:"permission"`
	CreatedAt  time.Time  `json:"createdAt"`
}

// MerchantCounts are a shop's tags by what became of them.
type MerchantCounts struct {
	Tags       int
	Succeeded  int
	Overturned int
}

// Add counts tags of a status; a negative number takes them out of the count.
func (c *MerchantCounts) Add(status TagStatus, tags int) {
	c.Tags += tags
	switch status {
	case TagSucceeded:
		c.Succeeded += tags
	case TagOverturned:
		c.Overturned += tags
	}
}
