package dbtest

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
)

func buyerDocumentCases() []testCase {
	return []testCase{inWorld("OfManyBuyers", documentsOfManyBuyers)}
}

// documentsOfManyBuyers: each account has its documents of the kind, by rank regardless of their state, up to the limit;
// accounts without any are left out.
func documentsOfManyBuyers(w *world) {
	ctx := context.Background()
	save := func(kind cloudtag.DocumentKind, buyer cloudtag.BuyerID, i int, state string) cloudtag.Document {
		document := cloudtag.Document{
			Kind: kind, ID: fmt.Sprintf("%s-%d", buyer, i), Version: 1, State: state, BuyerID: buyer,
			Rank: int64(-i), Body: []byte(`{"i":1}`),
		}
		if err := w.store.SaveDocument(ctx, document, nil); err != nil {
			w.Fatalf("save document: %v", err)
		}
		return document
	}
	states := []string{"OPEN", "DECLINED", "OPEN", "ACCEPTED", "DECLINED"}
	var first []cloudtag.Document
	for i, state := range states {
		first = append([]cloudtag.Document{save(cloudtag.KindAppeal, "b-1", i, state)}, first...)
	}
	second := save(cloudtag.KindAppeal, "b-2", 9, "OPEN")
	save(cloudtag.KindComplaint, "b-3", 1, "OPEN")
	save(cloudtag.KindAppeal, "b-4", 1, "OPEN")

	read := func(limit int, buyers ...cloudtag.BuyerID) map[cloudtag.BuyerID][]cloudtag.Document {
		found, err := w.store.DocumentsOfBuyers(ctx, cloudtag.KindAppeal, buyers, limit)
		if err != nil {
			w.Fatalf("documents of buyers: %v", err)
		}
		return found
	}
	equal(w, "documents", read(10, "b-2", "b-1", "b-3", "nobody"), map[cloudtag.BuyerID][]cloudtag.Document{
		"b-1": first, "b-2": {second},
	})
	equal(w, "up to the limit", read(3, "b-1"), map[cloudtag.BuyerID][]cloudtag.Document{"b-1": first[:3]})
	equal(w, "of no account", len(read(3)), 0)

	many := make([]cloudtag.Document, 1001) // more than a store reads at once
	for i := range many {
		many[i] = cloudtag.Document{
			Kind: cloudtag.KindAppeal, ID: fmt.Sprint("many-", i), Version: 1, State: "OPEN", BuyerID: "b-5", Rank: int64(i), Body: []byte(`{"i":1}`),
		}
	}
	w.noError(w.store.SaveDocuments(ctx, many, nil), "save documents")
	equal(w, "among many", read(2, "b-5", "b-2", "nobody"), map[cloudtag.BuyerID][]cloudtag.Document{"b-5": many[:2], "b-2": {second}})
}
