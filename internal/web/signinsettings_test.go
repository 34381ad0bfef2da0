package web

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"cloudtag/internal/auth"
)

func TestSignInSettings(t *testing.T) {
	said := &auth.Discovery{
		Issuer: "https://id.example", KeysURL: "https://id.example/keys", AuthorizationEndpoint: "https://login.example/auth",
		TokenEndpoint: "https://token.example:8443/token", RevocationEndpoint: "https://token.example:8443/revoke", EndSessionEndpoint: "https://login.example/end",
	}
	for name, test := range map[string]struct {
		settings SignInSettings
		want     map[string]any
		policy   string // of connections; empty: that of everything
	}{
		"nothing":     {SignInSettings{}, map[string]any{"development": false, "provider": nil}, ""},
		"development": {SignInSettings{Development: true}, map[string]any{"development": true, "provider": nil}, ""},
		"a provider that is away": {
			SignInSettings{Provider: &OpenIDClient{ClientID: "console", Scopes: "openid"}},
			map[string]any{"development": false, "provider": map[string]any{"clientId": "console", "scopes": "openid", "parameters": map[string]any{}, "metadata": nil}},
			"",
		},
		"a provider": {
			SignInSettings{Provider: &OpenIDClient{ClientID: "console", Scopes: "openid", Parameters: map[string]string{"audience": "a"}, Metadata: said}},
			map[string]any{"development": false, "provider": map[string]any{
				"clientId": "console", "scopes": "openid", "parameters": map[string]any{"audience": "a"}, "metadata": map[string]any{
					"issuer": said.Issuer, "jwks_uri": said.KeysURL, "authorization_endpoint": said.AuthorizationEndpoint,
					"token_endpoint": said.TokenEndpoint, "revocation_endpoint": said.RevocationEndpoint, "end_session_endpoint": said.EndSessionEndpoint,
				},
			}},
			"connect-src 'self' https://token.example:8443;",
		},
	} {
		s := newTestServer(t, func(config *Config) { config.SignInSettings = func() SignInSettings { return test.settings } })
		response := s.do("GET", "/signin.json", nil)
		var got map[string]any
		if err := json.Unmarshal(response.Body.Bytes(), &got); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %s, want %v", name, response.Body, test.want)
		}
		if kind, cache := response.Header().Get("Content-Type"), response.Header().Get("Cache-Control"); kind != "application/json" || cache != "no-store" {
			t.Errorf("%s: %s, %s", name, kind, cache)
		}
		for _, page := range []string{"/", "/graphiql"} {
			policy := s.do("GET", page, nil).Header().Get("Content-Security-Policy")
			if named := strings.Contains(policy, "connect-src"); named != (test.policy != "") || !strings.Contains(policy, test.policy) {
				t.Errorf("%s: %s has the policy %s", name, page, policy)
			}
		}
	}
}

// The page that the provider leads back to is the console.
func TestSignInPage(t *testing.T) {
	s := newTestServer(t, nil)
	if response := s.do("GET", "/signin?code=c&state=s", nil, "Accept", "text/html"); response.Code != 200 || !strings.Contains(response.Body.String(), "console") {
		t.Errorf("%d %s", response.Code, response.Body)
	}
}
