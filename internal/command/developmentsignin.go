package command

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/demo"
)

// devTokenTTL is how long a development server's sign-in is good for: a day's work.
const devTokenTTL = 12 * time.Hour

// DevelopmentSignIn signs anybody in as any role: for servers that only their own machine can reach.
type DevelopmentSignIn struct {
	Tokens  signer
	Records shopFinder
}

// shopFinder finds a shop to sign in as.
type shopFinder interface {
	Merchants(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error)
	MerchantPage(ctx context.Context, caller cloudtag.Caller, filter cloudtag.MerchantFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Merchant], error)
}

// Token returns a token of a role, which may be written in lower case; empty for an unknown role, and for MERCHANT
// while there is no shop.
func (d *DevelopmentSignIn) Token(ctx context.Context, name string) (string, error) {
	role := cloudtag.Role(strings.ToUpper(name))
	if !slices.Contains(cloudtag.Roles(), role) {
		return "", nil
	}
	caller, err := d.caller(ctx, role)
	if err != nil || role == cloudtag.RoleMerchant && caller.MerchantID == "" {
		return "", err
	}
	return d.Tokens.Sign(caller, devTokenTTL)
}

// caller returns who signs in as a role; a MERCHANT without a shop where there is none.
func (d *DevelopmentSignIn) caller(ctx context.Context, role cloudtag.Role) (cloudtag.Caller, error) {
	caller := cloudtag.Caller{Roles: []cloudtag.Role{role}}
	if role == cloudtag.RoleMerchant {
		var err error
		if caller.MerchantID, err = d.shop(ctx); err != nil {
			return cloudtag.Caller{}, fmt.Errorf("find a shop to sign in as: %w", err)
		}
	}
	caller.Subject = developmentSubject(caller)
	return caller, nil
}

// developmentSubject is who signs in with roles, and for a shop.
func developmentSubject(caller cloudtag.Caller) string {
	return "dev-" + subjectOf("", caller.Roles, string(caller.MerchantID))
}

// shop is the demo's featured one, or in a store without the demo the first that may tag; empty when there is none.
func (d *DevelopmentSignIn) shop(ctx context.Context) (cloudtag.MerchantID, error) {
	auditor := cloudtag.Caller{Subject: "system:start", Roles: []cloudtag.Role{cloudtag.RoleAuditor}}
	found, err := d.Records.Merchants(ctx, auditor, []cloudtag.MerchantID{demo.FeaturedMerchant})
	if err != nil {
		return "", err
	}
	if _, known := found[demo.FeaturedMerchant]; known {
		return demo.FeaturedMerchant, nil
	}
	one := 1
	page, err := d.Records.MerchantPage(ctx, auditor, cloudtag.MerchantFilter{Permission: cloudtag.PermissionActive}, cloudtag.PageRequest{First: &one})
	if err != nil || len(page.Items) == 0 {
		return "", err
	}
	return page.Items[0].ID, nil
}
