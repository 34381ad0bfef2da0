package cloudtag

import "slices"

// Role is a role of a caller; it decides what the caller may do.
type Role string

// The roles of DESIGN section 7.
const (
	RoleMerchant Role = "MERCHANT"
	RoleReviewer Role = "REVIEWER"
	RoleAdmin    Role = "ADMIN"
	RolePlatform Role = "PLATFORM" // services: claims, complaints, data import
	RoleAuditor  Role = "AUDITOR"  // reads everything that reviewers can read
)

// Roles lists every role.
func Roles() []Role {
	return []Role{RoleMerchant, RoleReviewer, RoleAdmin, RolePlatform, RoleAuditor}
}

// Caller is an authenticated person or service with its roles, and for a merchant's people their shop.
type Caller struct {
	Subject    string
	Roles      []Role
	MerchantID MerchantID // the shop that the caller acts for; empty unless the caller is a merchant
}

// SystemCaller is the program itself: sweeps, automatic decisions, imports from the command line.
func SystemCaller(name string) Caller {
	return Caller{Subject: "system:" + name, Roles: []Role{RolePlatform}}
}

// Has reports whether the caller holds the role.
func (c Caller) Has(role Role) bool { return slices.Contains(c.Roles, role) }

// ActsFor reports whether the caller acts for the given merchant.
func (c Caller) ActsFor(merchant MerchantID) bool {
	return c.Has(RoleMerchant) && c.MerchantID != "" && c.MerchantID == merchant
}

// Audience names the group that sees the same records as the caller and may use the same cursors: the people of one shop;
// reviewers, who can so share links to a page; and services.
func (c Caller) Audience() string {
	switch {
	case c.Reviews():
		return "staff"
	case c.ActsFor(c.MerchantID):
		return "merchant:" + string(c.MerchantID)
	case c.Serves():
		return "platform"
	default:
		return ""
	}
}

// Reviews reports whether the caller may read what reviewers read: all tags, cases, accounts and the log.
func (c Caller) Reviews() bool {
	return c.Has(RoleReviewer) || c.Has(RoleAdmin) || c.Has(RoleAuditor)
}

// Decides reports whether the caller may decide cases, restrictions and appeals; an auditor may only read them.
func (c Caller) Decides() bool { return c.Has(RoleReviewer) || c.Has(RoleAdmin) }

// Leads reports whether the caller leads the reviewers: assigns cases, takes over claims, and decides escalated cases.
func (c Caller) Leads() bool { return c.Has(RoleAdmin) }

// Serves reports whether the caller is one of the platform's services.
func (c Caller) Serves() bool { return c.Has(RolePlatform) }

// MaySeeOrder reports whether the caller may see an order of the merchant.
func (c Caller) MaySeeOrder(merchant MerchantID) bool {
	return c.Reviews() || c.Serves() || c.ActsFor(merchant)
}

// MaySeeMerchant reports whether the caller may look the merchant up.
func (c Caller) MaySeeMerchant(merchant MerchantID) bool { return c.Reviews() || c.ActsFor(merchant) }

// MaySeeBuyers reports whether the caller may see accounts.
func (c Caller) MaySeeBuyers() bool { return c.Reviews() || c.Serves() }

// MaySeeCases reports whether the caller may see cases, counts and thresholds.
func (c Caller) MaySeeCases() bool { return c.Reviews() }

// MayImport reports whether the caller may import orders and risk data.
func (c Caller) MayImport() bool { return c.Serves() }

// ManagesWebhooks reports whether the caller has webhook endpoints of its own: a shop's people, and for the platform
// administrators and services.
func (c Caller) ManagesWebhooks() bool {
	return c.Has(RoleAdmin) || c.Serves() || c.ActsFor(c.MerchantID)
}

// SeesWebhooks reports whether the caller may see any webhook endpoints.
func (c Caller) SeesWebhooks() bool { return c.ManagesWebhooks() || c.Has(RoleAuditor) }

// MaySeeReviewer reports whether the caller may see how somebody works: their own work, or, as an administrator or an
// auditor, everybody's.
func (c Caller) MaySeeReviewer(subject string) bool {
	return c.Has(RoleAdmin) || c.Has(RoleAuditor) || c.Has(RoleReviewer) && c.Subject == subject
}
