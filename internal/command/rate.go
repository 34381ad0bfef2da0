package command

import (
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// meter measures rows per second since its creation.
type meter struct {
	clock cloudtag.Clock
	began time.Time
	rows  int
}

func newMeter(clock cloudtag.Clock) *meter { return &meter{clock: clock, began: clock.Now()} }

// rate returns a text such as "1500 rows/s", empty until the clock, which counts milliseconds, has advanced.
func (m *meter) rate() string {
	took := m.clock.Now().Sub(m.began)
	if took <= 0 {
		return ""
	}
	return fmt.Sprintf("%.0f rows/s", float64(m.rows)/took.Seconds())
}
