package mongo

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// tagDoc is a tag, in the collection and among the live tags of its case.
type tagDoc struct {
	Order       string     `bson:"_id"`
	Revision    int64      `bson:"revision"` // of its case at the tag's last change; 0 while it is a mere claim
	Claim       string     `bson:"claim"`    // the attempt that claimed the order
	Scenario    string     `bson:"scenario"`
	Merchant    string     `bson:"merchant"`
	Entity      string     `bson:"entity"`
	Buyer       string     `bson:"buyer"`
	Note        string     `bson:"note,omitempty"`
	Status      string     `bson:"status"`
	Live        bool       `bson:"live"`
	SubmittedAt time.Time  `bson:"submittedAt"`
	ChangedAt   time.Time  `bson:"changedAt"`
	HandleBy    time.Time  `bson:"handleBy"`
	HandledAt   *time.Time `bson:"handledAt,omitempty"`
	Batch       string     `bson:"batch,omitempty"`
	Version     int        `bson:"version"`
}

// claimDoc is the claim on an order that is not carried into its case yet: the same key as the tag that it becomes.
type claimDoc struct {
	Order    string    `bson:"_id"`
	Revision int64     `bson:"revision"` // 0
	Claim    string    `bson:"claim"`
	Pending  string    `bson:"pending"` // identifier of the batch document
	Since    time.Time `bson:"since"`
}

func newTagDoc(tag cloudtag.Tag, revision int64, claim string) tagDoc {
	return tagDoc{
		Order: string(tag.OrderNo), Revision: revision, Claim: claim, Scenario: string(tag.Scenario),
		Merchant: string(tag.MerchantID), Entity: string(tag.EntityID), Buyer: string(tag.BuyerID), Note: tag.Note,
		Status: string(tag.Status), Live: tag.Live, SubmittedAt: tag.SubmittedAt, ChangedAt: tag.StatusChangedAt,
		HandleBy: tag.HandleBy, HandledAt: storedTime(tag.HandledAt), Batch: string(tag.BatchID), Version: tag.Version,
	}
}

func (d tagDoc) tag() cloudtag.Tag {
	return cloudtag.Tag{
		OrderNo: cloudtag.OrderNo(d.Order), Scenario: cloudtag.ScenarioCode(d.Scenario),
		MerchantID: cloudtag.MerchantID(d.Merchant), EntityID: cloudtag.EntityID(d.Entity),
		BuyerID: cloudtag.BuyerID(d.Buyer), Note: d.Note, Status: cloudtag.TagStatus(d.Status), Live: d.Live,
		SubmittedAt: d.SubmittedAt.UTC(), StatusChangedAt: d.ChangedAt.UTC(), HandleBy: d.HandleBy.UTC(),
		HandledAt: timeOf(d.HandledAt), BatchID: cloudtag.BatchID(d.Batch), Version: d.Version,
	}
}

func tagsOf(docs []tagDoc) []cloudtag.Tag {
	tags := make([]cloudtag.Tag, len(docs))
	for i, doc := range docs {
		tags[i] = doc.tag()
	}
	return tags
}
