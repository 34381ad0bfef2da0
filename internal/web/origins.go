package web

import (
	"net"
	"net/http"

	"cloudtag/internal/cloudtag"

	"github.com/rs/cors"
)

// preflightSeconds is how long browsers may cache a preflight response.
const preflightSeconds = 600

// crossOrigin lets pages of the listed origins call the API and rejects state-changing requests from pages of any other.
// Without a list only the server's own pages may: rs/cors would allow every origin for an empty list.
func crossOrigin(next http.Handler, allowed []string) (http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeError(w, r, http.StatusForbidden, cloudtag.Refuse(cloudtag.CodeForbidden, cloudtag.Text{
			ZH: "不允许来自该来源的请求。", EN: "Requests from this origin are not allowed.",
		}))
	}))
	for _, origin := range allowed {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	next = protection.Handler(next)
	if len(allowed) == 0 {
		return next, nil
	}
	return cors.New(cors.Options{
		AllowedOrigins: allowed,
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		// Any header: clients and their tracing add their own (traceparent, baggage, apollo-require-preflight), and whoever
		// is trusted with Authorization may send them all.
		AllowedHeaders: []string{"*"},
		ExposedHeaders: []string{requestIDHeader, "Retry-After"},
		MaxAge:         preflightSeconds,
	}).Handler(next), nil
}

// loopbackHosts rejects requests whose Host is not a name of this machine, against DNS rebinding.
func loopbackHosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "expected a request to localhost", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
