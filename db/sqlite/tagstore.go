package sqlite

import "cloudtag/internal/cloudtag"

var tagsTable = &table{name: "tags", columns: []string{
	"order_no", "case_no", "merchant_no", "entity_no", "lane", "live", "submitted_at", "changed_at", "handle_by",
	"handled_at", "version", "batch_id", "note",
}}

var updateTag = updateText("tags", "order_no", "entity_no", "lane", "live", "changed_at", "handled_at", "version")

// storeTags writes the tags that were added and changed; their cases have numbers already.
func storeTags(w *work, changes []*fileChange) error {
	count := 0
	for _, change := range changes {
		count += len(change.added)
	}
	added := make([]any, 0, count*len(tagsTable.columns))
	for _, change := range changes {
		for _, tag := range change.added {
			var err error
			if added, err = appendTag(added, w, change.no, tag); err != nil {
				return err
			}
		}
		for _, tag := range change.changed {
			if err := rewriteTag(w, tag); err != nil {
				return err
			}
		}
	}
	return w.insert(tagsTable, added)
}

// tagPlace is what of a tag depends on its status and its time.
func tagPlace(w *work, tag cloudtag.Tag) (lane int64, changedAt any, err error) {
	scenario, err := w.scenario(tag.Scenario)
	if err != nil {
		return 0, nil, err
	}
	changed := !tag.StatusChangedAt.Equal(tag.SubmittedAt)
	if changed {
		changedAt = tag.StatusChangedAt.UnixMilli()
	}
	lane, err = tagLane{scenario: scenario, status: tag.Status, changed: changed}.number()
	return lane, changedAt, err
}

// appendTag appends the values of a new tag, in the order of tagsTable.
func appendTag(values []any, w *work, caseNo int64, tag cloudtag.Tag) ([]any, error) {
	lane, changedAt, err := tagPlace(w, tag)
	if err != nil {
		return nil, err
	}
	merchant, err := w.word(string(tag.MerchantID))
	if err != nil {
		return nil, err
	}
	entity, err := w.word(string(tag.EntityID))
	if err != nil {
		return nil, err
	}
	return append(values,
		string(tag.OrderNo), caseNo, merchant, entity, lane, bit(tag.Live), tag.SubmittedAt.UnixMilli(), changedAt,
		storedTime(tag.HandleBy), storedTime(tag.HandledAt), int64(tag.Version), string(tag.BatchID), tag.Note,
	), nil
}

func rewriteTag(w *work, tag cloudtag.Tag) error {
	lane, changedAt, err := tagPlace(w, tag)
	if err != nil {
		return err
	}
	entity, err := w.word(string(tag.EntityID))
	if err != nil {
		return err
	}
	return w.Write("update tags", updateTag, entity, lane, bit(tag.Live), changedAt,
		storedTime(tag.HandledAt), int64(tag.Version), string(tag.OrderNo))
}
