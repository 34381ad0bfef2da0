package model

import (
	"context"

	"cloudtag/internal/cloudtag"
)

// Page is what the connections have in common: a stretch of a list, and how to count the whole.
type Page[T any] struct {
	Nodes    []T
	Cursors  []cloudtag.Cursor
	PageInfo *PageInfo

	// Count counts what matches; nobody waits for it who didn't ask.
	Count func(ctx context.Context) (int, error)
}

// TagConnection is a page of tags.
type TagConnection struct{ Page[*Tag] }

// Edges are the tags with their places.
func (c *TagConnection) Edges() []*TagEdge {
	edges := make([]*TagEdge, len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &TagEdge{Cursor: c.Cursors[i], Node: node}
	}
	return edges
}

// CaseConnection is a page of cases.
type CaseConnection struct{ Page[*Case] }

// Edges are the cases with their places.
func (c *CaseConnection) Edges() []*CaseEdge {
	edges := make([]*CaseEdge, len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &CaseEdge{Cursor: c.Cursors[i], Node: node}
	}
	return edges
}

// MerchantConnection is a page of shops.
type MerchantConnection struct{ Page[*Merchant] }

// Edges are the shops with their places.
func (c *MerchantConnection) Edges() []*MerchantEdge {
	edges := make([]*MerchantEdge, len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &MerchantEdge{Cursor: c.Cursors[i], Node: node}
	}
	return edges
}

// LogConnection is a page of the log.
type LogConnection struct{ Page[*LogEntry] }

// Edges are the entries with their places.
func (c *LogConnection) Edges() []*LogEdge {
	edges := make([]*LogEdge, len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &LogEdge{Cursor: c.Cursors[i], Node: node}
	}
	return edges
}

// WebhookEndpointConnection is a page of endpoints.
type WebhookEndpointConnection struct{ Page[*WebhookEndpoint] }

// Edges are the endpoints with their places.
func (c *WebhookEndpointConnection) Edges() []*WebhookEndpointEdge {
	edges := make([]*WebhookEndpointEdge, len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &WebhookEndpointEdge{Cursor: c.Cursors[i], Node: node}
	}
	return edges
}

// WebhookDeliveryConnection is a page of deliveries.
type WebhookDeliveryConnection struct{ Page[*WebhookDelivery] }

// Edges are the deliveries with their places.
func (c *WebhookDeliveryConnection) Edges() []*WebhookDeliveryEdge {
	edges := make([]*WebhookDeliveryEdge, len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &WebhookDeliveryEdge{Cursor: c.Cursors[i], Node: node}
	}
	return edges
}
