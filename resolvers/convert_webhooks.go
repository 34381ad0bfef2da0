package resolvers

import (
	"context"
	"errors"
	"strconv"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/webhooks"
)

// webhooks converts endpoints that were read together, in order.
func (v *view) webhooks(found []webhooks.Endpoint) []*model.WebhookEndpoint {
	standings := model.NewBatch(func(ctx context.Context) (map[string]webhooks.Standing, error) {
		return v.Webhooks.Standings(ctx, found)
	})
	converted := make([]*model.WebhookEndpoint, len(found))
	for i, w := range found {
		converted[i] = &model.WebhookEndpoint{
			Endpoint: w, OverlapUntil: w.OverlapUntil(v.now), CanManage: w.MayManage(v.caller), CanOperate: w.MayOperate(v.caller),
			Standings: standings,
		}
	}
	return converted
}

func (v *view) webhookPage(ctx context.Context, filter *model.WebhookEndpointFilter, request cloudtag.PageRequest) (*model.WebhookEndpointConnection, error) {
	var selected webhooks.EndpointFilter
	if filter != nil {
		selected.State = orZero(filter.State.Value())
		selected.MerchantID = cloudtag.MerchantID(orZero(filter.MerchantID.Value()))
	}
	found, count, err := v.Webhooks.List(ctx, v.caller, selected, request)
	if err != nil {
		return nil, err
	}
	return &model.WebhookEndpointConnection{Page: page(found, v.webhooks(found.Items), counted(count))}, nil
}

func (v *view) webhookDeliveries(ctx context.Context, endpoint *model.WebhookEndpoint, filter *model.WebhookDeliveryFilter, request cloudtag.PageRequest) (*model.WebhookDeliveryConnection, error) {
	var selected webhooks.DeliveryFilter
	if filter != nil {
		selected.States = filter.States.Value()
		selected.Type = cloudtag.Action(orZero(filter.Type.Value()))
		selected.Subject = cloudtag.Subject(orZero(filter.Subject.Value()))
	}
	found, count, err := v.Webhooks.Deliveries(ctx, v.caller, endpoint.ID, selected, request)
	if err != nil {
		return nil, err
	}
	return &model.WebhookDeliveryConnection{Page: page(found, pointers(found.Items), counted(count))}, nil
}

// counted returns a total that is known already.
func counted(count int) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { return count, nil }
}

// webhookPayload converts a changed endpoint, with its new secret where it has one, or a refusal.
func (v *view) webhookPayload(endpoint webhooks.Endpoint, secret bool, failure error) (*model.WebhookEndpointPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.WebhookEndpointPayload{UserErrors: userErrors}
	if failure == nil {
		payload.Endpoint = v.webhooks([]webhooks.Endpoint{endpoint})[0]
		if secret {
			payload.SigningSecret = nonEmpty(endpoint.Secret())
		}
	}
	return payload, nil
}

// pingPayload converts a queued ping, or a refusal. Too many pings are reported among userErrors: RATE_LIMITED as an error
// would mean too many requests.
func (v *view) pingPayload(queued webhooks.Delivery, failure error) (*model.PingWebhookEndpointPayload, error) {
	var refusal *cloudtag.Error
	if errors.As(failure, &refusal) && refusal.Code == cloudtag.CodeRateLimited {
		return &model.PingWebhookEndpointPayload{UserErrors: []*model.UserError{v.userError(refusal)}}, nil
	}
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.PingWebhookEndpointPayload{UserErrors: userErrors}
	if failure == nil {
		payload.Delivery = &queued
	}
	return payload, nil
}

// updateWebhook changes the fields that the input has.
func (v *view) updateWebhook(ctx context.Context, input model.UpdateWebhookEndpointInput) (webhooks.Endpoint, error) {
	before, err := v.Webhooks.Find(ctx, v.caller, input.ID)
	if err != nil {
		return before, err
	}
	draft := webhooks.Draft{URL: before.URL, Description: before.Description, Types: before.Types}
	if url := input.URL.Value(); url != nil {
		draft.URL = *url
	}
	if description := input.Description.Value(); description != nil {
		draft.Description = *description
	}
	if types := input.Types.Value(); types != nil {
		draft.Types = webhookTypes(types)
	}
	return v.Webhooks.Update(ctx, v.caller, input.ID, draft)
}

// replayWebhook replays from the position of the input and returns the changed endpoint.
func (v *view) replayWebhook(ctx context.Context, input model.ReplayWebhookEndpointInput) (webhooks.Endpoint, error) {
	since := webhooks.Since{Time: orZero(input.Time.Value())}
	if digits := input.Seq.Value(); digits != nil {
		seq, err := strconv.ParseInt(*digits, 10, 64)
		if err != nil || seq < 1 {
			seq = -1 // which is refused
		}
		since.Seq = seq
	}
	if _, err := v.Webhooks.Replay(ctx, v.caller, input.ID, since); err != nil {
		return webhooks.Endpoint{}, err
	}
	return v.Webhooks.Find(ctx, v.caller, input.ID)
}

func actionNames(actions []cloudtag.Action) []string {
	names := make([]string, len(actions))
	for i, action := range actions {
		names[i] = string(action)
	}
	return names
}

func webhookTypes(names []string) []cloudtag.Action {
	actions := make([]cloudtag.Action, len(names))
	for i, name := range names {
		actions[i] = cloudtag.Action(name)
	}
	return actions
}
