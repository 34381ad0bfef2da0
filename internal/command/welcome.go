package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/demo"
)

// devTokenTTL is how long the sign-in links of a development server are good for: a day's work.
const devTokenTTL = 12 * time.Hour

// Welcome says where a server is to be found, and for development how to sign in.
type Welcome struct {
	Streams Streams
	// Tokens makes the sign-in links; nil prints none.
	Tokens  signer
	Records shopFinder
	// Console tells whether the browser pages are in the program.
	Console bool
}

// shopFinder finds a shop to sign in as.
type shopFinder interface {
	Merchants(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error)
	TagPage(ctx context.Context, caller cloudtag.Caller, filter cloudtag.TagFilter, order cloudtag.TagOrder, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Tag], error)
}

// Print writes the addresses and links of a server that listens at base.
func (w Welcome) Print(ctx context.Context, base string) error {
	var text strings.Builder
	fmt.Fprintf(&text, "console   %s/\ngraphiql  %s/graphiql\napi       %s/graphql\n", base, base, base)
	if !w.Console {
		text.WriteString("          (built without the browser pages: make build)\n")
	}
	if w.Tokens != nil {
		if err := w.links(ctx, &text, base); err != nil {
			return err
		}
	}
	_, err := fmt.Fprint(w.Streams.Out, text.String())
	return err
}

// links writes one sign-in link per role for the console and for GraphiQL.
func (w Welcome) links(ctx context.Context, text *strings.Builder, base string) error {
	shop, err := w.shop(ctx)
	if err != nil {
		return fmt.Errorf("find a shop to sign in as: %w", err)
	}
	fmt.Fprintf(text, "\nSign in (good for %s, on this machine only):\n", devTokenTTL)
	for _, role := range cloudtag.Roles() {
		caller := cloudtag.Caller{Roles: []cloudtag.Role{role}}
		if role == cloudtag.RoleMerchant {
			if shop == "" {
				fmt.Fprintf(text, "\n%s: no shop yet; import some, or load the demo with cloudtag demo\n", role)
				continue
			}
			caller.MerchantID = shop
		}
		caller.Subject = "dev-" + subjectOf("", caller.Roles, string(caller.MerchantID))
		token, err := w.Tokens.Sign(caller, devTokenTTL)
		if err != nil {
			return err
		}
		title := string(role)
		if caller.MerchantID != "" {
			title += " of " + string(caller.MerchantID)
		}
		fmt.Fprintf(text, "\n%s\n  console   %s/#token=%s\n  graphiql  %s/graphiql#token=%s\n", title, base, token, base, token)
	}
	return nil
}

// shop is the demo's featured one, or in a store without the demo the shop of the newest tag; empty when there is none.
func (w Welcome) shop(ctx context.Context) (cloudtag.MerchantID, error) {
	auditor := cloudtag.Caller{Subject: "system:start", Roles: []cloudtag.Role{cloudtag.RoleAuditor}}
	found, err := w.Records.Merchants(ctx, auditor, []cloudtag.MerchantID{demo.FeaturedMerchant})
	if err != nil {
		return "", err
	}
	if _, known := found[demo.FeaturedMerchant]; known {
		return demo.FeaturedMerchant, nil
	}
	one := 1
	page, err := w.Records.TagPage(ctx, auditor, cloudtag.TagFilter{}, cloudtag.TagsBySubmittedDesc, cloudtag.PageRequest{First: &one})
	if err != nil || len(page.Items) == 0 {
		return "", err
	}
	return page.Items[0].MerchantID, nil
}
