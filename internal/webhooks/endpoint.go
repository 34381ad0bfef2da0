package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// The limits of endpoints.
const (
	MaxPerMerchant       = 5  // endpoints of one shop
	MaxOfPlatform        = 50 // endpoints of the platform
	MaxURLLength         = 2048
	maxDescriptionLength = 200
	maxEndpointsRead     = 5000 // of one state, in one call
)

// systemActor is the actor of entries about what the product did itself.
const systemActor = "system:webhooks"

// State is the state of an endpoint.
type State string

// The states of an endpoint. No event is lost in any of them: an endpoint that is resumed gets those that happened meanwhile.
const (
	StateActive   State = "ACTIVE"
	StatePaused   State = "PAUSED"   // by a person
	StateDisabled State = "DISABLED" // by the product, see [DisabledReason]
	stateDeleted  State = "DELETED"
)

// States lists the states that an endpoint is seen in.
func States() []State {
	return []State{StateActive, StatePaused, StateDisabled}
}

// DisabledReason says why the product disabled an endpoint.
type DisabledReason string

// The reasons.
const (
	DisabledFailing     DisabledReason = "FAILING"            // one event was refused for giveUpAfter
	DisabledGone        DisabledReason = "GONE"               // it answered 410
	DisabledShopRevoked DisabledReason = "PERMISSION_REVOKED" // its shop lost its permission for good (rule 13)
)

// DisabledReasons lists every reason.
func DisabledReasons() []DisabledReason {
	return []DisabledReason{DisabledFailing, DisabledGone, DisabledShopRevoked}
}

// Endpoint is an address that is sent events as they are appended to the log.
type Endpoint struct {
	ID             string              `json:"id"`
	Version        int                 `json:"version"`
	MerchantID     cloudtag.MerchantID `json:"merchantId,omitempty"` // whose it is; empty: the platform's
	URL            string              `json:"url"`
	Description    string              `json:"description,omitempty"`
	Types          []cloudtag.Action   `json:"types"` // sorted; empty: every one its owner may see, now and later
	State          State               `json:"state"`
	DisabledReason DisabledReason      `json:"disabledReason,omitempty"`
	CreatedBy      string              `json:"createdBy"`
	CreatedAt      time.Time           `json:"createdAt"`
	ChangedAt      time.Time           `json:"changedAt"`
	// StartSeq is the last sequence number of the log at the creation of the endpoint: it is sent later entries.
	StartSeq int64    `json:"startSeq"`
	Secrets  []Secret `json:"secrets"` // the current one first
	// MessageKey makes the identifiers of messages. Numbers of the log in their place would show a shop how much others do
	// (rule 15). The key is shown to nobody.
	MessageKey []byte `json:"messageKey"`
}

// MayManage reports whether the caller may change the endpoint: its owner may.
func (e Endpoint) MayManage(caller cloudtag.Caller) bool {
	if e.MerchantID != "" {
		return caller.ActsFor(e.MerchantID)
	}
	return caller.Has(cloudtag.RoleAdmin) || caller.Serves()
}

// MaySee reports whether the caller may see the endpoint and its deliveries.
func (e Endpoint) MaySee(caller cloudtag.Caller) bool {
	return e.MayManage(caller) || caller.Has(cloudtag.RoleAdmin) || caller.Has(cloudtag.RoleAuditor)
}

// MayOperate reports whether the caller may pause deliveries and have them repeated: the owner, and administrators.
func (e Endpoint) MayOperate(caller cloudtag.Caller) bool {
	return e.MayManage(caller) || caller.Has(cloudtag.RoleAdmin)
}

// SeesNumbers reports whether the endpoint's owner may know numbers of the log.
func (e Endpoint) SeesNumbers() bool { return e.MerchantID == "" }

// endpointSummary is the form of an endpoint in log entries: without secrets, and with only the origin of its address, since path
// and query may hold secrets.
type endpointSummary struct {
	Address        string            `json:"address"`
	Types          []cloudtag.Action `json:"types"`
	State          State             `json:"state"`
	DisabledReason DisabledReason    `json:"disabledReason,omitempty"`
}

func (e Endpoint) summary() endpointSummary {
	return endpointSummary{Address: Origin(e.URL), Types: e.Types, State: e.State, DisabledReason: e.DisabledReason}
}

func (e Endpoint) entry(before *Endpoint, actor string, action cloudtag.Action, reason string) cloudtag.Entry {
	entry := cloudtag.Entry{
		At: e.ChangedAt, Actor: actor, Action: action, Reason: reason,
		Subjects: []cloudtag.Subject{"webhook:" + cloudtag.Subject(e.ID)}, After: cloudtag.MustJSON(e.summary()),
	}
	if e.MerchantID != "" {
		entry.Subjects = append(entry.Subjects, cloudtag.MerchantSubject(e.MerchantID))
	}
	if before != nil {
		entry.Before = cloudtag.MustJSON(before.summary())
	}
	return entry
}

func endpointCodec() cloudtag.Codec[Endpoint] {
	return cloudtag.Codec[Endpoint]{Kind: cloudtag.KindWebhook, Encode: func(e Endpoint) cloudtag.Document {
		document := cloudtag.Document{ID: e.ID, Version: e.Version, State: string(e.State), MerchantID: e.MerchantID, Rank: cloudtag.LatestFirst(e.CreatedAt)}
		if e.State != stateDeleted {
			document.Unique = string(cloudtag.MustJSON([]string{string(e.MerchantID), e.URL}))
		}
		return document
	}}
}

// messageID is the identifier of an entry's message to the endpoint: the same whenever it is sent.
func (e Endpoint) messageID(seq int64) string {
	mac := hmac.New(sha256.New, e.MessageKey)
	_ = binary.Write(mac, binary.BigEndian, seq) // a hash takes everything
	return "msg_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:16]))
}
