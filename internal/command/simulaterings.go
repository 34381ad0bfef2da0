package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/rings"
)

// SimulateRings simulates attacks by rings of shops, and prints a table of what they achieve under each policy and what the
// policies cost honest shops.
func SimulateRings(ctx context.Context, settings *config.SimulateRings, streams Streams) error {
	if len(settings.Thresholds) > 0 {
		return countWithoutRing(ctx, settings.Thresholds, streams)
	}
	chosen, seeds := settings.Policies, settings.Seeds
	if settings.Full {
		chosen, seeds = []string{"plain", "pairs-once", "hold-pairs", "by-record", "guarded"}, []uint64{1, 2, 3}
	}
	simulation, err := rings.New(ctx, rings.Setting{
		Targets: settings.Targets, Appeals: settings.Appeals, Mistakes: settings.Mistakes, Reviewed: settings.Reviewed,
		VettedOrders: settings.VettedOrders,
	})
	if err != nil {
		return fmt.Errorf("simulate-rings: %w", err)
	}
	bar := newProgress(streams.Err, "simulating", int64(len(chosen)*len(settings.Rings)*len(settings.Camouflage)*len(seeds)), false)
	defer bar.end()
	table := newRingTable(settings, chosen)
	for column, name := range chosen {
		policy := ringPolicy(name, settings)
		for row, size := range settings.Rings {
			for _, camouflage := range settings.Camouflage {
				confirmed := make([]float64, len(seeds))
				for i, seed := range seeds {
					outcome, err := simulation.Run(ctx, policy, rings.Ring(size), camouflage, seed)
					if err != nil {
						return fmt.Errorf("simulate-rings: %w", err)
					}
					confirmed[i] = outcome.Confirmed
					table.honest(column, outcome)
					bar.add(1)
				}
				table.add(row, column, confirmed)
			}
		}
	}
	_, err = fmt.Fprint(streams.Out, table.text())
	return err
}

// countWithoutRing prints what the plain policy makes of the data set at each threshold.
func countWithoutRing(ctx context.Context, thresholds []int, streams Streams) error {
	var text strings.Builder
	text.WriteString("| threshold | tags | cases | cases that confirm | tags that succeed |\n| --- | --- | --- | --- | --- |\n")
	for _, threshold := range thresholds {
		counts, err := rings.WithoutRing(ctx, threshold)
		if err != nil {
			return fmt.Errorf("simulate-rings: %w", err)
		}
		fmt.Fprintf(&text, "| %d | %d | %d | %d | %d |\n", threshold, counts.Tags, counts.Cases, counts.Confirmed, counts.Succeeded)
	}
	_, err := fmt.Fprint(streams.Out, text.String())
	return err
}

// ringPolicy returns the policy of a name.
func ringPolicy(name string, settings *config.SimulateRings) cloudtag.Policy {
	policy := rings.Plain()
	switch name {
	case "pairs-once":
		policy.LinkedPairsCountOnce = true
	case "hold-pairs":
		policy.HoldLinkedPairs = true
	case "by-record", "guarded":
		policy = policy.Preset(cloudtag.PresetGuarded)
		policy.OverturnedWeight, policy.MinMeanWeight, policy.AnchorFrom = settings.OverturnedWeight, settings.MinMeanWeight, settings.AnchorFrom
		policy.HoldUnanchored = name == "guarded"
	}
	return policy
}

// ringTable is the table of results: one row per ring, one column per policy.
type ringTable struct {
	settings *config.SimulateRings
	policies []string
	cells    [][][]string // by ring, policy, camouflage
	kept     []keptRange  // by policy
}

// keptRange aggregates the honest confirmations that were kept, and cases that were held, over all runs of a policy.
type keptRange struct {
	least, most, sum float64
	runs, held       int
}

func newRingTable(settings *config.SimulateRings, policies []string) *ringTable {
	table := &ringTable{settings: settings, policies: policies, kept: make([]keptRange, len(policies))}
	for range settings.Rings {
		table.cells = append(table.cells, make([][]string, len(policies)))
	}
	for i := range table.kept {
		table.kept[i].least = 1
	}
	return table
}

// add adds a cell: what a ring achieved, as the mean over the seeds and the maximum where it differs.
func (t *ringTable) add(row, column int, confirmed []float64) {
	sum := 0.0
	for _, share := range confirmed {
		sum += share
	}
	cell := fmt.Sprintf("%.2f", sum/float64(len(confirmed)))
	if most := fmt.Sprintf("%.2f", slices.Max(confirmed)); most != cell {
		cell += " (" + most + ")"
	}
	t.cells[row][column] = append(t.cells[row][column], cell)
}

func (t *ringTable) honest(column int, outcome rings.Outcome) {
	kept := &t.kept[column]
	kept.least, kept.most = min(kept.least, outcome.Kept), max(kept.most, outcome.Kept)
	kept.sum += outcome.Kept
	kept.runs++
	kept.held += outcome.Held
}

// text formats the table in Markdown.
func (t *ringTable) text() string {
	var text strings.Builder
	line := func(first string, cells []string) {
		fmt.Fprintf(&text, "| %s | %s |\n", first, strings.Join(cells, " | "))
	}
	rules, kept, held := make([]string, len(t.policies)), make([]string, len(t.policies)), make([]string, len(t.policies))
	for i, of := range t.kept {
		rules[i] = "---"
		kept[i] = fmt.Sprintf("%.3f to %.3f, mean %.3f", of.least, of.most, of.sum/float64(of.runs))
		held[i] = fmt.Sprintf("%.1f", float64(of.held)/float64(of.runs))
	}
	line(fmt.Sprintf("ring-only confirmations at camouflage %s %%", strings.Trim(strings.ReplaceAll(fmt.Sprint(t.settings.Camouflage), " ", " / "), "[]")), t.policies)
	line("---", rules)
	for row, size := range t.settings.Rings {
		cells := make([]string, len(t.policies))
		for column := range t.policies {
			cells[column] = strings.Join(t.cells[row][column], " / ")
		}
		line(rings.Ring(size).String(), cells)
	}
	line("honest confirmations kept", kept)
	line("honest cases held for a reviewer instead", held)
	return text.String()
}
