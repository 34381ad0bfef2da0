package command

import (
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// meter tells how many rows a second have passed since it was made.
type meter struct {
	clock cloudtag.Clock
	began time.Time
	rows  int
}

func newMeter(clock cloudtag.Clock) *meter { return &meter{clock: clock, began: clock.Now()} }

// rate is such as "1500 rows/s". It is empty while no time has passed: the clock has milliseconds.
func (m *meter) rate() string {
	took := m.clock.Now().Sub(m.began)
	if took <= 0 {
		return ""
	}
	return fmt.Sprintf("%.0f rows/s", float64(m.rows)/took.Seconds())
}
