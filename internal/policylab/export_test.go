package policylab

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// What the tests, which are in a package of their own because they run on a store, need of this package.

// Digest identifies the numbers of a policy that is based on a version.
func Digest(policy cloudtag.Policy, basedOn int) string { return digest(policy, basedOn) }

// LoadOf is the load of the queue, in UTC, when cases arrive at these times.
func LoadOf(times []time.Time, perDay int, within time.Duration, days int) QueueLoad {
	counted := arrivals{}
	for _, at := range times {
		counted.add(at)
	}
	return counted.load(perDay, within, days, cloudtag.NewCalendar(time.UTC))
}
