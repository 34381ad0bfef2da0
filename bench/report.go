package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

// figure is one measured number.
type figure struct {
	Name  string  `json:"name"`
	Tags  int     `json:"tags"` // in the store when it was measured
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Driver is the value for the driver alone; 0 if it was not measured.
	Driver float64 `json:"driver,omitempty"`
}

// report is a list of figures, and the environment in which they were measured.
type report struct {
	At      time.Time `json:"at"`
	Go      string    `json:"go"`
	CPUs    int       `json:"cpus"`
	Store   string    `json:"store"`
	Figures []figure  `json:"figures"`
}

func newReport(store string) *report {
	return &report{At: time.Now().UTC().Truncate(time.Second), Go: runtime.Version(), CPUs: runtime.NumCPU(), Store: store}
}

func (r *report) add(name string, tags int, value float64, unit string) {
	r.Figures = append(r.Figures, figure{Name: name, Tags: tags, Value: value, Unit: unit})
}

// addWritten adds rate and durations of writes, beside those of the driver alone.
func (r *report) addWritten(name string, tags int, measured, driver written) {
	r.Figures = append(r.Figures, figure{Name: name, Tags: tags, Value: measured.rate, Unit: "tags/s", Driver: driver.rate})
	r.addQuantiles(name+", batch of 20", tags, measured.durations, driver.durations)
}

// addQuantiles adds median and 99th percentile in milliseconds, beside those of the driver alone if measured.
func (r *report) addQuantiles(name string, tags int, durations, driver []time.Duration) {
	if len(durations) == 0 {
		return
	}
	for _, q := range []struct {
		label string
		share float64
	}{{"p50", 0.50}, {"p99", 0.99}} {
		r.Figures = append(r.Figures, figure{
			Name: name + " " + q.label, Tags: tags, Value: quantile(durations, q.share), Unit: "ms", Driver: quantile(driver, q.share),
		})
	}
}

// quantile returns milliseconds, 0 for no durations.
func quantile(durations []time.Duration, share float64) float64 {
	if len(durations) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(durations))
	at := min(len(sorted)-1, int(share*float64(len(sorted))))
	return float64(sorted[at].Microseconds()) / 1000
}

// print writes the figures as a table, then as JSON.
func (r *report) print(out io.Writer) error {
	writer := table.NewWriter()
	writer.SetOutputMirror(out)
	writer.SetTitle("CloudTag, %s, %d CPUs, %s, %s", r.Store, r.CPUs, r.Go, r.At.Format(time.RFC3339))
	beside := slices.ContainsFunc(r.Figures, func(f figure) bool { return f.Driver > 0 })
	header := table.Row{"what", "tags in store", "value", "unit"}
	if beside {
		header = append(header, "the driver alone", "ratio")
	}
	writer.AppendHeader(header)
	for _, f := range r.Figures {
		row := table.Row{f.Name, f.Tags, fmt.Sprintf("%.2f", f.Value), f.Unit}
		if beside && f.Driver > 0 {
			row = append(row, fmt.Sprintf("%.2f", f.Driver), fmt.Sprintf("%.2f", f.Value/f.Driver))
		}
		writer.AppendRow(row)
	}
	writer.Render()
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
