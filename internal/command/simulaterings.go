package command

import (
	"context"
	"fmt"
	"strings"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/rings"
)

// SimulateRings lets rings of shops attack, and prints a table of what they achieve under each policy, and of what the
// policies cost the honest.
func SimulateRings(ctx context.Context, settings *config.SimulateRings, streams Streams) error {
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
	cases, tags := simulation.Honest()
	if _, err := fmt.Fprintf(streams.Out, "without a ring %d cases are confirmed and %d tags succeed\n\n", cases, tags); err != nil {
		return err
	}
	bar := newProgress(streams.Err, "simulating", int64(len(chosen)*len(settings.Rings)*len(settings.Camouflage)*len(seeds)), false)
	defer bar.end()
	table := newRingTable(settings, chosen)
	for column, name := range chosen {
		policy := ringPolicy(name, settings)
		for row, size := range settings.Rings {
			for _, camouflage := range settings.Camouflage {
				var confirmed float64
				for _, seed := range seeds {
					outcome, err := simulation.Run(ctx, policy, rings.Ring(size), camouflage, seed)
					if err != nil {
						return fmt.Errorf("simulate-rings: %w", err)
					}
					confirmed += outcome.Confirmed / float64(len(seeds))
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

// ringPolicy is the policy of a name.
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

// ringTable is what was measured: a row a ring, a column a policy.
type ringTable struct {
	settings *config.SimulateRings
	policies []string
	cells    [][][]string // by ring, policy, camouflage
	kept     []keptRange
}

// keptRange is what was kept of the honest, over all runs of a policy.
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

func (t *ringTable) add(row, column int, confirmed float64) {
	t.cells[row][column] = append(t.cells[row][column], fmt.Sprintf("%.2f", confirmed))
}

func (t *ringTable) honest(column int, outcome rings.Outcome) {
	kept := &t.kept[column]
	kept.least, kept.most = min(kept.least, outcome.Kept), max(kept.most, outcome.Kept)
	kept.sum += outcome.Kept
	kept.runs++
	kept.held += outcome.Held
}

// text writes the table in Markdown.
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
