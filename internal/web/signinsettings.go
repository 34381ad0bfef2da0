package web

import (
	"net/http"
	"net/url"
	"slices"

	"cloudtag/internal/auth"
	"cloudtag/internal/reqid"

	"github.com/go-json-experiment/json"
)

// SignInSettings is what the pages need for the sign-in. It is public.
type SignInSettings struct {
	Development bool          `json:"development"`
	Provider    *OpenIDClient `json:"provider"` // null without one
}

// OpenIDClient is the OpenID Connect client that the pages are.
type OpenIDClient struct {
	ClientID   string            `json:"clientId"`
	Scopes     string            `json:"scopes"`
	Parameters map[string]string `json:"parameters"` // extra parameters of authorization requests
	Metadata   *auth.Discovery   `json:"metadata"`   // null until it was fetched
}

// signInSettings serves them to everybody. By the header Date a page corrects its clock.
func (s *Server) signInSettings(w http.ResponseWriter, r *http.Request) {
	content, err := json.Marshal(s.config.SignInSettings(), json.Deterministic(true))
	if err != nil {
		s.config.Log.ErrorContext(r.Context(), "sign-in settings", "error", err, "request_id", reqid.From(r.Context()))
		writeStatus(w, http.StatusInternalServerError, "the settings are unavailable: see the log")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(content)
}

// providerOrigins are the origins of the provider's endpoints that pages send requests to, as opposed to those that they
// navigate to.
func (s *Server) providerOrigins() []string {
	provider := s.config.SignInSettings().Provider
	if provider == nil || provider.Metadata == nil {
		return nil
	}
	var origins []string
	for _, address := range []string{provider.Metadata.TokenEndpoint, provider.Metadata.RevocationEndpoint} {
		parsed, err := url.Parse(address)
		if err != nil || parsed.Host == "" {
			continue
		}
		if origin := parsed.Scheme + "://" + parsed.Host; !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	return origins
}
