package webhooks

import (
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Failure says why an attempt failed.
type Failure string

// The failures.
const (
	FailureStatus         Failure = "STATUS"          // it answered, but not 2xx
	FailureRedirect       Failure = "REDIRECT"        // it answered 3xx, which is not followed
	FailureTimeout        Failure = "TIMEOUT"         // no answer in time
	FailureUnreachable    Failure = "UNREACHABLE"     // no connection, or it was cut
	FailureUnknownHost    Failure = "UNKNOWN_HOST"    // its name has no address
	FailureTLS            Failure = "TLS"             // its certificate is not good
	FailureAddressRefused Failure = "ADDRESS_REFUSED" // its address is not the internet's
)

// Failures lists every failure.
func Failures() []Failure {
	return []Failure{FailureStatus, FailureRedirect, FailureTimeout, FailureUnreachable, FailureUnknownHost, FailureTLS, FailureAddressRefused}
}

// Attempt is one try to deliver.
type Attempt struct {
	At      time.Time `json:"at"`
	TookMs  int       `json:"tookMs"`
	Status  int       `json:"status,omitempty"`  // of HTTP; 0 without an answer
	Failure Failure   `json:"failure,omitempty"` // empty: delivered
}

// DeliveryState is the state of a delivery.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryPending   DeliveryState = "PENDING"   // refused so far, or not sent yet; it is tried again
	DeliveryDelivered DeliveryState = "DELIVERED" // the receiver answered 2xx
	DeliverySkipped   DeliveryState = "SKIPPED"   // a person passed over it
	DeliveryFailed    DeliveryState = "FAILED"    // refused, and not tried again: a ping
)

// DeliveryStates lists every state.
func DeliveryStates() []DeliveryState {
	return []DeliveryState{DeliveryPending, DeliveryDelivered, DeliverySkipped, DeliveryFailed}
}

// Delivery is the outcome of one event at one endpoint. An event that was delivered twice, after a crash or a replay, has
// two.
type Delivery struct {
	ID        string           `json:"-"`
	MessageID string           `json:"-"` // by which the receiver recognizes repeats
	Number    int64            `json:"number"`
	Seq       int64            `json:"seq"` // of the event's entry; 0 for a ping, which has none
	Type      cloudtag.Action  `json:"type"`
	Subject   cloudtag.Subject `json:"subject"`
	EntryAt   time.Time        `json:"entryAt"` // when it happened
	State     DeliveryState    `json:"state"`
	Attempts  []Attempt        `json:"attempts"` // the newest 10, oldest first
	Tries     int              `json:"tries"`    // all of them
	NextAt    time.Time        `json:"nextAt,omitzero"`
}

// lastAt returns the time of the last attempt.
func (d Delivery) lastAt() time.Time {
	if len(d.Attempts) == 0 {
		return d.EntryAt
	}
	return d.Attempts[len(d.Attempts)-1].At
}

// deliveryList names the list of deliveries in cursors.
const deliveryList = "wd"

// position is the delivery's place in the list of deliveries.
func (d Delivery) position() cloudtag.Position {
	return cloudtag.Position{Key: d.lastAt().UnixMilli(), ID: d.ID}
}

// DeliveryFilter selects deliveries; zero fields select all.
type DeliveryFilter struct {
	States  []DeliveryState
	Type    cloudtag.Action
	Subject cloudtag.Subject
}

// Matches reports whether a delivery is selected.
func (f DeliveryFilter) Matches(d Delivery) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, d.State)) &&
		(f.Type == "" || f.Type == d.Type) && (f.Subject == "" || f.Subject == d.Subject)
}
