package web

import "net/http"

// What pages may load. Both are served by this program alone and need nothing from elsewhere. connect-src 'self'
// covers sockets to the same host.
const (
	commonPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// consolePolicy allows no inline script and no inline style.
	consolePolicy = commonPolicy
	// graphiqlPolicy adds what GraphiQL's editor needs: styles it writes at run time, workers, fonts.
	graphiqlPolicy = commonPolicy + "; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self'; font-src 'self' data:"
	// nothingPolicy is for answers that are no pages.
	nothingPolicy = "default-src 'none'; frame-ancestors 'none'"
)

// securityHeaders sets what holds for every answer; pages replace the policy with their own.
func securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", nothingPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		next.ServeHTTP(w, r)
	})
}

// noStore keeps answers of the API out of every cache.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
