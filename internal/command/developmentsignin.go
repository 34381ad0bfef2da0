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

// devTokenTTL is how long a development sign-in is valid: a working day.
const devTokenTTL = 12 * time.Hour

// DevelopmentSignIn signs in anyone as any role, for servers that listen on loopback only.
type DevelopmentSignIn struct {
	Tokens  signer
	Records shopFinder
}

// shopFinder finds the shop to sign in as.
type shopFinder interface {
	Merchants(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error)
	MerchantPage(ctx context.Context, caller cloudtag.Caller, filter cloudtag.MerchantFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Merchant], error)
}

// Token returns a token for a role, whose name may be in lower case. It is empty for an unknown role, and for MERCHANT
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

// caller returns the caller for a role. While there is no shop, that for MERCHANT has no MerchantID.
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

// developmentSubject is the subject of a development caller with its roles and its shop.
func developmentSubject(caller cloudtag.Caller) string {
	return "dev-" + subjectOf("", caller.Roles, string(caller.MerchantID))
}

// shop is the demo's featured merchant, or in a store without the demo the first that may tag; empty if there is none.
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
