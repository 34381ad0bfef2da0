package command

import (
	"strings"
	"testing"

	"cloudtag/internal/config"
	"cloudtag/internal/rings"
)

// The expected counts were computed by another program; package rings tests the other thresholds.
func TestSimulateRingsCountsTheDataSet(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds of processor time")
	}
	streams := capture("")
	if err := SimulateRings(t.Context(), &config.SimulateRings{Thresholds: []int{5}}, streams.Streams); err != nil {
		t.Fatal(err)
	}
	const want = `| threshold | tags | cases | cases that confirm | tags that succeed |
| --- | --- | --- | --- | --- |
| 5 | 3563 | 1667 | 107 | 1216 |
`
	if got := streams.out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRingTable(t *testing.T) {
	settings := &config.SimulateRings{Rings: []config.Ring{{Shops: 5}, {Shops: 10, PerTarget: 3}}, Camouflage: []int{0, 40}}
	table := newRingTable(settings, []string{"plain", "guarded"})
	for row := range settings.Rings {
		for range settings.Camouflage {
			table.add(row, 0, []float64{1, 1, 1})
			table.add(row, 1, []float64{0.1, 0.2, 0.3})
		}
	}
	table.honest(0, rings.Outcome{Kept: 1})
	table.honest(1, rings.Outcome{Kept: 0.95, Held: 3})
	table.honest(1, rings.Outcome{Kept: 0.97, Held: 8})
	const want = `| ring-only confirmations at camouflage 0 / 40 % | plain | guarded |
| --- | --- | --- |
| 5 shops, same targets | 1.00 / 1.00 | 0.20 (0.30) / 0.20 (0.30) |
| 10 shops, 3 random ones a target | 1.00 / 1.00 | 0.20 (0.30) / 0.20 (0.30) |
| honest confirmations kept | 1.000 to 1.000, mean 1.000 | 0.950 to 0.970, mean 0.960 |
| honest cases held for a reviewer instead | 0.0 | 5.5 |
`
	if got := table.text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRingSettingsOutOfRangeAreRejected(t *testing.T) {
	valid := config.SimulateRings{Targets: 30, VettedOrders: 30}
	for flag, change := range map[string]func(*config.SimulateRings){
		"":           func(*config.SimulateRings) {},
		"thresholds": func(s *config.SimulateRings) { s.Thresholds = []int{3, 1} },
		"camouflage": func(s *config.SimulateRings) { s.Camouflage = []int{96} },
		"targets":    func(s *config.SimulateRings) { s.Targets = 0 },
	} {
		settings := valid
		change(&settings)
		if err := settings.Validate(); (err == nil) != (flag == "") || err != nil && !strings.Contains(err.Error(), "--"+flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}
