package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/storefacts"
)

// ErrUnwell is returned by [Doctor] when a check failed; what failed has been printed.
var ErrUnwell = errors.New("a check failed")

// checkStatus is how a check went.
type checkStatus string

// The outcomes.
const (
	checkOK   checkStatus = "ok"
	checkWarn checkStatus = "warn" // it works, and somebody should look
	checkFail checkStatus = "fail" // it does not work, or data are at risk
	checkSkip checkStatus = "skip" // it was not asked for, or can't be looked at before another is mended
)

// finding is what one check found, and for anything but ok what to do.
type finding struct {
	Check  string      `json:"check"`
	Status checkStatus `json:"status"`
	Found  string      `json:"found"`
	Advice string      `json:"advice,omitempty"`
}

// DoctorStore is what a doctor reads of a store that is as it should be.
type DoctorStore interface {
	cloudtag.ReconciliationStore
	PolicyTimeline(ctx context.Context) (cloudtag.PolicyTimeline, error)
	WakingCases(ctx context.Context, asOf time.Time, limit int) ([]cloudtag.CaseID, error)
}

// DoctorParts are what a doctor needs.
type DoctorParts struct {
	// Inspect looks at a store without changing it.
	Inspect func(ctx context.Context, uri string, thorough bool) (storefacts.Facts, error)
	// Open opens a store whose schema is the newest, calls use and closes it.
	Open func(ctx context.Context, uri string, use func(DoctorStore, *cloudtag.Queue) error) error
	// ReadKeys reads the keys of the identity provider, and Discover what it says of itself at its issuer's address.
	ReadKeys func(ctx context.Context, url string) (auth.Answer, error)
	Discover func(ctx context.Context, issuer string) (auth.Discovery, error)
	Clock    cloudtag.Clock
}

// doctor collects what its checks find.
type doctor struct {
	settings *config.Doctor
	parts    DoctorParts
	findings []finding
}

// Doctor checks all that a server needs and prints what it found and what to do. It changes nothing, unless the store
// itself does when it is opened. It returns [ErrUnwell] when a check failed.
func Doctor(ctx context.Context, settings *config.Doctor, parts DoctorParts, streams Streams) error {
	d := &doctor{settings: settings, parts: parts}
	d.checkSecret()
	d.checkProvider(ctx)
	if facts, reached := d.checkDatabase(ctx); reached {
		d.checkSchema(facts)
		d.checkDisk(facts)
		d.checkServerClock(facts)
		d.checkContent(ctx, facts)
	}
	if err := d.print(streams.Out); err != nil {
		return err
	}
	if d.worst() == checkFail {
		return ErrUnwell
	}
	return ctx.Err()
}

func (d *doctor) tell(check string, status checkStatus, found, advice string) {
	d.findings = append(d.findings, finding{Check: check, Status: status, Found: found, Advice: advice})
}

// worst is the worst outcome of all checks.
func (d *doctor) worst() checkStatus {
	worst := checkOK
	for _, finding := range d.findings {
		switch finding.Status {
		case checkFail:
			return checkFail
		case checkWarn:
			worst = checkWarn
		}
	}
	return worst
}

// print writes what was found, for people or for programs.
func (d *doctor) print(out io.Writer) error {
	if d.settings.Format == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(struct {
			Status checkStatus `json:"status"`
			Checks []finding   `json:"checks"`
		}{d.worst(), d.findings})
	}
	for _, finding := range d.findings {
		if _, err := fmt.Fprintf(out, "%-5s %-10s %s\n", finding.Status, finding.Check, finding.Found); err != nil {
			return err
		}
		if finding.Advice != "" {
			if _, err := fmt.Fprintf(out, "%17s→ %s\n", "", finding.Advice); err != nil {
				return err
			}
		}
	}
	return nil
}
