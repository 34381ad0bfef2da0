package cloudtag

// TagOrder is an order of tags; ties are broken by order number, in the same direction.
type TagOrder string

// The orders of tags.
const (
	TagsBySubmittedDesc     TagOrder = "SUBMITTED_AT_DESC"
	TagsBySubmittedAsc      TagOrder = "SUBMITTED_AT_ASC"
	TagsByStatusChangedDesc TagOrder = "STATUS_CHANGED_AT_DESC"
)

// list is the name of the list in cursors. The names of lists that shops read are short, so that their encrypted cursors all
// have the same length.
func (o TagOrder) list() string {
	switch o {
	case TagsBySubmittedAsc:
		return "ts+"
	case TagsByStatusChangedDesc:
		return "tc-"
	default:
		return "ts-"
	}
}

// PositionOf is a tag's position in the order.
func (o TagOrder) PositionOf(tag Tag) Position {
	at := tag.SubmittedAt
	if o == TagsByStatusChangedDesc {
		at = tag.StatusChangedAt
	}
	return Position{Key: at.UnixMilli(), ID: string(tag.OrderNo)}
}

// CaseOrder is an order of cases; ties are broken by identifier, in the same direction.
type CaseOrder string

// The orders of cases. By due time, cases without one come last.
const (
	CasesByPriorityDesc CaseOrder = "PRIORITY_DESC"
	CasesByDueAsc       CaseOrder = "DUE_AT_ASC"
	CasesByOpenedDesc   CaseOrder = "OPENED_AT_DESC"
)

// list is the name of the list in cursors.
func (o CaseOrder) list() string { return string(o) }

// PositionOf is a case's position in the order.
func (o CaseOrder) PositionOf(c Case) Position {
	position := Position{ID: string(c.ID)}
	switch o {
	case CasesByDueAsc:
		position.Key = c.DueKey()
	case CasesByOpenedDesc:
		position.Key = c.OpenedAt.UnixMilli()
	default:
		position.Key = c.PriorityKey()
	}
	return position
}

// NoDue is the offset of the sort keys of cases without a due time, which puts them after all others, by opening time.
const NoDue = int64(1) << 53

// DueKey is the sort key by due time, in Unix milliseconds. Cases without a due time come last, by opening time.
func (c Case) DueKey() int64 {
	if c.DueAt.IsZero() {
		return NoDue + c.OpenedAt.UnixMilli()
	}
	return c.DueAt.UnixMilli()
}
