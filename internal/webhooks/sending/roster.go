package sending

import (
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/webhooks"
)

// rosterEntry is what the dispatcher knows of one endpoint.
type rosterEntry struct {
	merchant cloudtag.MerchantID // empty: the platform's
	version  int
	listed   bool // among the active ones when these were last read
	running  bool
	due      bool      // something may have happened since its last turn began
	nextAt   time.Time // when it is due anyway
}

// roster is the active endpoints as they were last read, and those whose turn still runs though they are no longer active. It
// only says which endpoints to check, and may be out of date: each round of deliveries reads the endpoint itself.
type roster struct {
	endpoints map[string]*rosterEntry
	running   int       // of them
	readAt    time.Time // zero: they have to be read
}

func newRoster() *roster { return &roster{endpoints: map[string]*rosterEntry{}} }

// fresh reports whether the endpoints were read less than listEvery ago. A clock that steps back makes them stale.
func (r *roster) fresh(now time.Time) bool {
	age := now.Sub(r.readAt)
	return !r.readAt.IsZero() && age >= 0 && age < listEvery
}

// take updates the roster with the active endpoints as they were read at a time. Those that are new or changed are due.
func (r *roster) take(active []webhooks.Endpoint, now time.Time) {
	r.readAt = now
	for _, of := range r.endpoints {
		of.listed = false
	}
	for _, endpoint := range active {
		of := r.endpoints[endpoint.ID]
		if of == nil {
			of = &rosterEntry{nextAt: now}
			r.endpoints[endpoint.ID] = of
		}
		of.due = of.due || of.version != endpoint.Version
		of.merchant, of.version, of.listed = endpoint.MerchantID, endpoint.Version, true
	}
}

// mark makes those endpoints due that new entries concern: all of the platform's when the log has grown, and those of the
// shops that the entries are about.
func (r *roster) mark(grown bool, touched map[cloudtag.MerchantID]struct{}) {
	for _, of := range r.endpoints {
		_, mine := touched[of.merchant]
		of.due = of.due || of.merchant == "" && grown || of.merchant != "" && mine
	}
}
