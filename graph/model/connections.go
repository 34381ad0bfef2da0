package model

import (
	"context"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/webhooks"
)

// Page is the common part of connections: a range of a list, and how to count the whole list.
type Page[T any] struct {
	Nodes    []T
	Cursors  []cloudtag.Cursor
	PageInfo *PageInfo

	// Count counts all that match. It is called only where the field is selected.
	Count func(ctx context.Context) (int, error)
}

// edges returns the page's nodes with their cursors.
func edges[N, E any](page Page[N], edge func(at cloudtag.Cursor, node N) *E) []*E {
	made := make([]*E, len(page.Nodes))
	for i, node := range page.Nodes {
		made[i] = edge(page.Cursors[i], node)
	}
	return made
}

// TagConnection is a page of tags.
type TagConnection struct{ Page[*Tag] }

// Edges returns the tags with their cursors.
func (c *TagConnection) Edges() []*TagEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *Tag) *TagEdge { return &TagEdge{Cursor: at, Node: node} })
}

// OrderConnection is a page of orders.
type OrderConnection struct{ Page[*Order] }

// Edges returns the orders with their cursors.
func (c *OrderConnection) Edges() []*OrderEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *Order) *OrderEdge { return &OrderEdge{Cursor: at, Node: node} })
}

// CaseConnection is a page of cases.
type CaseConnection struct{ Page[*Case] }

// Edges returns the cases with their cursors.
func (c *CaseConnection) Edges() []*CaseEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *Case) *CaseEdge { return &CaseEdge{Cursor: at, Node: node} })
}

// MerchantConnection is a page of shops.
type MerchantConnection struct{ Page[*Merchant] }

// Edges returns the shops with their cursors.
func (c *MerchantConnection) Edges() []*MerchantEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *Merchant) *MerchantEdge { return &MerchantEdge{Cursor: at, Node: node} })
}

// LogConnection is a page of the log.
type LogConnection struct{ Page[*LogEntry] }

// Edges returns the entries with their cursors.
func (c *LogConnection) Edges() []*LogEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *LogEntry) *LogEdge { return &LogEdge{Cursor: at, Node: node} })
}

// WebhookEndpointConnection is a page of endpoints.
type WebhookEndpointConnection struct{ Page[*WebhookEndpoint] }

// Edges returns the endpoints with their cursors.
func (c *WebhookEndpointConnection) Edges() []*WebhookEndpointEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *WebhookEndpoint) *WebhookEndpointEdge {
		return &WebhookEndpointEdge{Cursor: at, Node: node}
	})
}

// WebhookDeliveryConnection is a page of deliveries.
type WebhookDeliveryConnection struct{ Page[*webhooks.Delivery] }

// Edges returns the deliveries with their cursors.
func (c *WebhookDeliveryConnection) Edges() []*WebhookDeliveryEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *webhooks.Delivery) *WebhookDeliveryEdge {
		return &WebhookDeliveryEdge{Cursor: at, Node: node}
	})
}

// RestrictionConnection is a page of restrictions.
type RestrictionConnection struct{ Page[*Restriction] }

// Edges returns the restrictions with their cursors.
func (c *RestrictionConnection) Edges() []*RestrictionEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *Restriction) *RestrictionEdge {
		return &RestrictionEdge{Cursor: at, Node: node}
	})
}

// RevocationConnection is a page of revocations.
type RevocationConnection struct{ Page[*Revocation] }

// Edges returns the revocations with their cursors.
func (c *RevocationConnection) Edges() []*RevocationEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *Revocation) *RevocationEdge {
		return &RevocationEdge{Cursor: at, Node: node}
	})
}

// SecondReviewConnection is a page of second reviews.
type SecondReviewConnection struct{ Page[*SecondReview] }

// Edges returns the second reviews with their cursors.
func (c *SecondReviewConnection) Edges() []*SecondReviewEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *SecondReview) *SecondReviewEdge {
		return &SecondReviewEdge{Cursor: at, Node: node}
	})
}

// AppealConnection is a page of appeals.
type AppealConnection struct{ Page[*Appeal] }

// Edges returns the appeals with their cursors.
func (c *AppealConnection) Edges() []*AppealEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *Appeal) *AppealEdge {
		return &AppealEdge{Cursor: at, Node: node}
	})
}

// SavedViewConnection is a page of views.
type SavedViewConnection struct{ Page[*SavedView] }

// Edges returns the views with their cursors.
func (c *SavedViewConnection) Edges() []*SavedViewEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *SavedView) *SavedViewEdge {
		return &SavedViewEdge{Cursor: at, Node: node}
	})
}

// TokenRevocationConnection is a page of revocations of tokens.
type TokenRevocationConnection struct {
	Page[*auth.TokenRevocation]
}

// Edges returns the revocations with their cursors.
func (c *TokenRevocationConnection) Edges() []*TokenRevocationEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *auth.TokenRevocation) *TokenRevocationEdge {
		return &TokenRevocationEdge{Cursor: at, Node: node}
	})
}

// LinkedPairConnection is a page of linked pairs.
type LinkedPairConnection struct{ Page[*LinkedPair] }

// Edges returns the pairs with their cursors.
func (c *LinkedPairConnection) Edges() []*LinkedPairEdge {
	return edges(c.Page, func(at cloudtag.Cursor, node *LinkedPair) *LinkedPairEdge {
		return &LinkedPairEdge{Cursor: at, Node: node}
	})
}
