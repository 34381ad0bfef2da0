package auth

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
)

// DiscoveryPath is where identity providers describe themselves, below their issuer's address (OpenID Connect
// Discovery 1.0, section 4).
const DiscoveryPath = "/.well-known/openid-configuration"

// Discovery is what an identity provider says of itself.
type Discovery struct {
	Issuer  string `json:"issuer"`
	KeysURL string `json:"jwks_uri"`
}

// Discover asks an issuer what it says of itself. Not every provider does, and not every issuer is an address.
func Discover(ctx context.Context, issuer string) (Discovery, error) {
	parsed, err := url.Parse(issuer)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Host == "" {
		return Discovery{}, errors.New("the issuer is no address")
	}
	body, _, err := readDocument(ctx, newProviderClient(), strings.TrimSuffix(issuer, "/")+DiscoveryPath)
	if err != nil {
		return Discovery{}, err
	}
	var said Discovery
	if json.Unmarshal(body, &said) != nil || said.Issuer == "" {
		return Discovery{}, errors.New("the answer is no OpenID configuration")
	}
	return said, nil
}
