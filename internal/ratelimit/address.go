package ratelimit

import (
	"net"
	"net/netip"
)

// AddressKey is the key of an address, with or without port: an IPv6 client counts by its /64 network, in which it can use
// any address.
func AddressKey(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	parsed, err := netip.ParseAddr(host)
	if err != nil {
		return "address unknown"
	}
	parsed = parsed.Unmap().WithZone("")
	if parsed.Is6() {
		if network, err := parsed.Prefix(64); err == nil {
			return "address " + network.String()
		}
	}
	return "address " + parsed.String()
}
