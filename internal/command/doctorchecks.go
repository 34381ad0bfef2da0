package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/storefacts"
)

// checkSecret looks at what signs tokens without showing any of it.
func (d *doctor) checkSecret() {
	const generate = "set CLOUDTAG_JWT_SECRET to what `head -c 32 /dev/urandom | base64` prints, the same on every instance"
	secret := string(d.settings.Secret)
	if secret == "" && d.settings.Given() {
		d.tell("secret", checkOK, "there is none: the identity provider signs", "")
		return
	}
	if secret == "" {
		d.tell("secret", checkFail, "there is none: serve does not start without, but for --dev", generate)
		return
	}
	if weakness := auth.SecretWeakness(secret); weakness != "" {
		d.tell("secret", checkFail, weakness, generate)
		return
	}
	d.tell("secret", checkOK, fmt.Sprintf("%d bytes", len(secret)), "")
}

// checkDatabase finds out whether there is a store.
func (d *doctor) checkDatabase(ctx context.Context) (storefacts.Facts, bool) {
	facts, err := d.parts.Inspect(ctx, d.settings.DB, d.settings.Full)
	if err != nil {
		d.tell("database", checkFail, err.Error(), "check --db, that the server runs and can be reached from here, and its user's rights")
		return facts, false
	}
	place := facts.Place
	if facts.Version != "" {
		place += ", version " + facts.Version
	}
	switch {
	case !facts.Found:
		d.tell("database", checkWarn, place+": there is no data yet", "`cloudtag serve` makes the database; check --db when there should be one")
	case len(facts.Damage) > 0:
		d.tell("database", checkFail, place+": the file is damaged: "+strings.Join(facts.Damage, "; "), "stop every server, keep a copy of the file, and restore the last backup")
	default:
		d.tell("database", checkOK, place, "")
	}
	return facts, true
}

// checkSchema compares what is there with what this program makes.
func (d *doctor) checkSchema(facts storefacts.Facts) {
	versions := fmt.Sprintf("version %d, this program's is %d", facts.Schema, facts.Newest)
	switch {
	case !facts.Found:
	case facts.Schema > facts.Newest:
		d.tell("schema", checkFail, versions, "use the cloudtag that made it, or a newer one")
	case facts.Schema < facts.Newest:
		d.tell("schema", checkWarn, versions, "make a backup, then start `cloudtag serve`, which brings it up to date or says why it can't")
	case len(facts.Missing) > 0:
		d.tell("schema", checkFail, "missing: "+strings.Join(facts.Missing, ", "), "start `cloudtag serve` on MongoDB, which makes indexes anew; an SQLite file is damaged: restore the last backup")
	default:
		d.tell("schema", checkOK, versions+", all indexes are there", "")
	}
}

// The limits of free space: below the first writes are about to fail, below the second somebody should look.
const (
	leastFree   = 256 << 20
	enoughFree  = 2 << 30
	enoughShare = 10 // percent of what is used: the next copy of the file does not fit beside it otherwise
)

func (d *doctor) checkDisk(facts storefacts.Facts) {
	if facts.Disk == nil {
		return
	}
	space := fmt.Sprintf("%s used, %s free of %s", bytesText(facts.Disk.Used), bytesText(facts.Disk.Free), bytesText(facts.Disk.Total))
	const advice = "make room or move the file to a larger disk; without space every write fails"
	switch free := facts.Disk.Free; {
	case free < leastFree:
		d.tell("disk", checkFail, space, advice)
	case free < enoughFree || free < facts.Disk.Used/100*enoughShare:
		d.tell("disk", checkWarn, space, advice)
	default:
		d.tell("disk", checkOK, space, "")
	}
}

// bytesText is a number of bytes for people.
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

// How far clocks may be apart: a second makes times in the log odd, 30 seconds is what tokens bear.
const (
	clockWarn = time.Second
	clockFail = 30 * time.Second
)

const clockAdvice = "keep the clocks of all machines in step (chrony, systemd-timesyncd): deadlines and tokens go by them"

func (d *doctor) checkServerClock(facts storefacts.Facts) {
	if facts.ClockAhead == nil {
		return
	}
	ahead := facts.ClockAhead.Round(time.Millisecond)
	found := fmt.Sprintf("the database's clock is %s ahead of this machine's", ahead)
	if ahead < 0 {
		found = fmt.Sprintf("the database's clock is %s behind this machine's", -ahead)
	}
	d.tellClock("clock", ahead.Abs(), found)
}

func (d *doctor) tellClock(check string, apart time.Duration, found string) {
	switch {
	case apart > clockFail:
		d.tell(check, checkFail, found, clockAdvice)
	case apart > clockWarn:
		d.tell(check, checkWarn, found, clockAdvice)
	default:
		d.tell(check, checkOK, found, "")
	}
}

// checkContent looks at the data, if the store can be opened without being changed by it.
func (d *doctor) checkContent(ctx context.Context, facts storefacts.Facts) {
	contents := []string{"log time", "log chain", "records", "policy", "upkeep", "queue"}
	if !facts.Found || facts.Schema != facts.Newest || len(facts.Missing) > 0 {
		for _, check := range contents {
			d.tell(check, checkSkip, "not looked at", "mend what is above first")
		}
		return
	}
	err := d.parts.Open(ctx, d.settings.DB, func(store DoctorStore, queue *cloudtag.Queue) error {
		d.check(contents[0], d.checkLogTime(ctx, store))
		d.check(contents[1], d.checkChain(ctx, store))
		d.check(contents[2], d.checkRecords(ctx, store))
		d.check(contents[3], d.checkPolicy(ctx, store))
		d.check(contents[4], d.checkUpkeep(ctx, store))
		d.check(contents[5], d.checkQueue(ctx, queue))
		return nil
	})
	d.check("open", err)
}

// check tells of a check that could not be made.
func (d *doctor) check(check string, err error) {
	if err != nil {
		d.tell(check, checkFail, err.Error(), "see the database's own log")
	}
}

func (d *doctor) checkLogTime(ctx context.Context, store DoctorStore) error {
	newest, _, err := store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, Backward: true})
	if err != nil {
		return err
	}
	if len(newest) == 0 {
		d.tell("log time", checkOK, "the log is empty", "")
		return nil
	}
	now := d.parts.Clock.Now()
	found := fmt.Sprintf("the newest entry, %d, is of %s; this machine's clock says %s", newest[0].Seq, newest[0].At.Format(time.RFC3339), now.Format(time.RFC3339))
	d.tellClock("log time", max(0, newest[0].At.Sub(now)), found)
	return nil
}

// boundedChain is how many of the newest entries are checked unless all are asked for: a second or so.
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
	result, err := cloudtag.VerifyLogEnd(ctx, store, checked)
	switch {
	case err != nil:
		return err
	case result.Break != nil:
		d.tell("log chain", checkFail, fmt.Sprintf("it breaks at entry %d: %s", result.Break.Seq, result.Break.Reason),
			"keep the store as it is, compare with the last backup from that entry on, and find out who can write to the store")
	case checked < last:
		d.tell("log chain", checkOK, fmt.Sprintf("the newest %d of %d entries hold; --full checks all", checked, last), "")
	case result.First > 1:
		d.tell("log chain", checkOK, fmt.Sprintf("entries %d to %d hold; those before were archived", result.First, last), "")
	default:
		d.tell("log chain", checkOK, fmt.Sprintf("all %d entries hold", last), "")
	}
	return nil
}

// shownDiscrepancies is how many records that differ from the log are named.
const shownDiscrepancies = 5

// checkRecords compares tags and cases with what the log says of them: whoever writes to the store beside the product leaves
// the log's chain whole.
func (d *doctor) checkRecords(ctx context.Context, store DoctorStore) error {
	if !d.settings.Full {
		d.tell("records", checkSkip, "not compared with the log", "--full compares every tag and case")
		return nil
	}
	result, err := cloudtag.Reconcile(ctx, store)
	if err != nil {
		return err
	}
	compared := fmt.Sprintf("%d tags and %d cases", result.Tags, result.Cases)
	if result.Archived > 0 {
		compared += fmt.Sprintf(" (%d more are older than the log)", result.Archived)
	}
	if len(result.Discrepancies) == 0 {
		d.tell("records", checkOK, compared+" are what the log says", "")
		return nil
	}
	var found []string
	for _, discrepancy := range result.Discrepancies[:min(shownDiscrepancies, len(result.Discrepancies))] {
		found = append(found, fmt.Sprintf("%s is stored as (%s), the log says (%s)", discrepancy.Subject, discrepancy.Stored, discrepancy.Logged))
	}
	d.tell("records", checkFail, fmt.Sprintf("of %s at least %d differ from the log: %s", compared, len(result.Discrepancies), strings.Join(found, "; ")),
		"keep the store as it is and find out who can write to it; the log tells what each record was")
	return nil
}

func (d *doctor) checkPolicy(ctx context.Context, store DoctorStore) error {
	timeline, err := store.PolicyTimeline(ctx)
	switch {
	case cloudtag.CodeOf(err) == cloudtag.CodeNotFound:
		d.tell("policy", checkWarn, "there is none", "`cloudtag serve` stores the default one when it starts")
		return nil
	case err != nil:
		return err
	}
	policy := timeline.At(d.parts.Clock.Now())
	d.tell("policy", checkOK, fmt.Sprintf("version %d of %s", policy.Version, policy.CreatedAt.Format(time.RFC3339)), "")
	return nil
}

// lateUpkeep is how long what is due may wait: the longest interval of upkeep that most set, and time to spare.
const lateUpkeep = 5 * time.Minute

func (d *doctor) checkUpkeep(ctx context.Context, store DoctorStore) error {
	late, err := store.WakingCases(ctx, d.parts.Clock.Now().Add(-lateUpkeep), boundedChain)
	if err != nil {
		return err
	}
	if len(late) > 0 {
		d.tell("upkeep", checkFail, fmt.Sprintf("%d cases have been due for more than %s and nobody evaluated them", len(late), lateUpkeep),
			"start `cloudtag serve`, or look in its log for \"upkeep failed\"; `cloudtag sweep` does it once")
		return nil
	}
	d.tell("upkeep", checkOK, "nothing that is due waits", "")
	return nil
}

func (d *doctor) checkQueue(ctx context.Context, queue *cloudtag.Queue) error {
	stats, _, err := queue.Stats(ctx, cloudtag.Caller{Subject: "system:doctor", Roles: []cloudtag.Role{cloudtag.RoleAuditor}})
	if err != nil {
		return err
	}
	found := fmt.Sprintf("%d wait, %d of them overdue, %d more due within 4 hours, %d missed today",
		stats.Pending, stats.Overdue, stats.DueWithin4h, stats.MissedToday)
	if stats.Overdue > 0 || stats.MissedToday > 0 {
		d.tell("queue", checkWarn, found, "put more reviewers on the queue, oldest due first: what nobody decides in 48 hours counts as missed")
		return nil
	}
	d.tell("queue", checkOK, found, "")
	return nil
}
