package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"cloudtag/internal/auditlog"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/metrics"
	"cloudtag/internal/storefacts"
)

// ErrChecksFailed is returned by [Doctor] when a check failed; the findings have been printed.
var ErrChecksFailed = errors.New("a check failed")

// checkStatus is the outcome of a check.
type checkStatus string

// The outcomes.
const (
	checkOK   checkStatus = "ok"
	checkWarn checkStatus = "warn" // works, but needs attention
	checkFail checkStatus = "fail" // does not work, or data are at risk
	checkSkip checkStatus = "skip" // not requested, or impossible until another failure is fixed
)

// finding is the result of one check; for any status but ok it has advice.
type finding struct {
	Check  string      `json:"check"`
	Status checkStatus `json:"status"`
	Found  string      `json:"found"`
	Advice string      `json:"advice,omitempty"`
}

// DoctorStore is what the checks read of a store whose schema is up to date.
type DoctorStore interface {
	auditlog.ReconciliationStore
	PolicyTimeline(ctx context.Context) (cloudtag.PolicyTimeline, error)
	WakingCases(ctx context.Context, asOf time.Time, limit int) ([]cloudtag.CaseID, error)
}

// DoctorParts are the dependencies of [Doctor].
type DoctorParts struct {
	// Inspect examines a store without changing it; thorough has it check the file for damage.
	Inspect func(ctx context.Context, uri string, thorough bool) (storefacts.Facts, error)
	// Open opens a store whose schema is up to date, calls use and closes the store.
	Open func(ctx context.Context, uri string, use func(DoctorStore, *metrics.Queue) error) error
	// ReadKeys reads the identity provider's keys, Discover its OpenID configuration.
	ReadKeys func(ctx context.Context, url string) (auth.Answer, error)
	Discover func(ctx context.Context, issuer string) (auth.Discovery, error)
	Clock    cloudtag.Clock
}

// doctor collects the findings of its checks.
type doctor struct {
	settings *config.Doctor
	parts    DoctorParts
	findings []finding
}

// Doctor checks everything a server needs, and prints findings and advice. It changes nothing, except for what the store
// itself does on opening. It returns [ErrChecksFailed] when a check failed.
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
		return ErrChecksFailed
	}
	return ctx.Err()
}

func (d *doctor) report(check string, status checkStatus, found, advice string) {
	d.findings = append(d.findings, finding{Check: check, Status: status, Found: found, Advice: advice})
}

// worst is the worst outcome among the findings.
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

// print writes the findings as text or JSON.
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
