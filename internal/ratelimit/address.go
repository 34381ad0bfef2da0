package ratelimit

import (
	"net"
	"net/netip"
)

// AddressKey is what an address, with or without port, counts as: an IPv6 client by its network of 64 bits, of which it
// has as many addresses as it likes.
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
