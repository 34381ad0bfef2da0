package resolvers

import (
	"context"
	"strconv"

	"cloudtag/graph/model"
	"cloudtag/internal/casework"
)

// caseNotes reads the notes of a case.
func (v *view) caseNotes(ctx context.Context, c *model.Case) ([]*model.CaseNote, error) {
	notes, err := v.Team.Notes(ctx, v.caller, c.ID, c.Notes)
	converted := make([]*model.CaseNote, len(notes))
	for i, note := range notes {
		converted[i] = &model.CaseNote{
			ID: strconv.FormatInt(note.Seq, 10), At: note.At, By: note.By, Text: &note.Text, Mentions: note.Mentions,
			CanWithdraw: note.MayWithdraw(v.caller),
		}
		if withdrawn := note.Withdrawn; withdrawn != nil {
			converted[i].Text, converted[i].Mentions = nil, []string{}
			converted[i].WithdrawnAt, converted[i].WithdrawnBy = &withdrawn.At, &withdrawn.By
		}
	}
	return converted, err
}

func convertInbox(inbox casework.Inbox) *model.Inbox {
	return &model.Inbox{
		Subject: string(inbox.Subject), ReadThrough: strconv.FormatInt(inbox.Seen, 10), Unread: inbox.Unread,
	}
}

// entryNumber parses the number of an entry; -1, which no entry has, for anything else.
func entryNumber(digits string) int64 {
	seq, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return -1
	}
	return seq
}
