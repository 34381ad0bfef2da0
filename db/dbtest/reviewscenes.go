package dbtest

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// platformScenes are crash scenes of the platform's calls.
func platformScenes() []scene {
	return []scene{
		{name: "Claim", prepare: preparedCases, call: claimWarm, again: cloudtag.CodeClaimedByOther},
		{name: "Decide", prepare: preparedCases, call: decideWarm, again: cloudtag.CodeConflict},
		{name: "Note", prepare: preparedCases, call: noteWarm, again: cloudtag.CodeInvalidState},
		{name: "Assign", prepare: preparedClaim, call: assignWarm},
		{name: "TakeOver", prepare: preparedClaim, call: takeOverWarm, again: cloudtag.CodeClaimedByOther},
		{name: "Snooze", prepare: preparedCases, call: snoozeWarm},
		{name: "Escalate", prepare: preparedCases, call: escalateWarm, again: cloudtag.CodeInvalidState},
		{name: "Undo", prepare: preparedDecision, call: undoWarm, again: cloudtag.CodeInvalidState},
		{name: "Overturn", prepare: preparedSuccess, call: overturnHot},
		{name: "SaveDocument", prepare: preparedDocument, call: openDocument, again: cloudtag.CodeConflict},
		{name: "SaveDocumentVersion", prepare: preparedDocument, call: changeDocument, again: cloudtag.CodeConflict},
	}
}

func claimWarm(w *world, _ int) error {
	_, err := w.claim(w.caseOf("warm"), reviewer, "token", day0)
	return err
}

func decideWarm(w *world, _ int) error {
	_, err := w.store.Amend(w.ctx, w.caseOf("warm"), func(file *cloudtag.CaseFile) error {
		return file.Decide(cloudtag.Ruling{
			Decision: cloudtag.DecisionConfirm, Reason: "查实", ExpectedVersion: 2, By: reviewer,
		}, day0)
	})
	return err
}

func (w *world) shareWarm(edit func(*cloudtag.CaseFile) error) error {
	_, err := w.store.Amend(w.ctx, w.caseOf("warm"), edit)
	return err
}

// noteWarm adds a note once, so that it can be repeated.
func noteWarm(w *world, _ int) error {
	return w.shareWarm(func(file *cloudtag.CaseFile) error {
		if file.Case.Notes.Count > 0 {
			return cloudtag.Refuse(cloudtag.CodeInvalidState, cloudtag.Text{})
		}
		return file.Note("@甲 看看", []string{"甲"}, reviewer, day0)
	})
}

func preparedClaim(w *world) {
	w.Helper()
	preparedCases(w)
	_, err := w.claim(w.caseOf("warm"), reviewer, "token", day0)
	w.noError(err, "claim")
}

func assignWarm(w *world, _ int) error {
	return w.shareWarm(func(file *cloudtag.CaseFile) error { return file.Assign("乙", "组长", day0) })
}

func takeOverWarm(w *world, _ int) error {
	return w.shareWarm(func(file *cloudtag.CaseFile) error {
		if file.Case.Claim.By != reviewer {
			return cloudtag.Refuse(cloudtag.CodeClaimedByOther, cloudtag.Text{})
		}
		return file.TakeOver("组长", "another", day0)
	})
}

func snoozeWarm(w *world, _ int) error {
	return w.shareWarm(func(file *cloudtag.CaseFile) error {
		if file.Case.Work.Snooze != nil {
			return nil
		}
		return file.Snooze(reviewer, "等店铺答复", day0.Add(time.Hour), day0)
	})
}

func escalateWarm(w *world, _ int) error {
	return w.shareWarm(func(file *cloudtag.CaseFile) error { return file.Escalate(reviewer, "三家店同一地址", day0) })
}

func preparedDecision(w *world) {
	w.Helper()
	preparedCases(w)
	w.decide("warm", cloudtag.DecisionReject, 2, day0)
}

func undoWarm(w *world, _ int) error { return w.undo("warm", day0.Add(time.Second)) }

// preparedSuccess: the first success of "hot" has left the window.
func preparedSuccess(w *world) {
	w.Helper()
	preparedConfirmed(w)
	w.amend(w.caseOf("hot"), func(file *cloudtag.CaseFile) { file.Evaluate(day0.Add(time.Hour).Add(window)) })
}

func overturnHot(w *world, _ int) error {
	at := day0.Add(time.Hour).Add(window)
	succeeded := w.tags(w.order("h1"))[w.order("h1")]
	_, err := w.store.Amend(w.ctx, w.caseOf("hot"), func(file *cloudtag.CaseFile) error {
		file.Overturn([]cloudtag.Tag{succeeded}, reviewer, "申诉成立", at, at)
		return nil
	})
	return err
}

func preparedDocument(w *world) {
	w.Helper()
	document := w.document(cloudtag.KindAppeal, "old")
	document.Unique = document.ID
	w.save(document)
}

func openDocument(w *world, _ int) error {
	document := w.document(cloudtag.KindAppeal, "new")
	document.Unique, document.WakeAt, document.BuyerID = document.ID, day0, w.buyer("x")
	return w.saveWithTwoEntries(document)
}

func changeDocument(w *world, _ int) error {
	document := w.document(cloudtag.KindAppeal, "old")
	document.Version, document.State, document.Body = 2, "DONE", []byte(`{"done":true}`)
	return w.saveWithTwoEntries(document)
}

func (w *world) saveWithTwoEntries(document cloudtag.Document) error {
	w.known.document(documentKey{document.Kind, document.ID})
	return w.store.SaveDocument(w.ctx, document, []cloudtag.Entry{
		documentEntry(document, cloudtag.ActionAppealFiled), documentEntry(document, cloudtag.ActionAppealDecided),
	})
}
