package auth

import (
	"fmt"
	"slices"
	"strings"

	"cloudtag/internal/cloudtag"
)

// ClaimMapping says how an identity provider's claims become what a caller may do. Nothing else does: a name that it
// does not map gives no role, whatever it is called.
type ClaimMapping struct {
	// RolesClaim is where a token has its names of roles or groups: a claim, or a path such as realm_access.roles.
	RolesClaim string
	// MerchantClaim is where it has the shop that somebody with the role MERCHANT acts for; a claim or a path.
	MerchantClaim string
	// Roles are the roles that each of the provider's names gives.
	Roles map[string][]cloudtag.Role
}

// caller returns who a token's claims are of.
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
			return caller, fmt.Errorf("%s: expected a text with the role MERCHANT", m.MerchantClaim)
		}
		caller.MerchantID = cloudtag.MerchantID(merchant)
	}
	return caller, nil
}

// roles are those that the names give, each once, in the catalogue's order.
func (m ClaimMapping) roles(names []string) []cloudtag.Role {
	given := make(map[cloudtag.Role]bool)
	for _, name := range names {
		for _, role := range m.Roles[name] {
			given[role] = true
		}
	}
	return slices.DeleteFunc(cloudtag.Roles(), func(role cloudtag.Role) bool { return !given[role] })
}

// find returns what a claim or a path of claims holds; nil for nothing. A claim whose name has dots itself, as those of
// providers that name them by URL do, comes before a path.
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

// texts are the texts of a claim that is one text or a list. What is no text is none.
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

// quoted shows some names to whoever reads the log, who has to map one of them.
func quoted(names []string) string {
	const most, longest = 5, 64
	shown := make([]string, 0, most)
	for _, name := range names[:min(most, len(names))] {
		shown = append(shown, fmt.Sprintf("%.*q", longest, name))
	}
	return fmt.Sprintf("%d names [%s]", len(names), strings.Join(shown, " "))
}
