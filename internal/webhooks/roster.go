package webhooks

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// standing is what the dispatcher knows of one endpoint.
type standing struct {
	merchant cloudtag.MerchantID // empty: the platform's
	version  int
	listed   bool // among the active ones when they were read last
	running  bool
	due      bool      // something may have happened since it was last begun
	nextAt   time.Time // when it is due anyway
}

// roster is the endpoints that are delivered to, as they were read last, and those that are still being delivered to
// though they are no longer active. It is a hint of whom to look at, and may be old: whoever delivers reads the endpoint
// itself before each round.
type roster struct {
	endpoints map[string]*standing
	running   int       // of them
	readAt    time.Time // zero: it has to be read
}

func newRoster() *roster { return &roster{endpoints: map[string]*standing{}} }

// fresh reports whether it was read less than listEvery ago. A clock that steps back makes it old.
func (r *roster) fresh(now time.Time) bool {
	age := now.Sub(r.readAt)
	return !r.readAt.IsZero() && age >= 0 && age < listEvery
}

// take takes in the active endpoints as they were read at a time. Those that were made or changed since are due.
func (r *roster) take(active []cloudtag.WebhookEndpoint, now time.Time) {
	r.readAt = now
	for _, of := range r.endpoints {
		of.listed = false
	}
	for _, endpoint := range active {
		of := r.endpoints[endpoint.ID]
		if of == nil {
			of = &standing{nextAt: now}
			r.endpoints[endpoint.ID] = of
		}
		of.due = of.due || of.version != endpoint.Version
		of.merchant, of.version, of.listed = endpoint.MerchantID, endpoint.Version, true
	}
}

// mark makes those due that entries concern: all of the platform's when the log has grown, and those of shops that it
// names.
func (r *roster) mark(grown bool, touched map[cloudtag.MerchantID]struct{}) {
	for _, of := range r.endpoints {
		_, mine := touched[of.merchant]
		of.due = of.due || of.merchant == "" && grown || of.merchant != "" && mine
	}
}
