package rings

import (
	"testing"

	"cloudtag/internal/cloudtag"
)

func BenchmarkRun(b *testing.B) {
	simulation, err := New(b.Context(), DefaultSetting())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := simulation.Run(b.Context(), Plain().Preset(cloudtag.PresetGuarded), Ring{Shops: 20, PerTarget: 3}, 40, 1); err != nil {
			b.Fatal(err)
		}
	}
}
