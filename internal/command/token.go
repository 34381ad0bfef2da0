package command

import (
	"fmt"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
)

// signer signs bearer tokens.
type signer interface {
	Sign(caller cloudtag.Caller, ttl time.Duration) (string, error)
}

// Token prints a bearer token.
func Token(settings *config.Token, tokens signer, streams Streams) error {
	token, err := tokens.Sign(cloudtag.Caller{
		Subject:    subjectOf(settings.Subject, settings.Roles(), settings.Merchant),
		Roles:      settings.Roles(),
		MerchantID: cloudtag.MerchantID(settings.Merchant),
	}, settings.TTL)
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	_, err = fmt.Fprintln(streams.Out, token)
	return err
}

// subjectOf is the given subject, or one made from the roles and the shop, such as "reviewer" or "merchant-m-1".
func subjectOf(given string, roles []cloudtag.Role, merchant string) string {
	if given != "" {
		return given
	}
	parts := make([]string, 0, len(roles)+1)
	for _, role := range roles {
		parts = append(parts, strings.ToLower(string(role)))
	}
	if merchant != "" {
		parts = append(parts, merchant)
	}
	return strings.Join(parts, "-")
}
