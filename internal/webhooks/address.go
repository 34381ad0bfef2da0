package webhooks

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"cloudtag/internal/cloudtag"
)

// Rules say which addresses an endpoint may have.
type Rules struct {
	AllowHTTP    bool // for trying out; otherwise https only
	AllowPrivate bool // addresses that only an internal network reaches
}

// check refuses an address that its text shows to be wrong; names are resolved when they are dialled.
func (r Rules) check(address string) error {
	parsed, err := url.Parse(address)
	switch {
	case err != nil, len(address) > MaxURLLength, !cloudtag.ValidToken(address, MaxURLLength), parsed.Hostname() == "", parsed.Opaque != "":
		return urlFault(fmt.Sprintf("须为完整的网址，如 https://example.com/hooks，最多 %d 个字符。", MaxURLLength),
			fmt.Sprintf("expected a full address such as https://example.com/hooks, at most %d characters.", MaxURLLength))
	case parsed.Scheme != "https" && (parsed.Scheme != "http" || !r.AllowHTTP):
		return urlFault("须以 https:// 开头。", "expected an address that begins with https://.")
	case parsed.User != nil:
		return urlFault("不得包含用户名或密码。", "expected an address without a user name or password.")
	case parsed.Fragment != "" || strings.Contains(address, "#"):
		return urlFault("不得包含 # 片段。", "expected an address without a # fragment.")
	}
	if ip, err := netip.ParseAddr(parsed.Hostname()); err == nil && !r.AllowPrivate && !PublicAddress(ip) {
		return urlFault("须为公网地址。", "expected an address that is reachable on the internet.")
	}
	return nil
}

func urlFault(zh, en string) error {
	return cloudtag.Refuse(cloudtag.CodeInvalidWebhook, cloudtag.Text{ZH: "url：" + zh, EN: "url: " + en}, "input", "url")
}

// notPublic are the ranges that are not the internet's beyond those that net/netip knows: the special-purpose registries of
// IANA (RFC 6890), and the translation prefixes that lead back to IPv4.
func notPublic() []netip.Prefix {
	texts := []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
		"3fff::/20", "5f00::/16", "fec0::/10",
	}
	prefixes := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		prefixes[i] = netip.MustParsePrefix(text)
	}
	return prefixes
}

// PublicAddress reports whether an IP address is one of the internet's: no loopback, private, link-local (which clouds
// keep their metadata at), shared, multicast, documentation, reserved or translated one.
func PublicAddress(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	if ip.Is6() && !netip.MustParsePrefix("2000::/3").Contains(ip) {
		return false // nothing else is given out (RFC 4291, IANA)
	}
	return !slices.ContainsFunc(notPublic(), func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Origin is what may be logged of an address: its scheme, host and port.
func Origin(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Scheme + "://" + parsed.Host
}
