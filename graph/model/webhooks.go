package model

import (
	"time"

	"cloudtag/internal/webhooks"
)

// WebhookEndpoint is a URL to which events are delivered.
type WebhookEndpoint struct {
	webhooks.Endpoint

	OverlapUntil time.Time
	CanManage    bool
	CanOperate   bool

	Standings *Batch[string, webhooks.Standing] // of all endpoints that were read together
}
