package policylab

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/vetting"
)

// chronologically replays history across all cases in time order, since a shop's record depends on everything before.
// Overturned and rejected tags count against their shop from the time of the decision. Unlike caseByCase it keeps every tag,
// case and record in memory: about 2 kB per tag.
func (s *Simulations) chronologically(ctx context.Context, run *simulationRun) error {
	vetted, err := vetting.Shops(ctx, s.store)
	if err != nil {
		return err
	}
	run.of *= 2 // each tag is read, then replayed
	history := newHistory(s.newBook(), vetted)
	err = s.store.TagsByCase(ctx, func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error {
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
	action cloudtag.Action
	tag    cloudtag.Tag
}

// RecordBook computes the records of shops while history is replayed.
type RecordBook interface {
	// Vouch marks a shop as vetted.
	Vouch(shop cloudtag.MerchantID)
	// Report counts the new tags of one instant, whatever their order.
	Report(tags []cloudtag.Tag)
	// Overturn counts a tag that was overturned on appeal, Reject one that a reviewer rejected.
	Overturn(shop cloudtag.MerchantID, buyer cloudtag.BuyerID)
	Reject(shop cloudtag.MerchantID, buyer cloudtag.BuyerID)
	// Records returns the records of those shops that have one, each without the shop's credit from an account.
	Records(shops []cloudtag.MerchantID, without cloudtag.BuyerID) map[cloudtag.MerchantID]cloudtag.TrackRecord
}

// history is all submissions of tags and their outcomes, in time order.
type history struct {
	book   RecordBook
	events []pastEvent
	risks  map[cloudtag.CaseID]*cloudtag.RiskProfile
	cases  map[cloudtag.CaseID]bool // whether an appeal overturned it
}

func newHistory(book RecordBook, vetted []cloudtag.MerchantID) *history {
	h := &history{book: book, risks: map[cloudtag.CaseID]*cloudtag.RiskProfile{}, cases: map[cloudtag.CaseID]bool{}}
	for _, shop := range vetted {
		h.book.Vouch(shop)
	}
	return h
}

// add adds the tags of one case, except for voided ones, which never counted.
func (h *history) add(tags []cloudtag.Tag) {
	if len(tags) > 0 {
		h.cases[tags[0].CaseID()] = wereOverturned(tags)
	}
	for _, tag := range tags {
		if tag.Status == cloudtag.TagVoided {
			continue
		}
		h.events = append(h.events, pastEvent{tag.SubmittedAt, cloudtag.ActionTagSubmitted, tag})
		switch tag.Status {
		case cloudtag.TagOverturned:
			h.events = append(h.events, pastEvent{tag.StatusChangedAt, cloudtag.ActionTagOverturned, tag})
		case cloudtag.TagRejected:
			h.events = append(h.events, pastEvent{tag.StatusChangedAt, cloudtag.ActionTagRejected, tag})
		}
	}
}

// replay replays the events instant by instant: tags are evaluated by the records from before their instant.
func (h *history) replay(ctx context.Context, step func(count int), replays ...*policyReplay) error {
	slices.SortStableFunc(h.events, func(a, b pastEvent) int {
		return cmp.Or(a.at.Compare(b.at), a.tag.SubmittedAt.Compare(b.tag.SubmittedAt), cmp.Compare(a.tag.OrderNo, b.tag.OrderNo))
	})
	for first := 0; first < len(h.events); {
		last := first
		for last < len(h.events) && h.events[last].at.Equal(h.events[first].at) {
			last++
		}
		instant := h.events[first:last]
		for _, event := range instant {
			if event.action != cloudtag.ActionTagSubmitted {
				continue
			}
			for _, replay := range replays {
				replay.submit(event.tag)
			}
			step(1)
		}
		h.count(instant)
		first = last
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// count adds the events of one instant to the records.
func (h *history) count(instant []pastEvent) {
	var submitted []cloudtag.Tag
	for _, event := range instant {
		if event.action == cloudtag.ActionTagSubmitted {
			submitted = append(submitted, event.tag)
		}
	}
	h.book.Report(submitted)
	for _, event := range instant {
		switch event.action {
		case cloudtag.ActionTagOverturned:
			h.book.Overturn(event.tag.MerchantID, event.tag.BuyerID)
		case cloudtag.ActionTagRejected:
			h.book.Reject(event.tag.MerchantID, event.tag.BuyerID)
		}
	}
}

// policyReplay is the replay of the history under one policy.
type policyReplay struct {
	history *history
	run     *policyRun
	cases   map[cloudtag.CaseID]*caseReplay
}

func (h *history) under(run *policyRun) *policyReplay {
	return &policyReplay{history: h, run: run, cases: map[cloudtag.CaseID]*caseReplay{}}
}

// of returns the replay of a case.
func (r *policyReplay) of(id cloudtag.CaseID) *caseReplay {
	replay := r.cases[id]
	if replay == nil {
		replay = r.run.open(id, r.history.risks[id])
		r.cases[id] = replay
	}
	return replay
}

// submit adds a tag to its case.
func (r *policyReplay) submit(tag cloudtag.Tag) {
	replay := r.of(tag.CaseID())
	if replay.WantsRecords() {
		replay.SetRecords(r.history.book.Records(append(replay.Shops(), tag.MerchantID), tag.BuyerID))
	}
	replay.submit(tag)
}
