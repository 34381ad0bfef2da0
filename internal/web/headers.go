package web

import (
	"maps"
	"net/http"
	"strings"
)

// Content security policies. Both pages load everything from this server, and connect beyond it only to the identity
// provider.
const (
	commonPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// nothingPolicy is for responses that are not pages.
	nothingPolicy = "default-src 'none'; frame-ancestors 'none'"
)

// consolePolicy allows inline scripts and styles only with the nonce, and requests to the given origins beside the server's
// own.
func consolePolicy(nonce string, origins []string) string {
	return pagePolicy(nonce, origins) + "; style-src 'self' 'nonce-" + nonce + "'"
}

// graphiqlPolicy adds what GraphiQL's editor needs: styles written at run time, workers, fonts. A nonce for styles would
// disable 'unsafe-inline'.
func graphiqlPolicy(nonce string, origins []string) string {
	return pagePolicy(nonce, origins) + "; style-src 'self' 'unsafe-inline'; worker-src 'self'; font-src 'self' data:"
}

// pagePolicy is common to both pages. 'self' covers sockets to the same host.
func pagePolicy(nonce string, origins []string) string {
	policy := commonPolicy + "; script-src 'self' 'nonce-" + nonce + "'"
	if len(origins) > 0 {
		policy += "; connect-src 'self' " + strings.Join(origins, " ")
	}
	return policy
}

// securityHeaders sets the headers of every response; pages replace the policy with their own, and assets drop
// [documentHeaders].
func securityHeaders(next http.Handler) http.Handler {
	always := http.Header{ // names in canonical form; whoever changes a value sets another list
		"Content-Security-Policy":      {nothingPolicy},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
		"Referrer-Policy":              {"no-referrer"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {"camera=(), geolocation=(), microphone=(), payment=()"},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), always)
		next.ServeHTTP(w, r)
	})
}

// documentHeaders are the headers that only documents heed. They would be most of the bytes of a small asset.
var documentHeaders = []string{"Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"}

// assetHeaders sets the headers of an asset. The policy of a worker is that of its script's response, not of the page.
func assetHeaders(header http.Header, name string) {
	policy := header["Content-Security-Policy"]
	for _, document := range documentHeaders {
		header.Del(document)
	}
	if strings.Contains(name, ".worker-") {
		header["Content-Security-Policy"] = policy
	}
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
}

// noStore keeps responses of the API out of every cache.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
