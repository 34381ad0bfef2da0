package logging

import (
	"bytes"
	"strings"
	"testing"
)

func TestNew(t *testing.T) {
	tests := []struct {
		level, format string
		begins        string // of the first line that is logged
		lines         int    // of one line of each severity
	}{
		{"debug", "json", `{"time"`, 4},
		{"info", "text", "time=", 3},
		{"warn", "auto", `{"time"`, 2}, // a buffer is no terminal
		{"error", "json", `{"time"`, 1},
	}
	for _, test := range tests {
		var out bytes.Buffer
		log := New(&out, test.level, test.format)
		log.Debug("d")
		log.Info("i")
		log.Warn("w")
		log.Error("e")
		if got := out.String(); !strings.HasPrefix(got, test.begins) || strings.Count(got, "\n") != test.lines {
			t.Errorf("%s %s:\n%s", test.level, test.format, got)
		}
	}
}
