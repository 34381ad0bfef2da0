package resolvers

import (
	"context"
	"encoding/hex"
	"strconv"
	"time"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/feed"
	"cloudtag/internal/metrics"
)

// logPage reads a page of the log.
func (v *view) logPage(ctx context.Context, filter cloudtag.LogFilter, request cloudtag.PageRequest) (*model.LogConnection, error) {
	found, err := v.AuditLog.Page(ctx, v.caller, filter, request)
	if err != nil {
		return nil, err
	}
	return v.logConnection(found, func(ctx context.Context) (int, error) { return v.AuditLog.Count(ctx, v.caller, filter) }), nil
}

// timedLogPage reads a page of the log's entries of a time interval.
func (v *view) timedLogPage(ctx context.Context, filter metrics.TimedFilter, request cloudtag.PageRequest) (*model.LogConnection, error) {
	found, err := v.Metrics.LogPage(ctx, v.caller, filter, request)
	if err != nil {
		return nil, err
	}
	return v.logConnection(found, func(ctx context.Context) (int, error) {
		return v.Metrics.CountLog(ctx, v.caller, filter)
	}), nil
}

func (v *view) logConnection(found cloudtag.Page[cloudtag.Entry], count func(context.Context) (int, error)) *model.LogConnection {
	nodes := make([]*model.LogEntry, len(found.Items))
	for i, entry := range found.Items {
		nodes[i] = &model.LogEntry{Localizer: v.Localizer, Entry: entry}
	}
	return &model.LogConnection{Page: page(found, nodes, count)}
}

// convertFigure converts the figure whose entries are requested; nil without one.
func convertFigure(in *model.FigureInput) *metrics.Figure {
	if in == nil {
		return nil
	}
	figure := &metrics.Figure{
		Name: in.Name, Scenario: cloudtag.ScenarioCode(orZero(in.Scenario.Value())), Reviewer: orZero(in.Reviewer.Value()),
		TookFrom: time.Duration(orZero(in.TookFromSeconds.Value())) * time.Second,
	}
	if to := in.TookToSeconds.Value(); to != nil {
		took := time.Duration(*to) * time.Second
		figure.TookTo = &took
	}
	return figure
}

// logTimes returns the ends of the time interval; BAD_USER_INPUT for one without the other.
func logTimes(from, to *time.Time) (metrics.Times, error) {
	if from == nil || to == nil {
		return metrics.Times{}, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: "from 与 to 须同时给出。", EN: "Give from and to together.",
		}, "from")
	}
	return metrics.Times{From: *from, To: *to}, nil
}

// logSelection converts the selection of a subscription.
func logSelection(in *model.LogFilter) feed.LogSelection {
	if in == nil {
		return feed.LogSelection{}
	}
	selection := feed.LogSelection{
		LogFilter: cloudtag.LogFilter{
			Subject: cloudtag.Subject(orZero(in.Subject.Value())), Action: cloudtag.Action(orZero(in.Action.Value())),
			Actor: orZero(in.Actor.Value()),
		},
		Scenario: cloudtag.ScenarioCode(orZero(in.Scenario.Value())),
	}
	for _, action := range in.Actions.Value() {
		selection.Actions = append(selection.Actions, cloudtag.Action(action))
	}
	return selection
}

// loggedEntry reads one entry by its number in decimal digits; nil without such an entry.
func (v *view) loggedEntry(ctx context.Context, digits string) (*model.LoggedEntry, error) {
	seq, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return nil, nil //nolint:nilerr // no entry has such a number
	}
	found, err := v.AuditLog.Entry(ctx, v.caller, seq)
	switch {
	case cloudtag.CodeOf(err) == cloudtag.CodeNotFound:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &model.LoggedEntry{Entry: &model.LogEntry{Localizer: v.Localizer, Entry: found.Entry}, Hash: hex.EncodeToString(found.Hash), Intact: found.Intact}, nil
}
