package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// clientAddress sets a request's RemoteAddr to the client's address. Behind trusted proxies that is the last address of
// X-Forwarded-For that is not a trusted proxy's: anybody may have written what is further left.
func clientAddress(next http.Handler, proxies []netip.Prefix) http.Handler {
	if len(proxies) == 0 {
		return next
	}
	trusted := func(address netip.Addr) bool {
		for _, network := range proxies {
			if network.Contains(address) {
				return true
			}
		}
		return false
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !trusted(peer.Addr().Unmap()) {
			next.ServeHTTP(w, r)
			return
		}
		if client, found := lastUntrusted(r.Header.Values("X-Forwarded-For"), trusted); found {
			copied := *r
			copied.RemoteAddr = net.JoinHostPort(client.String(), "0")
			r = &copied
		}
		next.ServeHTTP(w, r)
	})
}

// lastUntrusted searches from the right. A malformed address ends the search: nothing left of it can be trusted.
func lastUntrusted(headers []string, trusted func(netip.Addr) bool) (client netip.Addr, found bool) {
	hops := strings.Split(strings.Join(headers, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		address, err := netip.ParseAddr(hop)
		if err != nil {
			withPort, err := netip.ParseAddrPort(hop)
			if err != nil {
				return client, found
			}
			address = withPort.Addr()
		}
		client, found = address.Unmap(), true
		if !trusted(client) {
			return client, true
		}
	}
	return client, found
}
