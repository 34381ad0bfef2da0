package web

import (
	"net/http"
	"net/url"
	"slices"

	"cloudtag/internal/auth"
	"cloudtag/internal/reqid"

	"github.com/go-json-experiment/json"
)

// SignInSettings is what the pages need to know to sign somebody in. Nothing of it is secret.
type SignInSettings struct {
	Development bool          `json:"development"`
	Provider    *OpenIDClient `json:"provider"` // null where people can't sign in at one
}

// OpenIDClient is the client as which the pages sign people in at an OpenID Connect provider.
type OpenIDClient struct {
	ClientID   string            `json:"clientId"`
	Scopes     string            `json:"scopes"`
	Parameters map[string]string `json:"parameters"` // that the provider wants to be told beside
	Metadata   *auth.Discovery   `json:"metadata"`   // null while the provider has not said anything of itself yet
}

// signInSettings tells them to whoever asks. The answer's Date lets a page whose clock is wrong know by how much.
func (s *Server) signInSettings(w http.ResponseWriter, r *http.Request) {
	content, err := json.Marshal(s.config.SignInSettings(), json.Deterministic(true))
	if err != nil {
		s.config.Log.ErrorContext(r.Context(), "sign-in settings", "error", err, "request_id", reqid.From(r.Context()))
		writeStatus(w, http.StatusInternalServerError, "the settings can't be told: see the log")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(content)
}

// providerOrigins are those of the provider's addresses that pages send requests to, as against those that they lead people
// to.
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
