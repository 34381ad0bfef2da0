//go:build e2e

package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// provider is a local identity provider. It signs with the newest of its keys.
type provider struct {
	*httptest.Server

	mu    sync.Mutex
	away  bool
	keys  map[string]any // by kid
	reads int
}

const rolesOfTheProvider = "risk-team=REVIEWER,leads=ADMIN,shops=MERCHANT"

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{keys: map[string]any{}}
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.away:
		w.WriteHeader(http.StatusBadGateway)
	case r.URL.Path == "/realm/.well-known/openid-configuration":
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": p.issuer(), "jwks_uri": p.keysURL()})
	case r.URL.Path == "/realm/keys":
		p.reads++
		var set jose.JSONWebKeySet
		for kid, key := range p.keys {
			private := jose.JSONWebKey{Key: key, KeyID: kid, Use: "sig"}
			set.Keys = append(set.Keys, private.Public())
		}
		_ = json.NewEncoder(w).Encode(set)
	default:
		http.NotFound(w, r)
	}
}

func (p *provider) issuer() string  { return p.URL + "/realm" }
func (p *provider) keysURL() string { return p.URL + "/realm/keys" }

// settings are the flags of a server that accepts the provider's tokens.
func (p *provider) settings() []string {
	return []string{
		"--jwks-url", p.keysURL(), "--jwt-issuer", p.issuer(), "--jwt-audience", "cloudtag", "--roles-claim", "realm_access.roles",
		"--merchant-claim", "shop", "--role-map", rolesOfTheProvider,
	}
}

func (p *provider) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

func (p *provider) countReads() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reads
}

// token signs a user's token.
func (p *provider) token(t *testing.T, kid string, key any, subject, role string, changes jwt.MapClaims) string {
	t.Helper()
	now := time.Now()
	claims := jwt.MapClaims{
		"iss": p.issuer(), "aud": []string{"cloudtag"}, "sub": subject, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"jti": rand.Text(), "realm_access": map[string]any{"roles": []string{role, "offline_access"}},
	}
	maps.Copy(claims, changes)
	var method jwt.SigningMethod = jwt.SigningMethodRS256
	switch key.(type) {
	case *ecdsa.PrivateKey:
		method = jwt.SigningMethodES256
	case []byte:
		method = jwt.SigningMethodHS256
	}
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = kid
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

const whoAmI = `{ viewer { id roles } }`

// wantCode queries the viewer and expects the code of a refusal, or "" for success.
func (s *server) wantCode(token, what, code string) {
	s.t.Helper()
	if got := s.try(token, whoAmI, nil); got.code() != code {
		s.t.Errorf("%s: status %d, %+v; want %q", what, got.status, got.Errors, code)
	}
}

// follow subscribes to the log from now on.
func (s *server) follow(token string) *socket {
	s.t.Helper()
	now := s.liveCursor(token)
	return s.subscribe(token, `subscription($after: Cursor) { logAppended(after: $after) { node { action reason } } }`, map[string]any{"after": now})
}

// logged is an event of [server.follow].
type logged struct {
	LogAppended struct {
		Node struct{ Action, Reason string } `json:"node"`
	} `json:"logAppended"`
}

// wantEnd waits until a socket was closed with 4403, and its subscription was not completed before.
func (sock *socket) wantEnd(what string) {
	sock.t.Helper()
	select {
	case err := <-sock.done:
		if code := websocket.CloseStatus(err); code != 4403 {
			sock.t.Errorf("%s: ended with %d (%v), want 4403", what, code, err)
		}
	case <-time.After(patience()):
		sock.t.Errorf("%s: the socket stays open", what)
	}
}

func TestTokensOfAnIdentityProvider(t *testing.T) {
	t.Parallel()
	first, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	second, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := newProvider(t)
	p.keys["1"], p.away = first, true
	s := launch(t, newDatabase(t), freeAddress(t), p.settings()...)
	own := token(t, "ADMIN", "--subject", "own-admin", "--jwt-issuer", p.issuer(), "--jwt-audience", "cloudtag")
	reviewer := p.token(t, "1", first, "li", "risk-team", nil)

	// The provider is unavailable at the start: the server retries, and accepts tokens of its own secret meanwhile.
	s.waitHealthy()
	if status, body := s.get("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "identity provider") {
		t.Errorf("ready without keys: %d %s", status, body)
	}
	s.wantCode(own, "our own token without the provider", "")
	s.wantCode(reviewer, "the provider's token without the provider", "UNAVAILABLE")
	p.set(func() { p.away = false })
	s.waitReady()
	type viewer struct {
		Viewer struct {
			ID    string
			Roles []string
		}
	}
	if got := ask[viewer](s, reviewer, whoAmI, nil).Viewer; got.ID != "li" || len(got.Roles) != 1 || got.Roles[0] != "REVIEWER" {
		t.Errorf("%+v", got)
	}

	s.wantCode(p.token(t, "1", first, "x", "ADMIN", nil), "a role that nobody mapped", "UNAUTHENTICATED")
	s.wantCode(p.token(t, "1", first, "x", "shops", nil), "a merchant without a shop", "UNAUTHENTICATED")
	s.wantCode(p.token(t, "1", first, "x", "risk-team", jwt.MapClaims{"aud": "another"}), "for another audience", "UNAUTHENTICATED")
	s.wantCode(p.token(t, "1", first, "x", "risk-team", jwt.MapClaims{"iss": "https://evil.example"}), "of another issuer", "UNAUTHENTICATED")
	s.wantCode(p.token(t, "1", first.N.Bytes(), "x", "risk-team", nil), "signed with a public key as secret", "UNAUTHENTICATED")

	// The keys rotate while a socket is open. The new key is known as soon as a token names it; the socket stays.
	socket := s.follow(reviewer)
	s.wantCode(reviewer, "before the rotation", "")
	p.set(func() { p.keys = map[string]any{"2": second} })
	lead := p.token(t, "2", second, "wang", "leads", nil)
	s.wantCode(lead, "a new key", "")
	s.wantCode(p.token(t, "1", first, "x", "risk-team", nil), "a withdrawn key", "UNAUTHENTICATED")
	before := p.countReads()
	for range 20 {
		s.wantCode(p.token(t, "made-up", first, "x", "risk-team", nil), "a key that nobody has", "UNAUTHENTICATED")
	}
	if reads := p.countReads() - before; reads > 1 {
		t.Errorf("20 tokens with an unknown key made %d reads", reads)
	}
	ask[any](s, lead, `mutation { revokeTokens(input: {tokenId: "some-other", reason: "seen after the rotation"}) { userErrors { code } } }`, nil)
	if event := next[logged](socket); event.LogAppended.Node.Reason != "seen after the rotation" {
		t.Errorf("%+v", event)
	}

	// A session ends when its token does; clocks may differ by 30 s.
	expires := time.Now().Add(-27 * time.Second).Truncate(time.Second)
	short := p.token(t, "2", second, "zhao", "risk-team", jwt.MapClaims{"exp": expires.Unix(), "iat": expires.Add(-time.Minute).Unix()})
	expiring := s.follow(short)
	expiring.wantEnd("expiry")
	if late := time.Since(expires.Add(30 * time.Second)); late < 0 || late > 5*time.Second {
		t.Errorf("closed %s after the session's end", late)
	}
	s.wantCode(short, "an expired token", "UNAUTHENTICATED")
	socket.quiet()

	checked := cloudtag(t, append([]string{"doctor", "--db", s.uri}, p.settings()...)...)
	for _, says := range []string{"ok    keys       1 can be used", "ok    issuer     " + p.issuer()} {
		if !strings.Contains(checked.stdout, says) {
			t.Errorf("the doctor does not say %q:\n%s%s", says, checked.stdout, checked.stderr)
		}
	}
}

// Revoked tokens are refused by every instance, including those that start later, and their sockets are closed.
func TestRevokedTokensAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, uri string) {
		here := serve(t, uri)
		there := here
		if strings.HasPrefix(uri, "mongodb:") {
			there = serve(t, uri)
		}
		admin, li := token(t, "ADMIN", "--subject", "ann"), token(t, "AUDITOR", "--subject", "li")
		wang, other := token(t, "AUDITOR", "--subject", "wang"), token(t, "AUDITOR", "--subject", "wang")
		sockets := map[string]*socket{"by subject": there.follow(li), "by token": there.follow(wang)}
		bystander := there.follow(other)
		document := `mutation($input: RevokeTokensInput!) { revokeTokens(input: $input) { revocation { subject tokenId notBefore } userErrors { code } } }`
		for _, input := range []map[string]string{{"subject": "li", "reason": "left"}, {"tokenId": tokenID(t, wang), "reason": "lost phone"}} {
			ask[any](here, admin, document, map[string]any{"input": input})
		}
		for how, sock := range sockets {
			sock.wantEnd(how)
		}
		restarted := serve(t, uri)
		for _, s := range []*server{here, there, restarted} {
			s.wantCode(li, "a subject's token", "UNAUTHENTICATED")
			s.wantCode(wang, "a token", "UNAUTHENTICATED")
			s.wantCode(other, "another token of the same person", "")
		}
		if event := next[logged](bystander); event.LogAppended.Node.Action != "tokens.revoked" || event.LogAppended.Node.Reason != "left" {
			t.Errorf("%+v", event)
		}
		if got := here.try(other, document, map[string]any{"input": map[string]string{"subject": "ann", "reason": "r"}}); got.code() != "FORBIDDEN" {
			t.Errorf("an auditor revokes tokens: %+v", got)
		}
		for _, s := range []*server{here, there, restarted} {
			if output := s.output.String(); strings.Contains(output, li) || strings.Contains(output, secret) {
				t.Error("the log has a token or the secret")
			}
		}
	})
}

// tokenID is a token's jti.
func tokenID(t *testing.T, token string) string {
	t.Helper()
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil || claims.ID == "" {
		t.Fatalf("no jti: %v", err)
	}
	return claims.ID
}

// No error, from the command line on, prints a secret.
func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	const password = "hunter2secret"
	nobody := freeAddress(t)
	database := newDatabase(t)
	for name, args := range map[string][]string{
		"a password of the database":  {"serve", "--addr", "127.0.0.1:0", "--db", "mongodb://who:" + password + "@" + nobody + "/x?serverSelectionTimeoutMS=500"},
		"… of the doctor":             {"doctor", "--db", "mongodb://who:" + password + "@" + nobody + "/x?serverSelectionTimeoutMS=500"},
		"… of an import":              {"import", "tags", "none.csv", "--db", "mongodb://who:" + password + "@" + nobody + "/x?serverSelectionTimeoutMS=500"},
		"… that does not parse":       {"serve", "--db", "mongodb://who:" + password + "@:::/x"},
		"… of no known store":         {"serve", "--db", "postgres://who:" + password + "@" + nobody + "/x"},
		"a short secret":              {"serve", "--jwt-secret", password},
		"a short secret for a token":  {"token", "--role", "ADMIN", "--jwt-secret", password},
		"keys with a password":        {"serve", "--jwks-url", "https://who:" + password + "@id.example/keys"},
		"keys with a bad address":     {"serve", "--jwks-url", "https://id.example:" + password + "/keys"},
		"keys that nobody serves":     {"doctor", "--db", database, "--jwks-url", "http://" + nobody + "/keys?apikey=" + password, "--jwt-issuer", "i", "--jwt-audience", "a", "--role-map", "a=ADMIN"},
		"a collector with a password": {"serve", "--otlp-endpoint", "https://who:" + password + "@:x"},
		"development with a secret":   {"serve", "--dev", "--jwt-secret", password + password + password},
	} {
		t.Run(name, func(t *testing.T) {
			result := cloudtag(t, args...)
			if result.code == 0 || result.stderr+result.stdout == "" {
				t.Errorf("it went well: exit code %d", result.code)
			}
			if output := result.stdout + result.stderr; strings.Contains(output, password) || strings.Contains(output, secret) {
				t.Errorf("%s", output)
			}
		})
	}
	s := launch(t, database, freeAddress(t), "--log-level", "debug", "--jwks-url", "http://"+nobody+"/keys?apikey="+password, "--jwt-issuer", "i", "--jwt-audience", "a", "--role-map", "a=ADMIN")
	s.waitHealthy()
	good := token(t, "ADMIN", "--jwt-issuer", "i", "--jwt-audience", "a")
	for _, bearer := range []string{good, good + password, password, "eyJhbGciOiJSUzI1NiJ9.e30." + password} {
		for _, document := range []string{"{ viewer { id } }", password, `{ order(orderNo: "` + password + `") { orderNo } }`} {
			s.try(bearer, document, map[string]any{"x": password})
		}
		s.raw(bearer, []byte(password), http.Header{"Cookie": {password}, "X-Request-Id": {"not one: " + password}})
	}
	s.get("/readyz")
	s.stop()
	if output := s.output.String(); !strings.Contains(output, "sign-in refused") || !strings.Contains(output, "cannot read the identity provider's keys") {
		t.Errorf("the log does not say what went wrong:\n%s", output)
	} else if strings.Contains(output, password) || strings.Contains(output, secret) || strings.Contains(output, good) {
		t.Errorf("the log has a secret:\n%s", output)
	}
}

// waitHealthy waits until the server responds.
func (s *server) waitHealthy() {
	s.t.Helper()
	for deadline := time.After(patience()); ; {
		if response, err := http.Get(s.url("/healthz")); err == nil {
			response.Body.Close()
			return
		}
		select {
		case <-s.ended:
			s.t.Fatalf("the server ended:\n%s", s.output)
		case <-deadline:
			s.t.Fatalf("the server does not answer:\n%s", s.output)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// get is the status and the body of a page.
func (s *server) get(path string) (int, string) {
	s.t.Helper()
	response, err := http.Get(s.url(path))
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
