package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// clientAddress makes a request's RemoteAddr the client's. Behind proxies that are trusted it is the last address of
// X-Forwarded-For that is no trusted proxy's: what is further to the left anybody may have written.
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
			told := *r
			told.RemoteAddr = net.JoinHostPort(client.String(), "0")
			r = &told
		}
		next.ServeHTTP(w, r)
	})
}

// lastUntrusted reads from the right. What is no address ends the search: nothing to its left can be believed.
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
