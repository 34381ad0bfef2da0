package command

import (
	"context"
	"fmt"
	"strings"

	"cloudtag/internal/cloudtag"
)

// Welcome prints a server's addresses, and in development the sign-in links.
type Welcome struct {
	Streams Streams
	SignIn  *DevelopmentSignIn // nil: no links are printed
	// Console is set when the console is embedded in the program.
	Console bool
}

// Print prints the addresses and links of a server whose base URL is base.
func (w Welcome) Print(ctx context.Context, base string) error {
	var text strings.Builder
	fmt.Fprintf(&text, "console   %s/\ngraphiql  %s/graphiql\napi       %s/graphql\n", base, base, base)
	if !w.Console {
		text.WriteString("          (built without the browser pages: make build)\n")
	}
	if w.SignIn != nil {
		if err := w.links(ctx, &text, base); err != nil {
			return err
		}
	}
	_, err := fmt.Fprint(w.Streams.Out, text.String())
	return err
}

// links writes one sign-in link per role, good for the console and for GraphiQL.
func (w Welcome) links(ctx context.Context, text *strings.Builder, base string) error {
	fmt.Fprintf(text, "\nSign in (on this machine only, good for %s; append /graphiql for GraphiQL):\n", devTokenTTL)
	for _, role := range cloudtag.Roles() {
		caller, err := w.SignIn.caller(ctx, role)
		if err != nil {
			return err
		}
		switch {
		case role == cloudtag.RoleMerchant && caller.MerchantID == "":
			fmt.Fprintf(text, "%-9s no shop yet: import some, or load the demo with cloudtag demo\n", role)
		case role == cloudtag.RoleMerchant:
			fmt.Fprintf(text, "%-9s %s/as/%s (shop %s)\n", role, base, strings.ToLower(string(role)), caller.MerchantID)
		default:
			fmt.Fprintf(text, "%-9s %s/as/%s\n", role, base, strings.ToLower(string(role)))
		}
	}
	return nil
}
