package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudtag/internal/auditlog"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/metrics"
	"cloudtag/internal/storefacts"
)

// checkSecret checks the signing secret; findings never contain any of it.
func (d *doctor) checkSecret() {
	const generate = "set CLOUDTAG_JWT_SECRET to what `head -c 32 /dev/urandom | base64` prints, the same on every instance"
	secret := string(d.settings.Secret)
	if secret == "" && d.settings.Given() {
		d.report("secret", checkOK, "none: the identity provider signs tokens", "")
		return
	}
	if secret == "" {
		d.report("secret", checkFail, "none: serve does not start without one, except with --dev", generate)
		return
	}
	if weakness := auth.SecretWeakness(secret); weakness != "" {
		d.report("secret", checkFail, weakness, generate)
		return
	}
	d.report("secret", checkOK, fmt.Sprintf("%d bytes", len(secret)), "")
}

// checkDatabase checks that the store can be reached; it returns false if not.
func (d *doctor) checkDatabase(ctx context.Context) (storefacts.Facts, bool) {
	facts, err := d.parts.Inspect(ctx, d.settings.DB, d.settings.Full)
	if err != nil {
		d.report("database", checkFail, err.Error(), "check --db, that the server is running and reachable from here, and its user's rights")
		return facts, false
	}
	place := facts.Place
	if facts.Version != "" {
		place += ", version " + facts.Version
	}
	switch {
	case !facts.Found:
		d.report("database", checkWarn, place+": there is no data yet", "`cloudtag serve` creates the database; check --db if there should be one")
	case len(facts.Damage) > 0:
		d.report("database", checkFail, place+": the file is damaged: "+strings.Join(facts.Damage, "; "), "stop every server, keep a copy of the file, and restore the last backup")
	default:
		d.report("database", checkOK, place, "")
	}
	return facts, true
}

// checkSchema compares the stored schema with the one this program creates.
func (d *doctor) checkSchema(facts storefacts.Facts) {
	versions := fmt.Sprintf("version %d, this program's is %d", facts.Schema, facts.Newest)
	switch {
	case !facts.Found:
	case facts.Schema > facts.Newest:
		d.report("schema", checkFail, versions, "use the version of cloudtag that created it, or a newer one")
	case facts.Schema < facts.Newest:
		d.report("schema", checkWarn, versions, "make a backup, then start `cloudtag serve`, which upgrades it or says why it can't")
	case len(facts.Missing) > 0:
		d.report("schema", checkFail, "missing: "+strings.Join(facts.Missing, ", "), "on MongoDB start `cloudtag serve`, which creates missing indexes; an SQLite file is damaged: restore the last backup")
	default:
		d.report("schema", checkOK, versions+", all indexes exist", "")
	}
}

// The limits of free space, in bytes: below leastFree writes are about to fail, below the others it is time to act.
const (
	leastFree   = 256 << 20
	enoughFree  = 2 << 30
	enoughShare = 10 // percent of the space used: with less a copy of the file may not fit beside it
)

func (d *doctor) checkDisk(facts storefacts.Facts) {
	if facts.Disk == nil {
		return
	}
	space := fmt.Sprintf("%s used, %s free of %s", bytesText(facts.Disk.Used), bytesText(facts.Disk.Free), bytesText(facts.Disk.Total))
	const advice = "free some space or move the file to a larger disk; on a full disk every write fails"
	switch free := facts.Disk.Free; {
	case free < leastFree:
		d.report("disk", checkFail, space, advice)
	case free < enoughFree || free < facts.Disk.Used/100*enoughShare:
		d.report("disk", checkWarn, space, advice)
	default:
		d.report("disk", checkOK, space, "")
	}
}

// bytesText formats a number of bytes with a binary prefix, such as "1.5 GiB".
func bytesText(count uint64) string {
	const units = "KMGTP"
	value, unit := float64(count), -1
	for value >= 1024 && unit < len(units)-1 {
		value, unit = value/1024, unit+1
	}
	if unit < 0 {
		return fmt.Sprintf("%d B", count)
	}
	return fmt.Sprintf("%.1f %ciB", value, units[unit])
}

// How far clocks may differ: from a second on times in the log look wrong, from 30 seconds on tokens are rejected.
const (
	clockWarn = time.Second
	clockFail = 30 * time.Second
)

const clockAdvice = "synchronize the clocks of all machines (chrony, systemd-timesyncd): deadlines and tokens depend on them"

func (d *doctor) checkServerClock(facts storefacts.Facts) {
	if facts.ClockAhead == nil {
		return
	}
	ahead := facts.ClockAhead.Round(time.Millisecond)
	found := fmt.Sprintf("the database's clock is %s ahead of this machine's", ahead)
	if ahead < 0 {
		found = fmt.Sprintf("the database's clock is %s behind this machine's", -ahead)
	}
	d.reportClock("clock", ahead.Abs(), found)
}

func (d *doctor) reportClock(check string, skew time.Duration, found string) {
	switch {
	case skew > clockFail:
		d.report(check, checkFail, found, clockAdvice)
	case skew > clockWarn:
		d.report(check, checkWarn, found, clockAdvice)
	default:
		d.report(check, checkOK, found, "")
	}
}

// checkContent checks the data, unless opening the store would change it.
func (d *doctor) checkContent(ctx context.Context, facts storefacts.Facts) {
	contents := []string{"log time", "log chain", "records", "policy", "upkeep", "queue"}
	if !facts.Found || facts.Schema != facts.Newest || len(facts.Missing) > 0 {
		for _, check := range contents {
			d.report(check, checkSkip, "not checked", "fix the failures above first")
		}
		return
	}
	err := d.parts.Open(ctx, d.settings.DB, func(store DoctorStore, queue *metrics.Queue) error {
		d.reportError(contents[0], d.checkLogTime(ctx, store))
		d.reportError(contents[1], d.checkChain(ctx, store))
		d.reportError(contents[2], d.checkRecords(ctx, store))
		d.reportError(contents[3], d.checkPolicy(ctx, store))
		d.reportError(contents[4], d.checkUpkeep(ctx, store))
		d.reportError(contents[5], d.checkQueue(ctx, queue))
		return nil
	})
	d.reportError("open", err)
}

// reportError reports that a check could not be made, if err is not nil.
func (d *doctor) reportError(check string, err error) {
	if err != nil {
		d.report(check, checkFail, err.Error(), "see the database's own log")
	}
}

func (d *doctor) checkLogTime(ctx context.Context, store DoctorStore) error {
	newest, _, err := store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, Backward: true})
	if err != nil {
		return err
	}
	if len(newest) == 0 {
		d.report("log time", checkOK, "the log is empty", "")
		return nil
	}
	now := d.parts.Clock.Now()
	found := fmt.Sprintf("the newest entry, %d, is of %s; this machine's clock says %s", newest[0].Seq, newest[0].At.Format(time.RFC3339), now.Format(time.RFC3339))
	d.reportClock("log time", max(0, newest[0].At.Sub(now)), found)
	return nil
}

// boundedChain is how many of the newest entries are checked without --full, which takes about a second.
const boundedChain = 10_000

func (d *doctor) checkChain(ctx context.Context, store DoctorStore) error {
	last, err := store.LastSeq(ctx)
	if err != nil {
		return err
	}
	checked := min(last, boundedChain)
	if d.settings.Full {
		checked = last
	}
	result, err := auditlog.VerifyEnd(ctx, store, checked)
	switch {
	case err != nil:
		return err
	case result.Break != nil:
		d.report("log chain", checkFail, fmt.Sprintf("it breaks at entry %d: %s", result.Break.Seq, result.Break.Reason),
			"keep the store as it is, compare with the last backup from that entry on, and find out who can write to the store")
	case checked < last:
		d.report("log chain", checkOK, fmt.Sprintf("the newest %d of %d entries hold; --full checks all", checked, last), "")
	case result.First > 1:
		d.report("log chain", checkOK, fmt.Sprintf("entries %d to %d hold; those before were archived", result.First, last), "")
	default:
		d.report("log chain", checkOK, fmt.Sprintf("all %d entries hold", last), "")
	}
	return nil
}

// shownDiscrepancies is how many of the records that differ from the log are printed.
const shownDiscrepancies = 5

// checkRecords compares tags and cases with the log: a write that bypassed the program leaves the log's chain intact.
func (d *doctor) checkRecords(ctx context.Context, store DoctorStore) error {
	if !d.settings.Full {
		d.report("records", checkSkip, "not compared with the log", "--full compares every tag and case")
		return nil
	}
	result, err := auditlog.Reconcile(ctx, store)
	if err != nil {
		return err
	}
	compared := fmt.Sprintf("%d tags and %d cases", result.Tags, result.Cases)
	if result.Archived > 0 {
		compared += fmt.Sprintf(" (%d more are older than the log)", result.Archived)
	}
	if len(result.Discrepancies) == 0 {
		d.report("records", checkOK, compared+" are what the log says", "")
		return nil
	}
	var found []string
	for _, discrepancy := range result.Discrepancies[:min(shownDiscrepancies, len(result.Discrepancies))] {
		found = append(found, fmt.Sprintf("%s is stored as (%s), the log says (%s)", discrepancy.Subject, discrepancy.Stored, discrepancy.Logged))
	}
	d.report("records", checkFail, fmt.Sprintf("of %s at least %d differ from the log: %s", compared, len(result.Discrepancies), strings.Join(found, "; ")),
		"keep the store as it is and find out who can write to it; the log shows what each record was")
	return nil
}

func (d *doctor) checkPolicy(ctx context.Context, store DoctorStore) error {
	timeline, err := store.PolicyTimeline(ctx)
	switch {
	case cloudtag.CodeOf(err) == cloudtag.CodeNotFound:
		d.report("policy", checkWarn, "none", "`cloudtag serve` stores the default one when it starts")
		return nil
	case err != nil:
		return err
	}
	policy := timeline.At(d.parts.Clock.Now())
	d.report("policy", checkOK, fmt.Sprintf("version %d of %s", policy.Version, policy.CreatedAt.Format(time.RFC3339)), "")
	return nil
}

// lateUpkeep is how long due cases may wait: more than any usual interval of upkeep.
const lateUpkeep = 5 * time.Minute

func (d *doctor) checkUpkeep(ctx context.Context, store DoctorStore) error {
	late, err := store.WakingCases(ctx, d.parts.Clock.Now().Add(-lateUpkeep), boundedChain)
	if err != nil {
		return err
	}
	if len(late) > 0 {
		d.report("upkeep", checkFail, fmt.Sprintf("%d cases have been due for more than %s and were not evaluated", len(late), lateUpkeep),
			"start `cloudtag serve`, or look in its log for \"upkeep failed\"; `cloudtag sweep` runs upkeep once")
		return nil
	}
	d.report("upkeep", checkOK, "no overdue case", "")
	return nil
}

func (d *doctor) checkQueue(ctx context.Context, queue *metrics.Queue) error {
	stats, _, err := queue.Stats(ctx, cloudtag.Caller{Subject: "system:doctor", Roles: []cloudtag.Role{cloudtag.RoleAuditor}})
	if err != nil {
		return err
	}
	found := fmt.Sprintf("%d wait, %d of them overdue, %d more due within 4 hours, %d missed today",
		stats.Pending, stats.Overdue, stats.DueWithin4h, stats.MissedToday)
	if stats.Overdue > 0 || stats.MissedToday > 0 {
		d.report("queue", checkWarn, found, "assign more reviewers to the queue, earliest due first: a case not decided within 48 hours counts as missed")
		return nil
	}
	d.report("queue", checkOK, found, "")
	return nil
}
