package auth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/go-json-experiment/json"
)

// DiscoveryPath is the path of an identity provider's metadata below its issuer's address (OpenID Connect Discovery 1.0,
// section 4).
const DiscoveryPath = "/.well-known/openid-configuration"

// Discovery is an identity provider's metadata (OpenID Connect Discovery 1.0, section 3), as far as the server or the pages
// need it.
type Discovery struct {
	Issuer                string `json:"issuer"`
	KeysURL               string `json:"jwks_uri"`
	AuthorizationEndpoint string `json:"authorization_endpoint,omitempty"`
	TokenEndpoint         string `json:"token_endpoint,omitempty"`
	RevocationEndpoint    string `json:"revocation_endpoint,omitempty"`  // RFC 7009
	EndSessionEndpoint    string `json:"end_session_endpoint,omitempty"` // OpenID Connect RP-Initiated Logout 1.0

	CodeChallengeMethods []string `json:"code_challenge_methods_supported,omitempty"` // RFC 8414
	IDTokenAlgorithms    []string `json:"id_token_signing_alg_values_supported,omitempty"`
	// ResponseNamesIssuer is set when authorization responses contain iss (RFC 9207).
	ResponseNamesIssuer bool `json:"authorization_response_iss_parameter_supported,omitzero"`
}

// Discover fetches an issuer's metadata. Not every provider publishes it, and not every issuer is a URL. Errors say what was
// wrong; endpoints that are not allowed are an error, see [CheckProviderURL].
func Discover(ctx context.Context, issuer string) (Discovery, error) {
	return discover(ctx, newProviderClient(), issuer)
}

func discover(ctx context.Context, client *http.Client, issuer string) (Discovery, error) {
	parsed, err := url.Parse(issuer)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Host == "" {
		return Discovery{}, errors.New("the issuer is not a URL")
	}
	body, _, err := readDocument(ctx, client, strings.TrimSuffix(issuer, "/")+DiscoveryPath)
	if err != nil {
		return Discovery{}, err
	}
	var metadata Discovery
	if json.Unmarshal(body, &metadata) != nil || metadata.Issuer == "" {
		return Discovery{}, errors.New("the response is not an OpenID configuration")
	}
	for name, address := range map[string]string{
		"authorization_endpoint": metadata.AuthorizationEndpoint, "token_endpoint": metadata.TokenEndpoint,
		"revocation_endpoint": metadata.RevocationEndpoint, "end_session_endpoint": metadata.EndSessionEndpoint, "jwks_uri": metadata.KeysURL,
	} {
		if address == "" {
			continue
		}
		if err := CheckProviderURL(address); err != nil {
			return Discovery{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	return metadata, nil
}

// CheckProviderURL returns why an identity provider's URL is not allowed; nil when it is. The error doesn't repeat the URL,
// which may hold a password. Whoever can change what is read from or sent to a provider decides who gets in, so the URL must
// be https or stay on this machine.
func CheckProviderURL(address string) error {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http":
		return errors.New("expected a URL such as https://id.example.com/jwks.json")
	case parsed.User != nil:
		return errors.New("expected a URL without a user or password")
	case strings.ContainsAny(parsed.Host, ";,'"):
		return errors.New("expected a URL whose host is a name or an address") // the pages' security policy names it
	case parsed.Scheme == "http" && !LoopbackHost(parsed.Hostname()):
		return errors.New("expected https; http is for 127.0.0.1, ::1 and localhost only")
	default:
		return nil
	}
}

// LoopbackHost reports whether a host is a loopback address or localhost. Any other name may resolve to another machine
// later.
func LoopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// OpenIDSource reads the keys of an OpenID Connect provider that is configured by its issuer alone: each read fetches the
// metadata, and then the keys from the URL in it.
type OpenIDSource struct {
	issuer string
	client *http.Client
	latest atomic.Pointer[Discovery]
}

var _ KeyReader = (*OpenIDSource)(nil)

// NewOpenIDSource returns the source of an issuer.
func NewOpenIDSource(issuer string) *OpenIDSource {
	return &OpenIDSource{issuer: issuer, client: newProviderClient()}
}

// Read reads the keys, in at most 10 seconds. Errors are those of [Discover] and of [KeySource.Read], and one when the
// metadata names another issuer (OpenID Connect Discovery 1.0, section 4.3).
func (s *OpenIDSource) Read(ctx context.Context) (Answer, error) {
	metadata, err := discover(ctx, s.client, s.issuer)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", DiscoveryPath, err)
	}
	if metadata.Issuer != s.issuer {
		return Answer{}, fmt.Errorf("%s: the metadata names the issuer %.200q", DiscoveryPath, metadata.Issuer)
	}
	s.latest.Store(&metadata)
	return (&KeySource{url: metadata.KeysURL, client: s.client}).Read(ctx)
}

// Discovery returns the metadata of the last successful read; known is false before the first.
func (s *OpenIDSource) Discovery() (metadata Discovery, known bool) {
	if read := s.latest.Load(); read != nil {
		return *read, true
	}
	return Discovery{}, false
}
