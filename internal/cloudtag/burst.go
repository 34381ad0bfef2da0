package cloudtag

import "time"

// burstWithin is the longest time between the first and the last tag of a burst.
const burstWithin = time.Hour

// Burst is most of a threshold's votes arriving within an hour.
type Burst struct {
	Entities int
	From, To time.Time
}

// FindBurst returns the largest group of entities whose tags arrived within an hour of each other, if it is most of the
// threshold; nil otherwise. live is ordered by time of submission.
func FindBurst(live []Tag, threshold int) *Burst {
	var found *Burst
	first := 0
	for last := range live {
		for live[last].SubmittedAt.Sub(live[first].SubmittedAt) > burstWithin {
			first++
		}
		entities := distinctEntities(live[first : last+1])
		if 2*entities > threshold && entities > 1 && (found == nil || entities > found.Entities) {
			found = &Burst{Entities: entities, From: live[first].SubmittedAt, To: live[last].SubmittedAt}
		}
	}
	return found
}

func distinctEntities(tags []Tag) int {
	seen := make(map[EntityID]struct{}, len(tags))
	for _, tag := range tags {
		seen[tag.EntityID] = struct{}{}
	}
	return len(seen)
}
