package cloudtag

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// WebhookState is where an endpoint stands.
type WebhookState string

// The states of an endpoint. Whatever the state, nothing of the log is lost to it: an endpoint that is resumed goes on
// where it stood.
const (
	WebhookActive   WebhookState = "ACTIVE"
	WebhookPaused   WebhookState = "PAUSED"   // by a person
	WebhookDisabled WebhookState = "DISABLED" // by the product, see [WebhookDisabledReason]
	webhookDeleted  WebhookState = "DELETED"
)

// WebhookStates lists the states that an endpoint is seen in.
func WebhookStates() []WebhookState {
	return []WebhookState{WebhookActive, WebhookPaused, WebhookDisabled}
}

// WebhookDisabledReason says why the product disabled an endpoint.
type WebhookDisabledReason string

// The reasons.
const (
	WebhookFailing     WebhookDisabledReason = "FAILING"            // one event was refused for webhookGiveUpAfter
	WebhookGone        WebhookDisabledReason = "GONE"               // it answered 410
	WebhookShopRevoked WebhookDisabledReason = "PERMISSION_REVOKED" // its shop lost its permission for good (rule 13)
)

// WebhookDisabledReasons lists every reason.
func WebhookDisabledReasons() []WebhookDisabledReason {
	return []WebhookDisabledReason{WebhookFailing, WebhookGone, WebhookShopRevoked}
}

// The limits of endpoints.
const (
	MaxMerchantWebhooks     = 5  // of one shop
	MaxPlatformWebhooks     = 50 // of the platform
	MaxWebhookURLLength     = 2048
	maxWebhookDescription   = 200
	maxWebhookSecrets       = 3 // the current one and those that still overlap
	DefaultWebhookOverlap   = 24 * time.Hour
	MaxWebhookOverlap       = 7 * 24 * time.Hour
	webhookSecretPrefix     = "whsec_"
	webhookActor            = "system:webhooks"
	maxWebhookEndpointsRead = 5000 // active ones that one look takes in
)

// WebhookSecret is a key that messages are signed with. It is kept as it is: whoever signs needs it.
type WebhookSecret struct {
	Key       []byte    `json:"key"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt,omitzero"` // zero for the current one
}

// WebhookEndpoint is an address that is sent events as they are appended to the log.
type WebhookEndpoint struct {
	ID             string                `json:"id"`
	Version        int                   `json:"version"`
	MerchantID     MerchantID            `json:"merchantId,omitempty"` // whose it is; empty: the platform's
	URL            string                `json:"url"`
	Description    string                `json:"description,omitempty"`
	Types          []Action              `json:"types"` // sorted; empty: every one its owner may see, now and later
	State          WebhookState          `json:"state"`
	DisabledReason WebhookDisabledReason `json:"disabledReason,omitempty"`
	CreatedBy      string                `json:"createdBy"`
	CreatedAt      time.Time             `json:"createdAt"`
	ChangedAt      time.Time             `json:"changedAt"`
	// StartSeq is where the log ended when the endpoint was made: it is sent what came after.
	StartSeq int64           `json:"startSeq"`
	Secrets  []WebhookSecret `json:"secrets"` // the current one first
	// MessageKey keeps identifiers of messages from telling their numbers in the log, which would tell a shop how much
	// others do (rule 15). Nobody is shown it.
	MessageKey []byte `json:"messageKey"`
}

// MayManage reports whether the caller may change the endpoint: its owner may.
func (w WebhookEndpoint) MayManage(caller Caller) bool {
	if w.MerchantID != "" {
		return caller.ActsFor(w.MerchantID)
	}
	return caller.Has(RoleAdmin) || caller.Serves()
}

// MaySee reports whether the caller may see the endpoint and what became of its events.
func (w WebhookEndpoint) MaySee(caller Caller) bool {
	return w.MayManage(caller) || caller.Has(RoleAdmin) || caller.Has(RoleAuditor)
}

// MayOperate reports whether the caller may pause deliveries and have them repeated: the owner, and administrators.
func (w WebhookEndpoint) MayOperate(caller Caller) bool {
	return w.MayManage(caller) || caller.Has(RoleAdmin)
}

// SeesNumbers reports whether the endpoint's owner may know numbers of the log.
func (w WebhookEndpoint) SeesNumbers() bool { return w.MerchantID == "" }

// keys are the keys to sign with at a time, the current one first.
func (w WebhookEndpoint) keys(now time.Time) [][]byte {
	var keys [][]byte
	for _, secret := range w.Secrets {
		if secret.ExpiresAt.IsZero() || now.Before(secret.ExpiresAt) {
			keys = append(keys, secret.Key)
		}
	}
	return keys
}

// rotate makes a key the current one; the ones before are good for the overlap, and no longer than they were.
func (w *WebhookEndpoint) rotate(key []byte, now time.Time, overlap time.Duration) {
	kept := []WebhookSecret{{Key: key, CreatedAt: now}}
	for _, secret := range w.Secrets {
		if until := now.Add(overlap); secret.ExpiresAt.IsZero() || until.Before(secret.ExpiresAt) {
			secret.ExpiresAt = until
		}
		if now.Before(secret.ExpiresAt) && len(kept) < maxWebhookSecrets {
			kept = append(kept, secret)
		}
	}
	w.Secrets = kept
}

// webhookSummary is what the log keeps of an endpoint: no secret, and of the address only where it is, since its path
// and query may hold what others must not know.
type webhookSummary struct {
	Address        string                `json:"address"`
	Types          []Action              `json:"types"`
	State          WebhookState          `json:"state"`
	DisabledReason WebhookDisabledReason `json:"disabledReason,omitempty"`
}

func (w WebhookEndpoint) summary() webhookSummary {
	return webhookSummary{Address: WebhookOrigin(w.URL), Types: w.Types, State: w.State, DisabledReason: w.DisabledReason}
}

// WebhookOrigin is what may be logged of an address: its scheme, host and port.
func WebhookOrigin(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Scheme + "://" + parsed.Host
}

func (w WebhookEndpoint) entry(before *WebhookEndpoint, actor string, action Action, reason string) Entry {
	entry := Entry{
		At: w.ChangedAt, Actor: actor, Action: action, Reason: reason,
		Subjects: []Subject{"webhook:" + Subject(w.ID)}, After: MustJSON(w.summary()),
	}
	if w.MerchantID != "" {
		entry.Subjects = append(entry.Subjects, MerchantSubject(w.MerchantID))
	}
	if before != nil {
		entry.Before = MustJSON(before.summary())
	}
	return entry
}

func webhookCodec() Codec[WebhookEndpoint] {
	return Codec[WebhookEndpoint]{KindWebhook, func(w WebhookEndpoint) Document {
		document := Document{ID: w.ID, Version: w.Version, State: string(w.State), MerchantID: w.MerchantID, Rank: LatestFirst(w.CreatedAt)}
		if w.State != webhookDeleted {
			document.Unique = string(MustJSON([]string{string(w.MerchantID), w.URL}))
		}
		return document
	}}
}

// WebhookRules say which addresses are good for an endpoint.
type WebhookRules struct {
	AllowHTTP    bool // for trying out; otherwise https only
	AllowPrivate bool // addresses that only an internal network reaches
}

// check says what is wrong with an address, as far as its text tells; names are looked up when they are dialled.
func (r WebhookRules) check(address string) error {
	parsed, err := url.Parse(address)
	switch {
	case err != nil, len(address) > MaxWebhookURLLength, !ValidToken(address, MaxWebhookURLLength), parsed.Hostname() == "", parsed.Opaque != "":
		return webhookURLFault(fmt.Sprintf("须为完整的网址，如 https://example.com/hooks，最多 %d 个字符。", MaxWebhookURLLength),
			fmt.Sprintf("expected a full address such as https://example.com/hooks, at most %d characters.", MaxWebhookURLLength))
	case parsed.Scheme != "https" && (parsed.Scheme != "http" || !r.AllowHTTP):
		return webhookURLFault("须以 https:// 开头。", "expected an address that begins with https://.")
	case parsed.User != nil:
		return webhookURLFault("不得包含用户名或密码。", "expected an address without a user name or password.")
	case parsed.Fragment != "" || strings.Contains(address, "#"):
		return webhookURLFault("不得包含 # 片段。", "expected an address without a # fragment.")
	}
	if ip, err := netip.ParseAddr(parsed.Hostname()); err == nil && !r.AllowPrivate && !PublicAddress(ip) {
		return webhookURLFault("须为公网地址。", "expected an address that is reachable on the internet.")
	}
	return nil
}

func webhookURLFault(zh, en string) error {
	return Refuse(CodeInvalidWebhook, Text{ZH: "url：" + zh, EN: "url: " + en}, "input", "url")
}

// notPublic are the ranges that are not the internet's, though no other test tells: the special-purpose registries of
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
