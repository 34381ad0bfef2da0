package cloudtag

import "time"

// Permission is a shop's permission to tag. REVOKED is permanent (rule 13).
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
	EntityID   EntityID   `json:"entityId"` // the shop's own identifier if no legal entity is known
	Permission Permission `json:"permission"`
	CreatedAt  time.Time  `json:"createdAt"`
}

// MerchantCounts are the numbers of a shop's tags by outcome.
type MerchantCounts struct {
	Tags       int
	Succeeded  int
	Overturned int
}

// Add adds tags of a status; a negative number removes them.
func (c *MerchantCounts) Add(status TagStatus, tags int) {
	c.Tags += tags
	switch status {
	case TagSucceeded:
		c.Succeeded += tags
	case TagOverturned:
		c.Overturned += tags
	}
}
