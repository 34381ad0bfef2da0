package cloudtag

import (
	"math"
	"slices"
	"time"
)

// The pace of retries.
const (
	webhookFirstDelay  = 5 * time.Second
	webhookLongestWait = 4 * time.Hour
	// webhookGiveUpAfter is how long one event may be refused before its endpoint is disabled. No event is ever skipped
	// by itself: that would deliver the later ones of its subject out of order, or lose it.
	webhookGiveUpAfter = 72 * time.Hour
	// webhookLongestRetryAfter bounds what a receiver may ask for.
	webhookLongestRetryAfter = time.Hour
	// maxWebhookLanes is how many subjects of one endpoint may wait at once; while there are more, none is taken from the
	// log, which keeps them.
	maxWebhookLanes    = 100
	maxWebhookAttempts = 10 // that are kept of one event, the newest
	// webhookRecoveredAfter is how many refusals in a row make an acceptance the end of an outage, after which all that
	// waits is tried at once.
	webhookRecoveredAfter = 5
)

// webhookDelay is how long to wait after a number of refusals, from 1: twice as long each time, and somewhere between
// four fifths and six fifths of it, so that what failed together is not tried together. random is 0 to 1.
func webhookDelay(failures int, random float64) time.Duration {
	delay := min(float64(webhookFirstDelay)*math.Pow(2, float64(failures-1)), float64(webhookLongestWait))
	return time.Duration(delay * (0.8 + 0.4*random)).Truncate(TimeResolution)
}

// WebhookFailure says why an attempt failed.
type WebhookFailure string

// The failures.
const (
	WebhookRefusedStatus  WebhookFailure = "STATUS"          // it answered, but not 2xx
	WebhookRedirected     WebhookFailure = "REDIRECT"        // it answered 3xx, which is not followed
	WebhookTimedOut       WebhookFailure = "TIMEOUT"         // no answer in time
	WebhookUnreachable    WebhookFailure = "UNREACHABLE"     // no connection, or it was cut
	WebhookUnknownHost    WebhookFailure = "UNKNOWN_HOST"    // its name has no address
	WebhookUntrusted      WebhookFailure = "TLS"             // its certificate is not good
	WebhookAddressRefused WebhookFailure = "ADDRESS_REFUSED" // its address is not the internet's
)

// WebhookFailures lists every failure.
func WebhookFailures() []WebhookFailure {
	return []WebhookFailure{WebhookRefusedStatus, WebhookRedirected, WebhookTimedOut, WebhookUnreachable, WebhookUnknownHost,
		WebhookUntrusted, WebhookAddressRefused}
}

// WebhookAttempt is one try to deliver.
type WebhookAttempt struct {
	At      time.Time      `json:"at"`
	TookMs  int            `json:"tookMs"`
	Status  int            `json:"status,omitempty"`  // of HTTP; 0 without an answer
	Failure WebhookFailure `json:"failure,omitempty"` // empty: delivered
}

// webhookLane is one subject whose events wait: its entries from Next on, up to where the endpoint has read, are not
// delivered, and go first in the order of the log.
type webhookLane struct {
	Subject  Subject          `json:"subject"`
	Next     int64            `json:"next"`
	Type     Action           `json:"type,omitempty"`     // of the entry at Next, once it was tried
	EntryAt  time.Time        `json:"entryAt,omitzero"`   // of it too
	Since    time.Time        `json:"since,omitzero"`     // when it was first refused
	Failures int              `json:"failures"`           // of it
	Attempts []WebhookAttempt `json:"attempts,omitempty"` // of it, the newest
	NextAt   time.Time        `json:"nextAt"`
}

// webhookLease keeps two instances from delivering to one endpoint at once.
type webhookLease struct {
	Token string    `json:"token"`
	Until time.Time `json:"until"`
}

// webhookProgress is where the deliveries to one endpoint stand: every entry up to Through is delivered, or waits in a
// lane. It changes as one, and only if nobody else changed it since.
type webhookProgress struct {
	Endpoint  string        `json:"endpoint"`
	Version   int           `json:"version"`
	Through   int64         `json:"through"`
	Lanes     []webhookLane `json:"lanes,omitempty"`
	Lease     *webhookLease `json:"lease,omitempty"`
	NotBefore time.Time     `json:"notBefore,omitzero"` // the receiver asked to be left alone until then
	Refusals  int           `json:"refusals"`           // in a row
	Recorded  int64         `json:"recorded"`           // how many deliveries the history was ever given
}

func webhookProgressCodec() Codec[webhookProgress] {
	return Codec[webhookProgress]{KindWebhookProgress, func(p webhookProgress) Document {
		return Document{ID: p.Endpoint, Version: p.Version, State: "COUNTED"}
	}}
}

// leased reports whether another holds the lease.
func (p webhookProgress) leased(token string, now time.Time) bool {
	return p.Lease != nil && p.Lease.Token != token && now.Before(p.Lease.Until)
}

// lane returns the place of a subject's lane, -1 without one.
func (p webhookProgress) lane(subject Subject) int {
	return slices.IndexFunc(p.Lanes, func(l webhookLane) bool { return l.Subject == subject })
}

// nextAt is when the next lane is due, zero without lanes.
func (p webhookProgress) nextAt() time.Time {
	var next time.Time
	for _, lane := range p.Lanes {
		if next.IsZero() || lane.NextAt.Before(next) {
			next = lane.NextAt
		}
	}
	if !next.IsZero() && next.Before(p.NotBefore) {
		next = p.NotBefore
	}
	return next
}

// webhookWork is what one round does for one subject: its entries, in order.
type webhookWork struct {
	subject Subject
	entries []Entry
	through int64 // of a lane: up to where it was looked through for the entries
	more    bool  // of a lane: there may be others behind
}

// WebhookAnswer is what became of one attempt.
type WebhookAnswer struct {
	WebhookAttempt
	RetryAfter time.Duration // what the receiver asked for; 0: nothing
}

// accepted reports whether the event is delivered: only 2xx is.
func (a WebhookAnswer) accepted() bool { return a.Failure == "" }

// webhookDone is what one round did for one subject: it delivered some of the entries, then one was refused (answer), or
// the round was over.
type webhookDone struct {
	webhookWork
	delivered []WebhookAttempt // one for each entry from the first on
	refused   *WebhookAnswer
}

// apply takes in what a round did. through is up to where the round has read the log. What it returns is delivered, for
// the history.
func (p *webhookProgress) apply(rounds []webhookDone, through int64, now time.Time, random func() float64) []WebhookDelivery {
	p.Through = max(p.Through, through)
	var delivered []WebhookDelivery
	recovered := false
	for _, done := range rounds {
		delivered = append(delivered, p.deliveries(done)...)
		p.advance(done, now, random)
		if len(done.delivered) > 0 {
			recovered = recovered || p.Refusals >= webhookRecoveredAfter
			p.Refusals = 0
		}
		if done.refused != nil {
			p.Refusals++
		}
	}
	if recovered {
		for i := range p.Lanes {
			p.Lanes[i].NextAt = now
		}
	}
	return delivered
}

// deliveries are the history's records of what was delivered.
func (p *webhookProgress) deliveries(done webhookDone) []WebhookDelivery {
	var delivered []WebhookDelivery
	for i, attempt := range done.delivered {
		entry := done.entries[i]
		record := WebhookDelivery{
			Seq: entry.Seq, Type: entry.Action, Subject: done.subject, EntryAt: entry.At, State: WebhookDelivered,
			Attempts: []WebhookAttempt{attempt}, Tries: 1,
		}
		if at := p.lane(done.subject); at >= 0 && p.Lanes[at].Next == entry.Seq && p.Lanes[at].Failures > 0 {
			record.Attempts = newestAttempts(append(slices.Clone(p.Lanes[at].Attempts), attempt))
			record.Tries += p.Lanes[at].Failures
		}
		delivered = append(delivered, record)
	}
	return delivered
}

// advance moves a subject's lane, opens or ends it.
func (p *webhookProgress) advance(done webhookDone, now time.Time, random func() float64) {
	at := p.lane(done.subject)
	count := len(done.delivered)
	if count == len(done.entries) && !done.more {
		if at >= 0 {
			p.Lanes = slices.Delete(p.Lanes, at, at+1)
		}
		return
	}
	if at < 0 {
		p.Lanes = append(p.Lanes, webhookLane{Subject: done.subject})
		at = len(p.Lanes) - 1
	}
	lane := &p.Lanes[at]
	next := Entry{}
	if count < len(done.entries) {
		next = done.entries[count]
	} else {
		next.Seq = done.through + 1
	}
	if lane.Next != next.Seq || lane.Failures == 0 {
		*lane = webhookLane{Subject: done.subject, Next: next.Seq, Type: next.Action, EntryAt: next.At, NextAt: now}
	}
	if done.refused != nil {
		lane.refuse(*done.refused, now, random)
		if done.refused.RetryAfter > 0 {
			p.NotBefore = now.Add(min(done.refused.RetryAfter, webhookLongestRetryAfter))
		}
	}
}

// refuse takes in a refusal of the lane's first event.
func (l *webhookLane) refuse(answer WebhookAnswer, now time.Time, random func() float64) {
	if l.Failures == 0 {
		l.Since = now
	}
	l.Failures++
	l.Attempts = newestAttempts(append(l.Attempts, answer.WebhookAttempt))
	l.NextAt = now.Add(webhookDelay(l.Failures, random()))
	if end := l.Since.Add(webhookGiveUpAfter); now.Before(end) && l.NextAt.After(end) {
		l.NextAt = end // the last try
	}
}

// exhausted reports whether the lane's first event was refused for so long that its endpoint is disabled.
func (l webhookLane) exhausted(now time.Time) bool {
	return l.Failures > 0 && !now.Before(l.Since.Add(webhookGiveUpAfter))
}

func newestAttempts(attempts []WebhookAttempt) []WebhookAttempt {
	return attempts[max(0, len(attempts)-maxWebhookAttempts):]
}

// replay goes back to right behind an entry: what lies behind it is delivered again. A lane that began before goes on;
// those that began later come again.
func (p *webhookProgress) replay(after int64) {
	p.Lanes = slices.DeleteFunc(p.Lanes, func(l webhookLane) bool { return l.Next > after })
	p.Through = min(p.Through, after)
}

// restart gives every waiting event its whole time again, from now.
func (p *webhookProgress) restart(now time.Time) {
	for i := range p.Lanes {
		lane := &p.Lanes[i]
		lane.Since, lane.Failures, lane.Attempts, lane.NextAt = time.Time{}, 0, nil, now
	}
	p.NotBefore, p.Refusals = time.Time{}, 0
}

// skip passes over the events that are refused, one of each subject that waits for it, and returns them.
func (p *webhookProgress) skip(now time.Time) []WebhookDelivery {
	var skipped []WebhookDelivery
	for i := range p.Lanes {
		lane := &p.Lanes[i]
		if lane.Failures == 0 {
			continue
		}
		skipped = append(skipped, lane.delivery(WebhookSkipped))
		*lane = webhookLane{Subject: lane.Subject, Next: lane.Next + 1, NextAt: now}
	}
	return skipped
}

// delivery is what is told of the lane's first event.
func (l webhookLane) delivery(state WebhookDeliveryState) WebhookDelivery {
	delivery := WebhookDelivery{
		Seq: l.Next, Type: l.Type, Subject: l.Subject, EntryAt: l.EntryAt, State: state, Attempts: l.Attempts, Tries: l.Failures,
	}
	if state == WebhookPending {
		delivery.NextAt = l.NextAt
	}
	return delivery
}
