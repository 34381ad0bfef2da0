package mongo

import (
	"time"

	"cloudtag/internal/cloudtag"
)

// The states of a batch document.
const (
	batchOpen    = "open"    // orders are being claimed
	batchDecided = "decided" // its results are final; tags are being carried into their cases
	batchRefused = "refused" // its claims are being taken back
	batchDone    = "done"
)

// batchDoc is a submission. Until it is done it holds all that is needed to complete it.
type batchDoc struct {
	ID          string      `bson:"_id"`   // the shop and the key; a random one for history, which has no key
	Claim       string      `bson:"claim"` // this attempt, as in the tags it claimed
	State       string      `bson:"state"`
	Batch       string      `bson:"batch"`
	Merchant    string      `bson:"merchant"`
	Key         string      `bson:"key"` // empty: history
	InputHash   string      `bson:"inputHash"`
	Scenario    string      `bson:"scenario"`
	SubmittedAt time.Time   `bson:"submittedAt"`
	Results     []resultDoc `bson:"results"`

	Since     *time.Time `bson:"since,omitempty"`     // until it is done, likewise the next three
	Merchants []string   `bson:"merchants,omitempty"` // the shops that it concerns
	Actor     string     `bson:"actor,omitempty"`
	Tags      []tagDoc   `bson:"tags,omitempty"`
}

type resultDoc struct {
	Order string `bson:"order"`
	Code  string `bson:"code,omitempty"`
}

// batchID is the identifier of the batch under a shop's key. Neither holds a blank.
func batchID(merchant cloudtag.MerchantID, key string) string { return string(merchant) + " " + key }

func newBatchDoc(submission cloudtag.Submission, claim, actor string, merchants []string, since time.Time) batchDoc {
	batch := submission.Batch
	doc := batchDoc{
		ID: batchID(batch.MerchantID, batch.Key), Claim: claim, State: batchOpen, Batch: string(batch.ID),
		Merchant: string(batch.MerchantID), Key: batch.Key, InputHash: batch.InputHash,
		Scenario: string(batch.Scenario), SubmittedAt: batch.SubmittedAt, Results: newResultDocs(batch.Results),
		Since: &since, Merchants: merchants, Actor: actor, Tags: make([]tagDoc, len(submission.Tags)),
	}
	if batch.Key == "" {
		doc.ID = " " + claim // no shop has an empty name
	}
	for i, tag := range submission.Tags {
		doc.Tags[i] = newTagDoc(tag, 0, claim)
	}
	return doc
}

func newResultDocs(results []cloudtag.OrderResult) []resultDoc {
	docs := make([]resultDoc, len(results))
	for i, result := range results {
		docs[i] = resultDoc{Order: string(result.OrderNo), Code: string(result.Code)}
	}
	return docs
}

func (d batchDoc) domain() cloudtag.Batch {
	batch := cloudtag.Batch{
		ID: cloudtag.BatchID(d.Batch), MerchantID: cloudtag.MerchantID(d.Merchant), Key: d.Key, InputHash: d.InputHash,
		Scenario: cloudtag.ScenarioCode(d.Scenario), SubmittedAt: d.SubmittedAt.UTC(),
		Results: make([]cloudtag.OrderResult, len(d.Results)),
	}
	for i, result := range d.Results {
		batch.Results[i] = cloudtag.OrderResult{OrderNo: cloudtag.OrderNo(result.Order), Code: cloudtag.Code(result.Code)}
	}
	return batch
}

// refuseTaken gives ALREADY_TAGGED to the accepted orders that others have.
func (d *batchDoc) refuseTaken(taken map[string]bool) {
	for i, result := range d.Results {
		if result.Code == "" && taken[result.Order] {
			d.Results[i].Code = string(cloudtag.CodeAlreadyTagged)
		}
	}
}

// history reports whether the batch is not kept once it is done.
func (d batchDoc) history() bool { return d.Key == "" }
