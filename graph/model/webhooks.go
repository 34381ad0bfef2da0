package model

import (
	"time"

	"cloudtag/internal/webhooks"
)

// WebhookEndpoint is a URL to which events are delivered.
type WebhookEndpoint struct {
	ID             string
	MerchantID     *string
	URL            string
	Description    *string
	Types          []string
	State          webhooks.State
	DisabledReason *webhooks.DisabledReason
	CreatedBy      string
	CreatedAt      time.Time
	ChangedAt      time.Time
	OverlapUntil   *time.Time
	CanManage      bool
	CanOperate     bool

	Standings *Batch[string, webhooks.Standing] // of all endpoints that were read together
}
