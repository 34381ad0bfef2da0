package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// withRecords replays history in the order of time, across cases, since what a shop's record says depends on all that came
// before. Overturned and rejected tags count against their shop from when that happened. Unlike a replay case by case it
// holds every tag, case and record in memory: about 2 kB a tag.
func (s *Simulations) withRecords(ctx context.Context, current, next Policy, progress func(tags int)) (Simulation, error) {
	vetted, err := vettedShops(ctx, s.store)
	if err != nil {
		return Simulation{}, err
	}
	history := newHistory(vetted)
	err = s.store.TagsByCase(ctx, func(id CaseID, tags []Tag, risk *RiskProfile) error {
		history.add(tags)
		if risk != nil {
			history.risks[id] = risk
		}
		return ctx.Err()
	})
	if err != nil {
		return Simulation{}, fmt.Errorf("read history: %w", err)
	}
	before, after := history.under(&current), history.under(&next)
	err = history.replay(ctx, progress, before, after)
	if err != nil {
		return Simulation{}, err
	}
	result := Simulation{Scenarios: map[ScenarioCode]SimulatedScenario{}, Tags: history.tags, Cases: len(history.cases)}
	for _, id := range slices.Sorted(slices.Values(history.cases)) {
		result.add(id, before.outcome(id), after.outcome(id))
	}
	return result, nil
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
	cases  []CaseID
	tags   int
}

func newHistory(vetted []MerchantID) *history {
	h := &history{book: newTrackBook(), risks: map[CaseID]*RiskProfile{}}
	for _, shop := range vetted {
		h.book.shop(shop).Vetted = true
	}
	return h
}

// add takes the tags of one case in. Voided ones never counted.
func (h *history) add(tags []Tag) {
	h.tags += len(tags)
	if len(tags) > 0 {
		h.cases = append(h.cases, tags[0].CaseID())
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
func (h *history) replay(ctx context.Context, progress func(tags int), replays ...*policyReplay) error {
	slices.SortStableFunc(h.events, func(a, b pastEvent) int {
		if order := a.at.Compare(b.at); order != 0 {
			return order
		}
		return compareSubmission(a.tag, b.tag)
	})
	done := 0
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
			if done++; progress != nil {
				progress(done)
			}
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
	history   *history
	policy    *Policy
	files     map[CaseID]*CaseFile
	confirmed map[CaseID]bool
}

func (h *history) under(policy *Policy) *policyReplay {
	return &policyReplay{history: h, policy: policy, files: map[CaseID]*CaseFile{}, confirmed: map[CaseID]bool{}}
}

// submit lets the rules judge a tag.
func (r *policyReplay) submit(tag Tag) {
	id := tag.CaseID()
	file := r.files[id]
	if file == nil {
		file = OpenCaseFile(id, nil, nil, r.policy, r.history.risks[id])
		file.silent = true
		r.files[id] = file
	}
	if file.WantsRecords() {
		book := r.history.book
		records := map[MerchantID]TrackRecord{}
		for _, shop := range append(file.Shops(), tag.MerchantID) {
			if record := book.shops[shop]; record != nil {
				records[shop] = *record
			}
		}
		file.weigh(records, book.accounts[tag.BuyerID])
	}
	tag.HandledAt = tag.SubmittedAt
	file.Add(tag, engineActor)
	if file.Case.State == CaseConfirmed {
		r.confirmed[id] = true
	}
}

func (r *policyReplay) outcome(id CaseID) replayed {
	file := r.files[id]
	if file == nil {
		return replayed{}
	}
	return replayed{confirmed: r.confirmed[id], succeeded: file.countSucceeded()}
}
