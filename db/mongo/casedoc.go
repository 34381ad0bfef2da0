package mongo

import (
	"strconv"
	"time"

	"cloudtag/internal/cloudtag"
)

// caseDoc is a case with its live tags, and what its last change still has to spread.
type caseDoc struct {
	ID            string       `bson:"_id"`
	Revision      int64        `bson:"revision"` // counts writes; the condition of every one of them
	Changes       int          `bson:"changes"`  // counts changes with claims: the domain's Revision
	Version       int          `bson:"version"`  // counts changes without claims, as the domain does
	Buyer         string       `bson:"buyer"`
	Scenario      string       `bson:"scenario"`
	State         string       `bson:"state"`
	Handling      string       `bson:"handling"`
	OpenedAt      time.Time    `bson:"openedAt"`
	EvaluatedAt   time.Time    `bson:"evaluatedAt"`
	DueAt         *time.Time   `bson:"dueAt,omitempty"`
	NextExpiryAt  *time.Time   `bson:"nextExpiryAt,omitempty"`
	Votes         int          `bson:"votes"`
	Threshold     int          `bson:"threshold"`
	RiskLevel     string       `bson:"riskLevel"`
	PolicyVersion int          `bson:"policyVersion"`
	Holds         []string     `bson:"holds,omitempty"`
	Decision      *decisionDoc `bson:"decision,omitempty"`
	ReviewedVotes int          `bson:"reviewedVotes,omitempty"`
	Warnings      int          `bson:"warnings,omitempty"`
	Claim         *leaseDoc    `bson:"claim,omitempty"`
	Undo          *undoDoc     `bson:"undo,omitempty"`
	Rank          int64        `bson:"rank"`             // the order by priority
	DueKey        int64        `bson:"dueKey"`           // the order by due time
	WakeAt        *time.Time   `bson:"wakeAt,omitempty"` // when the case needs the next look
	Live          []tagDoc     `bson:"live"`             // by time of submission, then order number
	Spread        *caseSpread  `bson:"spread,omitempty"`
}

// caseSpread is what the change to the document's revision has to carry elsewhere.
type caseSpread struct {
	Since   time.Time  `bson:"since"`
	Call    string     `bson:"call"`    // the attempt that made the change, maybe with others of other cases
	Touched []string   `bson:"touched"` // orders whose tags changed and are among the live ones
	Gone    []tagDoc   `bson:"gone"`    // tags that changed and are not
	Entries []entryDoc `bson:"entries"`
	Risk    int64      `bson:"risk"` // revision of the risk profile that was used, 0 for none
}

type decisionDoc struct {
	Decision      string    `bson:"decision"`
	By            string    `bson:"by"`
	Automatic     bool      `bson:"automatic"`
	Reason        string    `bson:"reason"`
	At            time.Time `bson:"at"`
	PolicyVersion int       `bson:"policyVersion"`
}

// leaseDoc is a reviewer's claim on a case.
type leaseDoc struct {
	By    string    `bson:"by"`
	Token string    `bson:"token"`
	Until time.Time `bson:"until"`
}

// undoDoc is what it takes to take a decision back. The case of before has neither a claim nor an undo of its own.
type undoDoc struct {
	By      string    `bson:"by"`
	Until   time.Time `bson:"until"`
	Version int       `bson:"version"`
	Before  caseDoc   `bson:"before"`
	Tags    []tagDoc  `bson:"tags"` // without revisions and claims: the live tags of that time keep theirs elsewhere
}

func newCaseDoc(c cloudtag.Case) caseDoc {
	doc := caseDoc{
		ID: string(c.ID), Changes: c.Revision, Version: c.Version, Buyer: string(c.BuyerID), Scenario: string(c.Scenario),
		State: string(c.State), Handling: string(c.Handling), OpenedAt: c.OpenedAt, EvaluatedAt: c.EvaluatedAt,
		DueAt: storedTime(c.DueAt), NextExpiryAt: storedTime(c.NextExpiryAt), Votes: c.Votes, Threshold: c.Threshold,
		RiskLevel: string(c.RiskLevel), PolicyVersion: c.PolicyVersion, Holds: c.Holds, Rank: c.Rank(),
		DueKey: c.DueKey(), WakeAt: storedTime(c.WakeAt()), ReviewedVotes: c.ReviewedVotes, Warnings: c.Warnings,
		Undo: newUndoDoc(c.Undo),
	}
	if d := c.Decision; d != nil {
		doc.Decision = &decisionDoc{string(d.Decision), d.By, d.Automatic, d.Reason, d.At, d.PolicyVersion}
	}
	if claim := c.Claim; claim != nil {
		doc.Claim = &leaseDoc{claim.By, claim.Token, claim.Until}
	}
	return doc
}

func newUndoDoc(u *cloudtag.Undo) *undoDoc {
	if u == nil {
		return nil
	}
	doc := &undoDoc{By: u.By, Until: u.Until, Version: u.Version, Before: newCaseDoc(u.Before), Tags: make([]tagDoc, len(u.Tags))}
	for i, tag := range u.Tags {
		doc.Tags[i] = newTagDoc(tag, 0, "")
	}
	return doc
}

func (d *undoDoc) domain() *cloudtag.Undo {
	if d == nil {
		return nil
	}
	return &cloudtag.Undo{By: d.By, Until: d.Until.UTC(), Version: d.Version, Before: d.Before.domain(), Tags: tagsOf(d.Tags)}
}

func (d caseDoc) domain() cloudtag.Case {
	c := cloudtag.Case{
		ID: cloudtag.CaseID(d.ID), BuyerID: cloudtag.BuyerID(d.Buyer), Scenario: cloudtag.ScenarioCode(d.Scenario),
		State: cloudtag.CaseState(d.State), Handling: cloudtag.Handling(d.Handling), Version: d.Version, Revision: d.Changes,
		OpenedAt: d.OpenedAt.UTC(), EvaluatedAt: d.EvaluatedAt.UTC(), DueAt: timeOf(d.DueAt),
		NextExpiryAt: timeOf(d.NextExpiryAt), Votes: d.Votes, Threshold: d.Threshold,
		RiskLevel: cloudtag.RiskLevel(d.RiskLevel), PolicyVersion: d.PolicyVersion, Holds: d.Holds,
		ReviewedVotes: d.ReviewedVotes, Warnings: d.Warnings, Undo: d.Undo.domain(),
	}
	if s := d.Decision; s != nil {
		c.Decision = &cloudtag.CaseDecision{
			Decision: cloudtag.Decision(s.Decision), By: s.By, Automatic: s.Automatic, Reason: s.Reason, At: s.At.UTC(),
			PolicyVersion: s.PolicyVersion,
		}
	}
	if claim := d.Claim; claim != nil {
		c.Claim = &cloudtag.Claim{By: claim.By, Token: claim.Token, Until: claim.Until.UTC()}
	}
	return c
}

// changeID names the change that made the document's revision, for the log to tell it once.
func (d caseDoc) changeID() string { return "case/" + d.ID + "/" + strconv.FormatInt(d.Revision, 10) }

// spreadTags are the tags that the spread has to bring to their new form.
func (d caseDoc) spreadTags() []tagDoc {
	touched := make(map[string]bool, len(d.Spread.Touched))
	for _, order := range d.Spread.Touched {
		touched[order] = true
	}
	tags := append([]tagDoc(nil), d.Spread.Gone...)
	for _, tag := range d.Live {
		if touched[tag.Order] {
			tags = append(tags, tag)
		}
	}
	return tags
}
