package web

import (
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func TestSchema(t *testing.T) {
	const text = "type Query { viewer: String }"
	s := newTestServer(t, func(config *Config) { config.Schema = text })
	token, err := s.tokens.Sign(cloudtag.Caller{Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleAuditor}}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	signedIn := s.do("GET", "/schema.graphql", nil, "Authorization", "Bearer "+token)
	if signedIn.Code != 200 || signedIn.Body.String() != text || signedIn.Header().Get("Content-Type") != "text/plain; charset=utf-8" || signedIn.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("signed in: %d %v %s", signedIn.Code, signedIn.Header(), signedIn.Body)
	}
	for name, header := range map[string][]string{"nobody": nil, "a bad token": {"Authorization", "Bearer x"}} {
		if response := s.do("GET", "/schema.graphql", nil, header...); response.Code != 401 || strings.Contains(response.Body.String(), "Query") || !strings.Contains(response.Body.String(), "UNAUTHENTICATED") {
			t.Errorf("%s: %d %s", name, response.Code, response.Body)
		}
	}
	open := newTestServer(t, func(config *Config) { config.Schema, config.SchemaForAll = text, true })
	if response := open.do("GET", "/schema.graphql", nil); response.Code != 200 || response.Body.String() != text {
		t.Errorf("development: %d %s", response.Code, response.Body)
	}
}
