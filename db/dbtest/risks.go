package dbtest

import (
	"time"

	"cloudtag/internal/cloudtag"
)

func riskCases() []testCase {
	return []testCase{
		inWorld("FoundAndNotFound", risksFound),
		inWorld("PutResults", riskPutResults),
		inWorld("RowsOfOneCallInOrder", riskRowsInOrder),
		inWorld("StoredRowsAreMarked", riskMarks),
		inWorld("MarkStaysWhenProfileChangedAgain", riskMarkChangedAgain),
		inWorld("MarkedByBuyerUpToLimit", riskMarksInOrder),
		inWorld("DecidesInTheNextChange", riskDecides),
	}
}

func (w *world) risksBy(buyers ...cloudtag.BuyerID) map[cloudtag.BuyerID]cloudtag.RiskProfile {
	w.Helper()
	found, err := w.store.Risks(w.ctx, buyers)
	w.noError(err, "risks")
	return found
}

func (w *world) evaluated(profile cloudtag.RiskProfile) {
	w.Helper()
	w.noError(w.store.RiskEvaluated(w.ctx, profile), "risk evaluated")
}

func risksFound(w *world) {
	a := w.risk("a", 0)
	b := w.risk("b", 100, cloudtag.RiskSignal{Code: "REFUND_RATE", Value: 0.1, Weight: 1e-9},
		cloudtag.RiskSignal{Code: "AGE", Value: -3.5, Weight: 12345678901234})
	equal(w, "results", w.putRisks(a, b), puts(cloudtag.PutStored, cloudtag.PutStored))
	w.reopen()
	equal(w, "risks", w.risksBy(b.BuyerID, "nobody", a.BuyerID), map[cloudtag.BuyerID]cloudtag.RiskProfile{a.BuyerID: a, b.BuyerID: b})
	equal(w, "risks of nobody", len(w.risksBy()), 0)
	equal(w, "results of no row", len(w.putRisks()), 0)
}

func riskPutResults(w *world) {
	signal := cloudtag.RiskSignal{Code: "REFUND_RATE", Value: 0.25, Weight: 2}
	stored := w.risk("a", 50, signal)
	before := w.lastSeq()
	w.putRisks(stored)

	older, rescored, resignalled, newer := stored, stored, stored, stored
	older.UpdatedAt, older.Score = day0.Add(-time.Millisecond), 99
	rescored.Score = 51
	resignalled.Score, resignalled.Signals = 51, nil
	newer.Score, newer.Signals, newer.UpdatedAt = 51, nil, day0.Add(time.Millisecond)
	steps := []struct {
		name string
		put  cloudtag.RiskProfile
		want cloudtag.PutResult
		then cloudtag.RiskProfile
	}{
		{"the same", stored, cloudtag.PutUnchanged, stored},
		{"older", older, cloudtag.PutStale, stored},
		{"as old, another score", rescored, cloudtag.PutStored, rescored},
		{"as old, other signals", resignalled, cloudtag.PutStored, resignalled},
		{"newer, otherwise the same", newer, cloudtag.PutStored, newer},
		{"older by a moment, the same otherwise", resignalled, cloudtag.PutStale, newer},
	}
	want := []cloudtag.Entry{riskEntry(nil, stored)}
	for i, step := range steps {
		equal(w, step.name, w.putRisks(step.put), puts(step.want))
		equal(w, step.name+": the profile", w.risksBy(stored.BuyerID)[stored.BuyerID], step.then)
		if step.want == cloudtag.PutStored {
			previous := steps[i-1].then
			want = append(want, riskEntry(&previous, step.then))
		}
	}
	equal(w, "entries", w.logAfter(before), want, withoutSeq)
}

func riskRowsInOrder(w *world) {
	first, second := w.risk("a", 10), w.risk("a", 20)
	second.UpdatedAt = day0.Add(time.Hour)
	equal(w, "results", w.putRisks(first, second, first, second), puts(
		cloudtag.PutStored, cloudtag.PutStored, cloudtag.PutStale, cloudtag.PutUnchanged))
	equal(w, "profile", w.risksBy(first.BuyerID)[first.BuyerID], second)
	equal(w, "marked", w.risksToEvaluate(10), []cloudtag.RiskProfile{second})
}

func riskMarks(w *world) {
	profile, older := w.risk("a", 50), w.risk("a", 60)
	older.UpdatedAt = day0.Add(-time.Hour)
	w.putRisks(profile)
	w.reopen()
	equal(w, "marked when new", w.risksToEvaluate(10), []cloudtag.RiskProfile{profile})
	w.evaluated(profile)
	equal(w, "marked after the evaluation", len(w.risksToEvaluate(10)), 0)
	w.evaluated(profile)
	w.putRisks(profile, older)
	equal(w, "marked after rows that change nothing", len(w.risksToEvaluate(10)), 0)
	profile.Score = 55
	w.putRisks(profile)
	equal(w, "marked after a change", w.risksToEvaluate(10), []cloudtag.RiskProfile{profile})
}

func riskMarkChangedAgain(w *world) {
	first := w.risk("a", 50, cloudtag.RiskSignal{Code: "X", Value: 1, Weight: 1})
	changes := []struct {
		name   string
		change func(*cloudtag.RiskProfile)
	}{
		{"another score, as old", func(p *cloudtag.RiskProfile) { p.Score = 80 }},
		{"other signals, as old", func(p *cloudtag.RiskProfile) {
			p.Signals = []cloudtag.RiskSignal{{Code: "X", Value: 2, Weight: 1}}
		}},
		{"newer", func(p *cloudtag.RiskProfile) { p.UpdatedAt = p.UpdatedAt.Add(time.Millisecond) }},
	}
	w.putRisks(first)
	for _, c := range changes {
		next := first
		c.change(&next)
		w.putRisks(next)
		w.evaluated(first)
		equal(w, c.name+": marked after an evaluation of the profile before", w.risksToEvaluate(10), []cloudtag.RiskProfile{next})
		first = next
	}
	w.evaluated(first)
	equal(w, "marked in the end", len(w.risksToEvaluate(10)), 0)
}

func riskMarksInOrder(w *world) {
	c, a, b := w.risk("c", 1), w.risk("a", 2), w.risk("b", 3)
	w.putRisks(c, a, b)
	equal(w, "marked", w.risksToEvaluate(10), []cloudtag.RiskProfile{a, b, c})
	equal(w, "marked, two of them", w.risksToEvaluate(2), []cloudtag.RiskProfile{a, b})
}

// riskDecides: rule 6 lowers the threshold of a HIGH risk account to 2, as soon as the profile is stored.
func riskDecides(w *world) {
	w.openShops(3)
	w.from(1, "a").tag("x", "1").record()
	equal(w, "level without a profile", w.oneCase(w.caseOf("x")).RiskLevel, cloudtag.RiskUnknown)
	w.putRisks(w.risk("x", 70))
	w.from(2, "a").tag("x", "2").record()
	c := w.oneCase(w.caseOf("x"))
	equal(w, "level", c.RiskLevel, cloudtag.RiskHigh)
	equal(w, "threshold", c.Threshold, 2)
	equal(w, "state", c.State, cloudtag.CaseConfirmed)
	raised := w.risk("x", 10)
	raised.UpdatedAt = day0.Add(time.Hour)
	w.putRisks(raised)
	amended := w.amend(w.caseOf("x"), func(file *cloudtag.CaseFile) { file.Evaluate(day0.Add(time.Hour)) })
	equal(w, "threshold at low risk", amended.Threshold, 4)
	equal(w, "state at low risk", amended.State, cloudtag.CaseLapsed)
}
