package model

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// WebhookEndpoint is an address that is sent events.
type WebhookEndpoint struct {
	ID             string
	MerchantID     *string
	URL            string
	Description    *string
	Types          []string
	State          cloudtag.WebhookState
	DisabledReason *cloudtag.WebhookDisabledReason
	CreatedBy      string
	CreatedAt      time.Time
	ChangedAt      time.Time
	OverlapUntil   *time.Time
	CanManage      bool
	CanOperate     bool

	SeesNumbers bool                                     // whether its owner may know numbers of the log
	Standings   *Batch[string, cloudtag.WebhookStanding] // of all endpoints that were read together
}
