package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// maxReviewers is how many people are known as reviewers at most: the first by name.
const maxReviewers = 1000

// knownReviewer is a person who has acted on a case, which only reviewers and leads do. There are no accounts: who works here
// is known by what the log says they did.
type knownReviewer struct {
	Name string `json:"name"`
}

func reviewerCodec() Codec[knownReviewer] {
	return Codec[knownReviewer]{KindReviewer, func(r knownReviewer) Document {
		return Document{ID: r.Name, Version: 1, State: "KNOWN"}
	}}
}

// actsOnCase reports whether the entry says that a person did something about a case.
func (e Entry) actsOnCase() bool {
	return strings.HasPrefix(string(e.Action), "case.") && !strings.HasPrefix(e.Actor, "system:")
}

// NewReviewers returns the documents of those who act in some entries and are not known yet.
func NewReviewers(ctx context.Context, store DocumentReader, entries []Entry) ([]Document, error) {
	var names []string
	for _, entry := range entries {
		if entry.actsOnCase() && !slices.Contains(names, entry.Actor) {
			names = append(names, entry.Actor)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	known, err := store.Documents(ctx, KindReviewer, names)
	if err != nil {
		return nil, fmt.Errorf("find reviewers: %w", err)
	}
	var documents []Document
	for _, name := range names {
		if _, again := known[name]; !again {
			documents = append(documents, reviewerCodec().Document(knownReviewer{name}))
		}
	}
	return documents, nil
}

// KnownReviewers returns the people who are known as reviewers, by name.
func KnownReviewers(ctx context.Context, store DocumentStore) ([]string, error) {
	known, err := reviewerCodec().List(ctx, store, DocumentFilter{}, maxReviewers)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(known))
	for i, reviewer := range known {
		names[i] = reviewer.Name
	}
	return names, nil
}
