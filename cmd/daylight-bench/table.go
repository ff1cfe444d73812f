package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// results are the measured values by metric, such as "exchange held", and contender.
type results map[string]map[string]float64

func (r results) note(metric, contender string, value float64) {
	if r[metric] == nil {
		r[metric] = map[string]float64{}
	}
	r[metric][contender] = value
}

// table prints the rows of one measurement, a column for each contender, and
// notes them for the bars.
type table struct {
	results results
	names   []string
}

func (w world) table(title string, contenders []contender) table {
	fmt.Printf("\n%s\n", title)
	t := table{results: w.results}
	for _, c := range contenders {
		t.names = append(t.names, c.name)
	}
	return t
}

// row prints one value of each contender with a second one in brackets, and how
// Daylight, the last, stands to the others.
func (t table) row(metric, description string, values []float64, verb string, second []float64, secondVerb ...string) {
	bracket := "%6.0f"
	if len(secondVerb) > 0 {
		bracket = secondVerb[0]
	}
	var columns, ratios strings.Builder
	last := len(values) - 1
	for i, name := range t.names {
		t.results.note(metric, name, values[i])
		fmt.Fprintf(&columns, "   %s "+verb+" ("+bracket+")", name, values[i], second[i])
		if i != last {
			fmt.Fprintf(&ratios, "   %s/%s %.2f", t.names[last], name, values[last]/values[i])
		}
	}
	fmt.Printf("  %-26s%s  %s\n", description, columns.String(), ratios.String())
}

// quantiles prints the median and the 99th percentile of each contender, and
// what Daylight adds to each.
func (t table) quantiles(metric, description string, all [][]time.Duration) {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	p50, p99 := make([]float64, len(all)), make([]float64, len(all))
	var columns strings.Builder
	for i, name := range t.names {
		slices.Sort(all[i])
		p50[i], p99[i] = ms(all[i][len(all[i])/2]), ms(all[i][len(all[i])*99/100])
		t.results.note(metric+" p50", name, p50[i])
		t.results.note(metric+" p99", name, p99[i])
		fmt.Fprintf(&columns, "   %s %.2f (%.2f)", name, p50[i], p99[i])
	}
	last := len(all) - 1
	fmt.Printf("  %-26s%s   daylight - bare %+.2f (%+.2f)\n", description, columns.String(), p50[last]-p50[0], p99[last]-p99[0])
}
