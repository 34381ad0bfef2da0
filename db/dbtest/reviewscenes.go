package dbtest

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// platformScenes are the calls of the platform's half that the process dies in.
func platformScenes() []scene {
	return []scene{
		{name: "Claim", prepare: preparedCases, call: claimWarm, again: cloudtag.CodeClaimedByOther},
		{name: "Decide", prepare: preparedCases, call: decideWarm, again: cloudtag.CodeConflict},
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
