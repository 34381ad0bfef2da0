package webhooks

import (
	"net/netip"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
)

func TestRulesForAddresses(t *testing.T) {
	strict, open := Rules{}, Rules{AllowHTTP: true, AllowPrivate: true}
	for address, want := range map[string][2]bool{
		"https://example.com/hooks?a=b": {true, true}, "https://example.com:8443": {true, true}, "https://8.8.8.8/": {true, true},
		"https://[2606:4700::1111]/": {true, true}, "http://example.com/": {false, true}, "https://127.0.0.1/": {false, true},
		"https://[::1]/": {false, true}, "https://169.254.169.254/latest": {false, true}, "https://[::ffff:10.0.0.1]/": {false, true},
		"": {}, "example.com": {}, "ftp://example.com/": {}, "https:///path": {}, "https://user:pass@example.com/": {},
		"https://example.com/#part": {}, "https://example.com/\n": {}, "https://例子.example/": {}, "javascript:alert(1)": {},
		"https://example.com/" + strings.Repeat("a", MaxURLLength): {},
	} {
		for i, rules := range []Rules{strict, open} {
			if err := rules.check(address); (err == nil) != want[i] || err != nil && cloudtag.CodeOf(err) != cloudtag.CodeInvalidWebhook {
				t.Errorf("%q under %+v: %v", address, rules, err)
			}
		}
	}
}

func TestPublicAddress(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.9.9.9": false, "::1": false, "0.0.0.0": false, "::": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.0.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "224.0.0.1": false, "255.255.255.255": false,
		"fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false,
		"64:ff9b::7f00:1": false, "64:ff9b::8.8.8.8": false, "2002:7f00:1::": false, "2001:0:1::": false, "2001:db8::1": false, "198.18.0.1": false,
		"192.0.2.1": false, "198.51.100.7": false, "203.0.113.9": false, "240.0.0.1": false, "fec0::1": false, "::7f00:1": false, "172.15.255.255": true, "172.32.0.1": true,
	} {
		if got := PublicAddress(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
