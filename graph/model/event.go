package model

import "cloudtag/internal/cloudtag"

// Position is the event's cursor.
func (e *TagEvent) Position() cloudtag.Cursor { return e.Cursor }

// Position is the event's cursor.
func (e *CaseEvent) Position() cloudtag.Cursor { return e.Cursor }

// Position is the entry's cursor.
func (e *LogEdge) Position() cloudtag.Cursor { return e.Cursor }
