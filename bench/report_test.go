package main

import (
	"strings"
	"testing"
	"time"
)

// A table has the driver's columns if any figure of the driver was measured, and ratios only for those figures.
func TestReportComparesWithTheDriver(t *testing.T) {
	durations := func(milliseconds ...int) (list []time.Duration) {
		for _, ms := range milliseconds {
			list = append(list, time.Duration(ms)*time.Millisecond)
		}
		return list
	}
	for _, test := range []struct {
		name   string
		driver []time.Duration
		has    []string
		lacks  string
	}{
		{"alone", nil, []string{`"value": 30,`, "| page p50 |            10 | 20.00 | ms   |\n", "| page p99 |            10 | 30.00 | ms   |\n"}, "RATIO"},
		{"beside", durations(8, 5, 4), []string{
			"| 20.00 | ms    | 5.00             | 4.00  |", "| 30.00 | ms    | 8.00             | 3.75  |",
			"| 1.00  | ratio |                  |       |", `"driver": 8`,
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			results := newReport("a store")
			results.addQuantiles("page", 10, durations(30, 10, 20), test.driver)
			if test.driver != nil {
				results.add("other", 10, 1, "ratio")
			}
			var printed strings.Builder
			if err := results.print(&printed); err != nil {
				t.Fatal(err)
			}
			for _, text := range test.has {
				if !strings.Contains(printed.String(), text) {
					t.Errorf("lacks %q:\n%s", text, &printed)
				}
			}
			if test.lacks != "" && strings.Contains(printed.String(), test.lacks) {
				t.Errorf("has %q:\n%s", test.lacks, &printed)
			}
		})
	}
}
