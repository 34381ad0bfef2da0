package auth

import (
	"fmt"
	"slices"
	"strings"

	"cloudtag/internal/cloudtag"
)

// ClaimMapping maps an identity provider's claims to a caller's rights. A name that it does not map gives no role, whatever
// it is called.
type ClaimMapping struct {
	// RolesClaim is the claim with the names of roles or groups; a claim, or a path such as realm_access.roles.
	RolesClaim string
	// MerchantClaim is the claim with the shop that a caller with the role MERCHANT acts for; a claim or a path.
	MerchantClaim string
	// Roles are the roles that each of the provider's names gives.
	Roles map[string][]cloudtag.Role
}

// caller returns the caller that the claims describe.
func (m ClaimMapping) caller(claims map[string]any) (cloudtag.Caller, error) {
	names := texts(find(claims, m.RolesClaim))
	caller := cloudtag.Caller{Roles: m.roles(names)}
	caller.Subject, _ = claims["sub"].(string)
	if len(caller.Roles) == 0 {
		return caller, fmt.Errorf("%s: none of %s gives a role", m.RolesClaim, quoted(names))
	}
	if caller.Has(cloudtag.RoleMerchant) {
		merchant, _ := find(claims, m.MerchantClaim).(string)
		if merchant == "" {
			return caller, fmt.Errorf("%s: expected a string with the role MERCHANT", m.MerchantClaim)
		}
		caller.MerchantID = cloudtag.MerchantID(merchant)
	}
	return caller, nil
}

// roles returns the roles that the names give, each once, in the order of [cloudtag.Roles].
func (m ClaimMapping) roles(names []string) []cloudtag.Role {
	given := make(map[cloudtag.Role]bool)
	for _, name := range names {
		for _, role := range m.Roles[name] {
			given[role] = true
		}
	}
	return slices.DeleteFunc(cloudtag.Roles(), func(role cloudtag.Role) bool { return !given[role] })
}

// find returns the value of a claim or a path of claims; nil for none. A claim whose name itself has dots, as providers that
// use URLs as names have, takes precedence over a path.
func find(claims map[string]any, path string) any {
	if value, there := claims[path]; there {
		return value
	}
	first, rest, nested := strings.Cut(path, ".")
	if !nested {
		return nil
	}
	inner, _ := claims[first].(map[string]any)
	return find(inner, rest)
}

// texts returns the strings of a claim that is a string or a list; other values are skipped.
func texts(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var found []string
		for _, item := range value {
			if text, ok := item.(string); ok {
				found = append(found, text)
			}
		}
		return found
	default:
		return nil
	}
}

// quoted formats some of the names for the log, so that an operator can map one of them.
func quoted(names []string) string {
	const most, longest = 5, 64
	shown := make([]string, 0, most)
	for _, name := range names[:min(most, len(names))] {
		shown = append(shown, fmt.Sprintf("%.*q", longest, name))
	}
	return fmt.Sprintf("%d names [%s]", len(names), strings.Join(shown, " "))
}
