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

// DiscoveryPath is where identity providers describe themselves, below their issuer's address (OpenID Connect
// Discovery 1.0, section 4).
const DiscoveryPath = "/.well-known/openid-configuration"

// Discovery is what an identity provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as anybody here
// or in the pages needs it.
type Discovery struct {
	Issuer                string `json:"issuer"`
	KeysURL               string `json:"jwks_uri"`
	AuthorizationEndpoint string `json:"authorization_endpoint,omitempty"`
	TokenEndpoint         string `json:"token_endpoint,omitempty"`
	RevocationEndpoint    string `json:"revocation_endpoint,omitempty"`  // RFC 7009
	EndSessionEndpoint    string `json:"end_session_endpoint,omitempty"` // OpenID Connect RP-Initiated Logout 1.0

	CodeChallengeMethods []string `json:"code_challenge_methods_supported,omitempty"` // RFC 8414
	IDTokenAlgorithms    []string `json:"id_token_signing_alg_values_supported,omitempty"`
	// ResponseNamesIssuer tells that answers to an authorization request carry iss (RFC 9207).
	ResponseNamesIssuer bool `json:"authorization_response_iss_parameter_supported,omitzero"`
}

// Discover asks an issuer what it says of itself. Not every provider does, and not every issuer is an address. Errors say
// what was wrong; addresses that may not be used make one, see [CheckProviderURL].
func Discover(ctx context.Context, issuer string) (Discovery, error) {
	return discover(ctx, newProviderClient(), issuer)
}

func discover(ctx context.Context, client *http.Client, issuer string) (Discovery, error) {
	parsed, err := url.Parse(issuer)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Host == "" {
		return Discovery{}, errors.New("the issuer is no address")
	}
	body, _, err := readDocument(ctx, client, strings.TrimSuffix(issuer, "/")+DiscoveryPath)
	if err != nil {
		return Discovery{}, err
	}
	var said Discovery
	if json.Unmarshal(body, &said) != nil || said.Issuer == "" {
		return Discovery{}, errors.New("the answer is no OpenID configuration")
	}
	for name, address := range map[string]string{
		"authorization_endpoint": said.AuthorizationEndpoint, "token_endpoint": said.TokenEndpoint,
		"revocation_endpoint": said.RevocationEndpoint, "end_session_endpoint": said.EndSessionEndpoint, "jwks_uri": said.KeysURL,
	} {
		if address == "" {
			continue
		}
		if err := CheckProviderURL(address); err != nil {
			return Discovery{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	return said, nil
}

// CheckProviderURL says what is wrong with an address of an identity provider, without repeating it, since it may hold a
// password. Whoever can change what is read or sent there decides who gets in: it is https, or it does not leave this
// machine.
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

// LoopbackHost reports whether a host is this machine alone. No name but localhost is, whatever it resolves to now.
func LoopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// OpenIDSource is the keys of an OpenID Connect provider, who is known by its issuer alone: each read asks what the provider
// says of itself, and then for the keys where it says they are.
type OpenIDSource struct {
	issuer string
	client *http.Client
	said   atomic.Pointer[Discovery]
}

var _ KeyReader = (*OpenIDSource)(nil)

// NewOpenIDSource returns the source of an issuer.
func NewOpenIDSource(issuer string) *OpenIDSource {
	return &OpenIDSource{issuer: issuer, client: newProviderClient()}
}

// Read reads the keys, in at most 10 seconds. Errors are those of [Discover] and of [KeySource.Read], and one when the
// provider calls itself something else than the issuer (OpenID Connect Discovery 1.0, section 4.3).
func (s *OpenIDSource) Read(ctx context.Context) (Answer, error) {
	said, err := discover(ctx, s.client, s.issuer)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", DiscoveryPath, err)
	}
	if said.Issuer != s.issuer {
		return Answer{}, fmt.Errorf("%s: the provider calls itself %.200q", DiscoveryPath, said.Issuer)
	}
	s.said.Store(&said)
	return (&KeySource{url: said.KeysURL, client: s.client}).Read(ctx)
}

// Discovery is what the provider said of itself at the latest read; known is false before the first that succeeded.
func (s *OpenIDSource) Discovery() (said Discovery, known bool) {
	if read := s.said.Load(); read != nil {
		return *read, true
	}
	return Discovery{}, false
}
