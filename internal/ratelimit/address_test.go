package ratelimit

import "testing"

func TestAddressKey(t *testing.T) {
	for address, want := range map[string]string{
		"1.2.3.4:5": "address 1.2.3.4", "1.2.3.4": "address 1.2.3.4", "[::ffff:1.2.3.4]:5": "address 1.2.3.4",
		"[2001:db8:1:2:3::9]:5": "address 2001:db8:1:2::/64", "[2001:db8:1:2:ffff::1]:6": "address 2001:db8:1:2::/64",
		"[fe80::1%eth0]:5": "address fe80::/64", "@": "address unknown", "": "address unknown",
	} {
		if got := AddressKey(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
