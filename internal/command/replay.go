package command

import (
	"context"
	"slices"

	"cloudtag/internal/cloudtag"
)

// replayer takes tags of the past.
type replayer interface {
	Tags(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.PastTag) (cloudtag.ImportReport, error)
}

// replay puts tags of the past in order of time (those of the same time stay as they were) and replays them, a chunk
// after the other so that a strict import stops where a row is bad.
func replay(ctx context.Context, in *intake, tags replayer, caller cloudtag.Caller, rows []cloudtag.PastTag, places []place) error {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rows[a].SubmittedAt.Compare(rows[b].SubmittedAt) })
	for stretch := range slices.Chunk(order, cloudtag.MaxImportRows) {
		chunk, chunkPlaces := make([]cloudtag.PastTag, len(stretch)), make([]place, len(stretch))
		for i, n := range stretch {
			chunk[i], chunkPlaces[i] = rows[n], places[n]
		}
		report, err := tags.Tags(ctx, caller, chunk)
		if err != nil {
			return err
		}
		if err := in.count(report, chunkPlaces); err != nil {
			return err
		}
		in.progress.add(len(chunk))
	}
	return nil
}
