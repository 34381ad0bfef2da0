package mongo

import (
	"context"
	"fmt"
	"time"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"cloudtag/internal/cloudtag"
)

const manyDocuments = 20_000

func explainKind(n int) cloudtag.DocumentKind {
	return []cloudtag.DocumentKind{cloudtag.KindComplaint, cloudtag.KindAppeal, cloudtag.KindFreightInsurance}[n%3]
}

func newExplainDocument(n int) *documentDoc {
	document := cloudtag.Document{
		Kind: explainKind(n), ID: fmt.Sprintf("%06d", n), Version: 1, State: []string{"OPEN", "DONE", "DONE", "DECLINED"}[n%4],
		MerchantID: cloudtag.MerchantID(fmt.Sprintf("shop-%d", n%manyShops)), BuyerID: cloudtag.BuyerID(fmt.Sprintf("buyer-%05d", n)),
		OrderNo: cloudtag.OrderNo(fmt.Sprintf("%07d", n)), CaseID: cloudtag.CaseID(fmt.Sprintf("case-%05d", n)),
		Owner: fmt.Sprintf("person-%d", n%manyShops), Topic: []string{"queue", "cases", "log"}[n%5%3],
		Rank: -explainStart.Add(time.Duration(n) * time.Minute).UnixMilli(), Body: []byte(`{"n":1}`),
	}
	if n%100 == 0 {
		document.WakeAt, document.Unique = explainStart.Add(time.Duration(n)*time.Minute+time.Hour), document.ID
	}
	doc := newDocumentDoc(document)
	doc.Head = rowHead{Revision: 1, Change: "fill"}
	return doc
}

// fillPlatform stores what belongs to the platform's half.
func fillPlatform(insert func(into *driver.Collection, count int, make func(n int) any), s *Store) {
	insert(s.documents, manyDocuments, func(n int) any { return newExplainDocument(n) })
}

func platformCalls(s *Store) []namedCall {
	at := explainStart.AddDate(0, 0, 10)
	claimed := cloudtag.CaseFilter{ClaimedBy: "reviewer-7", ClaimedAt: explainStart}
	calls := []namedCall{
		{"CaseIDs", func(ctx context.Context) error { _, err := s.CaseIDs(ctx, "case-2", 256); return err }},
		{"CountLiveCasesOf", func(ctx context.Context) error { _, err := s.CountLiveCasesOf(ctx, "shop-7"); return err }},
		{"CountPending", func(ctx context.Context) error { _, err := s.CountPending(ctx, at); return err }},
		{"CountClaimed", func(ctx context.Context) error { _, err := s.CountClaimed(ctx, at.AddDate(0, 0, 15)); return err }},
		{"CasePage claimed", func(ctx context.Context) error {
			_, _, err := s.CasePage(ctx, claimed, cloudtag.CasesByPriorityDesc, cloudtag.Slice{Limit: 50})
			return err
		}},
		{"CountCases claimed", func(ctx context.Context) error { _, err := s.CountCases(ctx, claimed, 100); return err }},
		{"CountActions", func(ctx context.Context) error {
			_, err := s.CountActions(ctx, cloudtag.ActionCaseOpened, explainStart.AddDate(0, 0, 40))
			return err
		}},
		{"Documents", func(ctx context.Context) error {
			_, err := s.Documents(ctx, cloudtag.KindAppeal, []string{"000001", "000004"})
			return err
		}},
		{"DocumentsOfBuyers", func(ctx context.Context) error {
			_, err := s.DocumentsOfBuyers(ctx, cloudtag.KindAppeal, []cloudtag.BuyerID{"buyer-00001", "buyer-00004"}, 10)
			return err
		}},
		{"WakingDocuments", func(ctx context.Context) error {
			_, err := s.WakingDocuments(ctx, cloudtag.KindAppeal, at, 256)
			return err
		}},
	}
	after := newExplainDocument(manyDocuments / 2).domain().Position()
	for _, filter := range []cloudtag.DocumentFilter{
		{}, {State: "OPEN"}, {MerchantID: "shop-7"}, {BuyerID: "buyer-00001"}, {OrderNo: "0000001"}, {CaseID: "case-00001", State: "OPEN"},
		{MerchantID: "shop-7", State: "OPEN"}, {MerchantID: "shop-7", BuyerID: "buyer-00007"}, {Owner: "person-7"},
		{Topic: "queue"}, {Topic: "queue", State: "OPEN"},
	} {
		for name, slice := range map[string]cloudtag.Slice{"": {Limit: 50}, " behind": {Limit: 50, After: &after}} {
			calls = append(calls, namedCall{fmt.Sprintf("DocumentPage%s %+v", name, filter), func(ctx context.Context) error {
				_, _, err := s.DocumentPage(ctx, cloudtag.KindAppeal, filter, slice)
				return err
			}})
		}
		calls = append(calls, namedCall{fmt.Sprintf("CountDocuments %+v", filter), func(ctx context.Context) error {
			_, err := s.CountDocuments(ctx, cloudtag.KindAppeal, filter, 100)
			return err
		}})
	}
	return calls
}
