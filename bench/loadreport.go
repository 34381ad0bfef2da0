package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

// sample holds measurements of the server at one time.
type sample struct {
	Seconds    float64 `json:"seconds"` // since the load began
	PerSecond  float64 `json:"perSecond"`
	ResidentMB float64 `json:"residentMB"`
	HeapMB     float64 `json:"heapMB"`
	Goroutines float64 `json:"goroutines"`
}

// loadReport is the result of a load.
type loadReport struct {
	At         time.Time          `json:"at"`
	Go         string             `json:"go"`
	CPUs       int                `json:"cpus"`
	Store      string             `json:"store"`
	Seconds    float64            `json:"seconds"`
	Sockets    int                `json:"sockets"`
	Rate       float64            `json:"rate"`
	Operations []operationFigures `json:"operations"`
	Samples    []sample           `json:"samples"`
	Trends     map[string]trend   `json:"trends,omitempty"`

	began time.Time
}

func newLoadReport(o loadOptions) *loadReport {
	now := time.Now()
	return &loadReport{
		At: now.UTC().Truncate(time.Second), Go: runtime.Version(), CPUs: runtime.NumCPU(), Sockets: o.Sockets, Rate: o.Rate, began: now,
	}
}

// watch samples the server until the context ends. It fails if the server does not answer.
func (r *loadReport) watch(ctx context.Context, s *server, every time.Duration, records *recorder) error {
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	before, since := 0, r.began
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
		taken, err := s.sample(context.WithoutCancel(ctx))
		if err != nil {
			return fmt.Errorf("sample the server: %w", err)
		}
		count, now := records.count(), time.Now()
		taken.Seconds, taken.PerSecond = now.Sub(r.began).Seconds(), float64(count-before)/now.Sub(since).Seconds()
		before, since = count, now
		r.Samples = append(r.Samples, taken)
	}
}

// sample reads the server's metrics and its resident set.
func (s *server) sample(ctx context.Context) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.watched, http.NoBody)
	if err != nil {
		return sample{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return sample{}, err
	}
	defer response.Body.Close()
	var taken sample
	found := 0
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		into := map[string]*float64{"go_goroutines": &taken.Goroutines, "go_memstats_heap_inuse_bytes": &taken.HeapMB}[name]
		if into == nil {
			continue
		}
		if *into, err = strconv.ParseFloat(value, 64); err != nil {
			return sample{}, fmt.Errorf("%s: %w", name, err)
		}
		found++
	}
	if found != 2 {
		return sample{}, fmt.Errorf("/metrics has %d of 2 numbers: %s", found, response.Status)
	}
	taken.HeapMB /= 1e6
	taken.ResidentMB = s.residentMB()
	return taken, nil
}

// warmUp is the share of a run that trends exclude, while caches fill and connections are opened.
const warmUp = 0.2

// finish computes the figures.
func (r *loadReport) finish(records *recorder) {
	over := time.Since(r.began)
	r.Seconds, r.Operations = over.Seconds(), records.figures(over)
	var times []time.Duration
	var memory, heap, goroutines []float64
	for _, taken := range r.Samples {
		if taken.Seconds < warmUp*r.Seconds {
			continue
		}
		times = append(times, time.Duration(taken.Seconds*float64(time.Second)))
		memory, heap, goroutines = append(memory, taken.ResidentMB), append(heap, taken.HeapMB), append(goroutines, taken.Goroutines)
	}
	if len(times) >= 2 {
		r.Trends = map[string]trend{
			"resident MB": fitTrend(times, memory), "heap MB": fitTrend(times, heap), "goroutines": fitTrend(times, goroutines),
		}
	}
}

// print writes tables, then JSON.
func (r *loadReport) print(out io.Writer, o loadOptions) error {
	operations := newTable(out, fmt.Sprintf("Load, %s, %.0f s, %d sockets, rate %g, %d CPUs, %s, %s",
		r.Store, r.Seconds, r.Sockets, r.Rate, r.CPUs, r.Go, r.At.Format(time.RFC3339)))
	operations.AppendHeader(table.Row{"operation", "a second", "count", "errors", "p50 ms", "p99 ms", "p99.9 ms", "max ms"})
	for _, f := range r.Operations {
		operations.AppendRow(table.Row{
			f.Name, fmt.Sprintf("%.1f", f.PerSecond), f.Count, f.Errors, fmt.Sprintf("%.1f", f.P50), fmt.Sprintf("%.1f", f.P99),
			fmt.Sprintf("%.1f", f.P999), fmt.Sprintf("%.1f", f.Max),
		})
	}
	operations.Render()
	for _, f := range r.Operations {
		if f.Error != "" {
			if _, err := fmt.Fprintf(out, "first error of %s: %s\n", f.Name, f.Error); err != nil {
				return err
			}
		}
	}
	course := newTable(out, "Over time")
	course.AppendHeader(table.Row{"s", "operations and events a second", "resident MB", "heap MB", "goroutines"})
	for i, taken := range r.Samples {
		if step := max(1, len(r.Samples)/20); i%step == 0 || i == len(r.Samples)-1 {
			course.AppendRow(table.Row{
				fmt.Sprintf("%.0f", taken.Seconds), fmt.Sprintf("%.0f", taken.PerSecond), fmt.Sprintf("%.1f", taken.ResidentMB),
				fmt.Sprintf("%.1f", taken.HeapMB), taken.Goroutines,
			})
		}
	}
	course.Render()
	if o.Soak {
		r.printTrends(out)
	}
	return r.printJSON(out, o.JSON)
}

func (r *loadReport) printTrends(out io.Writer) {
	trends := newTable(out, fmt.Sprintf("Lines through the last %.0f %% of the run", 100*(1-warmUp)))
	trends.AppendHeader(table.Row{"of", "mean", "an hour", "over the run", "scatter", "verdict"})
	for _, name := range []string{"resident MB", "heap MB", "goroutines"} {
		fit, verdict := r.Trends[name], "does not grow"
		if fit.Grows {
			verdict = "grows"
		}
		trends.AppendRow(table.Row{
			name, fmt.Sprintf("%.1f", fit.Mean), fmt.Sprintf("%+.1f", fit.PerHour), fmt.Sprintf("%+.1f", fit.Change), fmt.Sprintf("%.1f", fit.Scatter), verdict,
		})
	}
	trends.Render()
}

func (r *loadReport) printJSON(out io.Writer, file string) error {
	encoded, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	encoded = append(encoded, '\n')
	if file != "" {
		return os.WriteFile(file, encoded, 0o600)
	}
	_, err = out.Write(encoded)
	return err
}

func newTable(out io.Writer, title string) table.Writer {
	writer := table.NewWriter()
	writer.SetOutputMirror(out)
	writer.SetTitle("%s", title)
	return writer
}
