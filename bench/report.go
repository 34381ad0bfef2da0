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
}

// report is all of them, with where they were measured.
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

// addQuantiles adds the median and the 99th percentile in milliseconds.
func (r *report) addQuantiles(name string, tags int, durations []time.Duration) {
	sorted := slices.Sorted(slices.Values(durations))
	if len(sorted) == 0 {
		return
	}
	for _, q := range []struct {
		label string
		share float64
	}{{"p50", 0.50}, {"p99", 0.99}} {
		at := min(len(sorted)-1, int(q.share*float64(len(sorted))))
		r.add(name+" "+q.label, tags, float64(sorted[at].Microseconds())/1000, "ms")
	}
}

// print writes the figures as a table, then as JSON.
func (r *report) print(out io.Writer) error {
	writer := table.NewWriter()
	writer.SetOutputMirror(out)
	writer.SetTitle("CloudTag, %s, %d CPUs, %s, %s", r.Store, r.CPUs, r.Go, r.At.Format(time.RFC3339))
	writer.AppendHeader(table.Row{"what", "tags in store", "value", "unit"})
	for _, f := range r.Figures {
		writer.AppendRow(table.Row{f.Name, f.Tags, fmt.Sprintf("%.2f", f.Value), f.Unit})
	}
	writer.Render()
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
