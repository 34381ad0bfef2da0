package auth

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// openID is a provider that describes itself as configured.
type openID struct {
	*httptest.Server

	mu        sync.Mutex
	documents map[string]string // by path
}

func newOpenID(t *testing.T) *openID {
	t.Helper()
	p := &openID{documents: map[string]string{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		document, there := p.documents[r.URL.Path]
		if !there {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, document)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *openID) set(path, document string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.documents[path] = document
}

func TestDiscover(t *testing.T) {
	p := newOpenID(t)
	issuer := p.URL + "/realm"
	p.set("/realm"+DiscoveryPath, fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q,"authorization_endpoint":"https://id.example/auth","token_endpoint":"https://id.example/token",`+
		`"end_session_endpoint":"https://id.example/end","revocation_endpoint":"https://id.example/revoke","code_challenge_methods_supported":["S256"],`+
		`"id_token_signing_alg_values_supported":["ES256"],"authorization_response_iss_parameter_supported":true,"scopes_supported":["openid"]}`, issuer, issuer+"/keys"))
	p.set("/none"+DiscoveryPath, "<html>")
	p.set("/plain"+DiscoveryPath, `{"issuer":"x","jwks_uri":"https://id.example/keys","token_endpoint":"http://id.example/token"}`)
	p.set("/script"+DiscoveryPath, `{"issuer":"x","jwks_uri":"https://id.example/keys","authorization_endpoint":"javascript:alert(1)"}`)
	p.set("/policy"+DiscoveryPath, `{"issuer":"x","jwks_uri":"https://id.example/keys","token_endpoint":"https://id.example;script-src'/token"}`)
	want := Discovery{
		Issuer: issuer, KeysURL: issuer + "/keys", AuthorizationEndpoint: "https://id.example/auth", TokenEndpoint: "https://id.example/token",
		EndSessionEndpoint: "https://id.example/end", RevocationEndpoint: "https://id.example/revoke",
		CodeChallengeMethods: []string{"S256"}, IDTokenAlgorithms: []string{"ES256"}, ResponseNamesIssuer: true,
	}
	for _, asked := range []string{issuer, issuer + "/"} {
		if said, err := Discover(t.Context(), asked); err != nil || !reflect.DeepEqual(said, want) {
			t.Errorf("%+v, %v", said, err)
		}
	}
	for asked, says := range map[string]string{
		"our-issuer": "not a URL", p.URL + "/none": "not an OpenID", p.URL + "/other": "404",
		p.URL + "/plain": "token_endpoint: expected https", p.URL + "/policy": "token_endpoint: expected a URL",
		p.URL + "/script": "authorization_endpoint: expected a URL",
	} {
		if _, err := Discover(t.Context(), asked); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", asked, err, says)
		}
	}
}

func TestOpenIDSource(t *testing.T) {
	p, s := newOpenID(t), signers()
	describe := func(issuer, keys string) {
		p.set(DiscoveryPath, fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q}`, issuer, p.URL+keys))
	}
	source := NewOpenIDSource(p.URL)
	if _, err := source.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a provider that says nothing: %v", err)
	}
	describe(p.URL+"/", "/keys")
	if _, err := source.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "names the issuer") {
		t.Errorf("another issuer, by a slash: %v", err)
	}
	if _, known := source.Discovery(); known {
		t.Error("what another says is taken for the provider's")
	}
	describe(p.URL, "/keys")
	p.set("/keys", string(keySet(t, jwk(t, s.rsa, "r1"))))
	answer, err := source.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := []KeyName{{"r1", "RS256"}}; !reflect.DeepEqual(answer.Keys.Usable, want) {
		t.Errorf("%+v", answer.Keys)
	}
	// The keys have moved: they are read where the provider says now.
	describe(p.URL, "/keys/2")
	p.set("/keys/2", string(keySet(t, jwk(t, s.p256, "e1"))))
	if answer, err = source.Read(t.Context()); err != nil || answer.Keys.Usable[0].ID != "e1" {
		t.Errorf("%+v, %v", answer.Keys, err)
	}
	if said, known := source.Discovery(); !known || said.KeysURL != p.URL+"/keys/2" {
		t.Errorf("%+v", said)
	}
	// What it said last stays known while it is away.
	p.Close()
	if _, err := source.Read(t.Context()); err == nil {
		t.Error("no error")
	}
	if _, known := source.Discovery(); !known {
		t.Error("the provider's endpoints are forgotten")
	}
}
