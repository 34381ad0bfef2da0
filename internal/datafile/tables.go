package datafile

import (
	"cloudtag/internal/cloudtag"
)

// TagTable is the export of tags. Columns keep their names and positions; new ones are appended.
func TagTable() Table[cloudtag.Tag] {
	return Table[cloudtag.Tag]{
		{"order_no", func(t cloudtag.Tag) any { return string(t.OrderNo) }},
		{"scenario", func(t cloudtag.Tag) any { return string(t.Scenario) }},
		{"submitted_at", func(t cloudtag.Tag) any { return t.SubmittedAt }},
		{"note", func(t cloudtag.Tag) any { return t.Note }},
		{"merchant_id", func(t cloudtag.Tag) any { return string(t.MerchantID) }},
		{"entity_id", func(t cloudtag.Tag) any { return string(t.EntityID) }},
		{"buyer_id", func(t cloudtag.Tag) any { return string(t.BuyerID) }},
		{"status", func(t cloudtag.Tag) any { return string(t.Status) }},
		{"mark_result", func(t cloudtag.Tag) any { return string(t.MarkResult()) }},
		{"live", func(t cloudtag.Tag) any { return t.Live }},
		{"status_changed_at", func(t cloudtag.Tag) any { return t.StatusChangedAt }},
		{"handle_by", func(t cloudtag.Tag) any { return t.HandleBy }},
		{"handled_at", func(t cloudtag.Tag) any { return t.HandledAt }},
		{"batch_id", func(t cloudtag.Tag) any { return string(t.BatchID) }},
		{"version", func(t cloudtag.Tag) any { return t.Version }},
	}
}

// CaseTable is the export of cases. Columns keep their names and positions; new ones are appended.
func CaseTable() Table[cloudtag.Case] {
	return Table[cloudtag.Case]{
		{"id", func(c cloudtag.Case) any { return string(c.ID) }},
		{"buyer_id", func(c cloudtag.Case) any { return string(c.BuyerID) }},
		{"scenario", func(c cloudtag.Case) any { return string(c.Scenario) }},
		{"state", func(c cloudtag.Case) any { return string(c.State) }},
		{"handling", func(c cloudtag.Case) any { return string(c.Handling) }},
		{"votes", func(c cloudtag.Case) any { return c.Votes }},
		{"threshold", func(c cloudtag.Case) any { return c.Threshold }},
		{"risk_level", func(c cloudtag.Case) any { return string(c.RiskLevel) }},
		{"policy_version", func(c cloudtag.Case) any { return c.PolicyVersion }},
		{"holds", func(c cloudtag.Case) any { return c.Holds }},
		{"opened_at", func(c cloudtag.Case) any { return c.OpenedAt }},
		{"evaluated_at", func(c cloudtag.Case) any { return c.EvaluatedAt }},
		{"due_at", func(c cloudtag.Case) any { return c.DueAt }},
		{"next_expiry_at", func(c cloudtag.Case) any { return c.NextExpiryAt }},
		{"decision", ofDecision(func(d cloudtag.CaseDecision) any { return string(d.Decision) })},
		{"decided_by", ofDecision(func(d cloudtag.CaseDecision) any { return d.By })},
		{"decided_automatically", ofDecision(func(d cloudtag.CaseDecision) any { return d.Automatic })},
		{"decision_reason", ofDecision(func(d cloudtag.CaseDecision) any { return d.Reason })},
		{"decided_at", ofDecision(func(d cloudtag.CaseDecision) any { return d.At })},
		{"version", func(c cloudtag.Case) any { return c.Version }},
	}
}

// ofDecision returns a value of the case's decision, nil for a case without one.
func ofDecision(value func(cloudtag.CaseDecision) any) func(cloudtag.Case) any {
	return func(c cloudtag.Case) any {
		if c.Decision == nil {
			return nil
		}
		return value(*c.Decision)
	}
}

// LogTable is the export of log entries. Columns keep their names and positions; new ones are appended.
func LogTable() Table[cloudtag.Entry] {
	return Table[cloudtag.Entry]{
		{"seq", func(e cloudtag.Entry) any { return e.Seq }},
		{"at", func(e cloudtag.Entry) any { return e.At }},
		{"actor", func(e cloudtag.Entry) any { return e.Actor }},
		{"action", func(e cloudtag.Entry) any { return string(e.Action) }},
		{"subjects", func(e cloudtag.Entry) any { return subjectTexts(e.Subjects) }},
		{"reason", func(e cloudtag.Entry) any { return e.Reason }},
		{"before", func(e cloudtag.Entry) any { return e.Before }},
		{"after", func(e cloudtag.Entry) any { return e.After }},
	}
}

func subjectTexts(subjects []cloudtag.Subject) []string {
	texts := make([]string, len(subjects))
	for i, subject := range subjects {
		texts[i] = string(subject)
	}
	return texts
}
