package cloudtag

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// inOrderOfTime replays history across cases, since what a shop's record says depends on all that came before. Overturned
// and rejected tags count against their shop from when that happened. Unlike a replay case by case it holds every tag, case
// and record in memory: about 2 kB a tag.
func (s *Simulations) inOrderOfTime(ctx context.Context, run *simulationRun) error {
	vetted, err := vettedShops(ctx, s.store)
	if err != nil {
		return err
	}
	run.of *= 2 // each tag is read, then replayed
	history := newHistory(vetted)
	err = s.store.TagsByCase(ctx, func(id CaseID, tags []Tag, risk *RiskProfile) error {
		history.add(tags)
		run.saw(tags)
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

// pastEvent is a tag, or what became of one.
type pastEvent struct {
	at     time.Time
	action Action
	tag    Tag
}

// history is all that shops have done and what became of it, in the order of time.
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

// add takes the tags of one case in. Voided ones never counted.
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

// replay goes through the events instant by instant: tags are judged by the records of before their instant.
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

// foldPast counts the events of one instant.
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

// policyReplay is what history comes to under one policy.
type policyReplay struct {
	history *history
	side    *policySide
	cases   map[CaseID]*caseReplay
}

func (h *history) under(side *policySide) *policyReplay {
	return &policyReplay{history: h, side: side, cases: map[CaseID]*caseReplay{}}
}

// of returns a case as far as it is replayed.
func (r *policyReplay) of(id CaseID) *caseReplay {
	replay := r.cases[id]
	if replay == nil {
		replay = r.side.open(id, r.history.risks[id])
		r.cases[id] = replay
	}
	return replay
}

// submit lets the rules judge a tag.
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
