package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"cloudtag/internal/cloudtag"
)

// Amend changes one case.
func (s *Store) Amend(
	ctx context.Context, id cloudtag.CaseID, edit func(*cloudtag.CaseFile) error,
) (cloudtag.Case, error) {
	// The edit's own error passes as it is.
	var refusal error
	after, err := s.amend(ctx, id, func(file *cloudtag.CaseFile) error {
		refusal = edit(file)
		return refusal
	})
	if err != nil && refusal == nil {
		err = explain("amend a case", err)
	}
	if err != nil {
		return cloudtag.Case{}, err
	}
	return after, nil
}

func (s *Store) amend(ctx context.Context, id cloudtag.CaseID, edit func(*cloudtag.CaseFile) error) (cloudtag.Case, error) {
	unlock, err := s.locks.lock(ctx, string(id))
	if err != nil {
		return cloudtag.Case{}, err
	}
	defer unlock()
	for attempt := range attempts {
		files, err := s.openFiles(ctx, []cloudtag.CaseID{id}, nil)
		if err != nil {
			return cloudtag.Case{}, err
		}
		file := files[0]
		if !file.Exists() {
			return cloudtag.Case{}, cloudtag.NotFound()
		}
		if err := edit(file.CaseFile); err != nil {
			return cloudtag.Case{}, err
		}
		after, done, err := s.storeAmended(ctx, file)
		if err != nil || done {
			return after, err
		}
		if err := pause(ctx, attempt); err != nil {
			return cloudtag.Case{}, err
		}
	}
	return cloudtag.Case{}, errContended
}

// storeAmended stores an edited file and spreads it; done is false when another change got in between.
func (s *Store) storeAmended(ctx context.Context, file *openFile) (after cloudtag.Case, done bool, err error) {
	change, changed := file.plan(s, token(), "")
	if !changed {
		done, err := s.fence(ctx, file)
		return file.stored.domain(), done, err
	}
	stored, err := s.storeFile(ctx, file)
	if err != nil || !stored {
		return cloudtag.Case{}, false, err
	}
	ctx, cancel := s.finishing(ctx)
	defer cancel()
	return change.Case, true, s.spreadCases(ctx, []caseDoc{file.next})
}

// fence moves the revision of a case whose evaluation found nothing to change: a change that is being made on older
// risk data must not come behind it. The case itself stays as it is.
func (s *Store) fence(ctx context.Context, file *openFile) (done bool, err error) {
	update := bson.D{{Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}}}
	if wake := file.stored.domain().WakeAt(); wake.IsZero() {
		update = append(update, unset("wakeAt")...)
	} else {
		update = append(update, bson.E{Key: "$set", Value: bson.D{{Key: "wakeAt", Value: wake}}})
	}
	err = s.write(ctx, "confirm a case", func(ctx context.Context) error {
		result, err := s.cases.UpdateOne(ctx, atRevision(file.id, file.stored.Revision), update)
		done = err == nil && result.MatchedCount == 1
		return err
	})
	return done, err
}
