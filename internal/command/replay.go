package command

import (
	"context"
	"slices"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
)

// replayer replays historical tags.
type replayer interface {
	Tags(ctx context.Context, caller cloudtag.Caller, rows []importing.PastTag) (importing.Report, error)
}

// replay sorts historical tags by time (stably) and replays them in chunks, so that a strict import stops at the chunk
// with its first bad row.
func replay(ctx context.Context, in *intake, tags replayer, caller cloudtag.Caller, rows []importing.PastTag, places []place) error {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rows[a].SubmittedAt.Compare(rows[b].SubmittedAt) })
	for indexes := range slices.Chunk(order, importing.MaxRows) {
		chunk, chunkPlaces := make([]importing.PastTag, len(indexes)), make([]place, len(indexes))
		for i, n := range indexes {
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
