package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/graph/stream"
	"cloudtag/internal/cloudtag"
)

// caseViewers sends the viewers of a case, now and with each change. The caller is one of them until it leaves or its session
// expires; then the goroutine that it starts ends and closes the channel.
func (r *Resolver) caseViewers(ctx context.Context, id cloudtag.CaseID) (<-chan []*model.CaseViewer, error) {
	session, err := r.liveSession(ctx)
	if err != nil {
		return nil, err
	}
	found, err := r.Records.Cases(ctx, session.Caller, []cloudtag.CaseID{id})
	if err != nil {
		return nil, err
	}
	if _, known := found[id]; !known {
		return nil, cloudtag.Refuse(cloudtag.CodeNotFound, cloudtag.Text{ZH: "没有这个案件。", EN: "There is no such case."}, "caseId")
	}
	visit := r.Presence.Enter(id, session.Caller.Subject, r.Clock.Now())
	sent := make(chan []*model.CaseViewer)
	go func() {
		defer close(sent)
		defer visit.Leave()
		until, cancel := r.untilSessionEnds(ctx, session)
		defer cancel()
		for {
			select {
			case <-visit.Changed():
			case <-until.Done():
				if ctx.Err() == nil {
					stream.Fail(ctx, context.Cause(until))
				}
				return
			}
			visitors := visit.Visitors()
			viewers := make([]*model.CaseViewer, len(visitors))
			for i, visitor := range visitors {
				viewers[i] = &model.CaseViewer{ID: visitor.Subject, Since: visitor.Since}
			}
			select {
			case sent <- viewers:
			case <-until.Done():
			}
		}
	}()
	return sent, nil
}
