package cloudtag

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// chronologically replays history across all cases in time order, since a shop's record depends on everything before.
// Overturned and rejected tags count against their shop from the time of the decision. Unlike caseByCase it keeps every tag,
// case and record in memory: about 2 kB per tag.
func (s *Simulations) chronologically(ctx context.Context, run *simulationRun) error {
	vetted, err := vettedShops(ctx, s.store)
	if err != nil {
		return err
	}
	run.of *= 2 // each tag is read, then replayed
	history := newHistory(vetted)
	err = s.store.TagsByCase(ctx, func(id CaseID, tags []Tag, risk *RiskProfile) error {
		history.add(tags)
		run.countTags(tags)
		run.step(len(tags))
		if risk != nil {
			history.risks[id] = risk
		}
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("read history: %w", err)
	}
	before, after := history.under(run.before), history.under(run.after)
	if err := history.replay(ctx, run.step, before, after); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(history.cases)) {
		run.add(id, history.cases[id], before.of(id), after.of(id))
	}
	return nil
}

// pastEvent is the submission of a tag, or its rejection or overturning.
type pastEvent struct {
	at     time.Time
	action Action
	tag    Tag
}

// history is all submissions of tags and their outcomes, in time order.
type history struct {
	book   *trackBook
	events []pastEvent
	risks  map[CaseID]*RiskProfile
	cases  map[CaseID]bool // whether an appeal overturned it
}

func newHistory(vetted []MerchantID) *history {
	h := &history{book: newTrackBook(), risks: map[CaseID]*RiskProfile{}, cases: map[CaseID]bool{}}
	for _, shop := range vetted {
		h.book.shop(shop).Vetted = true
	}
	return h
}

// add adds the tags of one case, except for voided ones, which never counted.
func (h *history) add(tags []Tag) {
	if len(tags) > 0 {
		h.cases[tags[0].CaseID()] = wereOverturned(tags)
	}
	for _, tag := range tags {
		if tag.Status == TagVoided {
			continue
		}
		h.events = append(h.events, pastEvent{tag.SubmittedAt, ActionTagSubmitted, tag})
		switch tag.Status {
		case TagOverturned:
			h.events = append(h.events, pastEvent{tag.StatusChangedAt, ActionTagOverturned, tag})
		case TagRejected:
			h.events = append(h.events, pastEvent{tag.StatusChangedAt, ActionTagRejected, tag})
		}
	}
}

// replay replays the events instant by instant: tags are evaluated by the records from before their instant.
func (h *history) replay(ctx context.Context, step func(count int), replays ...*policyReplay) error {
	slices.SortStableFunc(h.events, func(a, b pastEvent) int {
		if order := a.at.Compare(b.at); order != 0 {
			return order
		}
		return compareSubmission(a.tag, b.tag)
	})
	for first := 0; first < len(h.events); {
		last := first
		for last < len(h.events) && h.events[last].at.Equal(h.events[first].at) {
			last++
		}
		instant := h.events[first:last]
		for _, event := range instant {
			if event.action != ActionTagSubmitted {
				continue
			}
			for _, replay := range replays {
				replay.submit(event.tag)
			}
			step(1)
		}
		h.book.foldPast(instant)
		first = last
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// foldPast adds the events of one instant to the records.
func (b *trackBook) foldPast(events []pastEvent) {
	var reports []report
	for _, event := range events {
		if event.action == ActionTagSubmitted {
			tag := event.tag
			reports = append(reports, report{tag.OrderNo, tag.MerchantID, tag.EntityID, tag.BuyerID, tag.SubmittedAt})
		}
	}
	slices.SortFunc(reports, compareReports)
	for _, r := range reports {
		b.report(r)
	}
	for _, event := range events {
		switch event.action {
		case ActionTagOverturned:
			b.overturned(event.tag.MerchantID, event.tag.BuyerID)
		case ActionTagRejected:
			b.rejected(event.tag.MerchantID, event.tag.BuyerID, 1)
		}
	}
}

// policyReplay is the replay of the history under one policy.
type policyReplay struct {
	history *history
	run     *policyRun
	cases   map[CaseID]*caseReplay
}

func (h *history) under(run *policyRun) *policyReplay {
	return &policyReplay{history: h, run: run, cases: map[CaseID]*caseReplay{}}
}

// of returns the replay of a case.
func (r *policyReplay) of(id CaseID) *caseReplay {
	replay := r.cases[id]
	if replay == nil {
		replay = r.run.open(id, r.history.risks[id])
		r.cases[id] = replay
	}
	return replay
}

// submit adds a tag to its case.
func (r *policyReplay) submit(tag Tag) {
	replay := r.of(tag.CaseID())
	if file := replay.file; file.WantsRecords() {
		book := r.history.book
		records := map[MerchantID]TrackRecord{}
		for _, shop := range append(file.Shops(), tag.MerchantID) {
			if record := book.shops[shop]; record != nil {
				records[shop] = *record
			}
		}
		file.weigh(records, book.accounts[tag.BuyerID])
	}
	replay.submit(tag)
}
