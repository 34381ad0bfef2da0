package webhooks

import (
	"context"
	"fmt"
	"slices"

	"cloudtag/internal/cloudtag"
)

// EndpointFilter selects endpoints; zero fields select all.
type EndpointFilter struct {
	State      State
	MerchantID cloudtag.MerchantID
}

// endpointList names the list of endpoints in cursors.
const endpointList = "wh"

// position is the endpoint's place in the list of endpoints.
func (e Endpoint) position() cloudtag.Position {
	return cloudtag.Position{Key: e.CreatedAt.UnixMilli(), ID: e.ID}
}

// List returns the endpoints that the caller may see and that match, latest created first, and how many there are. Errors:
// FORBIDDEN for callers who see none, BAD_USER_INPUT.
func (s *Endpoints) List(ctx context.Context, caller cloudtag.Caller, filter EndpointFilter, request cloudtag.PageRequest) (cloudtag.Page[Endpoint], int, error) {
	if !caller.SeesWebhooks() {
		return cloudtag.Page[Endpoint]{}, 0, cloudtag.Forbidden()
	}
	found, err := s.all(ctx, filter.MerchantID)
	if err != nil {
		return cloudtag.Page[Endpoint]{}, 0, err
	}
	found = slices.DeleteFunc(found, func(e Endpoint) bool {
		return !e.MaySee(caller) || filter.State != "" && e.State != filter.State
	})
	page, err := cloudtag.PageOf(endpointList, found, request, Endpoint.position)
	return page, len(found), err
}

// Find returns an endpoint, or NOT_FOUND for one that the caller may not see.
func (s *Endpoints) Find(ctx context.Context, caller cloudtag.Caller, id string) (Endpoint, error) {
	return s.find(ctx, caller, id, Endpoint.MaySee)
}

// Deliveries returns an endpoint's deliveries that match, the latest tried first, and how many there are: the pending ones, and
// of the others the newest, [HistoryKept] of them at least. Those of a shop's endpoint have no sequence numbers (rule 15). Errors: NOT_FOUND, BAD_USER_INPUT.
func (s *Endpoints) Deliveries(ctx context.Context, caller cloudtag.Caller, id string, filter DeliveryFilter, request cloudtag.PageRequest) (cloudtag.Page[Delivery], int, error) {
	endpoint, err := s.Find(ctx, caller, id)
	if err != nil {
		return cloudtag.Page[Delivery]{}, 0, err
	}
	if err := cloudtag.CheckAllKnown(filter.States, DeliveryStates(), "filter", "state"); err != nil {
		return cloudtag.Page[Delivery]{}, 0, err
	}
	found, err := findDeliveries(ctx, s.store, endpoint)
	if err != nil {
		return cloudtag.Page[Delivery]{}, 0, err
	}
	found = slices.DeleteFunc(found, func(d Delivery) bool { return !filter.Matches(d) })
	if !endpoint.SeesNumbers() {
		for i := range found {
			found[i].Seq = 0
		}
	}
	page, err := cloudtag.PageOf(deliveryList, found, request, Delivery.position)
	return page, len(found), err
}

// Standings returns how the deliveries to endpoints stand, by their identifiers. The caller must have been shown the endpoints.
func (s *Endpoints) Standings(ctx context.Context, endpoints []Endpoint) (map[string]Standing, error) {
	ids := make([]string, len(endpoints))
	for i, endpoint := range endpoints {
		ids[i] = endpoint.ID
	}
	stored, err := s.store.Documents(ctx, cloudtag.KindWebhookProgress, ids)
	if err != nil {
		return nil, fmt.Errorf("find the progress of webhooks: %w", err)
	}
	standings := make(map[string]Standing, len(endpoints))
	for _, endpoint := range endpoints {
		progress := deliveryProgress{Through: endpoint.StartSeq} // of one that was never delivered to
		if document, known := stored[endpoint.ID]; known {
			if progress, err = progressCodec().Record(document); err != nil {
				return nil, err
			}
		}
		standings[endpoint.ID] = progress.standing()
	}
	return standings, nil
}
